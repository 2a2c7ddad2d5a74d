/** Laying a fact of the broker over a book: through the order machine, and onto the write it speaks of. */
import { isSame } from '../canonical.js';
import { decimal } from '../money.js';
import type { BrokerFact, ExecutionReport, OrderError, OrderReport } from '../broker/fact.js';
import { ENDED } from '../orders/table.js';
import type { OrderTerms } from '../orders/terms.js';
import {
  withLeg,
  type Book,
  type BookFill,
  type Change,
  type Leg,
  type TimelineEvent,
  unchanged,
  type Unchanged,
} from './book.js';
import { commissionRate, isForeign } from './commissions.js';
import { samePrice } from './exposure.js';
import { withoutHeldBack } from './held-back.js';
import {
  changesSincePlacing,
  isOpen,
  isReplaced,
  newestOf,
  placing,
  type Incarnation,
} from './incarnation.js';
import { step, withIncarnation } from './leg.js';
import { withoutInferred } from './inferred.js';
import { concludedFills } from './late-outside.js';
import { withOutsideStop } from './moved-outside.js';
import { refused } from './outcome.js';

/** Applies one fact. A fact of no leg of this trade, or one that was applied before, changes nothing. */
export function applyFact(book: Book, fact: BrokerFact): Change | Unchanged {
  switch (fact.kind) {
    case 'order':
      return applyReport(book, fact.report, fact.listed, fact.receivedAtMs);
    case 'execution':
      return applyExecution(book, fact.report, fact.receivedAtMs);
    case 'commission':
      return applyCommission(book, fact.report);
    case 'order_error':
      return applyError(book, fact.error, fact.receivedAtMs);
  }
}

const NOT_OURS = 'no leg of this trade has that reference';
const KNOWN = 'it was known';

function legBy(book: Book, clientOrderId: string | null): Leg | undefined {
  return book.legs.find((leg) => leg.clientOrderId === clientOrderId);
}

// ── orders ───────────────────────────────────────────────────────────────────────────────────────

function applyReport(
  book: Book,
  report: OrderReport,
  listed: boolean,
  nowMs: number,
): Change | Unchanged {
  const leg = legBy(book, report.clientOrderId);
  if (!leg) return unchanged(book, NOT_OURS);
  const next = afterReport(leg, report, listed, nowMs);
  if (isSame(next, leg)) return unchanged(book, KNOWN);
  const moved = withOutsideStop(
    withLeg(book, leg.legId, () => next),
    leg,
    next,
  );
  return { book: moved.book, events: [...told(leg, next, report), ...moved.events] };
}

/**
 * Whether a list's report of an order tells of its leg what the book does not know. The broker's own word,
 * which lists of completed orders spell in another way, is nothing new by itself; nor is since when its
 * executions are waited for, which a leg without them can't tell.
 */
export function isNews(leg: Leg, report: OrderReport): boolean {
  const { brokerStatus } = leg;
  return !isSame({ ...afterReport(leg, report, true, null), brokerStatus }, leg);
}

function afterReport(leg: Leg, report: OrderReport, listed: boolean, nowMs: number | null): Leg {
  const place = placingOfReport(leg, report);
  const isPresent = place === undefined || place === placing(leg);
  return isPresent
    ? onPresentOrder(leg, place, report, listed, nowMs)
    : onEarlierOrder(leg, place, report);
}

type ReportedIds = Pick<OrderReport, 'sessionOrderId' | 'sessionClientId' | 'brokerOrderId'>;

/**
 * The placing that a report speaks of: by its order id where that is this client's, else by its durable
 * id, else the present one. Placings that share an id are one order: the newest stands for it.
 */
function placingOfReport(leg: Leg, report: ReportedIds): Incarnation | undefined {
  const places = leg.incarnations.filter(({ kind }) => kind === 'place').reverse();
  const byOrderId = places.find(
    (place) =>
      place.sessionOrderId === report.sessionOrderId &&
      place.sessionClientId === report.sessionClientId,
  );
  if (byOrderId || report.brokerOrderId === null) return byOrderId ?? places[0];
  const byDurableId = places.find(({ brokerOrderIds }) =>
    brokerOrderIds.includes(report.brokerOrderId!),
  );
  return byDurableId ?? places[0];
}

