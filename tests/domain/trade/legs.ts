/** Legs as they stand at some moment, for the tests of derivation and protection. */
import { newLeg } from '../../../domain/orders/machine.js';
import type { TradeLeg } from '../../../domain/trade/leg.js';
import type { LegRole } from '../../../domain/vocabulary.js';

const DEFAULTS: Readonly<Record<LegRole, Partial<TradeLeg>>> = {
  ENTRY: { side: 'BUY', orderType: 'MKT' },
  STOP: { side: 'SELL', orderType: 'STP', stopPrice: '95', ocaGroup: 'oca' },
  TARGET: { side: 'SELL', orderType: 'LMT', limitPrice: '110', ocaGroup: 'oca' },
  CLOSE: { side: 'SELL', orderType: 'MKT' },
};

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
    modificationInFlight: false,
    modificationRefused: false,
    isDoubtful: false,
    ...DEFAULTS[role],
    ...change,
  };
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
