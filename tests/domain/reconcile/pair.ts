/** A healthy pair of books and picture for tests, contract by contract, to be put into disorder. */
import type { ExecutionReport, OrderReport } from '../../../domain/broker/fact.js';
import type { BrokerPosition, Snapshot } from '../../../domain/broker/snapshot.js';
import { newLeg } from '../../../domain/orders/machine.js';
import type { AccountBooks, BookedContract } from '../../../domain/reconcile/books.js';
import type { Leg } from '../../../domain/trade/book.js';
import { stopExit } from '../../../domain/trade/bracket.js';
import type { GuardedTrade } from '../../../domain/trade/guard.js';
import { ACCOUNT, CLIENT, picture, T0 } from '../trade/books.js';

export const INSTALLATION = 'abcd2345';

/** Both sides of one contract; each disorder changes one of them. */
export interface Side {
  readonly contract: BookedContract;
  readonly trades: readonly GuardedTrade[];
  readonly positions: readonly BrokerPosition[];
  readonly orders: readonly OrderReport[];
  readonly executions: readonly ExecutionReport[];
}

export const reference = (name: string): string => `${INSTALLATION}-${name.padStart(24, '0')}`;

/** A stop as the broker shows it armed. */
function stopOf(id: number, quantity: string): Leg {
  const terms = stopExit('SELL', quantity, '95', `oca-${id}`);
  return {
    ...newLeg({ legId: `stop-${id}`, role: 'STOP', side: 'SELL', quantity }),
    ...{ intent: 'SENT', status: 'ACCEPTED', brokerStatus: 'PreSubmitted' },
    ...{ clientOrderId: reference(`stop-${id}`), sequence: 1, wanted: terms, readBack: terms },
    incarnations: [
      {
        ...{ n: 1, kind: 'place', state: 'SHOWN', sessionOrderId: id, sessionClientId: CLIENT },
        ...{ brokerOrderIds: [`perm-${id}`], epoch: '1', generation: 1, brokerDay: '2026-04-06' },
        ...{ groupKey: `group-${id}`, claimedAtMs: T0, writtenAtMs: T0, terms, idRefused: false },
        missed: null,
      },
    ],
    acknowledgedAtMs: T0,
  };
}

/** Ten times `id` plus 10 shares at 100, held by one long with its stop, beside `external` shares of others. */
export function healthy(id: number, external: number): Side {
  const symbol = `SYM${id}`;
  const held = String(10 * id + 10);
  const leg = stopOf(id, held);
  return {
    contract: {
      ...{ brokerContractId: id, symbol, managed: held, external: String(external) },
      ...{ averageCost: '100', lastPrice: '101', hasOwnOrders: true },
    },
    trades: [
      {
        ...{ tradeId: `trade-${id}`, account: ACCOUNT, symbol, brokerContractId: id, side: 'BUY' },
        securityType: 'STK',
        ...{ held, stopPrice: '95', unarmedSinceMs: null, legs: [leg] },
      },
    ],
    positions: [position(id, Number(held) + external)],
    orders: [orderOf(leg, id)],
    executions: [executionOf(id, held)],
  };
}

/** Shares of others alone, in a contract that was never traded from here. */
export function othersOnly(id: number, external: number): Side {
  const { contract, executions } = healthy(id, external);
  return {
    contract: { ...contract, managed: '0', averageCost: null, hasOwnOrders: false },
    ...{ trades: [], orders: [], positions: [position(id, external)] },
    executions: executions.map((row) => ({ ...row, clientOrderId: null })),
  };
}

export function position(id: number, quantity: number, averageCost = '100'): BrokerPosition {
  return {
    ...{ account: ACCOUNT, symbol: `SYM${id}`, brokerContractId: id },
    ...{ securityType: 'STK', quantity: String(quantity), averageCost },
  };
}

export function orderOf(leg: Leg, id: number, change: Partial<OrderReport> = {}): OrderReport {
  return {
    ...{ clientOrderId: leg.clientOrderId, brokerOrderId: `perm-${id}`, sessionOrderId: id },
    ...{ sessionClientId: CLIENT, account: ACCOUNT, symbol: `SYM${id}`, brokerContractId: id },
    ...{ status: 'ACCEPTED', brokerStatus: 'PreSubmitted', whyHeld: '', filledQuantity: '0' },
    ...{ remainingQuantity: leg.quantity, averageFillPrice: null, terms: leg.wanted },
    parentSessionOrderId: null,
    ...change,
  };
}

function executionOf(id: number, quantity: string): ExecutionReport {
  return {
    ...{ executionId: `exec-${id}.1`, executionKey: `exec-${id}`, correction: 1 },
    ...{ clientOrderId: reference(`entry-${id}`), brokerOrderId: null, sessionOrderId: 0 },
    ...{ sessionClientId: CLIENT, account: ACCOUNT, symbol: `SYM${id}`, brokerContractId: id },
    ...{ side: 'BUY', quantity, price: '100', executedAtMs: T0 },
  };
}

/** The books and the picture of all sides, as if the database knew every reference and execution of `known`. */
export function pairOf(
  sides: readonly Side[],
  known: readonly Side[] = sides,
): { readonly books: AccountBooks; readonly snapshot: Snapshot } {
  const knownOrders = known.flatMap(({ orders, executions }) =>
    [...orders, ...executions].flatMap(({ clientOrderId, brokerContractId }) =>
      clientOrderId === null ? [] : [{ clientOrderId, tradeId: `trade-${brokerContractId}` }],
    ),
  );
  return {
    books: {
      ...{ account: ACCOUNT, installationId: INSTALLATION, knownOrders, lateExecutions: [] },
      contracts: sides.map(({ contract }) => contract),
      trades: sides.flatMap(({ trades }) => trades),
      knownExecutions: new Set(
        known.flatMap(({ executions }) => executions.map(({ executionId }) => executionId)),
      ),
    },
    snapshot: picture({
      orders: sides.flatMap(({ orders }) => orders),
      executions: sides.flatMap(({ executions }) => executions),
      positions: sides.flatMap(({ positions }) => positions),
    }),
  };
}
