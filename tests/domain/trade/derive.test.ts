/** What the legs say of a trade, situation by situation. */
import { describe, expect, test } from '@jest/globals';
import { deriveTrade, type TradeFlags } from '../../../domain/trade/derive.js';
import type { TradeLeg } from '../../../domain/trade/leg.js';
import {
  mayMove,
  TRADE_STATES,
  TRANSITIONS,
  type TradeState,
} from '../../../domain/trade/states.js';
import { ENTERED, filled, leg, isDone } from './legs.js';

const FLAGS: TradeFlags = {
  side: 'BUY',
  beforeEntry: 'RECEIVED',
  closeRequested: null,
  stopPrice: '95',
  targetPrice: '110',
};
const view = (legs: readonly TradeLeg[], flags: Partial<TradeFlags> = {}) =>
  deriveTrade(legs, { ...FLAGS, ...flags });

const HELD_STOP = leg('STOP', { status: 'HELD', whyHeld: 'child' });
const HELD_TARGET = leg('TARGET', { status: 'HELD', whyHeld: 'child' });
const gone = (role: 'STOP' | 'TARGET') => leg(role, { status: 'CANCELLED' });
const ownClose = leg('CLOSE', { ...filled('100', '99'), lastWriteMs: 0 });
const CLOSING = { closeRequested: 'manual' };

describe('[TRD-1] the state of a trade', () => {
  test.each<[string, readonly TradeLeg[], Partial<TradeFlags>, TradeState, boolean]>([
    ['no legs', [], {}, 'RECEIVED', false],
    ['denied', [], { beforeEntry: 'DENIED' }, 'DENIED', true],
    ['waiting for approval', [], { beforeEntry: 'AWAITING_APPROVAL' }, 'AWAITING_APPROVAL', false],
    [
      'recorded, not sent',
      [leg('ENTRY', { intent: 'NEW', status: 'PENDING' })],
      {},
      'RECEIVED',
      false,
    ],
    [
      'never left: may be planned again',
      [leg('ENTRY', { status: 'FAILED', intent: 'SENDING' })],
      {},
      'RECEIVED',
      false,
    ],
    [
      'never left, given up',
      [leg('ENTRY', { status: 'FAILED', intent: 'SENDING' })],
      { beforeEntry: 'ABANDONED' },
      'ABANDONED',
      true,
    ],
    [
      'sent',
      [
        leg('ENTRY', { intent: 'SENDING', status: 'PENDING' }),
        leg('STOP', { intent: 'SENDING', status: 'PENDING' }),
      ],
      {},
      'ENTERING',
      false,
    ],
    [
      'unanswered',
      [leg('ENTRY', { status: 'UNKNOWN' }), leg('STOP', { status: 'UNKNOWN' })],
      {},
      'ENTRY_UNKNOWN',
      false,
    ],
    ['working', [leg('ENTRY'), HELD_STOP, HELD_TARGET], {}, 'ENTERING', false],
    [
      'partly filled',
      [leg('ENTRY', filled('40', '100', false)), leg('STOP'), leg('TARGET')],
      {},
      'PARTIALLY_OPEN',
      false,
    ],
    ['open', [ENTERED, leg('STOP'), leg('TARGET')], {}, 'OPEN', false],
    [
      'open, remainder cancelled',
      [
        leg('ENTRY', { ...filled('40', '100'), status: 'CANCELLED' }),
        leg('STOP', { quantity: '40' }),
      ],
      {},
      'OPEN',
      false,
    ],
    ['closing by hand', [ENTERED, leg('STOP'), leg('TARGET')], CLOSING, 'CLOSING', false],
    [
      'stopped, target still to go',
      [ENTERED, leg('STOP', filled('100', '95')), leg('TARGET')],
      {},
      'CLOSING',
      false,
    ],
    ['stopped', [ENTERED, leg('STOP', filled('100', '95')), gone('TARGET')], {}, 'CLOSED', true],
    [
      'sold too much',
      [ENTERED, leg('STOP', filled('100', '95')), leg('TARGET', filled('20', '110', false))],
      {},
      'OVERFILLED',
      false,
    ],
    [
      'sold before its entry is told to have filled',
      [leg('ENTRY'), leg('STOP', filled('100', '95')), gone('TARGET')],
      {},
      'CLOSING',
      false,
    ],
    [
      'sold more than the whole entry could have filled',
      [leg('ENTRY', filled('60', '100', false)), leg('STOP', filled('101', '95'))],
      {},
      'OVERFILLED',
      false,
    ],
    [
      'sold what an entry whose end is asked for does not hold',
      [leg('ENTRY', { cancelInFlight: true }), leg('STOP', filled('100', '95'))],
      {},
      'OVERFILLED',
      false,
    ],
    [
      'refused',
      [leg('ENTRY', { status: 'REJECTED' }), leg('STOP', { status: 'REJECTED' })],
      {},
      'REJECTED',
      true,
    ],
    [
      'cancelled, children still to go',
      [leg('ENTRY', { status: 'CANCELLED' }), HELD_STOP],
      {},
      'ENTERING',
      false,
    ],
    ['cancelled', [leg('ENTRY', { status: 'CANCELLED' }), gone('STOP')], {}, 'CANCELLED', true],
    ['expired', [leg('ENTRY', { status: 'EXPIRED' }), gone('STOP')], {}, 'EXPIRED', true],
    [
      '"filled" without its executions',
      [leg('ENTRY', { reported: { filled: '100', remaining: '0', done: true } }), leg('STOP')],
      {},
      'ENTERING',
      false,
    ],
    ['everything busted', [leg('ENTRY', { status: 'EXECUTED' }), gone('STOP')], {}, 'CLOSED', true],
    [
      'a late fill after the cancel',
      [leg('ENTRY', { ...filled('10', '100', false), status: 'CANCELLED' }), gone('STOP')],
      {},
      'OPEN',
      false,
    ],
  ])('%s', (_name, legs, flags, state, isOver) => {
    const { state: derived } = view(legs, flags);
    const over = isDone(legs, flags);
    expect([derived, over]).toStrictEqual([state, isOver]);
  });

  test('every state is in the table, and a denied trade goes nowhere', () => {
    expect(Object.keys(TRANSITIONS).sort()).toStrictEqual([...TRADE_STATES].sort());
    expect(TRADE_STATES.filter((to) => mayMove('DENIED', to))).toStrictEqual(['DENIED']);
    expect(mayMove('CLOSED', 'OPEN')).toBe(true);
    expect(mayMove('OPEN', 'DENIED')).toBe(false);
  });
});

