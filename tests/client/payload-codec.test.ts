/** Payloads sealed and opened: whole, by the right key, or not at all. */
import { randomBytes } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { defaultPayloadConverter, type Payload } from '@temporalio/common';
import fc from 'fast-check';
import { createPayloadCodec, PayloadKeyError } from '../../client/payload-codec.js';

const key = (name: string) => ({ name, secret: randomBytes(32).toString('base64url') });
const [old, current] = [key('k1'), key('k2')] as const;
const codec = createPayloadCodec([current, old]);
const CONTEXT = undefined as never;

const payloadOf = (value: unknown) => defaultPayloadConverter.toPayload(value);
const valueOf = (payload: Payload) => defaultPayloadConverter.fromPayload(payload);
async function sealed(value: unknown, by = codec): Promise<Payload> {
  const [payload] = await by.encode([payloadOf(value)], CONTEXT);
  return payload!;
}
const textOf = (payload: Payload) => Buffer.from(payload.data!).toString('latin1');

test('[OPS-5] whatever is sealed is opened as it was, and is not seen meanwhile', async () => {
  await fc.assert(
    fc.asyncProperty(fc.jsonValue(), async (value) => {
      const payload = await sealed({ symbol: 'AAPL', value });
      expect(textOf(payload)).not.toContain('AAPL');
      const [opened] = await codec.decode([payload], CONTEXT);
      expect(valueOf(opened!)).toEqual({
        symbol: 'AAPL',
        value: JSON.parse(JSON.stringify(value)),
      });
    }),
  );
});

test('[OPS-5] the same value is sealed otherwise each time', async () => {
  expect(textOf(await sealed('AAPL'))).not.toBe(textOf(await sealed('AAPL')));
});

test('[OPS-5] what an earlier key sealed, and what was never sealed, is read on', async () => {
  const earlier = await sealed('AAPL', createPayloadCodec([old]));
  const opened = await codec.decode([earlier, payloadOf('MSFT')], CONTEXT);
  expect(opened.map(valueOf)).toEqual(['AAPL', 'MSFT']);
});

test('[OPS-5] a key that is not there is named, and what was changed is refused', async () => {
  const payload = await sealed('AAPL');
  const without = createPayloadCodec([old]);
  await expect(without.decode([payload], CONTEXT)).rejects.toThrow(/"k2".*TEMPORAL_PAYLOAD_KEYS/);
  const other = createPayloadCodec([key('k2')]);
  await expect(other.decode([payload], CONTEXT)).rejects.toThrow(PayloadKeyError);
  for (let at = 0; at < payload.data!.length; at += 1) {
    const data = Buffer.from(payload.data!);
    data[at]! ^= 1;
    await expect(codec.decode([{ ...payload, data }], CONTEXT)).rejects.toThrow(PayloadKeyError);
  }
  const short = { ...payload, data: new Uint8Array(5) };
  await expect(codec.decode([short], CONTEXT)).rejects.toThrow(PayloadKeyError);
});

test('[OPS-5] a payload says under which key it was sealed, and another name does not open it', async () => {
  const payload = await sealed('AAPL');
  const same = createPayloadCodec([{ ...current, name: 'k9' }, current]);
  const renamed = { ...payload.metadata, 'encryption-key-id': Buffer.from('k9') };
  await expect(same.decode([{ ...payload, metadata: renamed }], CONTEXT)).rejects.toThrow('k9');
});
