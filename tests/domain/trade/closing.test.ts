/** The next steps of a close. */
import { describe, expect, test } from '@jest/globals';
import type { TradeLeg } from '../../../domain/trade/leg.js';
import type { ProtectionInput } from '../../../domain/trade/protection.js';
import { CLOSE, LIVE_QUOTE, lost, NOW_MS, plan, short } from './ask.js';
import { ENTERED, filled, leg } from './legs.js';

const STOP = leg('STOP');
const TARGET = leg('TARGET');
const SOLD_PART = leg('TARGET', { ...filled('30', '110', false), status: 'CANCELLED' });

describe('[TRD-6] closing now', () => {
  const LOST_BOTH = [ENTERED, lost('STOP', 1, 'CANCELLED'), lost('TARGET', 1, 'CANCELLED')];
  const HALTED = { ...LIVE_QUOTE, halted: true };
  const LOST_CLOSE = leg('CLOSE', {
    status: 'UNKNOWN',
    intent: 'SENDING',
    isDoubtful: true,
    ocaGroup: 'oca-2',
  });
  const WISH_REFUSED: Partial<TradeLeg> = {
    modificationRefused: true,
    refusedPrices: { limitPrice: '110', stopPrice: '95' },
  };
  const GOING: Partial<TradeLeg> = { status: 'CANCEL_PENDING', cancelInFlight: true };
  const PART_CLOSE = leg('CLOSE', { ...filled('30', '99.9', false), ocaGroup: 'oca' });
  const UNMOVED_STOP = leg('STOP', { modificationRefused: true });
  const UNMOVED_TARGET = leg('TARGET', { modificationRefused: true });
  const ASLEEP = { status: 'HELD', whyHeld: 'child' } as const;
  const [ASLEEP_STOP, ASLEEP_TARGET] = [leg('STOP', ASLEEP), leg('TARGET', ASLEEP)];
  const LINK = { readySinceMs: 0 };
  const BESIDE: Partial<TradeLeg> = { ocaGroup: 'oca' };
  const KEPT_BACK = leg('CLOSE', { ...BESIDE, lastWriteMs: NOW_MS - 5_000 });
  const REST_STOP = { ...UNMOVED_STOP, quantity: '70' };
  const REST_TARGET = { ...UNMOVED_TARGET, quantity: '70' };
  const REPRICED = leg('TARGET', { limitPrice: '99.5' });

  test.each<[string, readonly TradeLeg[], Partial<ProtectionInput>, string[]]>([
    [
      'the target is repriced through the quote',
      [ENTERED, STOP, TARGET],
      CLOSE,
      ['modify TARGET-1 100 @99.5 close_requested'],
    ],
    ['repriced: it fills or the market runs', [ENTERED, STOP, REPRICED], CLOSE, []],
    [
      'the market ran away',
      [ENTERED, STOP, leg('TARGET', { limitPrice: '100.5' })],
      CLOSE,
      ['modify TARGET-1 100 @99.5 close_requested'],
    ],
    ['being repriced', [ENTERED, STOP, leg('TARGET', { modificationInFlight: true })], CLOSE, []],
    [
      'part filled: the rest once the broker has reduced',
      [ENTERED, STOP, leg('TARGET', { ...filled('30', '99.99', false), limitPrice: '99.5' })],
      { ...CLOSE, lastExitFillMs: NOW_MS - 600 },
      ['modify STOP-1 70 @95 quantity'],
    ],
    [
      'repricing refused: the stop is moved, beside the target',
      [ENTERED, STOP, leg('TARGET', { modificationRefused: true })],
      CLOSE,
      ['modify STOP-1 100 @100.48 close_requested'],
    ],
    [
      'both refused: sold in their group, where one fill ends the others',
      [ENTERED, UNMOVED_STOP, UNMOVED_TARGET],
      CLOSE,
      ['SELL 100 close_requested in oca'],
    ],
    [
      'both refused, and the target is for more than is held: both go',
      [ENTERED, UNMOVED_STOP, { ...UNMOVED_TARGET, quantity: '120' }],
      CLOSE,
      ['cancel TARGET-1 close_requested', 'cancel STOP-1 close_requested'],
    ],
    [
      'both refused, in two groups: both go',
      [ENTERED, UNMOVED_STOP, { ...UNMOVED_TARGET, ocaGroup: 'oca-2' }],
      CLOSE,
      ['cancel TARGET-1 close_requested', 'cancel STOP-1 close_requested'],
    ],
    [
      'the stop refused, and a picture lacks the target: sold in their group',
      [ENTERED, UNMOVED_STOP, leg('TARGET', { isDoubtful: true })],
      CLOSE,
      ['SELL 100 close_requested in oca'],
    ],
    [
      'both cover on in the group of the close',
      [
        ENTERED,
        UNMOVED_STOP,
        UNMOVED_TARGET,
        leg('CLOSE', { ...BESIDE, lastWriteMs: NOW_MS - 4_999 }),
      ],
      CLOSE,
      [],
    ],
    [
      'the broker sends one of a group at a time, and the target keeps the close back: it goes',
      [ENTERED, UNMOVED_STOP, UNMOVED_TARGET, KEPT_BACK],
      CLOSE,
      ['cancel TARGET-1 close_requested'],
    ],
    [
      'a close that a picture lacks keeps nobody back',
      [ENTERED, UNMOVED_STOP, UNMOVED_TARGET, { ...KEPT_BACK, isDoubtful: true }],
      CLOSE,
      [],
    ],
    [
      'nor does one that fills part by part',
      [ENTERED, REST_STOP, REST_TARGET, { ...KEPT_BACK, ...filled('30', '99.9', false) }],
      { ...CLOSE, brokerNet: '70', lastExitFillMs: NOW_MS - 600 },
      [],
    ],
    [
      'the stop is being cancelled, and a picture shows it still: nothing joins its group',
      [ENTERED, leg('STOP', { cancelInFlight: true }), lost('TARGET', 1, 'CANCELLED')],
      CLOSE,
      [],
    ],
    [
      'asleep while so many lack their stops that nothing may be sold: a person may close all the same',
      [ENTERED, ASLEEP_STOP, ASLEEP_TARGET],
      { ...CLOSE, link: { readySinceMs: null, pictureAtMs: 6 }, unarmedSinceMs: 5 },
      ['cancel TARGET-1 close_requested', 'cancel STOP-1 close_requested'],
    ],
    [
      'the same without a live quote, so nothing may trade: both cover on',
      [ENTERED, UNMOVED_STOP, UNMOVED_TARGET, KEPT_BACK],
      { ...CLOSE, quote: HALTED },
      [],
    ],
    [
      'asleep by statuses, which come out of order: no picture has shown it',
      [ENTERED, ASLEEP_STOP, ASLEEP_TARGET],
      { ...CLOSE, link: { ...LINK, pictureAtMs: 5 }, unarmedSinceMs: 5 },
      [],
    ],
    [
      'asleep, as a picture shows: they go',
      [ENTERED, ASLEEP_STOP, ASLEEP_TARGET],
      { ...CLOSE, link: { ...LINK, pictureAtMs: 6 }, unarmedSinceMs: 5 },
      ['cancel TARGET-1 close_requested', 'cancel STOP-1 close_requested'],
    ],
    [
      'the target asleep, the stop not: the stop is moved',
      [ENTERED, STOP, ASLEEP_TARGET],
      CLOSE,
      ['modify STOP-1 100 @100.48 close_requested'],
    ],
    [
      'the target on its way out takes the stop along: nothing is moved',
      [ENTERED, STOP, leg('TARGET', { ...GOING, modificationRefused: true })],
      CLOSE,
      ['cancel STOP-1 close_requested'],
    ],
    [
      'refused was the move to the wished price, not this one',
      [ENTERED, STOP, leg('TARGET', WISH_REFUSED)],
      CLOSE,
      ['modify TARGET-1 100 @99.5 close_requested'],
    ],
    [
      'without a target, and a refused move of the stop',
      [ENTERED, leg('STOP', WISH_REFUSED)],
      { ...CLOSE, targetPrice: null },
      ['modify STOP-1 100 @100.48 close_requested'],
    ],
    [
      'no quote to price by: sold in their group',
      [ENTERED, STOP, TARGET],
      { ...CLOSE, quote: null },
      ['SELL 100 close_requested in oca'],
    ],
    ['a trading halt: the stop stays', [ENTERED, STOP, TARGET], { ...CLOSE, quote: HALTED }, []],
    [
      'the broker holds less: no target for all of it',
      [ENTERED, STOP, TARGET],
      { ...CLOSE, brokerNet: '60' },
      ['cancel TARGET-1 close_requested', 'cancel STOP-1 close_requested'],
    ],
    [
      'no target: the stop is moved to where it triggers at once',
      [ENTERED, STOP],
      CLOSE,
      ['modify STOP-1 100 @100.48 close_requested'],
    ],
    [
      'no target, and the stop was moved: it triggers',
      [ENTERED, leg('STOP', { stopPrice: '100.48', lastWriteMs: NOW_MS - 4_999 })],
      CLOSE,
      [],
    ],
    [
      'no target, and the stop that was moved does not trigger: sold in its group',
      [ENTERED, leg('STOP', { stopPrice: '100.48', lastWriteMs: NOW_MS - 5_000 })],
      CLOSE,
      ['SELL 100 close_requested in oca'],
    ],
    [
      'no target, and the stop would not be moved: sold in its group',
      [ENTERED, leg('STOP', { modificationRefused: true })],
      CLOSE,
      ['SELL 100 close_requested in oca'],
    ],
    [
      'an exit part filled a moment ago, and none lives any more: nothing is waited for',
      [ENTERED, lost('STOP', 1, 'CANCELLED'), SOLD_PART],
      { ...CLOSE, lastExitFillMs: NOW_MS - 1 },
      ['SELL 70 close_requested'],
    ],
    [
      'the same, part filled a moment ago: the broker reduces it first',
      [ENTERED, leg('STOP', { ...filled('30', '95', false), modificationRefused: true })],
      { ...CLOSE, lastExitFillMs: NOW_MS - 499 },
      [],
    ],
    [
      'the stop is for more than is held: it goes first',
      [ENTERED, leg('STOP', { quantity: '120', modificationRefused: true })],
      CLOSE,
      ['cancel STOP-1 close_requested'],
    ],
    [
      'the stop is in no group: it goes first',
      [ENTERED, leg('STOP', { ocaGroup: null, modificationRefused: true })],
      CLOSE,
      ['cancel STOP-1 close_requested'],
    ],
    [
      'no target, and a picture lacks the stop: nobody answers a move',
      [ENTERED, leg('STOP', { isDoubtful: true })],
      CLOSE,
      ['SELL 100 close_requested in oca'],
    ],
    [
      'no target, and a picture lacks the stop that is being moved',
      [ENTERED, leg('STOP', { isDoubtful: true, modificationInFlight: true })],
      CLOSE,
      ['SELL 100 close_requested in oca'],
    ],
    [
      'a picture lacks the target: the stop is moved',
      [ENTERED, STOP, leg('TARGET', { isDoubtful: true })],
      CLOSE,
      ['modify STOP-1 100 @100.48 close_requested'],
    ],
    [
      'a picture lacks the stop: the target is repriced',
      [ENTERED, leg('STOP', { isDoubtful: true }), TARGET],
      CLOSE,
      ['modify TARGET-1 100 @99.5 close_requested'],
    ],
    [
      'a picture lacks both',
      [ENTERED, leg('STOP', { isDoubtful: true }), leg('TARGET', { isDoubtful: true })],
      CLOSE,
      ['SELL 100 close_requested in oca'],
    ],
    [
      'no target and no quote: nothing to price by',
      [ENTERED, STOP],
      { ...CLOSE, quote: null },
      ['SELL 100 close_requested in oca'],
    ],
    [
      'a trailing stop can’t be moved: sold in its group',
      [ENTERED, leg('STOP', { orderType: 'TRAIL' })],
      CLOSE,
      ['SELL 100 close_requested in oca'],
    ],
    [
      'target outside the group',
      [ENTERED, STOP, leg('TARGET', { ocaGroup: null })],
      CLOSE,
      ['cancel TARGET-1 close_requested', 'cancel STOP-1 close_requested'],
    ],
    [
      'target ended, stop on its way out',
      [ENTERED, leg('STOP', { status: 'CANCEL_PENDING' }), lost('TARGET', 1, 'CANCELLED')],
      CLOSE,
      [],
    ],
    [
      'stop of unknown fate',
      [ENTERED, leg('STOP', { status: 'UNKNOWN' }), lost('TARGET', 1, 'CANCELLED')],
      CLOSE,
      [],
    ],
    ['both ended', LOST_BOTH, CLOSE, ['SELL 100 close_requested']],
    [
      'both ended, the broker holds less',
      LOST_BOTH,
      { ...CLOSE, brokerNet: '60' },
      ['SELL 60 close_requested'],
    ],
    ['both ended, the broker holds none', LOST_BOTH, { ...CLOSE, brokerNet: '0' }, []],
    ['both ended, the broker is short', LOST_BOTH, { ...CLOSE, brokerNet: '-100' }, []],
    ['both ended, the broker’s position unknown', LOST_BOTH, { ...CLOSE, brokerNet: null }, []],
    ['the close works', [...LOST_BOTH, leg('CLOSE')], CLOSE, []],
    [
      'the close is larger than what is left',
      [ENTERED, leg('STOP', { ...filled('30', '95'), status: 'CANCELLED' }), leg('CLOSE')],
      CLOSE,
      ['modify CLOSE-1 70 @null quantity'],
    ],
    [
      'an exit lives beside the close',
      [ENTERED, STOP, leg('CLOSE')],
      CLOSE,
      ['cancel STOP-1 close_requested'],
    ],
    [
      'the stop covers on in the group of the close',
      [ENTERED, STOP, leg('CLOSE', { ocaGroup: 'oca' })],
      CLOSE,
      [],
    ],
    [
      'the close part filled, and the stop not reduced yet',
      [ENTERED, STOP, PART_CLOSE],
      { ...CLOSE, brokerNet: '70', lastExitFillMs: NOW_MS - 499 },
      [],
    ],
    [
      'the close part filled, and the stop not reduced by then: it is set to the rest',
      [ENTERED, STOP, PART_CLOSE],
      { ...CLOSE, brokerNet: '70', lastExitFillMs: NOW_MS - 500 },
      ['modify STOP-1 70 @95 quantity'],
    ],
    [
      'the same, being set',
      [ENTERED, leg('STOP', { modificationInFlight: true }), PART_CLOSE],
      { ...CLOSE, brokerNet: '70', lastExitFillMs: NOW_MS - 500 },
      [],
    ],
    [
      'the same, refused: it goes',
      [ENTERED, leg('STOP', { modificationRefused: true }), PART_CLOSE],
      { ...CLOSE, brokerNet: '70', lastExitFillMs: NOW_MS - 500 },
      ['cancel STOP-1 close_requested'],
    ],
    [
      'the cancel of the stop was refused, and the lists lack it: sold in its group',
      [ENTERED, leg('STOP', { ...GOING, isDoubtful: true })],
      CLOSE,
      ['SELL 100 close_requested in oca'],
    ],
    [
      'the close of unknown fate: doubled once, in its group',
      [...LOST_BOTH, LOST_CLOSE],
      CLOSE,
      ['SELL 100 close_requested in oca-2'],
    ],
    [
      'its double too: both wait for the look-up',
      [...LOST_BOTH, LOST_CLOSE, { ...LOST_CLOSE, legId: 'CLOSE-2', sequence: 2 }],
      CLOSE,
      [],
    ],
    [
      'the close refused a moment ago',
      [...LOST_BOTH, { ...lost('CLOSE'), lastWriteMs: NOW_MS - 999 }],
      CLOSE,
      [],
    ],
    [
      'the close refused twice: the pause grows',
      [...LOST_BOTH, lost('CLOSE', 1), { ...lost('CLOSE', 2), lastWriteMs: NOW_MS - 1_999 }],
      CLOSE,
      [],
    ],
    [
      'the close refused: again',
      [...LOST_BOTH, lost('CLOSE')],
      CLOSE,
      ['SELL 100 close_requested'],
    ],
    [
      'the close refused three times: protected again',
      [...LOST_BOTH, lost('CLOSE', 1), lost('CLOSE', 2), lost('CLOSE', 3)],
      CLOSE,
      ['place 100 95/110 new'],
    ],
  ])('%s', (_name, legs, change, expected) => {
    expect(short(legs, change)).toStrictEqual(expected);
  });

  test('a short closes by buying, mirrored', () => {
    const entry = leg('ENTRY', { ...filled('100', '100'), side: 'SELL' });
    const stop = leg('STOP', { side: 'BUY', stopPrice: '105' });
    const target = leg('TARGET', { side: 'BUY', limitPrice: '90' });
    const change = {
      ...CLOSE,
      side: 'SELL',
      brokerNet: '-100',
      stopPrice: '105',
      targetPrice: '90',
    } as const;
    expect(short([entry, stop, target], change)).toStrictEqual([
      'modify TARGET-1 100 @100.51 close_requested',
    ]);
    expect(short([entry, { ...stop, status: 'CANCELLED' }], change)).toStrictEqual([
      'BUY 100 close_requested',
    ]);
  });
});