/** A sign of life of the order that the leg stands for, whatever was inferred of it before. */
function onPresentOrder(
  leg: Leg,
  place: Incarnation | undefined,
  report: OrderReport,
  listed: boolean,
  nowMs: number | null,
): Leg {
  const { status, whyHeld } = report;
  const reported = step(leg, {
    kind: 'statusReported',
    status,
    filled: report.filledQuantity,
    remaining: report.remainingQuantity,
    whyHeld,
    ...(nowMs === null ? {} : { atMs: nowMs }),
  });
  const shown = listed ? step(reported, { kind: 'foundPresent', status, whyHeld }) : reported;
  const seen = place ? withIncarnation(shown, place.n, shownAs(place, report, shown)) : shown;
  const read = report.terms === null ? seen : readBack(seen, report.terms);
  const settled = settleChanges(read, listed);
  return {
    ...settled,
    brokerStatus: report.brokerStatus,
    acknowledgedAtMs: settled.acknowledgedAtMs ?? nowMs ?? 0,
  };
}

function shownAs(place: Incarnation, report: OrderReport, leg: Leg): Partial<Incarnation> {
  const state = ENDED.has(leg.status) ? 'ENDED' : 'SHOWN';
  return { state, brokerOrderIds: withId(place, report.brokerOrderId), missed: null };
}

function withId({ brokerOrderIds }: Incarnation, id: string | null): readonly string[] {
  return id === null || brokerOrderIds.includes(id) ? brokerOrderIds : [...brokerOrderIds, id];
}

/**
 * An order that another placing of the leg has replaced. It says nothing of the leg's present order: if
 * it lives it is one too many, and is cancelled by its id.
 */
function onEarlierOrder(leg: Leg, place: Incarnation, report: OrderReport): Leg {
  const ended = ENDED.has(report.status);
  const brokerOrderIds = withId(place, report.brokerOrderId);
  const marked = withIncarnation(leg, place.n, {
    state: ended ? 'ENDED' : 'SHOWN',
    brokerOrderIds,
    missed: null,
  });
  if (!ended) return marked;
  return answerCancels(marked, place.sessionOrderId);
}

/** A cancel is answered by the order's end. */
function answerCancels(leg: Leg, sessionOrderId: number): Leg {
  const incarnations = leg.incarnations.map((incarnation) =>
    incarnation.kind === 'cancel' &&
    incarnation.sessionOrderId === sessionOrderId &&
    isOpen(incarnation)
      ? { ...incarnation, state: 'SHOWN' as const }
      : incarnation,
  );
  return { ...leg, incarnations };
}

/** What the broker says that the order is; it settles the modification that asked for it. */
function readBack(leg: Leg, terms: OrderTerms): Leg {
  const read = step(
    { ...leg, readBack: terms },
    { kind: 'quantityRead', quantity: terms.quantity },
  );
  const open = changesSincePlacing(read).find(
    (change) => change.kind === 'modify' && isOpen(change) && takenOver(change.terms!, terms),
  );
  if (!open) return read;
  return { ...withIncarnation(read, open.n, { state: 'SHOWN' }), wanted: open.terms! };
}

/** Whether the broker's terms show the change: the fields that this system ever modifies. */
export function takenOver(wanted: OrderTerms, read: OrderTerms): boolean {
  return (
    decimal(wanted.quantity).eq(decimal(read.quantity)) &&
    samePrice(wanted.limitPrice, read.limitPrice) &&
    samePrice(wanted.stopPrice, read.stopPrice)
  );
}

/**
 * Ends settle everything; a list that shows the order alive refutes a cancel that was refused, also one
 * that shows it as being cancelled: another may be sent when that comes to nothing.
 */
