/** Orders and executions: what works or happened at the broker, beside what the books have of it. */
import type { ExecutionReport, OrderReport } from '../broker/fact.js';
import type { Snapshot } from '../broker/snapshot.js';
import { isLive } from '../orders/machine.js';
import type { Leg } from '../trade/book.js';
import { breachesOf, type GuardedTrade } from '../trade/guard.js';
import { placing } from '../trade/incarnation.js';
import type { AccountBooks, LateExecution } from './books.js';
import { finding, type Finding } from './finding.js';
import { isOwn, unknownReferences } from './unknown.js';
import { termsOf, workingOf } from './working.js';

/** Compares the orders of the account, the executions that the broker lists, and the cover of each trade. */
export function compareOrders(books: AccountBooks, snapshot: Snapshot): Finding[] {
  const orders = snapshot.orders.filter(({ account }) => account === books.account);
  const completed = snapshot.completed.filter(({ account }) => account === books.account);
  const executions = snapshot.executions.filter(({ account }) => account === books.account);
  return [
    ...missingOrders(books, [...orders, ...completed], snapshot),
    ...workingOrders(books, orders),
    ...unknownReferences(books, [...orders, ...completed, ...executions]),
    ...unbooked(books, executions),
    ...books.lateExecutions.map(missedExecution),
    ...books.trades.flatMap(breachFindings),
  ];
}

function missingOrders(
  { trades }: AccountBooks,
  reports: readonly OrderReport[],
  snapshot: Snapshot,
): Finding[] {
  const shown = new Set(reports.map(({ clientOrderId }) => clientOrderId));
  const durable = new Set(reports.map(({ brokerOrderId }) => brokerOrderId));
  const isThere = (leg: Leg): boolean =>
    shown.has(leg.clientOrderId) ||
    (placing(leg)?.brokerOrderIds ?? []).some((id) => durable.has(id));
  return trades.flatMap(({ tradeId, symbol, legs }) =>
    legs
      .filter((leg) => isLive(leg) && wasBefore(leg, snapshot) && !isThere(leg))
      .map((leg) =>
        finding({
          ...{ kind: 'order_missing', subject: leg.clientOrderId, symbol, tradeIds: [tradeId] },
          ...{ books: leg.status, broker: null, step: 'wait' },
          summary: `${symbol}: the ${leg.role} ${leg.clientOrderId} is not at the broker`,
          why: 'where the position adds up, two pictures prove that it is gone, and the trade repairs itself; where it does not, a person says so: "ballast resolve order TRADE ORDER --absent"',
        }),
      ),
  );
}

/** Written before the picture was begun: otherwise it could not be in it. */
function wasBefore(leg: Leg, { startedAtMs }: Snapshot): boolean {
  const place = placing(leg);
  return place !== undefined && (place.writtenAtMs ?? place.claimedAtMs) < startedAtMs;
}

function workingOrders(books: AccountBooks, orders: readonly OrderReport[]): Finding[] {
  const live = new Set(books.trades.flatMap(({ legs }) => legs.map((leg) => leg.clientOrderId)));
  const known = new Map(books.knownOrders.map((order) => [order.clientOrderId, order]));
  return orders.flatMap((order) => {
    const { clientOrderId: reference, symbol } = order;
    if (!isOwn(books, reference)) return [foreignOrder(order)];
    const own = known.get(reference);
    if (!own || live.has(reference)) return [];
    return [
      finding({
        ...{ kind: 'order_without_trade', subject: reference, symbol, tradeIds: [own.tradeId] },
        ...{ books: 'ended', broker: order.brokerStatus, step: 'repair', ...workingOf(order) },
        summary: `${symbol ?? ''}: own order ${reference} works at the broker, and its trade counts it as ended`,
        why: 'its trade looks at it again, and cancels it if no share loses its cover',
      }),
    ];
  });
}

function foreignOrder(order: OrderReport): Finding {
  const { symbol, brokerOrderId, sessionClientId, sessionOrderId, brokerStatus } = order;
  return finding({
    ...{ kind: 'foreign_order', symbol, tradeIds: [], books: null, broker: brokerStatus },
    subject: brokerOrderId ?? `${sessionClientId}/${sessionOrderId}`,
    summary: `${symbol ?? ''}: an order of somebody else works: ${termsOf(order)}`,
    ...{ step: 'none', why: 'it is not of this installation: it is never touched' },
    ...workingOf(order),
  });
}

function unbooked(books: AccountBooks, executions: readonly ExecutionReport[]): Finding[] {
  return executions
    .filter(({ executionId }) => !books.knownExecutions.has(executionId))
    .map((report) =>
      finding({
        ...{ kind: 'execution_unbooked', subject: report.executionId, symbol: report.symbol },
        ...{ brokerContractId: report.brokerContractId, tradeIds: [] },
        ...{ books: null, broker: `${report.side} ${report.quantity} at ${report.price}` },
        summary: `${report.symbol}: ${report.side} ${report.quantity} at ${report.price} is not in the books`,
        ...{ step: 'ask', why: NOT_BOOKED },
      }),
    );
}

const NOT_BOOKED =
  "it was told, and could not be booked yet: it is kept and tried again, and the notification facts_stuck and the broker worker's log say why";

const SECOND_MS = 1_000;

function missedExecution(late: LateExecution): Finding {
  const { executionId, tradeId, symbol, side, quantity, price } = late;
  const { executedAtMs, receivedAtMs } = late;
  const seconds = Math.round((receivedAtMs - executedAtMs) / SECOND_MS);
  return finding({
    ...{ kind: 'missed_execution', subject: executionId, symbol, tradeIds: [tradeId] },
    ...{ books: `${quantity} at ${price}`, broker: `${quantity} at ${price}`, step: 'none' },
    summary: `${symbol}: ${side} ${quantity} at ${price} was told ${seconds} s late`,
    why: 'it was booked when it came, by the same way as a live one',
  });
}

function breachFindings(trade: GuardedTrade): Finding[] {
  const { tradeId, symbol, held, brokerContractId } = trade;
  return breachesOf(trade).map(({ kind, shares }) =>
    finding({
      ...{ kind, subject: tradeId, symbol, brokerContractId, tradeIds: [tradeId] },
      ...{ books: held, broker: shares, step: 'repair' },
      summary:
        kind === 'unprotected'
          ? `${symbol}: ${shares} of ${held} shares are without an armed stop`
          : `${symbol}: exits could fill ${shares} shares more than the ${held} held`,
      why: 'the trade repairs itself within seconds, or the guard does it; where something is held back for a person, "ballast trade" and "ballast doctor" say what',
    }),
  );
}
