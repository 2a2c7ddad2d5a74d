/** What becomes of a preview by its age, and how far two may be from each other. */
import { describe, expect, test } from '@jest/globals';
import { movedText, stepAt, timesOf } from '../../../domain/preview/rule.js';

const MADE_MS = Date.UTC(2026, 3, 6, 16, 0);
const LIMITS = {
  asShownMs: 300_000,
  expiresMs: 900_000,
  priceTolerance: '0.005',
  sizeTolerance: '0.05',
};

/** `4:59` as milliseconds. */
function ageMs(text: string): number {
  const [minutes, seconds] = text.split(':').map(Number);
  return (minutes! * 60 + seconds!) * 1_000;
}

test.each([
  ['0:00', 'run'],
  ['4:59', 'run'],
  ['5:00', 'compare'],
  ['5:01', 'compare'],
  ['14:59', 'compare'],
  ['15:00', 'refuse'],
  ['15:01', 'refuse'],
])('[PRV-2] at %s of its age: %s', (age, step) => {
  expect(stepAt(timesOf(MADE_MS, LIMITS), MADE_MS + ageMs(age))).toBe(step);
});

test('[PRV-2] one that counts no longer than as shown is never compared', () => {
  const times = timesOf(MADE_MS, { ...LIMITS, expiresMs: LIMITS.asShownMs });
  expect(stepAt(times, MADE_MS + LIMITS.asShownMs)).toBe('refuse');
});

describe('[PRV-2] about the same', () => {
  const shown = { referencePrice: '200', quantity: '100' };
  test.each([
    ['nothing moved', {}, null],
    ['the price by less', { referencePrice: '200.99' }, null],
    ['the price by as much', { referencePrice: '201' }, 'price 201, shown 200 (0.005 away'],
    ['the price down', { referencePrice: '198' }, 'price 198, shown 200 (0.01 away'],
    ['the quantity by less', { quantity: '96' }, null],
    ['the quantity by as much', { quantity: '95' }, 'quantity 95, shown 100 (0.05 away'],
    ['more shares', { quantity: '106' }, 'quantity 106, shown 100 (0.06 away'],
  ])('%s', (_name, change, told) => {
    const moved = movedText(shown, { ...shown, ...change }, LIMITS);
    if (told === null) expect(moved).toBeNull();
    else expect(moved).toContain(told);
  });

  test('both are told', () => {
    const now = { referencePrice: '210', quantity: '80' };
    expect(movedText(shown, now, LIMITS)).toMatch(/price 210.*; quantity 80/);
  });

  test('without any tolerance what has not moved at all still runs', () => {
    const none = { priceTolerance: '0', sizeTolerance: '0' };
    expect(movedText(shown, shown, none)).toBeNull();
    expect(movedText(shown, { ...shown, quantity: '101' }, none)).toContain('quantity 101');
  });
});
