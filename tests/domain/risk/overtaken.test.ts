/** A signal that arrives after one that was made later, against it: nothing is opened by it. */
import { describe, expect, test } from '@jest/globals';
import { decidePlan } from '../../../domain/risk/decide.js';
import { findingCodes } from '../../../domain/risk/finding.js';
import { overtakersOf, type EarlierArrival } from '../../../domain/risk/overtaken.js';
import { NOON_MS, SOUND, withSignal } from './fixture.js';

const SKEW_MS = 2_000;
const SELL: EarlierArrival = {
  tradeId: 'trade-0',
  side: 'SELL',
  generatedAtMs: NOON_MS,
  receivedAtMs: NOON_MS + 100,
};
const overtaker = (generatedAtMs: number | null, ...earlier: EarlierArrival[]) =>
  overtakersOf(earlier, generatedAtMs, SKEW_MS)[0]?.tradeId ?? null;

describe('[SIG-4] which one overtakes', () => {
  test('one that was made later; of the same instant, or before, none', () => {
    expect(overtaker(NOON_MS - 1, SELL)).toBe('trade-0');
    expect(overtaker(NOON_MS, SELL)).toBeNull();
    expect(overtaker(NOON_MS + 1, SELL)).toBeNull();
    expect(overtaker(NOON_MS - 1)).toBeNull();
  });

  test('a signal that says nothing of its time is as new as its receipt', () => {
    expect(overtaker(null, SELL)).toBeNull();
  });

  test('one from the future says nothing of its time, but for as much as clocks may differ', () => {
    const ahead = (ms: number) => ({ ...SELL, generatedAtMs: SELL.receivedAtMs + ms });
    expect(overtaker(NOON_MS, ahead(SKEW_MS))).toBe('trade-0');
    expect(overtaker(NOON_MS, ahead(SKEW_MS + 1))).toBeNull();
  });

  test('of several the one that was made last is told, whatever order they came in', () => {
    const last = { ...SELL, tradeId: 'trade-9', generatedAtMs: NOON_MS + 5 };
    expect(overtaker(NOON_MS - 1, SELL, last)).toBe('trade-9');
    expect(overtaker(NOON_MS - 1, last, SELL)).toBe('trade-9');
  });
});

describe('[SIG-4] what it comes to', () => {
  const overtaken = {
    ...SOUND,
    overtakenBy: { tradeId: 'trade-0', side: 'SELL', generatedAtMs: NOON_MS } as const,
  };

  test('nothing is opened, and both times are told', () => {
    const { findings } = decidePlan(overtaken);
    expect(findingCodes(findings)).toEqual(['SIGNAL_OVERTAKEN']);
    expect(findings[0]?.measured).toBe(
      'made at 2026-04-06T15:59:58.000Z, and a SELL (trade trade-0) at 2026-04-06T16:00:00.000Z',
    );
  });

  test('[PRV-2] a preview that a person executes is a newer word', () => {
    const executed = withSignal({ generatedAtMs: null }, overtaken);
    expect(decidePlan(executed).findings).toEqual([]);
  });
});