export function settleChanges(leg: Leg, listed: boolean): Leg {
  const place = placing(leg);
  if (!place) return leg;
  if (ENDED.has(leg.status)) {
    const answered = answerCancels(leg, place.sessionOrderId);
    const open = changesSincePlacing(answered).filter(isOpen);
    return open.reduce((now, { n }) => withIncarnation(now, n, { state: 'ABSENT' }), answered);
  }
  const cancel = changesSincePlacing(leg)
    .filter(({ kind }) => kind === 'cancel')
    .at(-1);
  const isRefuted = listed && cancel?.state === 'REFUSED';
  return isRefuted ? withIncarnation(leg, cancel.n, { state: 'ABSENT' }) : leg;
}

function told(before: Leg, after: Leg, report: OrderReport): TimelineEvent[] {
  if (before.status === after.status) return [];
  const held = after.whyHeld ? ` (${after.whyHeld})` : '';
  const summary = `${after.role}: ${before.status} → ${after.status}${held}`;
  const { brokerOrderId, brokerStatus } = report;
  return [
    { kind: 'order_status', summary, detail: { role: after.role, brokerOrderId, brokerStatus } },
  ];
}

// ── errors ───────────────────────────────────────────────────────────────────────────────────────

/** Only rejections and terminal codes change a leg; the rest is told to people. */
function applyError(book: Book, error: OrderError, nowMs: number): Change | Unchanged {
  const leg = legBy(book, error.clientOrderId);
  if (!leg) return unchanged(book, NOT_OURS);
  const { code, message } = error;
  const event = {
    kind: 'broker_message',
    summary: `${leg.role}: ${code} ${message}`,
    detail: { ...error },
  };
  const next = onError(book, leg, error);
  const { book: left, events } = withoutHeldBack(next, leg, error, nowMs);
  return { book: left, events: [event, ...events] };
}

function onError(book: Book, leg: Leg, error: OrderError): Book {
  const { errorClass, about, code, message, sessionOrderId } = error;
  const about_ = incarnationAt(leg, error);
  if (about === 'write') return onWriteRefused(book, leg, sessionOrderId);
  if (about === 'cancel' || (about === 'modification' && errorClass === 'rejection')) {
    return about_ ? refused(book, { legId: leg.legId, n: about_.n }, code, message).book : book;
  }
  if (about !== 'order' || (about_ && about_ !== placing(leg))) return book;
  if (errorClass === 'rejection' && about_) {
    return refused(book, { legId: leg.legId, n: about_.n }, code, message).book;
  }
  if (errorClass === 'rejection' || errorClass === 'terminal') {
    const event =
      errorClass === 'terminal'
        ? ({ kind: 'cancelled' } as const)
        : ({ kind: 'rejected', code, message } as const);
    return withLeg(book, leg.legId, (now) => settleChanges(endPlacing(step(now, event)), false));
  }
  return book;
}

function endPlacing(leg: Leg): Leg {
  const place = placing(leg);
  return place && ENDED.has(leg.status) ? withIncarnation(leg, place.n, { state: 'ENDED' }) : leg;
}

/** The newest write of that kind under the error's order id. */
function incarnationAt(leg: Leg, { about, sessionOrderId }: OrderError): Incarnation | undefined {
  const kind = about === 'cancel' ? 'cancel' : about === 'modification' ? 'modify' : 'place';
  const found = leg.incarnations
    .filter((candidate) => candidate.kind === kind && candidate.sessionOrderId === sessionOrderId)
    .at(-1);
  return found ?? (about === 'order' ? newestOf(leg, 'place') : undefined);
}

/**
 * The id was used before (103): this message had no effect, and whether an order of that id lives is not
 * said. The placing stays of unknown fate, and a next one takes another id.
 */
function onWriteRefused(book: Book, leg: Leg, sessionOrderId: number): Book {
  const place = placing(leg);
  if (!place || place.sessionOrderId !== sessionOrderId || !isOpen(place)) return book;
  return withLeg(book, leg.legId, (now) => {
    const marked = withIncarnation(now, place.n, { state: 'UNKNOWN', idRefused: true });
    return step(marked, { kind: 'outcomeUnknown', message: 'its order id was refused' });
  });
}

