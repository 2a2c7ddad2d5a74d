/** The keys of encryption, as the setting has them. */
import { randomBytes } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { parsePayloadKeys, PAYLOAD_KEYS_PATTERN } from '../../contract/payload-keys.js';

const key = () => randomBytes(32).toString('base64url');

test('[OPS-5] keys are read in their order', () => {
  const [first, second] = [key(), key()];
  const text = `k2=${first}, k1=${second}`;
  expect(text).toMatch(PAYLOAD_KEYS_PATTERN);
  expect(parsePayloadKeys(text)).toEqual([
    { name: 'k2', secret: first },
    { name: 'k1', secret: second },
  ]);
  expect(parsePayloadKeys(undefined)).toEqual([]);
});

test('[OPS-5] what is no key is refused without being shown', () => {
  const secret = key();
  for (const text of [
    secret,
    `k1=${secret}x`,
    `K1=${secret}`,
    `k1=${secret},`,
    `k1=${secret};k2=${secret}`,
  ]) {
    expect(text).not.toMatch(PAYLOAD_KEYS_PATTERN);
    expect(() => parsePayloadKeys(text)).toThrow('ballast codec key');
    expect(() => parsePayloadKeys(text)).not.toThrow(secret);
  }
  expect(() => parsePayloadKeys(`k1=${secret},k1=${secret}`)).toThrow('twice');
});
