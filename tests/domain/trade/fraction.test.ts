/** Exits beside a part of a share that somebody else's order left: no order can be for that part (SIZ-2). */
import { describe, expect, test } from '@jest/globals';
import { deriveTrade, type TradeFlags } from '../../../domain/trade/derive.js';
import { breachesOf, type GuardedTrade } from '../../../domain/trade/guard.js';
import type { TradeLeg } from '../../../domain/trade/leg.js';
import type { ProtectionInput } from '../../../domain/trade/protection.js';
import { CLOSE, lost, NOW_MS, plan, short } from './ask.js';
import { filled, leg } from './legs.js';

const TEN = { quantity: '10' };
const ENTRY = leg('ENTRY', { ...TEN, ...filled('10', '100') });
const STOP = leg('STOP', TEN);
const TARGET = leg('TARGET', TEN);
const STOP_9 = leg('STOP', { quantity: '9' });
const TARGET_9 = leg('TARGET', { quantity: '9' });
/** A hand sold so much in TWS: booked to the trade, in no write of this system. */
const sold = (quantity: string) =>
  leg('CLOSE', { quantity, ...filled(quantity, '101'), sequence: 1 });
const HALF = sold('0.5');
const HELD_9 = { brokerNet: '9.5' };
const refusedAt = (quantity: string): Partial<TradeLeg> => ({
  ...{ modificationRefused: true, pauseUntilMs: NOW_MS - 1 },
  refusedPrices: { limitPrice: null, stopPrice: '95', quantity },
});

describe('[TRD-3] [TRD-4] 9.5 of 10 shares are left', () => {
  test.each<[string, readonly TradeLeg[], Partial<ProtectionInput>, string[]]>([
    [
      'the stop is set to whole shares',
      [ENTRY, HALF, STOP],
      { targetPrice: null },
      ['modify STOP-1 9 @95 quantity'],
    ],
    ['a stop of whole shares stands', [ENTRY, HALF, STOP_9, TARGET_9], {}, []],
    [
      'the target is set to whole shares beside it',
      [ENTRY, HALF, STOP_9, TARGET],
      {},
      ['modify TARGET-1 9 @110 quantity'],
    ],
    [
      'the stop was refused in fractions: it is kept, and set to whole shares',
      [ENTRY, HALF, leg('STOP', { ...TEN, ...refusedAt('9.5') })],
      { targetPrice: null },
      ['modify STOP-1 9 @95 quantity'],
    ],
    [
      'the target was refused in fractions: it is set to whole shares',
      [
        ...[ENTRY, HALF, STOP_9],
        leg('TARGET', {
          ...{ ...TEN, modificationRefused: true },
          refusedPrices: { limitPrice: '110', stopPrice: null, quantity: '9.5' },
        }),
      ],
      {},
      ['modify TARGET-1 9 @110 quantity'],
    ],
    [
      'the stop was refused in whole shares too: it is replaced',
      [ENTRY, HALF, leg('STOP', { ...TEN, ...refusedAt('9') })],
      { targetPrice: null },
      ['cancel STOP-1 quantity'],
    ],
    ['exits are placed anew in whole shares', [ENTRY, HALF], {}, ['place 9 95/110 new']],
    ['a target is placed in whole shares', [ENTRY, HALF, STOP_9], {}, ['place 9 null/110 oca']],
    [
      'a target that the broker took in fractions gets its stop at once',
      [ENTRY, HALF, leg('TARGET', { quantity: '9.5' })],
      {},
      ['place 9 95/null oca'],
    ],
    ['and stays beside it', [ENTRY, HALF, STOP_9, leg('TARGET', { quantity: '9.5' })], {}, []],
    [
      'the broker holds another part of a share',
      [ENTRY, HALF, STOP_9],
      { brokerNet: '9.25', targetPrice: null },
      [],
    ],
  ])('%s', (_, legs, change, expected) => {
    expect(short(legs, { ...HELD_9, ...change })).toEqual(expected);
  });

  test('[TRD-3] nothing is sold for the part that no stop can cover', () => {
    const legs = [ENTRY, HALF, STOP_9, TARGET_9];
    const late = {
      unarmedSinceMs: NOW_MS - 60_000,
      link: { readySinceMs: 0, pictureAtMs: NOW_MS },
    };
    expect(plan(legs, { ...HELD_9, ...late })).toMatchObject({ actions: [], waitsFor: null });
  });
});

