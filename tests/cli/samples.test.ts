/** The sample signals: every file can be read, and what is made of them for one run. */
import { expect, test } from '@jest/globals';
import { limitText, readSamples, withLimit } from '../../cli/demo/samples.js';
import { parseSignal } from '../../contract/signal.js';

const samples = readSamples('run7');

test('[SIG-1] every sample is a valid signal, with an id of its own and of this run', () => {
  const signals = samples.map(({ body }) => parseSignal(body));
  expect(signals.length).toBeGreaterThanOrEqual(4);
  expect(new Set(signals.map(({ id }) => id)).size).toBe(signals.length);
  expect(signals.every(({ id }) => id.endsWith('-run7'))).toBe(true);
});

test('no two samples are in the way of one another: one position per strategy and symbol', () => {
  const holders = samples.map(
    ({ body }) => `${String(body['strategy_id'])}/${String(body['symbol'])}`,
  );
  expect(new Set(holders).size).toBe(samples.length);
});

test('one sample is there to be denied, and its name says so', () => {
  const denied = samples.filter(({ expected }) => expected === 'DENIED');
  expect(denied.map(({ file }) => file)).toStrictEqual([
    'examples/signals/04-denied-stop-above-entry.json',
  ]);
});

test('only a limit order is given a new limit', () => {
  const limits = samples.map((sample) => withLimit(sample, '1.23').body['entry_price']);
  const types = samples.map(({ body }) => body['order_type']);
  expect(types).toContain('LMT');
  expect(limits.map((limit) => limit === '1.23')).toStrictEqual(
    types.map((type) => type === 'LMT'),
  );
  for (const sample of samples) expect(withLimit(sample, null)).toBe(sample);
});

test('a new limit is told beside that of the file, the file’s own is not', () => {
  const [first] = samples.filter(({ body }) => body['order_type'] === 'LMT');
  const own = String(first!.body['entry_price']);
  expect(limitText(first!, withLimit(first!, '1.23'))).toContain(
    `1.23 in place of the file's ${own}`,
  );
  for (const sample of samples) expect(limitText(sample, withLimit(sample, null))).toBeNull();
});
