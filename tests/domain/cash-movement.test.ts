/** Deposits and withdrawals as they are typed (RSK-8). */
import { describe, expect, test } from '@jest/globals';
import { differences, movementOf, type MovementTold } from '../../domain/cash-movement.js';

const NOW = Date.parse('2026-11-24T15:00:00Z');
const DEPOSIT: MovementTold = {
  ...{ kind: 'deposit', amount: '5000', at: null, reference: null, note: null },
};
const read = (change: Partial<MovementTold> = {}) => movementOf({ ...DEPOSIT, ...change }, NOW);

describe('[RSK-8] a movement', () => {
  test('is of now, and named by kind, amount and day in New York, unless that is said', () => {
    expect(read()).toEqual({
      ...{ amount: '5000', atMs: NOW, reference: 'deposit-5000-2026-11-24', note: null },
    });
    const typed = { at: '2026-11-23T22:30:00-05:00', reference: 'wire-7', note: ' for the year ' };
    expect(read({ ...typed, kind: 'withdrawal', amount: '0.50' })).toEqual({
      amount: '-0.5',
      atMs: Date.parse('2026-11-24T03:30:00Z'),
      reference: 'wire-7',
      note: 'for the year',
    });
    const night = read({ at: '2026-11-24T04:59:59Z', amount: '5000.00' });
    expect(night.reference).toBe('deposit-5000-2026-11-23');
  });

  test.each(['0', '-5', '+5', '1e3', '5,000', '', ' 5', 'NaN', '0.000000001', '1000000000000'])(
    'the amount %j is refused with what is allowed',
    (amount) => expect(() => read({ amount })).toThrow(/is no amount: allowed is a decimal above/),
  );

  test.each([
    ['2026-11-24', /is no instant: allowed is one with its zone/],
    ['2026-11-24T15:00:00', /with its zone/],
    ['2026-13-40T15:00:00Z', /is no instant/],
    ['2026-11-24T15:00:01Z', /is not yet/],
    ['2025-11-20T15:00:00Z', /more than a year ago/],
  ])('the instant %s is refused', (at, why) => expect(() => read({ at })).toThrow(why));

  test('references and notes are bounded', () => {
    expect(read({ reference: 'r'.repeat(64) }).reference).toHaveLength(64);
    expect(() => read({ reference: 'r'.repeat(65) })).toThrow(/64 characters without blanks/);
    expect(() => read({ reference: 'a b' })).toThrow(/without blanks/);
    expect(() => read({ reference: '' })).toThrow(/no reference/);
    expect(read({ note: '' }).note).toBeNull();
    expect(() => read({ note: 'n'.repeat(201) })).toThrow(/201 characters, allowed are 200/);
  });
});

test('[RSK-8] told again it is the same, unless what was typed differs', () => {
  const known = { amount: '5000', atMs: NOW };
  expect(differences(known, { amount: '5000', atMs: NOW + 1 }, false)).toEqual([]);
  expect(differences(known, { amount: '5000', atMs: NOW + 1 }, true)).toEqual(['at']);
  expect(differences(known, { amount: '-5000', atMs: NOW + 1 }, true)).toEqual(['amount', 'at']);
});