describe('[TRD-6] a close of 9.5 shares', () => {
  const AT_MARKET = { ...HELD_9, ...CLOSE, targetPrice: null };

  test('sells whole shares, by the target, by the stop or at the market', () => {
    const target = short([ENTRY, HALF, STOP_9, TARGET_9], { ...HELD_9, ...CLOSE });
    expect(target).toEqual(['modify TARGET-1 9 @99.5 close_requested']);
    expect(short([ENTRY, HALF, STOP_9], AT_MARKET)).toEqual([
      'modify STOP-1 9 @100.48 close_requested',
    ]);
    expect(short([ENTRY, HALF], AT_MARKET)).toEqual(['SELL 9 close_requested']);
  });

  test('leaves the part to a person once the whole shares are sold', () => {
    const own = leg('CLOSE', { ...{ quantity: '9', sequence: 2 }, ...filled('9', '100') });
    const left = plan([ENTRY, HALF, own], { ...AT_MARKET, brokerNet: '0.5' });
    expect(left).toMatchObject({ actions: [], then: 'person' });
    expect(left.waitsFor).toContain('0.5');
  });
});

describe('[TRD-3] less than one share is left', () => {
  const MOST = sold('9.5');
  const LEFT = { brokerNet: '0.5' };

  test('exits that would open the other side end', () => {
    expect(short([ENTRY, MOST, STOP, TARGET], LEFT)).toEqual([
      'cancel STOP-1 quantity',
      'cancel TARGET-1 quantity',
    ]);
  });

  test('it waits for a person, and sends nothing', () => {
    const gone = [lost('STOP', 1, 'CANCELLED'), lost('TARGET', 1, 'CANCELLED')];
    const late = {
      unarmedSinceMs: NOW_MS - 60_000,
      link: { readySinceMs: 0, pictureAtMs: NOW_MS },
    };
    const left = plan([ENTRY, MOST, ...gone], { ...LEFT, ...late });
    expect(left).toMatchObject({ actions: [], then: 'person' });
    expect(left.waitsFor).toContain('0.5');
  });

  test('a part that was sold too much is no order either', () => {
    const over = plan([ENTRY, sold('10.5')], { brokerNet: '-0.5' });
    expect(over).toMatchObject({ actions: [], then: 'person' });
  });
});

describe('[SIZ-2] a trade that was entered in fractions', () => {
  const PART = leg('ENTRY', { quantity: '9.5', ...filled('9.5', '100') });

  test('[TRD-3] keeps exits in fractions', () => {
    expect(short([PART], HELD_9)).toEqual(['place 9.5 95/110 new']);
    expect(short([PART, STOP], { ...HELD_9, targetPrice: null })).toEqual([
      'modify STOP-1 9.5 @95 quantity',
    ]);
  });
});

describe('[TRD-3] what is said of the protection', () => {
  const FLAGS: TradeFlags = {
    side: 'BUY',
    beforeEntry: 'RECEIVED',
    closeRequested: null,
    stopPrice: '95',
    targetPrice: '110',
  };

  test.each<[string, readonly TradeLeg[], boolean]>([
    ['whole shares covered', [ENTRY, HALF, STOP_9], true],
    ['more than is held', [ENTRY, HALF, STOP], false],
    ['a share without', [ENTRY, HALF, leg('STOP', { quantity: '8' })], false],
    ['less than a share, and no stop', [ENTRY, sold('9.5')], false],
  ])('%s', (_, legs, isProtected) => {
    expect(deriveTrade(legs, FLAGS).isProtected).toBe(isProtected);
  });

  const guarded = (held: string, legs: readonly TradeLeg[]): GuardedTrade => ({
    ...{ tradeId: 't', account: 'a', symbol: 'CAT', securityType: 'STK', brokerContractId: 1 },
    ...{ side: 'BUY', held, stopPrice: '95', unarmedSinceMs: null },
    legs: legs.map((each) => ({
      ...each,
      ...{ clientOrderId: each.legId, readBack: null, brokerStatus: null, incarnations: [] },
      acknowledgedAtMs: 0,
      wanted: { ...each, ocaType: null, triggerMethod: null } as never,
    })),
  });

  test.each<[string, string, readonly TradeLeg[], string[]]>([
    ['whole shares covered', '9.5', [STOP_9], []],
    ['more than is held', '9.5', [STOP], ['excess 0.5']],
    ['a share without', '9.5', [leg('STOP', { quantity: '8' })], ['unprotected 1']],
    ['less than a share, and no stop', '0.5', [], []],
  ])('the guard, %s', (_, held, legs, expected) => {
    const told = breachesOf(guarded(held, legs)).map(({ kind, shares }) => `${kind} ${shares}`);
    expect(told).toEqual(expected);
  });
});
