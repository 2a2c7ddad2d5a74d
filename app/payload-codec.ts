/**
 * Opening what was encrypted for people who look at it in the Temporal UI or with its command line (OPS-5). Both ask
 * an endpoint; whoever knows its address may read what they can see there, so the address is a secret of its own.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Payload, PayloadCodec } from '@temporalio/common';
import type { Config } from '../config/index.js';
import { parsePayloadKeys } from '../contract/payload-keys.js';
import { tokenSecret } from './token-secret.js';

/** What is signed for the address: nothing else is signed with these words. */
const PURPOSE = 'ballast codec endpoint';

/** The path of the endpoint; it changes with the key of the API's tokens. @throws when that can't be read */
export function codecPath(config: Config): string {
  return `/codec/${codecSecret(config)}`;
}

function codecSecret(config: Config): string {
  return createHmac('sha256', tokenSecret(config)).update(PURPOSE).digest('base64url');
}

/** Whether somebody who names this secret knows the address. Takes as long for a wrong one. */
export function isCodecSecret(config: Config, secret: string): boolean {
  const digest = (text: string) => createHmac('sha256', PURPOSE).update(text).digest();
  return timingSafeEqual(digest(secret), digest(codecSecret(config)));
}

/** A payload as its JSON form has it: bytes in base64. */
export interface JsonPayload {
  readonly metadata?: Readonly<Record<string, string>> | null | undefined;
  readonly data?: string | null | undefined;
}

/**
 * The endpoint's two operations over the keys of this process; null when it has none: nothing is encrypted here.
 */
export async function payloadCodecOf(config: Config) {
  const [first, ...others] = parsePayloadKeys(config.temporalPayloadKeys);
  if (first === undefined) return null;
  const { createPayloadCodec } = await import('../client/payload-codec.js');
  const codec = createPayloadCodec([first, ...others]);
  const over = (operation: keyof PayloadCodec) => async (payloads: readonly JsonPayload[]) => {
    const given = payloads.map(fromJson);
    return (await codec[operation](given, undefined as never)).map(toJson);
  };
  return { encode: over('encode'), decode: over('decode') };
}

function fromJson({ metadata, data }: JsonPayload): Payload {
  const entries = Object.entries(metadata ?? {});
  const read = entries.map(([name, value]) => [name, bytesOf(value)] as const);
  return { metadata: Object.fromEntries(read), data: bytesOf(data ?? '') };
}

function toJson({ metadata, data }: Payload): JsonPayload {
  const entries = Object.entries(metadata ?? {});
  const written = entries.map(([name, value]) => [name, textOf(value)] as const);
  return { metadata: Object.fromEntries(written), data: textOf(data ?? new Uint8Array()) };
}

const bytesOf = (text: string): Uint8Array => Buffer.from(text, 'base64');
const textOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');
