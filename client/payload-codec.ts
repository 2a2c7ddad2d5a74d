/**
 * Encryption of what a Temporal server stores (OPS-5): arguments, results, signals, summaries, and the words of
 * failures. Each payload is sealed whole, with what says how it is read, by AES-256-GCM under a nonce of its own.
 */
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import type { Payload, PayloadCodec } from '@temporalio/common';
import proto from '@temporalio/proto';
import { PAYLOAD_KEY_BYTES, type PayloadKey } from '../contract/payload-keys.js';

const CIPHER = 'aes-256-gcm';
/** 96 bits, as NIST SP 800-38D asks; drawn at random it is good for 2^32 payloads of one key. */
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** As Temporal's own samples mark encrypted payloads: the UI shows a lock. */
const ENCODING = 'binary/encrypted';
const CIPHER_NAME = 'AES-256-GCM';
const utf8 = (text: string) => new TextEncoder().encode(text);
const textOf = (bytes: Uint8Array | null | undefined) =>
  new TextDecoder().decode(bytes ?? undefined);

/** A payload that can't be opened; the message says with which key it was sealed. */
export class PayloadKeyError extends Error {
  override readonly name = 'PayloadKeyError';
}

/**
 * Seals with the first key and opens with whichever a payload names. What was never sealed passes as it is: trades
 * that began before encryption was switched on go on.
 * @param keys at least one
 */
export function createPayloadCodec(keys: readonly [PayloadKey, ...PayloadKey[]]): PayloadCodec {
  const secrets = new Map(keys.map(({ name, secret }) => [name, secretOf(name, secret)]));
  const [{ name: sealing }] = keys;
  const sealingSecret = secrets.get(sealing)!;
  return {
    encode: (payloads) =>
      Promise.resolve(payloads.map((payload) => seal(payload, sealing, sealingSecret))),
    decode: async (payloads) => payloads.map((payload) => open(payload, secrets)),
  };
}

function secretOf(name: string, secret: string): Buffer {
  const bytes = Buffer.from(secret, 'base64url');
  if (bytes.length === PAYLOAD_KEY_BYTES) return bytes;
  throw new PayloadKeyError(
    `payload key ${name} has ${bytes.length} bytes, not ${PAYLOAD_KEY_BYTES}`,
  );
}

function seal(payload: Payload, keyName: string, secret: Buffer): Payload {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv(CIPHER, secret, nonce);
  cipher.setAAD(utf8(keyName));
  const plain = proto.temporal.api.common.v1.Payload.encode(payload).finish();
  const sealed = Buffer.concat([nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
  return {
    metadata: {
      encoding: utf8(ENCODING),
      'encryption-cipher': utf8(CIPHER_NAME),
      'encryption-key-id': utf8(keyName),
    },
    data: sealed,
  };
}

function open(payload: Payload, secrets: ReadonlyMap<string, Buffer>): Payload {
  if (textOf(payload.metadata?.['encoding']) !== ENCODING) return payload;
  const keyName = textOf(payload.metadata?.['encryption-key-id']);
  const secret = secrets.get(keyName);
  if (secret === undefined) {
    throw new PayloadKeyError(
      `a payload was sealed with key ${JSON.stringify(keyName)}, which TEMPORAL_PAYLOAD_KEYS does not name: put it back, after the first`,
    );
  }
  return proto.temporal.api.common.v1.Payload.decode(unsealed(payload.data, keyName, secret));
}

function unsealed(data: Uint8Array | null | undefined, keyName: string, secret: Buffer): Buffer {
  const sealed = Buffer.from(data ?? []);
  const decipher = createDecipheriv(CIPHER, secret, sealed.subarray(0, NONCE_BYTES), {
    authTagLength: TAG_BYTES,
  });
  try {
    decipher.setAAD(utf8(keyName));
    decipher.setAuthTag(sealed.subarray(-TAG_BYTES));
    const inner = decipher.update(sealed.subarray(NONCE_BYTES, -TAG_BYTES));
    return Buffer.concat([inner, decipher.final()]);
  } catch (error) {
    throw new PayloadKeyError(
      `a payload that names key ${keyName} does not open with it: the key is another one of that name, or the payload was changed`,
      { cause: error },
    );
  }
}
