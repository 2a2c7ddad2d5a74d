/** Legs as they stand at some moment, for the tests of derivation and protection. */
import { newLeg } from '../../../domain/orders/machine.js';
import type { TradeFlags } from '../../../domain/trade/derive.js';
import { isOver } from '../../../domain/trade/is-over.js';
import type { TradeLeg } from '../../../domain/trade/leg.js';
import type { LegRole } from '../../../domain/vocabulary.js';

const DEFAULTS: Readonly<Record<LegRole, Partial<TradeLeg>>> = {
  ENTRY: { side: 'BUY', orderType: 'MKT' },
  STOP: { side: 'SELL', orderType: 'STP', stopPrice: '95', ocaGroup: 'oca' },
  TARGET: { side: 'SELL', orderType: 'LMT', limitPrice: '110', ocaGroup: 'oca' },
  CLOSE: { side: 'SELL', orderType: 'MKT' },
};

/** Nothing is under way for a leg, and it came back as it was sent. */
export const UNTOUCHED = {
  timeInForce: 'GTC',
  modificationInFlight: false,
  modificationRefused: false,
  cancelInFlight: false,
  isDoubtful: false,
  pauseUntilMs: null,
  neverLeft: false,
  firstCancelMs: null,
  lastWriteMs: null,
  differences: [],
} as const;

/** A leg of a long of 100 with a stop at 95 and a target at 110; sent, unless the change says otherwise. */
export function leg(role: LegRole, change: Partial<TradeLeg> = {}): TradeLeg {
  const sequence = change.sequence ?? 1;
  const base = newLeg({ legId: `${role}-${sequence}`, role, side: 'BUY', quantity: '100' });
  return {
    ...base,
    intent: 'SENT',
    status: 'ACCEPTED',
    sequence,
    orderType: 'MKT',
    limitPrice: null,
    stopPrice: null,
    ocaGroup: null,
    ...UNTOUCHED,
    ...DEFAULTS[role],
    ...change,
  };
}

/** Whether a trade of these legs, whose writes are all settled, is over. */
export function isDone(
  legs: readonly TradeLeg[],
  { side = 'BUY', beforeEntry = 'RECEIVED' }: Partial<TradeFlags> = {},
): boolean {
  return isOver({ legs: legs.map((each) => ({ ...each, incarnations: [] })), side, beforeEntry });
}

/** Filled in whole or in part, at a price. */
export function filled(quantity: string, averagePrice: string, whole = true): Partial<TradeLeg> {
  return {
    status: whole ? 'EXECUTED' : 'PARTIAL',
    filledQuantity: quantity,
    averagePrice,
    executions: [
      {
        executionId: 'x.01',
        executionKey: 'x',
        correction: 1,
        quantity,
        price: averagePrice,
        toldQuantity: quantity,
      },
    ],
  };
}

export const ENTERED = leg('ENTRY', filled('100', '100'));
