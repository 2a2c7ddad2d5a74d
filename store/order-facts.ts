/** Laying a fact about an order over its leg: through the order machine, and into the row's read-back. */
import { canonicalJson } from '../contract/fingerprint.js';
import type { ExecutionReport, OrderError, OrderReport } from '../contract/broker-facts.js';
import type { OrderTerms } from '../contract/orders.js';
import { applyOrderEvent } from '../domain/orders/machine.js';
import type { OrderEvent } from '../domain/orders/leg.js';
import { Prisma, toJson, type Transaction } from './database.js';
import { readBackTerms, wantedTerms, type TradeBook } from './book/load.js';
import { addTradeEvent } from './timeline.js';

/** Applies an order report (status, and terms where they came with it); true when it was news. */
export async function applyReport(
  tx: Transaction,
  book: TradeBook,
  orderRowId: string,
  report: OrderReport,
  listed: boolean,
): Promise<boolean> {
  const before = book.legs.get(orderRowId)!;
  applyToLeg(book, orderRowId, {
    kind: 'statusReported',
    status: report.status,
    filled: report.filledQuantity,
    remaining: report.remainingQuantity,
    whyHeld: report.whyHeld,
  });
  if (listed) {
    const { status, whyHeld } = report;
    applyToLeg(book, orderRowId, { kind: 'foundPresent', status, whyHeld });
  }
  const read = await readBack(tx, book, orderRowId, report);
  const after = book.legs.get(orderRowId)!;
  if (before.status !== after.status) await tellStatus(tx, book, orderRowId, before.status, report);
  return read || before.status !== after.status || before.whyHeld !== after.whyHeld;
}

/** Applies an execution that was booked for the first time. */
export async function applyExecution(
  tx: Transaction,
  book: TradeBook,
  orderRowId: string,
  report: ExecutionReport,
): Promise<boolean> {
  const { executionId, executionKey, correction, quantity, price, side } = report;
  const kind = correction > 1 ? 'executionCorrected' : 'executed';
  applyToLeg(book, orderRowId, { kind, executionId, executionKey, correction, quantity, price });
  const role = book.legs.get(orderRowId)!.role;
  const what = correction > 1 ? 'correction' : 'fill';
  await addTradeEvent(tx, keyOf(book), what, `${role}: ${side} ${quantity} at ${price}`, {
    role,
    ...report,
  });
  return true;
}

/** Applies an error: only rejections and terminal codes change a leg; the rest is told to people. */
export async function applyError(
  tx: Transaction,
  book: TradeBook,
  orderRowId: string,
  error: OrderError,
): Promise<boolean> {
  const leg = book.legs.get(orderRowId)!;
  const { code, message, errorClass, about } = error;
  await addTradeEvent(tx, keyOf(book), 'broker_message', `${leg.role}: ${code} ${message}`, {
    ...error,
  });
  if (about === 'modification' && errorClass === 'rejection') {
    await settleModification(tx, book, orderRowId, true);
  } else if (about === 'cancel') {
    applyToLeg(book, orderRowId, { kind: 'cancelRejected', code, message });
  } else if (errorClass === 'rejection') {
    applyToLeg(book, orderRowId, { kind: 'rejected', code, message });
  } else if (errorClass === 'terminal') {
    applyToLeg(book, orderRowId, { kind: 'cancelled' });
  }
  return true;
}

/** Runs an event through the order machine and keeps the terms beside it. */
export function applyToLeg(book: TradeBook, orderRowId: string, event: OrderEvent): void {
  const leg = book.legs.get(orderRowId)!;
  book.legs.set(orderRowId, { ...leg, ...applyOrderEvent(leg, event).leg });
}

/** Keeps terms as read back, and the broker's own ids; true when they differ from what was known. */
async function readBack(
  tx: Transaction,
  book: TradeBook,
  orderRowId: string,
  report: OrderReport,
): Promise<boolean> {
  const row = book.rows.get(orderRowId)!;
  await keepBrokerOrderId(tx, book, orderRowId, report);
  if (report.terms === null) return false;
  const known = readBackTerms(row);
  if (known && canonicalJson(known) === canonicalJson(report.terms)) return false;
  const leg = book.legs.get(orderRowId)!;
  const { limitPrice, stopPrice, ocaGroup, quantity } = report.terms;
  book.legs.set(orderRowId, { ...leg, limitPrice, stopPrice, ocaGroup });
  applyToLeg(book, orderRowId, { kind: 'quantityRead', quantity });
  const settled =
    row.pendingTerms !== null && matches(row.pendingTerms as unknown as OrderTerms, report.terms);
  await tx.order.update({
    where: { id: orderRowId },
    data: {
      readBack: toJson(report.terms),
      brokerStatus: report.brokerStatus,
    },
  });
  row.readBack = toJson(report.terms) as Prisma.JsonValue;
  if (settled) await settleModification(tx, book, orderRowId, false);
  return true;
}

/** A modification was read back, or refused: the live order is what the last read-back says. */
async function settleModification(
  tx: Transaction,
  book: TradeBook,
  orderRowId: string,
  refused: boolean,
): Promise<void> {
  const row = book.rows.get(orderRowId)!;
  const leg = book.legs.get(orderRowId)!;
  const current = refused
    ? (readBackTerms(row) ?? wantedTerms(row))
    : (row.pendingTerms as unknown as OrderTerms);
  await tx.order.update({
    where: { id: orderRowId },
    data: {
      pendingTerms: Prisma.DbNull,
      pendingSince: null,
      modificationRefused: refused,
      ...(refused || !current ? {} : { terms: toJson(current) }),
    },
  });
  row.pendingTerms = null;
  book.legs.set(orderRowId, {
    ...leg,
    modificationInFlight: false,
    modificationRefused: refused,
    ...(current
      ? { limitPrice: current.limitPrice, stopPrice: current.stopPrice, quantity: current.quantity }
      : {}),
  });
}

/** Whether the broker's terms show the change: the fields that this system ever modifies. */
function matches(wanted: OrderTerms, read: OrderTerms): boolean {
  return (
    wanted.quantity === read.quantity &&
    wanted.limitPrice === read.limitPrice &&
    wanted.stopPrice === read.stopPrice
  );
}

/** Several permIds per leg are possible (BRK-3): each is kept with the sending it belongs to. */
async function keepBrokerOrderId(
  tx: Transaction,
  book: TradeBook,
  orderRowId: string,
  report: OrderReport,
): Promise<void> {
  const incarnation = book.rows
    .get(orderRowId)!
    .incarnations.find((candidate) => candidate.sessionOrderId === report.sessionOrderId);
  if (!incarnation || report.brokerOrderId === null) return;
  if (incarnation.brokerOrderId === report.brokerOrderId) return;
  await tx.orderIncarnation.update({
    where: { id: incarnation.id },
    data: { brokerOrderId: report.brokerOrderId, outcome: 'acknowledged' },
  });
  incarnation.brokerOrderId = report.brokerOrderId;
}

async function tellStatus(
  tx: Transaction,
  book: TradeBook,
  orderRowId: string,
  from: string,
  report: OrderReport,
): Promise<void> {
  const leg = book.legs.get(orderRowId)!;
  const held = leg.whyHeld ? ` (${leg.whyHeld})` : '';
  await addTradeEvent(
    tx,
    keyOf(book),
    'order_status',
    `${leg.role}: ${from} → ${leg.status}${held}`,
    {
      role: leg.role,
      brokerOrderId: report.brokerOrderId,
      brokerStatus: report.brokerStatus,
    },
  );
}

function keyOf(book: TradeBook) {
  return { userId: book.trade.userId, tradeId: book.trade.id };
}
