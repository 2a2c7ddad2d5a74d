/**
 * The guard of every irreversible write (BRK-2): order ids and intents are committed as SENDING, with the
 * lease's epoch and the broker's day, before anything touches the socket. Whoever finds a row SENDING
 * looks the order up; nobody sends it blindly again.
 */
import { around } from '../failpoints/failpoint.js';
import { brokerDay } from '../domain/calendar.js';
import { approve, type Approved } from '../domain/risk/approved.js';
import type { Instrument } from '../domain/vocabulary.js';
import type { BracketToSend, OrderToSend } from '../contract/sending.js';
import type { OrderTerms } from '../contract/orders.js';
import { issueOrderIds, type Lease } from './connections.js';
import type { OrderIncarnation } from './generated/client.js';
import { toJson, type Prisma, type Transaction } from './database.js';
import { lockBook, wantedTerms, type OrderRow, type TradeBook } from './book/load.js';
import { saveBook } from './book/save.js';
import { applyToLeg } from './order-facts.js';
import { addTradeEvent } from './timeline.js';

export interface SendContext {
  readonly lease: Lease;
  readonly sessionClientId: number;
  /** The broker's next valid id, as last told. */
  readonly nextValidId: number;
  readonly nowMs: number;
}

/** Reads the recorded decision again: the only way to an approved value (RSK-3). */
export async function loadApproved<T>(
  tx: Transaction,
  decisionId: string,
  value: T,
): Promise<Approved<T>> {
  const decision = await tx.decision.findUniqueOrThrow({
    where: { id: decisionId },
    select: { verdict: true },
  });
  const verdict = decision.verdict === 'approved' ? 'approved' : 'denied';
  return approve(value, { decisionId, verdict });
}

/** A bracket's legs as they are written, and so as their ids rise: the stop last, for it transmits. */
const WIRE_ORDER = ['ENTRY', 'TARGET', 'STOP'];

/**
 * Takes the entry and its exits from NEW to SENDING and gives the bracket to write. An entry proven
 * absent keeps its order ids. Call under the book's lock; commit before writing.
 * @throws LeaseLostError when another worker holds the connection.
 */
export async function startBracket(
  tx: Transaction,
  book: TradeBook,
  context: SendContext,
): Promise<Approved<BracketToSend>> {
  const rows = [...book.rows.values()]
    .filter((row) => row.sequence === 1 && row.role !== 'CLOSE')
    .sort((a, b) => WIRE_ORDER.indexOf(a.role) - WIRE_ORDER.indexOf(b.role));
  const entryRow = rows.find((row) => row.role === 'ENTRY');
  const instrument = resolvedInstrument(book);
  const orders = await startSending(tx, book, rows, instrument, context);
  const isEntry = (order: OrderToSend) => order.clientOrderId === entryRow?.clientOrderId;
  const entry = orders.find(isEntry);
  const exits = orders.filter((order) => !isEntry(order));
  if (!entry || !book.trade.decisionId) throw new Error(`trade ${book.trade.id} was never planned`);
  return loadApproved(tx, book.trade.decisionId, { entry, exits });
}

/** Takes legs to SENDING under fresh ids (or the ids they had, when resent) and gives what to write. */
export async function startSending(
  tx: Transaction,
  book: TradeBook,
  rows: readonly OrderRow[],
  instrument: Instrument,
  context: SendContext,
): Promise<OrderToSend[]> {
  const reusable = new Map(rows.map((row) => [row.id, reusableIncarnation(row)]));
  const freshCount = rows.filter((row) => !reusable.get(row.id)).length;
  const { lease, nextValidId } = context;
  const issued = await issueOrderIds(tx, lease, nextValidId, freshCount);
  const sendings = rows.map((row) => {
    const known = reusable.get(row.id);
    return { row, known, sessionOrderId: known?.sessionOrderId ?? issued.shift()! };
  });
  await keepIncarnations(tx, book, sendings, context);
  for (const { row } of sendings) applyToLeg(book, row.id, { kind: 'sendStarted' });
  return sendings.map(({ row, sessionOrderId }) =>
    orderToSend(book, row, sessionOrderId, instrument, wantedTerms(row)),
  );
}

interface Sending {
  readonly row: OrderRow;
  readonly known: OrderIncarnation | undefined;
  readonly sessionOrderId: number;
}