describe('[TRD-3] what is armed', () => {
  const armed = (stop: TradeLeg) => {
    const { armedQuantity, isProtected } = view([ENTERED, stop, leg('TARGET')]);
    return [armedQuantity, isProtected];
  };

  test.each<[string, Partial<TradeLeg>, unknown[]]>([
    ['working at the approved price', {}, ['100', true]],
    ['waiting for its trigger', { whyHeld: 'trigger' }, ['100', true]],
    ['the price written otherwise', { stopPrice: '95.00' }, ['100', true]],
    ['trailing, at whatever price', { orderType: 'TRAIL', stopPrice: '97.5' }, ['100', true]],
    ['being moved', { stopPrice: '94', modificationInFlight: true }, ['100', true]],
    ['held by its parent', { status: 'HELD', whyHeld: 'child' }, ['0', false]],
    ['held for a locate besides', { whyHeld: 'trigger,locate' }, ['0', false]],
    ['not acknowledged', { status: 'PENDING' }, ['0', false]],
    ['of unknown fate', { status: 'UNKNOWN' }, ['0', false]],
    ['being cancelled', { status: 'CANCEL_PENDING' }, ['0', false]],
    ['at another price', { stopPrice: '0.01' }, ['0', false]],
    ['on the wrong side', { side: 'BUY' }, ['0', false]],
    ['too small', { quantity: '60' }, ['60', false]],
    ['too large', { quantity: '120' }, ['120', false]],
    [
      'reduced by its group',
      { reported: { filled: '0', remaining: '60', done: false } },
      ['60', false],
    ],
  ])('%s', (_name, change, expected) => {
    expect(armed(leg('STOP', change))).toStrictEqual(expected);
  });

  test('[TRD-4] while the entry works, exits of full size protect what is filled', () => {
    const entry = leg('ENTRY', filled('40', '100', false));
    expect(view([entry, leg('STOP'), leg('TARGET')]).isProtected).toBe(true);
    expect(view([entry, HELD_STOP, HELD_TARGET]).isProtected).toBe(false);
  });

  test('the most that exits could fill: the largest of each group, summed', () => {
    const max = (...exits: TradeLeg[]) => view([ENTERED, ...exits]).exitQuantityMax;
    expect(max(leg('STOP'), leg('TARGET', { quantity: '60' }))).toBe('100');
    expect(max(leg('STOP'), leg('TARGET', { ocaGroup: null }))).toBe('200');
    expect(max(leg('STOP', { ocaGroup: null }), leg('TARGET', { ocaGroup: null }))).toBe('200');
    expect(max(leg('STOP'), leg('TARGET', { status: 'UNKNOWN', ocaGroup: 'other' }))).toBe('200');
  });
});

