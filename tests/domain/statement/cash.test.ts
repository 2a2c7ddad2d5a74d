/** A statement's cash beside what people told: each movement counts once. Pure. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { decimal, sum, text } from '../../../domain/money.js';
import {
  cashRow,
  counterpart,
  isSameCash,
  tellingOf,
  type CashRow,
  type KnownCash,
} from '../../../domain/statement/cash.js';
import type { StatementMovement } from '../../../domain/statement/statement.js';
import { AT, DAY_FROM, DAY_UNTIL, knownCash, movementRow } from './rows.js';

const NOW = DAY_UNTIL + 8 * 3_600_000;
const rowOf = (change: Partial<StatementMovement> = {}, base = 'USD'): CashRow => {
  const read = cashRow(movementRow(change), base, NOW);
  if (read.kind !== 'row') throw new Error(read.why);
  return read.row;
};

describe('[REC-6] the row of a movement', () => {
  test('is in the base currency, with what the statement says beside it', () => {
    expect(rowOf({ currency: 'EUR', amount: '-100', rateToBase: '1.0857', kind: 'fee' })).toEqual({
      ...{ reference: 'flex:1', kind: 'fee', amount: '-108.57', toldAmount: '-100' },
      ...{ toldCurrency: 'EUR', atMs: AT, note: 'Deposits/Withdrawals: CASH RECEIPTS' },
    });
    // The rate of the base currency to itself is not asked for.
    expect(rowOf({ rateToBase: null }).amount).toBe('5000');
  });

  test('without a rate is none', () => {
    const read = cashRow(movementRow({ currency: 'EUR', rateToBase: null }), 'USD', NOW);
    expect(read).toMatchObject({ kind: 'unusable' });
    expect(JSON.stringify(read)).toContain('FX Rate To Base');
  });

  test('[RSK-8] of a day alone counts where it hides no loss: a deposit late, a withdrawal early', () => {
    expect(rowOf({ atMs: null }).atMs).toBe(DAY_UNTIL);
    expect(rowOf({ atMs: null, kind: 'withdrawal', amount: '-5' }).atMs).toBe(DAY_FROM);
    const early = cashRow(movementRow({ atMs: null }), 'USD', AT);
    expect(early).toMatchObject({ row: { atMs: AT } });
  });
});

describe('[REC-6] [RSK-8] the movement that a person told', () => {
  const match = (known: readonly KnownCash[], change: Partial<StatementMovement> = {}) => {
    const telling = tellingOf(movementRow(change), rowOf(change), 'USD');
    return counterpart(telling, known, 'person')?.id ?? null;
  };

  test('is that of the same kind, amount and day', () => {
    expect(match([knownCash({ atMs: AT + 3 * 3_600_000 })])).toBe('p1');
    expect(match([knownCash({ amount: '5000.01' })])).toBeNull();
    expect(match([knownCash({ kind: 'withdrawal', amount: '-5000' })])).toBeNull();
    expect(match([knownCash({ atMs: DAY_UNTIL + 2_000 })])).toBeNull();
    expect(match([knownCash({ source: 'flex' })])).toBeNull();
    expect(match([knownCash({ isPaired: true })])).toBeNull();
  });

  test('may have been told on the day that it was settled or reported', () => {
    const days = ['2026-11-20', '2026-11-21'] as const;
    expect(match([knownCash({ atMs: DAY_UNTIL + 2_000 })], { days: [...days] })).toBe('p1');
  });

  test('may have another day in the zone of the statement', () => {
    const atMs = Date.parse('2026-11-21T02:00:00Z');
    const known = [knownCash({ atMs })];
    expect(match(known, { days: ['2026-11-21'], atMs })).toBe('p1');
    expect(match(known, { days: ['2026-11-21'], atMs: null })).toBeNull();
  });

  test('of two it is the nearer', () => {
    const known = [knownCash({ atMs: AT + 9_000 }), knownCash({ id: 'p2', atMs: AT - 1_000 })];
    expect(match(known)).toBe('p2');
  });

  test('in another currency is about as much', () => {
    const euros = { currency: 'EUR', amount: '5000', rateToBase: '1.08' };
    expect(match([knownCash({ amount: '5450' })], euros)).toBe('p1');
    expect(match([knownCash({ amount: '5550' })], euros)).toBeNull();
    // Told by a person after the statement: the other way round it is the same.
    const ofStatement = knownCash({ source: 'flex', amount: '5400', isExact: false });
    const told = { kind: 'deposit', amount: '5450', atMs: AT, days: ['2026-11-20'] } as const;
    expect(counterpart({ ...told, isExact: true }, [ofStatement], 'flex')?.id).toBe('p1');
  });

  test('is none that was taken back, nor what took it back', () => {
    const wrong = knownCash({ kind: 'withdrawal', amount: '-5000' });
    const back = knownCash({ id: 'p2', reference: 'wire-1-back' });
    expect(match([wrong, back])).toBeNull();
    expect(match([{ ...wrong, atMs: AT + 1 }, back])).toBe('p2');
  });

  test('is never a dividend', () => {
    const dividend = knownCash({ kind: 'dividend' });
    expect(match([dividend], { kind: 'dividend' })).toBeNull();
  });
});

test('[REC-6] under one reference another amount or kind is another movement; a rate is not', () => {
  const stands = knownCash({ source: 'flex', toldAmount: '100', toldCurrency: 'EUR' });
  const euros = { currency: 'EUR', amount: '100' };
  expect(isSameCash(stands, rowOf({ ...euros, rateToBase: '1.1' }))).toBe(true);
  expect(isSameCash(stands, rowOf({ ...euros, amount: '101', rateToBase: '1.1' }))).toBe(false);
  expect(isSameCash(stands, rowOf({ ...euros, kind: 'other', rateToBase: '1.1' }))).toBe(false);
  expect(isSameCash(knownCash(), rowOf())).toBe(true);
});

/** Lays a telling over what is known, as the store does; known ones are skipped by reference. */
function told(known: readonly KnownCash[], next: KnownCash): KnownCash[] {
  if (known.some(({ reference }) => reference === next.reference)) return [...known];
  const other = next.source === 'flex' ? 'person' : 'flex';
  const telling = { ...next, days: ['2026-11-20'] };
  const same = counterpart(telling, known, other);
  return [
    ...known.map((one) => (one === same ? { ...one, isPaired: true } : one)),
    { ...next, isPaired: same !== null, counts: same === null } as KnownCash,
  ];
}

test('[REC-6] [RSK-8] [PRF-4] in whatever order, and however often, each movement counts once', () => {
  const amounts = fc.array(fc.constantFrom('100', '200', '300'), { maxLength: 5 });
  fc.assert(
    fc.property(amounts, fc.array(fc.boolean()), fc.infiniteStream(fc.nat()), (all, who, dice) => {
      const flex = all.map((amount, n) =>
        knownCash({ id: `f${n}`, reference: `flex:${n}`, source: 'flex', amount }),
      );
      const person = all
        .filter((_, n) => who[n] === true)
        .map((amount, n) => knownCash({ id: `p${n}`, reference: `p-${n}`, amount }));
      const order = new Map([...flex, ...person].map((one) => [one.id, dice.next().value!]));
      const shuffled = [...flex, ...person, ...flex].sort(
        (a, b) => order.get(a.id)! - order.get(b.id)!,
      );
      const known = shuffled.reduce<KnownCash[]>(told, []);
      const counting = known.filter((one) => (one as KnownCash & { counts: boolean }).counts);
      const total = (rows: readonly { readonly amount: string }[]) =>
        text(sum(rows.map(({ amount }) => decimal(amount))));
      expect(total(counting)).toBe(total(flex));
    }),
  );
});