/** The last sending, unless it never reached the socket: its id may have been overtaken since. */
function reusableIncarnation(row: OrderRow): OrderIncarnation | undefined {
  const last = row.incarnations[row.incarnations.length - 1];
  return last && last.outcome !== 'not_written' ? last : undefined;
}

/** An order as it goes to the broker port. */
export function orderToSend(
  book: TradeBook,
  row: OrderRow,
  sessionOrderId: number,
  instrument: Instrument,
  terms: OrderTerms,
): OrderToSend {
  const account = book.account.brokerAccountId;
  return { clientOrderId: row.clientOrderId, sessionOrderId, account, instrument, terms };
}

/** The instrument as the plan resolved it, with the broker's contract id. */
export function resolvedInstrument(book: TradeBook): Instrument {
  return book.trade.instrument as unknown as Instrument;
}

/** New sendings in one statement; a sending proven absent is opened again. */
async function keepIncarnations(
  tx: Transaction,
  book: TradeBook,
  sendings: readonly Sending[],
  context: SendContext,
): Promise<void> {
  const columns = {
    clientId: context.sessionClientId,
    leaseEpoch: context.lease.epoch,
    brokerDay: new Date(`${brokerDay(context.nowMs)}T00:00:00Z`),
    sendingAt: new Date(context.nowMs),
    writtenAt: null,
    outcome: 'open',
  };
  for (const { known } of sendings) {
    if (known) await tx.orderIncarnation.update({ where: { id: known.id }, data: columns });
  }
  const { connectionId } = context.lease;
  await tx.orderIncarnation.createMany({
    data: sendings
      .filter(({ known }) => !known)
      .map(({ row, sessionOrderId }) => ({
        ...columns,
        userId: book.trade.userId,
        orderRowId: row.id,
        connectionId,
        sessionOrderId,
      })),
  });
}

/** Why nothing of a bracket is at the broker. */
export type NotAtBroker = 'not_written' | 'absent';

/**
 * Nothing of the bracket is at the broker: the legs are new again, the plan is withdrawn and its money
 * let go, so that the next plan passes every check afresh. Ids that were never written are not used
 * again; those of a send proven absent are, so that a late arrival could only be the same order.
 */
export async function withdrawBracket(
  tx: Transaction,
  tradeId: string,
  how: NotAtBroker,
  reason: string,
  nowMs: number,
) {
  const book = await lockBook(tx, tradeId);
  for (const [id, leg] of book.legs) {
    book.legs.set(id, { ...leg, intent: 'NEW', status: 'PENDING', error: null });
  }
  await tx.orderIncarnation.updateMany({
    where: { orderRowId: { in: [...book.rows.keys()] }, outcome: 'open' },
    data: { outcome: how },
  });
  await tx.reservation.updateMany({
    where: { tradeId },
    data: { phase: 'RELEASED', releasedAt: new Date(nowMs) },
  });
  const { userId } = book.trade;
  await addTradeEvent(tx, { userId, tradeId }, 'not_sent', `nothing is at the broker: ${reason}`);
  const saved = await saveBook(tx, book, nowMs, { decisionId: null, failure: reason });
  return { ...saved, cancelRequested: book.trade.cancelRequested };
}

/** Written to the socket: from now on only evidence says what became of it. */
export async function noteWritten(
  tx: Pick<Transaction, 'orderIncarnation'>,
  orders: readonly OrderToSend[],
  connectionId: string,
  writtenAtMs: number,
): Promise<void> {
  const where = { connectionId, sessionOrderId: { in: orders.map((row) => row.sessionOrderId) } };
  const data = { writtenAt: new Date(writtenAtMs) };
  await around('written.note', {}, async () => tx.orderIncarnation.updateMany({ where, data }));
}

/** Marks a modification as written and not yet read back. */
export async function startModification(
  tx: Transaction,
  book: TradeBook,
  row: OrderRow,
  terms: OrderTerms,
  nowMs: number,
): Promise<void> {
  await tx.order.update({
    where: { id: row.id },
    data: {
      pendingTerms: toJson(terms),
      pendingSince: new Date(nowMs),
      modificationRefused: false,
    },
  });
  row.pendingTerms = toJson(terms) as Prisma.JsonValue;
  row.pendingSince = new Date(nowMs);
  const leg = book.legs.get(row.id)!;
  book.legs.set(row.id, { ...leg, modificationInFlight: true, modificationRefused: false });
}