describe('[TRD-6] [TRD-16] a close beside an entry that does not go', () => {
  const PART = filled('50', '100', false);
  const CANCELLED = { firstCancelMs: NOW_MS - 4_000, lastWriteMs: NOW_MS - 1_000 } as const;
  const REFUSED = leg('ENTRY', { ...PART, ...CANCELLED, pauseUntilMs: NOW_MS + 3_000 });
  const PENDING = leg('ENTRY', { ...PART, ...CANCELLED, status: 'CANCEL_PENDING' });
  const NET = { ...CLOSE, brokerNet: '50' };
  const SOLD = ['modify TARGET-1 50 @99.5 close_requested', 'modify STOP-1 50 @95 quantity'];

  test.each<[string, TradeLeg, string[]]>([
    ['its cancel was refused, again and again', REFUSED, SOLD],
    ['it is being cancelled without end', PENDING, SOLD],
    ['not yet for long', { ...PENDING, firstCancelMs: NOW_MS - 3_999 }, []],
    ['it was never told to go', leg('ENTRY', PART), ['cancel ENTRY-1 close_requested']],
    [
      'the pause after a refusal is over: told again, and the shares wait no longer',
      { ...REFUSED, pauseUntilMs: NOW_MS },
      ['cancel ENTRY-1 close_requested', ...SOLD],
    ],
    [
      'nothing of it has filled',
      leg('ENTRY', { ...CANCELLED, pauseUntilMs: NOW_MS }),
      ['cancel ENTRY-1 close_requested'],
    ],
  ])('%s', (_name, entry, expected) => {
    expect(short([entry, STOP, TARGET], NET)).toStrictEqual(expected);
  });

  test('without exits they are sold by the market, and only they', () => {
    const ended = [lost('STOP', 1, 'CANCELLED'), lost('TARGET', 1, 'CANCELLED')];
    expect(short([PENDING, ...ended], NET)).toStrictEqual(['SELL 50 close_requested']);
  });

  test('it looks again when the wait for its end is over', () => {
    const soon = { ...PENDING, firstCancelMs: NOW_MS - 1_000 };
    expect(plan([soon, STOP, TARGET], NET).recheckAtMs).toBe(NOW_MS + 3_000);
  });

  test('after a minute of cancels in vain a person is told, and it is told on and on', () => {
    const vain = { ...CANCELLED, firstCancelMs: NOW_MS - 60_000 };
    const entry = leg('ENTRY', { ...vain, pauseUntilMs: NOW_MS + 9_000 });
    const paused = plan([entry, STOP, TARGET], CLOSE);
    expect(paused).toMatchObject({ actions: [], then: 'person', recheckAtMs: NOW_MS + 9_000 });
    expect(short([{ ...entry, pauseUntilMs: NOW_MS }, STOP, TARGET], CLOSE)).toStrictEqual([
      'cancel ENTRY-1 close_requested',
    ]);
  });
});
