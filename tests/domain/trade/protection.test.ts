/** The next protective steps while the entry works and while shares are held. */
import { describe, expect, test } from '@jest/globals';
import type { TradeLeg } from '../../../domain/trade/leg.js';
import type { ProtectionInput } from '../../../domain/trade/protection.js';
import { CLOSE, LIVE_QUOTE, lost, NOW_MS, plan, short } from './ask.js';
import { ENTERED, filled, leg } from './legs.js';

const STOP = leg('STOP');
const TARGET = leg('TARGET');
const HELD_STOP = leg('STOP', { status: 'HELD', whyHeld: 'child' });
const HELD_TARGET = leg('TARGET', { status: 'HELD', whyHeld: 'child' });
const PART = leg('ENTRY', filled('40', '100', false));
const DOUBTFUL_STOP = leg('STOP', { status: 'UNKNOWN', intent: 'SENDING', isDoubtful: true });
const EARLIER_FILLED = leg('ENTRY', {
  ...filled('100', '100'),
  ...{ status: 'UNKNOWN', intent: 'SENDING' },
  executions: filled('100', '100').executions!.map((one) => ({ ...one, ofEarlier: true })),
});
const LOCATED_STOP = leg('STOP', { status: 'HELD', whyHeld: 'locate' });
const DAY_STOP = leg('STOP', {
  timeInForce: 'DAY',
  differences: ['timeInForce: sent GTC, is DAY'],
});
const SEEN = { link: { readySinceMs: 0, pictureAtMs: NOW_MS } };
const SOLD_PART = leg('TARGET', { ...filled('30', '110', false), status: 'CANCELLED' });
const PART_DONE = leg('ENTRY', { ...filled('40', '100'), status: 'CANCELLED' });

describe('[TRD-4] while the entry works', () => {
  test.each<[string, readonly TradeLeg[], Partial<ProtectionInput>, string[]]>([
    ['nothing sent', [leg('ENTRY', { intent: 'NEW', status: 'PENDING' })], {}, []],
    ['unfilled', [leg('ENTRY'), HELD_STOP, HELD_TARGET], {}, []],
    ['partly filled and covered at full size', [PART, STOP, TARGET], {}, []],
    [
      'asked to cancel',
      [leg('ENTRY'), HELD_STOP, HELD_TARGET],
      { cancelEntryRequested: true },
      ['cancel ENTRY-1 cancel_requested'],
    ],
    ['asked to close', [PART, STOP, TARGET], CLOSE, ['cancel ENTRY-1 close_requested']],
    [
      'already being cancelled',
      [leg('ENTRY', { status: 'CANCEL_PENDING' }), HELD_STOP],
      { cancelEntryRequested: true },
      [],
    ],
    [
      'of unknown fate',
      [leg('ENTRY', { status: 'UNKNOWN' }), leg('STOP', { status: 'UNKNOWN' })],
      CLOSE,
      [],
    ],
    [
      'of unknown fate, beside shares of an earlier order and a stop that the lists lack',
      [EARLIER_FILLED, DOUBTFUL_STOP],
      { unarmedSinceMs: NOW_MS - 4_000 },
      ['place 100 95/null oca'],
    ],
    [
      'an exit filled',
      [PART, leg('STOP', filled('40', '95', false)), TARGET],
      {},
      ['cancel ENTRY-1 exit_filled_while_entering'],
    ],
    [
      'uncovered for less than 2 s',
      [PART, HELD_STOP, HELD_TARGET],
      { unarmedSinceMs: NOW_MS - 1_999 },
      [],
    ],
    [
      'uncovered for 2 s',
      [PART, HELD_STOP, HELD_TARGET],
      { unarmedSinceMs: NOW_MS - 2_000 },
      ['cancel ENTRY-1 unarmed_while_entering'],
    ],
    [
      'its stop of unknown fate',
      [leg('ENTRY'), leg('STOP', { status: 'UNKNOWN' }), HELD_TARGET],
      {},
      ['cancel ENTRY-1 exit_lost_while_entering'],
    ],
    [
      'its stop refused',
      [leg('ENTRY'), lost('STOP'), HELD_TARGET],
      {},
      ['cancel ENTRY-1 exit_lost_while_entering'],
    ],
    [
      'its target refused',
      [leg('ENTRY'), HELD_STOP, lost('TARGET')],
      {},
      ['cancel ENTRY-1 exit_lost_while_entering'],
    ],
    ['its target refused, with shares held', [PART, STOP, lost('TARGET')], {}, []],
    [
      '"filled" before its executions',
      [leg('ENTRY', { reported: { filled: '100', remaining: '0', done: true } }), STOP, TARGET],
      {},
      [],
    ],
  ])('%s', (_name, legs, change, expected) => {
    expect(short(legs, change)).toStrictEqual(expected);
  });

  test('it looks again when the grace ends', () => {
    expect(plan([PART, HELD_STOP], { unarmedSinceMs: NOW_MS - 500 }).recheckAtMs).toBe(
      NOW_MS + 1_500,
    );
    expect(plan([PART, HELD_STOP]).recheckAtMs).toBe(NOW_MS + 2_000);
  });
});