// ── money ────────────────────────────────────────────────────────────────────────────────────────

/** Books an execution once: a correction replaces what it corrects, a late first report nothing. */
function applyExecution(book: Book, report: ExecutionReport, nowMs: number): Change | Unchanged {
  const leg = legBy(book, report.clientOrderId);
  if (!leg) return unchanged(book, NOT_OURS);
  const { executionId, executionKey, correction, quantity, price, side } = report;
  const sameKey = book.fills.filter((fill) => fill.executionKey === executionKey);
  if (sameKey.some((fill) => fill.correction >= correction)) return unchanged(book, KNOWN);
  const kind = correction > 1 ? 'executionCorrected' : 'executed';
  const told = { kind, executionId, executionKey, correction, quantity, price } as const;
  const place = placingOfReport(leg, report);
  const isEarlier = place !== undefined && isReplaced(place, placing(leg));
  const event = isEarlier ? ({ ...told, ofEarlier: true } as const) : told;
  const known = sameKey.find(({ superseded }) => !superseded)?.quantity ?? '0';
  const more = decimal(quantity).sub(decimal(known));
  const booked = withLeg(
    withoutInferred(book, leg.legId, more, concludedFills(book, report)),
    leg.legId,
    (now) => afterExecution(step(now, event), report),
  );
  const fills = booked.fills.map((fill) =>
    fill.executionKey === executionKey ? { ...fill, superseded: true } : fill,
  );
  const what = correction > 1 ? 'correction' : 'fill';
  const summary = `${leg.role}: ${side} ${quantity} at ${price}`;
  return {
    book: { ...booked, fills: [...fills, fillOf(leg, report, nowMs)] },
    events: [{ kind: what, summary, detail: { role: leg.role, ...report } }],
  };
}

/** An execution is a sign of life too, of the placing that it names or of the present one. */
function afterExecution(leg: Leg, report: ExecutionReport): Leg {
  const place = placingOfReport(leg, report);
  if (!place) return leg;
  const isEarlier = isReplaced(place, placing(leg));
  const isOver = isEarlier ? place.state === 'ENDED' : ENDED.has(leg.status);
  const brokerOrderIds = withId(place, report.brokerOrderId);
  const state = isOver || place.state === 'ENDED' ? 'ENDED' : 'SHOWN';
  const shown = withIncarnation(leg, place.n, { state, brokerOrderIds, missed: null });
  return isOver && !isEarlier ? settleChanges(shown, false) : shown;
}

function fillOf(leg: Leg, report: ExecutionReport, receivedAtMs: number): BookFill {
  const { executionId, executionKey, correction, symbol, brokerContractId } = report;
  const { side, quantity, price, brokerOrderId, executedAtMs } = report;
  return {
    legId: leg.legId,
    ...{ executionId, executionKey, correction, symbol, brokerContractId },
    ...{ side, quantity, price, brokerOrderId, executedAtMs, receivedAtMs },
    superseded: false,
    inferred: false,
    commission: null,
    commissionCurrency: null,
    brokerRealizedPnl: null,
  };
}

function applyCommission(
  book: Book,
  report: Extract<BrokerFact, { kind: 'commission' }>['report'],
): Change | Unchanged {
  const { executionId, commission, currency, brokerRealizedPnl } = report;
  const fill = book.fills.find((candidate) => candidate.executionId === executionId);
  if (!fill) return unchanged(book, 'its execution has not come');
  const isForeignToo = isForeign(book, currency);
  const rate = isForeignToo ? commissionRate(book, currency) : null;
  const wantsRate = isForeignToo && rate !== null && (fill.commissionRate ?? null) === null;
  const isTold = fill.commission !== null && decimal(fill.commission).eq(decimal(commission));
  if (isTold && !wantsRate) return unchanged(book, KNOWN);
  const booked = {
    ...{ ...fill, commission, commissionCurrency: currency, brokerRealizedPnl },
    ...(isForeignToo && { commissionRate: rate }),
  };
  const fills = book.fills.map((other) => (other === fill ? booked : other));
  return { book: { ...book, fills }, events: [] };
}
