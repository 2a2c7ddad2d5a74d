/** From what the model of the broker tells to the facts and pictures that the engine takes. */
import type { BrokerFact, ExecutionReport, OrderReport } from '../../../../domain/broker/fact.js';
import type { Snapshot } from '../../../../domain/broker/snapshot.js';
import { ACCOUNT, CLIENT, CONTRACT_ID } from '../books.js';
import {
  isDead,
  statusOf,
  type BrokerState,
  type Execution,
  type Order,
  type Told,
} from './broker.js';

/** Every order fills at that price: money is not what is searched. */
const PRICE = '100';

/** One thing that was told, as a fact; `references` by order id, as the adapter knows them. */
export function factOf(
  told: Told,
  references: ReadonlyMap<number, string>,
  receivedAtMs: number,
): BrokerFact {
  if (told.what === 'order') {
    return { kind: 'order', report: reportOf(told.order), receivedAtMs, listed: false };
  }
  if (told.what === 'execution') {
    const report = executionOf(told.execution, references, receivedAtMs);
    return { kind: 'execution', report, receivedAtMs };
  }
  const { id, about, code } = told;
  const error = {
    clientOrderId: references.get(id) ?? null,
    ...{ sessionOrderId: id, code, message: `code ${code}` },
    errorClass: about === 'end' ? 'terminal' : 'rejection',
    about: about === 'end' ? 'order' : about,
  } as const;
  return { kind: 'order_error', error, receivedAtMs };
}

/** All lists of the broker, read at that time; staged and hidden orders are in none. */
export function pictureOf(
  broker: BrokerState,
  references: ReadonlyMap<number, string>,
  nowMs: number,
): Snapshot {
  const listed = broker.orders.filter(({ state, isHidden }) => state !== 'staged' && !isHidden);
  const position = {
    ...{ account: ACCOUNT, symbol: 'AAA', securityType: 'STK', brokerContractId: CONTRACT_ID },
    ...{ quantity: String(broker.position), averageCost: PRICE },
  };
  return {
    ...{ generation: 1, generationSinceMs: 0, startedAtMs: nowMs, endedAtMs: nowMs },
    isComplete: true,
    orders: listed.filter((order) => !isDead(order)).map(reportOf),
    completed: listed.filter(isDead).map(reportOf),
    executions: broker.executions
      .filter(({ isHidden }) => !isHidden)
      .map((execution) => executionOf(execution, references, nowMs)),
    positions: [position],
  };
}

function reportOf(order: Readonly<Order>): OrderReport {
  const { id, reference, total, filled, limit, stop, state } = order;
  const terms = { ...order.terms, quantity: String(total), limitPrice: limit, stopPrice: stop };
  const status = statusOf(order);
  return {
    ...{ clientOrderId: reference, brokerOrderId: `perm-${id}`, sessionOrderId: id },
    ...{ sessionClientId: CLIENT, account: ACCOUNT, symbol: 'AAA', brokerContractId: CONTRACT_ID },
    ...{ status, brokerStatus: status, whyHeld: state === 'held' ? 'child' : '' },
    filledQuantity: String(filled),
    remainingQuantity: String(total - filled),
    ...{ averageFillPrice: null, terms },
    parentSessionOrderId: order.parent === 0 ? null : order.parent,
  };
}

function executionOf(
  { id, n, side, quantity, correction }: Execution,
  references: ReadonlyMap<number, string>,
  executedAtMs: number,
): ExecutionReport {
  const clientOrderId = references.get(id) ?? null;
  const executionKey = `x${id}.${n}`;
  return {
    ...{ executionId: `${executionKey}.0${correction}`, executionKey, correction, clientOrderId },
    ...{ brokerOrderId: `perm-${id}`, sessionOrderId: id, sessionClientId: CLIENT },
    ...{ account: ACCOUNT, symbol: 'AAA', brokerContractId: CONTRACT_ID },
    ...{ side, quantity: String(quantity), price: PRICE, executedAtMs },
  };
}