describe('[TRD-3] [TRD-4] shares held, the entry finished', () => {
  test.each<[string, readonly TradeLeg[], Partial<ProtectionInput>, string[]]>([
    ['settled', [ENTERED, STOP, TARGET], {}, []],
    ['settled without a target', [ENTERED, STOP], { targetPrice: null }, []],
    [
      'exits too large after a part fill',
      [PART_DONE, STOP, TARGET],
      {},
      ['modify STOP-1 40 @95 quantity', 'modify TARGET-1 40 @110 quantity'],
    ],
    [
      'exits died with the parent',
      [PART_DONE, lost('STOP', 1, 'CANCELLED'), lost('TARGET', 1, 'CANCELLED')],
      {},
      ['place 40 95/110 new'],
    ],
    [
      'stop gone, target lives in a group',
      [ENTERED, lost('STOP'), TARGET],
      {},
      ['place 100 95/null oca'],
    ],
    [
      'stop gone, target alone',
      [ENTERED, lost('STOP'), leg('TARGET', { ocaGroup: null })],
      {},
      ['cancel TARGET-1 missing_exit'],
    ],
    [
      'stop gone, target being cancelled',
      [ENTERED, lost('STOP'), leg('TARGET', { status: 'CANCEL_PENDING' })],
      {},
      [],
    ],
    [
      'stop gone, target too large',
      [PART_DONE, lost('STOP'), TARGET],
      {},
      ['cancel TARGET-1 missing_exit'],
    ],
    ['stop not acknowledged', [ENTERED, leg('STOP', { status: 'PENDING' }), TARGET], {}, []],
    ['stop of unknown fate', [ENTERED, leg('STOP', { status: 'UNKNOWN' })], {}, []],
    [
      'stop of unknown fate, sent again in vain: doubled in its group',
      [ENTERED, DOUBTFUL_STOP, TARGET],
      {},
      ['place 100 95/null oca'],
    ],
    [
      'the same without a target',
      [ENTERED, DOUBTFUL_STOP, lost('TARGET')],
      { targetPrice: null },
      ['place 100 95/null oca'],
    ],
    [
      'stop and its double both of unknown fate: a third waits for the look-up',
      [ENTERED, DOUBTFUL_STOP, { ...DOUBTFUL_STOP, legId: 'STOP-2', sequence: 2 }],
      { targetPrice: null },
      [],
    ],
    ['its double works', [ENTERED, DOUBTFUL_STOP, leg('STOP', { sequence: 2 }), TARGET], {}, []],
    ['stop moved', [ENTERED, STOP, TARGET], { stopPrice: '97' }, ['modify STOP-1 100 @97 price']],
    [
      'stop being moved',
      [ENTERED, leg('STOP', { modificationInFlight: true }), TARGET],
      { stopPrice: '97' },
      [],
    ],
    [
      'stop refused to move',
      [ENTERED, leg('STOP', { modificationRefused: true }), TARGET],
      { stopPrice: '97' },
      [],
    ],
    [
      'stop refused to be resized',
      [PART_DONE, leg('STOP', { modificationRefused: true }), leg('TARGET', { quantity: '40' })],
      {},
      ['cancel STOP-1 quantity'],
    ],
    [
      'trailing stop left to trail',
      [ENTERED, leg('STOP', { orderType: 'TRAIL', stopPrice: '97' }), TARGET],
      {},
      [],
    ],
    [
      'target moved',
      [ENTERED, STOP, TARGET],
      { targetPrice: '112' },
      ['modify TARGET-1 100 @112 price'],
    ],
    [
      'target no longer wanted',
      [ENTERED, STOP, TARGET],
      { targetPrice: null },
      ['cancel TARGET-1 not_wanted'],
    ],
    ['target missing', [ENTERED, STOP, lost('TARGET')], {}, ['place 100 null/110 oca']],
    [
      'target refused three times',
      [ENTERED, STOP, lost('TARGET', 1), lost('TARGET', 2), lost('TARGET', 3)],
      {},
      [],
    ],
    [
      'target missing, stop without a group',
      [ENTERED, leg('STOP', { ocaGroup: null }), lost('TARGET')],
      {},
      [],
    ],
    [
      'target outside the group',
      [ENTERED, STOP, leg('TARGET', { ocaGroup: 'x' })],
      {},
      ['cancel TARGET-1 not_wanted'],
    ],
    [
      'target refused to shrink',
      [PART_DONE, leg('STOP', { quantity: '40' }), leg('TARGET', { modificationRefused: true })],
      {},
      ['cancel TARGET-1 quantity'],
    ],
    [
      'target refused to move',
      [ENTERED, STOP, leg('TARGET', { modificationRefused: true })],
      { targetPrice: '112' },
      [],
    ],
    [
      'two stops',
      [ENTERED, STOP, leg('STOP', { sequence: 2, ocaGroup: 'oca-2' }), TARGET],
      {},
      ['cancel STOP-2 duplicate_leg'],
    ],
    ['a double in the same group', [ENTERED, STOP, leg('STOP', { sequence: 2 }), TARGET], {}, []],
    [
      'a stop that the lists lack: doubled in its group',
      [ENTERED, leg('STOP', { isDoubtful: true })],
      { targetPrice: null },
      ['place 100 95/null oca'],
    ],
    [
      'two targets',
      [ENTERED, STOP, TARGET, leg('TARGET', { sequence: 2 })],
      {},
      ['cancel TARGET-2 duplicate_leg'],
    ],
    [
      'stop part filled just now',
      [ENTERED, leg('STOP', filled('30', '95', false)), TARGET],
      { lastExitFillMs: NOW_MS - 499 },
      [],
    ],
    [
      'target part filled just now, and both exits ended with the entry: nothing is left to be reduced',
      [ENTERED, lost('STOP', 1, 'CANCELLED'), SOLD_PART],
      { lastExitFillMs: NOW_MS - 1 },
      ['place 70 95/110 new'],
    ],
    [
      'stop part filled, nobody reduced the target',
      [ENTERED, leg('STOP', filled('30', '95', false)), TARGET],
      { lastExitFillMs: NOW_MS - 500 },
      ['modify TARGET-1 70 @110 quantity'],
    ],
    [
      'stop part filled, the stop itself keeps its total',
      [ENTERED, leg('STOP', filled('30', '95', false)), leg('TARGET', { quantity: '70' })],
      {},
      [],
    ],
    [
      'executions awaited',
      [
        ENTERED,
        leg('STOP', { reported: { filled: '100', remaining: '0', done: true } }),
        lost('TARGET', 1, 'CANCELLED'),
      ],
      {},
      [],
    ],
    [
      'child asleep after its parent',
      [PART_DONE, HELD_STOP, HELD_TARGET],
      { unarmedSinceMs: NOW_MS - 1_999 },
      [],
    ],
    [
      'child asleep for 2 s',
      [PART_DONE, HELD_STOP, HELD_TARGET],
      { ...SEEN, unarmedSinceMs: NOW_MS - 2_000 },
      ['cancel STOP-1 missing_exit'],
    ],
    [
      'child asleep for 2 s by statuses, which come out of order: no picture has shown it',
      [PART_DONE, HELD_STOP, HELD_TARGET],
      { link: { readySinceMs: 0, pictureAtMs: NOW_MS - 2_000 }, unarmedSinceMs: NOW_MS - 2_000 },
      [],
    ],
    [
      'child asleep for 2 s while so many lack their stops that nothing may be sold: it is replaced all the same',
      [PART_DONE, HELD_STOP, HELD_TARGET],
      { link: { readySinceMs: null, pictureAtMs: NOW_MS }, unarmedSinceMs: NOW_MS - 60_000 },
      ['cancel STOP-1 missing_exit'],
    ],
    [
      'held for the session',
      [ENTERED, leg('STOP', { status: 'HELD' }), TARGET],
      { unarmedSinceMs: 0 },
      [],
    ],
    [
      'held for a locate for less than ten seconds',
      [ENTERED, LOCATED_STOP],
      { ...SEEN, unarmedSinceMs: NOW_MS - 9_999 },
      [],
    ],
    [
      'held for a locate for ten seconds: sold',
      [ENTERED, LOCATED_STOP],
      { ...SEEN, unarmedSinceMs: NOW_MS - 10_000 },
      ['cancel STOP-1 flatten'],
    ],
    [
      'the same, but the link was away meanwhile',
      [ENTERED, LOCATED_STOP],
      {
        unarmedSinceMs: NOW_MS - 60_000,
        link: { readySinceMs: NOW_MS - 9_999, pictureAtMs: NOW_MS },
      },
      [],
    ],
    [
      'the same, but no picture since',
      [ENTERED, LOCATED_STOP],
      { unarmedSinceMs: NOW_MS - 10_000, link: { readySinceMs: 0, pictureAtMs: NOW_MS - 10_000 } },
      [],
    ],
    [
      'the same, while trading is halted',
      [ENTERED, LOCATED_STOP],
      { ...SEEN, unarmedSinceMs: NOW_MS - 10_000, quote: { ...LIVE_QUOTE, halted: true } },
      [],
    ],
    [
      'the same, but a second stop is on its way',
      [ENTERED, LOCATED_STOP, leg('STOP', { sequence: 2, status: 'PENDING' })],
      { ...SEEN, unarmedSinceMs: NOW_MS - 10_000 },
      [],
    ],
    [
      'a stop that came back as DAY is no cover: another takes its place',
      [ENTERED, DAY_STOP, TARGET],
      {},
      ['place 100 95/null oca'],
    ],
    [
      'the other is as it was sent: the first goes',
      [ENTERED, DAY_STOP, leg('STOP', { sequence: 2 }), TARGET],
      {},
      ['cancel STOP-1 duplicate_leg'],
    ],
    [
      'the other came back as DAY too: a person',
      [ENTERED, DAY_STOP, { ...DAY_STOP, legId: 'STOP-2', sequence: 2 }],
      { targetPrice: null },
      ['cancel STOP-2 duplicate_leg'],
    ],
    [
      'a change that was refused or lost is repeated after its pause',
      [ENTERED, leg('STOP', { pauseUntilMs: NOW_MS + 1 }), TARGET],
      { stopPrice: '97' },
      [],
    ],
    [
      'a second stop that is being modified is waited for',
      [
        ENTERED,
        STOP,
        { ...STOP, legId: 'STOP-2', sequence: 2, ocaGroup: 'x', modificationInFlight: true },
      ],
      { targetPrice: null },
      [],
    ],
    [
      'a fill of the target is taken back: the broker still counts it in the total',
      [
        ENTERED,
        leg('STOP', { quantity: '70' }),
        leg('TARGET', {
          reported: { filled: '30', remaining: '70', done: false },
          executions: [{ ...filled('0', '110').executions![0]!, toldQuantity: '30' }],
        }),
      ],
      {},
      ['modify STOP-1 100 @95 quantity', 'modify TARGET-1 130 @110 quantity'],
    ],
    ['a close left over', [ENTERED, leg('CLOSE'), STOP], {}, ['cancel CLOSE-1 not_wanted']],
    [
      'stop refused twice: sold',
      [ENTERED, lost('STOP', 1), lost('STOP', 2)],
      SEEN,
      ['SELL 100 flatten'],
    ],
    [
      'stop refused twice while too many trades are in breach: another stop, no sale',
      [ENTERED, lost('STOP', 1), lost('STOP', 2)],
      { link: null },
      ['place 100 95/110 new'],
    ],
  ])('%s', (_name, legs, change, expected) => {
    expect(short(legs, change)).toStrictEqual(expected);
  });

  test('it looks again when the broker’s own reduction is due, and when a child should be awake', () => {
    const sold = [ENTERED, leg('STOP', filled('30', '95', false)), TARGET];
    expect(plan(sold, { lastExitFillMs: NOW_MS - 100 }).recheckAtMs).toBe(NOW_MS + 400);
    expect(plan([PART_DONE, HELD_STOP], { unarmedSinceMs: NOW_MS - 100 }).recheckAtMs).toBe(
      NOW_MS + 1_900,
    );
  });
});

describe('nothing held', () => {
  test.each<[string, readonly TradeLeg[], string[]]>([
    [
      'entry cancelled, children alive',
      [leg('ENTRY', { status: 'CANCELLED' }), HELD_STOP, HELD_TARGET],
      ['cancel STOP-1 nothing_held', 'cancel TARGET-1 nothing_held'],
    ],
    [
      'stopped, target alive',
      [ENTERED, leg('STOP', filled('100', '95')), TARGET],
      ['cancel TARGET-1 nothing_held'],
    ],
    [
      'stopped, target on its way out',
      [ENTERED, leg('STOP', filled('100', '95')), leg('TARGET', { status: 'CANCEL_PENDING' })],
      [],
    ],
    ['all ended', [ENTERED, leg('STOP', filled('100', '95')), lost('TARGET', 1, 'CANCELLED')], []],
    [
      'one is being modified: it is waited for, and holds nobody up',
      [leg('ENTRY', { status: 'CANCELLED' }), STOP, leg('TARGET', { modificationInFlight: true })],
      ['cancel STOP-1 nothing_held'],
    ],
  ])('%s', (_name, legs, expected) => {
    expect(short(legs)).toStrictEqual(expected);
  });
});