describe('[TRD-6] [TRD-8] prices and the reason of the exit', () => {
  test.each<[string, readonly TradeLeg[], string | null, string | null]>([
    ['nothing sold', [leg('STOP')], null, null],
    ['stop', [leg('STOP', filled('100', '95')), gone('TARGET')], null, 'stop'],
    ['trailing', [leg('STOP', { ...filled('100', '95'), orderType: 'TRAIL' })], null, 'trailing'],
    ['target', [leg('TARGET', filled('100', '110')), gone('STOP')], null, 'target'],
    ['repriced target', [leg('TARGET', filled('100', '101'))], 'max_holding', 'max_holding'],
    ['stopped while closing', [leg('STOP', filled('100', '95'))], 'manual', 'stop'],
    ['market close', [ownClose], 'flatten', 'flatten'],
    ['sold though nobody asked', [ownClose], null, 'manual'],
    ['closed outside', [leg('CLOSE', filled('100', '99'))], null, 'external'],
    ['closed outside while closing', [leg('CLOSE', filled('100', '99'))], 'manual', 'external'],
    [
      'most by the target',
      [leg('STOP', filled('40', '95', false)), leg('TARGET', filled('60', '110', false))],
      null,
      'target',
    ],
  ])('%s', (_name, exits, closeRequested, reason) => {
    expect(view([ENTERED, ...exits], { closeRequested }).exitReason).toBe(reason);
  });

  test.each<[string, readonly TradeLeg[], string]>([
    ['a market order', [ownClose], 'flatten'],
    ['its stop, moved to the market', [leg('STOP', filled('100', '99')), gone('TARGET')], 'stop'],
    ['its target, moved to the market', [leg('TARGET', filled('100', '99'))], 'target'],
    ['a hand, in the end', [leg('CLOSE', filled('100', '99'))], 'external'],
  ])('[TRD-3] sold for want of a stop: %s', (_, exits, atOwnPrice) => {
    const moved = exits.map((exit) => ({ ...exit, ...movedPrices(exit) }));
    const isByHand = atOwnPrice === 'external';
    const reason = view([ENTERED, ...moved], { isFlattened: true }).exitReason;
    expect(reason).toBe(isByHand ? 'external' : 'flatten');
    // It got its stop again, and came to its own exit.
    expect(view([ENTERED, ...exits], { isFlattened: true }).exitReason).toBe(atOwnPrice);
    expect(view([ENTERED, ...moved], { isFlattened: true, ...CLOSING }).exitReason).toBe(
      isByHand ? 'external' : 'manual',
    );
  });

  const movedPrices = ({ role }: TradeLeg) =>
    role === 'STOP' ? { stopPrice: '99.5' } : role === 'TARGET' ? { limitPrice: '99.5' } : {};

  test('averages over several legs', () => {
    const { averageEntry, averageExit, entryFilled } = view([
      ENTERED,
      leg('STOP', filled('40', '95', false)),
      leg('TARGET', filled('60', '110')),
    ]);
    expect([averageEntry, averageExit, entryFilled]).toStrictEqual(['100', '104', '100']);
    expect(view([leg('ENTRY')]).averageEntry).toBeNull();
  });
});
