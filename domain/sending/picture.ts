/**
 * What one picture of the broker proves for a book (BRK-12): the only place where absence and vanishing
 * are concluded. Book the picture's own facts first; then this.
 *
 * An order is missing when a complete picture lacks it in open orders of all clients, completed orders
 * and executions. Missing proves something only when all of this holds:
 *  1. the sender can't write any more;
 *  2. this generation began, and the write ended, long enough before the reading;
 *  3. two pictures of this one generation, apart from one another, lack it;
 *  4. the position is what the book says;
 *  5. it is still the broker's day of the claim, and not the time in which its lists may be short.
 */
import { decimal, text } from '../money.js';
import type { BrokerFact } from '../broker/fact.js';
import type { Snapshot } from '../broker/snapshot.js';
import { isLive, workingQuantity } from '../orders/machine.js';
import { withLeg, type Book, type Change, type Leg } from '../trade/book.js';
import { splitRatio } from '../trade/corporate-action.js';
import { takenOver } from '../trade/fact.js';
import { inferFill, inferredPrice } from '../trade/inferred.js';
import { changesSincePlacing, isOpen, placing, type Incarnation } from '../trade/incarnation.js';
import { withIncarnation } from '../trade/leg.js';
import { netOf, rowsOf } from '../trade/own-share.js';
import { absent, overdueWrites, unanswered, vanished } from '../trade/outcome.js';
import type { EpochMs } from '../vocabulary.js';
import type { ExpectedPosition } from './group.js';
import { isStray } from './ids.js';

const NONE: ReadonlySet<string> = new Set();

/** What dead sessions left on the way has arrived after this, or never will (BRK-2). */
export const ARRIVAL_MS = 15_000;
/** Two pictures closer than this could share one mistake. */
export const APART_MS = 2_000;

/** Where a picture is judged from. */
export interface Standpoint {
  readonly nowMs: EpochMs;
  /** The epoch under which this process holds the connection, as text. */
  readonly epoch: string;
  /** Groups that this process has claimed, and neither written nor given up. */
  readonly writing: ReadonlySet<string>;
  /** How long a write is waited for before it counts as unanswered. */
  readonly answerTimeoutMs: number;
  /** What the account's books expect in the contract; null when that is unknown. */
  readonly expected: ExpectedPosition | null;
  /** The broker's lists of now say nothing of a claim of that day. */
  readonly isBlindTo: (claimDay: string, nowMs: EpochMs) => boolean;
  /** The broker's lists may be short just now, whatever day it is. */
  readonly isInReset: (nowMs: EpochMs) => boolean;
}

export interface Judgement extends Change {
  /** When a further picture could settle what is still open; null when nothing is. */
  readonly lookAgainAtMs: EpochMs | null;
  /** The position is not what the books say: quarantine the symbol, a person must look. */
  readonly isUnexplained: boolean;
}

/** Judges a picture. One that isn't complete proves nothing. */
export function judgePicture(book: Book, snapshot: Snapshot, from: Standpoint): Judgement {
  // Also of what this process has in hand: a session that is dead carries it no more.
  const overdue = overdueWrites(book, from.nowMs, from.answerTimeoutMs, NONE).filter((ref) =>
    isFencedGroup(book, ref, snapshot, from),
  );
  const waited = unanswered(book, overdue).book;
  const isExplained = explains(snapshot, from.expected);
  if (!snapshot.isComplete) {
    const lookAgainAtMs = isUnsettled(waited) ? from.nowMs + APART_MS : null;
    return { book: waited, events: [], lookAgainAtMs, isUnexplained: false };
  }
  const events: Change['events'][number][] = [];
  let next = waited;
  for (const { legId } of waited.legs) {
    next = settleChanges(next, legId, snapshot);
    const judged = judgePlacing(next, legId, snapshot, from, isExplained);
    events.push(...judged.events);
    next = judged.book;
    const gone = judgeStrays(next, legId, snapshot, from, isExplained);
    events.push(...gone.events);
    next = gone.book;
    // The position explains one fill: what else is missing, the next picture says.
    if (judged.events.some(({ kind }) => kind === 'fill_inferred')) break;
  }
  const lookAgainAtMs = lookAgainAt(next, snapshot, from);
  return { book: next, events, lookAgainAtMs, isUnexplained: !isExplained && isSuspicious(next) };
}

/** The facts of a picture, in the order in which they must be booked: fills before ends. */
export function factsOf(snapshot: Snapshot, receivedAtMs: EpochMs): BrokerFact[] {
  const order = (report: Snapshot['orders'][number]): BrokerFact => ({
    kind: 'order',
    report,
    receivedAtMs,
    listed: true,
  });
  return [
    ...snapshot.executions.map((report): BrokerFact => ({
      kind: 'execution',
      report,
      receivedAtMs,
    })),
    ...snapshot.completed.map(order),
    ...snapshot.orders.map(order),
  ];
}

/** Whether the position that the broker shows is what the books expect; unknown is no. */
export function explains(snapshot: Snapshot, expected: ExpectedPosition | null): boolean {
  if (!snapshot.isComplete || expected === null) return false;
  const rows = rowsOf(snapshot.positions, expected.account, expected.brokerContractId);
  const shown = decimal(netOf(rows));
  return shown.eq(decimal(expected.quantity));
}

/** Another quantity at another cost is a split's doing, and no order's (REC-5): no fill is made up of it. */
function looksSplit({ positions }: Snapshot, expected: ExpectedPosition): boolean {
  const rows = rowsOf(positions, expected.account, expected.brokerContractId);
  const [row] = rows;
  // The broker shows one row for each contract; of several nobody knows the cost.
  if (row === undefined || rows.length > 1) return false;
  const { quantity, averageCost = null } = expected;
  return averageCost !== null && splitRatio({ quantity, averageCost }, row) !== null;
}

// ── changes ──────────────────────────────────────────────────────────────────────────────────────

/**
 * Modifications and cancels without an answer: the broker shows what came of them. An order that lives on
 * as before never got them; the planner plans anew, nothing is repeated blindly.
 */
function settleChanges(book: Book, legId: string, snapshot: Snapshot): Book {
  const leg = book.legs.find((candidate) => candidate.legId === legId)!;
  let next = book;
  for (const change of leg.incarnations) {
    if (change.kind === 'place' || change.state !== 'UNKNOWN') continue;
    if (change.claimedAtMs >= snapshot.startedAtMs) continue;
    const state = outcomeOf(leg, change, snapshot);
    if (state === null) continue;
    const isNewTerms = change.kind === 'modify' && state === 'SHOWN';
    next = withLeg(next, legId, (now) => ({
      ...withIncarnation(now, change.n, { state }),
      ...(isNewTerms ? { wanted: change.terms! } : {}),
    }));
  }
  return next;
}

/** SHOWN: it took effect; ABSENT: it did not; null: its order is missing, which comes first. */
function outcomeOf(leg: Leg, change: Incarnation, snapshot: Snapshot): 'SHOWN' | 'ABSENT' | null {
  const place = leg.incarnations
    .filter(
      ({ kind, sessionOrderId }) => kind === 'place' && sessionOrderId === change.sessionOrderId,
    )
    .at(-1);
  const shown = snapshot.orders.find(
    ({ sessionOrderId, sessionClientId }) =>
      sessionOrderId === change.sessionOrderId && sessionClientId === change.sessionClientId,
  );
  if (place === placing(leg)) {
    if (shown === undefined) return isLive(leg) ? null : 'ABSENT';
    const isTaken = change.kind === 'modify' && shown.terms !== null;
    return isTaken && takenOver(change.terms!, shown.terms) ? 'SHOWN' : 'ABSENT';
  }
  // An earlier order: gone is what the cancel was for; one that was never shown proves nothing.
  return shown === undefined && place?.state === 'SHOWN' ? 'SHOWN' : 'ABSENT';
}

// ── orders that are missing ──────────────────────────────────────────────────────────────────────

function judgePlacing(
  book: Book,
  legId: string,
  snapshot: Snapshot,
  from: Standpoint,
  isExplained: boolean,
): Change {
  const leg = book.legs.find((candidate) => candidate.legId === legId)!;
  const place = placing(leg);
  if (!place || !isSuspect(leg, place) || !mayCount(place, snapshot, from))
    return { book, events: [] };
  if (isListed(leg, place, snapshot)) return { book, events: [] };
  const isInferable = !isExplained && place.state === 'SHOWN' && fitsFill(leg, snapshot, from);
  // An exit that was there and is in no list protects nobody, whatever the position: that is remembered.
  const isGoneExit = leg.role !== 'ENTRY' && place.state === 'SHOWN';
  if (!isExplained && !isGoneExit) return { book, events: [] };
  if (isFirstMiss(place, snapshot)) {
    return { book: withMiss(book, legId, place, snapshot), events: [] };
  }
  if (!isExplained && !isInferable) return { book, events: [] };
  if (!isLaterMiss(place, snapshot)) return { book, events: [] };
  if (isInferable) {
    const alsoFit = book.legs.filter(
      (other) => other !== leg && mayHaveFilled(other, snapshot, from),
    );
    const roles = alsoFit.map(({ role }) => role);
    return inferFill(book, legId, text(workingQuantity(leg)), from.nowMs, roles);
  }
  if (from.isInReset(from.nowMs)) return { book, events: [] };
  // It was there: whatever day it was sent, it is there no more. Only absence asks for the day of the claim.
  if (place.state === 'SHOWN') return vanished(book, { legId, n: place.n });
  if (from.isBlindTo(place.brokerDay, from.nowMs)) return { book, events: [] };
  return concludeAbsent(book, leg, place, snapshot);
}

/** No picture that counts has lacked it before. */
function isFirstMiss(place: Incarnation, snapshot: Snapshot): boolean {
  const { missed } = place;
  return missed?.generation !== snapshot.generation || missed.atMs < ripeAt(place, snapshot);
}

function withMiss(book: Book, legId: string, { n }: Incarnation, snapshot: Snapshot): Book {
  const missed = { generation: snapshot.generation, atMs: snapshot.startedAtMs };
  return withLeg(book, legId, (now) => withIncarnation(now, n, { missed }));
}

/**
 * Orders that others replaced, and whose end nobody told: gone by the same proof as the present one. Only
 * their ids say that they are listed, for the present order has the same reference.
 */
function judgeStrays(
  book: Book,
  legId: string,
  snapshot: Snapshot,
  from: Standpoint,
  isExplained: boolean,
): Change {
  const leg = book.legs.find((candidate) => candidate.legId === legId)!;
  const missing = leg.incarnations.filter(
    (place) =>
      isStray(leg, place) &&
      mayCount(place, snapshot, from) &&
      !isListed({ clientOrderId: null }, place, snapshot),
  );
  const events: Change['events'][number][] = [];
  let next = book;
  // It may have filled: beside a position that the books don't explain it is not gone.
  for (const place of isExplained ? missing : []) {
    if (isFirstMiss(place, snapshot)) next = withMiss(next, legId, place, snapshot);
    else if (isLaterMiss(place, snapshot) && !from.isInReset(from.nowMs)) {
      next = withLeg(next, legId, (now) => withIncarnation(now, place.n, { state: 'VANISHED' }));
      const summary = `${leg.role}: an order that was replaced is gone from the broker's lists`;
      events.push({ kind: 'vanished', summary });
    }
  }
  return { book: next, events };
}

/** Far enough from the miss before. */
function isLaterMiss({ missed }: Incarnation, { startedAtMs }: Snapshot): boolean {
  return missed !== null && startedAtMs - missed.atMs >= APART_MS;
}

/** It is missing like the other, and would explain the position as well. */
function mayHaveFilled(leg: Leg, snapshot: Snapshot, from: Standpoint): boolean {
  const place = placing(leg);
  if (!place || !isSuspect(leg, place) || isListed(leg, place, snapshot)) return false;
  return fitsFill(leg, snapshot, from);
}

/** The position lacks exactly what the missing exit could still fill: it did, and nobody told. */
function fitsFill(leg: Leg, snapshot: Snapshot, { expected }: Standpoint): boolean {
  if (leg.role === 'ENTRY' || expected === null || inferredPrice(leg) === null) return false;
  if (looksSplit(snapshot, expected)) return false;
  const missing = workingQuantity(leg);
  const filled = leg.side === 'BUY' ? missing : missing.neg();
  const quantity = text(decimal(expected.quantity).add(filled));
  return missing.gt(0) && explains(snapshot, { ...expected, quantity });
}

/** A bracket is absent as a whole or not at all: one leg of it that is listed proves the parent. */
function concludeAbsent(book: Book, leg: Leg, place: Incarnation, snapshot: Snapshot): Change {
  const group = book.legs.filter((other) => placing(other)?.groupKey === place.groupKey);
  const isEntryGroup = group.some(({ role }) => role === 'ENTRY');
  if (!isEntryGroup) return absent(book, [{ legId: leg.legId, n: place.n }]);
  const anyListed = group.some((other) => isListed(other, placing(other)!, snapshot));
  // A child that was refused, for want of its parent, is as absent as one that was lost with it.
  const isOfNone = (place: Incarnation) => isOpen(place) || place.state === 'REFUSED';
  const isWhole = group.every((other) => isOfNone(placing(other)!));
  if (!isWhole && leg.role !== 'ENTRY') return absent(book, [{ legId: leg.legId, n: place.n }]);
  if (anyListed || !isWhole || leg.role !== 'ENTRY') return { book, events: [] };
  return absent(
    book,
    group
      .filter((other) => isOpen(placing(other)!))
      .map((other) => ({ legId: other.legId, n: placing(other)!.n })),
  );
}

/** Of unknown fate, or taken for alive. */
function isSuspect(leg: Leg, place: Incarnation): boolean {
  if (isOpen(place)) return place.state === 'UNKNOWN';
  return place.state === 'SHOWN' && isLive(leg);
}

/** The sender is fenced, and the reading began after the write. */
function mayCount(place: Incarnation, snapshot: Snapshot, from: Standpoint): boolean {
  return isFenced(place, snapshot, from) && sentUntil(place, snapshot) < snapshot.startedAtMs;
}

/**
 * The client id was accepted again since, so the session that could have written is dead; or it is this
 * process and this session, and the write is over.
 */
export function isFenced(place: Incarnation, snapshot: Snapshot, from: Standpoint): boolean {
  if (place.generation < snapshot.generation) return true;
  const isOwn = place.generation === snapshot.generation && place.epoch === from.epoch;
  return isOwn && !from.writing.has(place.groupKey);
}

function isFencedGroup(
  book: Book,
  ref: { readonly legId: string; readonly n: number },
  snapshot: Snapshot,
  from: Standpoint,
): boolean {
  const leg = book.legs.find(({ legId }) => legId === ref.legId)!;
  return isFenced(
    leg.incarnations.find(({ n }) => n === ref.n)!,
    snapshot,
    from,
  );
}

/** When the last byte of it can have left. */
function sentUntil(place: Incarnation, snapshot: Snapshot): EpochMs {
  const isOfDeadSession = place.generation < snapshot.generation;
  return isOfDeadSession ? snapshot.generationSinceMs : (place.writtenAtMs ?? place.claimedAtMs);
}

/** From when on a reading counts: what was on its way has arrived. */
function ripeAt(place: Incarnation, snapshot: Snapshot): EpochMs {
  return Math.max(snapshot.generationSinceMs, sentUntil(place, snapshot)) + ARRIVAL_MS;
}

/** Shown by its reference (null: that of another order), by a durable id, or by its order id. */
function isListed(
  leg: { readonly clientOrderId: string | null },
  place: Incarnation,
  snapshot: Snapshot,
): boolean {
  const isIt = (report: {
    readonly clientOrderId: string | null;
    readonly brokerOrderId: string | null;
    readonly sessionOrderId: number;
    readonly sessionClientId: number;
  }): boolean => {
    const byOrderId =
      report.sessionOrderId === place.sessionOrderId &&
      report.sessionClientId === place.sessionClientId;
    const byDurableId =
      report.brokerOrderId !== null && place.brokerOrderIds.includes(report.brokerOrderId);
    const byReference = leg.clientOrderId !== null && report.clientOrderId === leg.clientOrderId;
    return byReference || byOrderId || byDurableId;
  };
  const { orders, completed, executions } = snapshot;
  // A live order with some fills must be among the open or the completed ones: fills alone are past.
  if (place.state === 'SHOWN') return [...orders, ...completed].some(isIt);
  return [...orders, ...completed].some(isIt) || executions.some(isIt);
}

// ── what is still open ───────────────────────────────────────────────────────────────────────────

function isSuspicious(book: Book): boolean {
  return book.legs.some(
    (leg) => placing(leg)?.state === 'UNKNOWN' || placing(leg)?.missed !== null,
  );
}

function isUnsettled(book: Book): boolean {
  return book.legs.some((leg) => leg.incarnations.some(isOpen) || hasMiss(leg));
}

function hasMiss(leg: Leg): boolean {
  const place = placing(leg);
  return place?.state === 'SHOWN' && isLive(leg) && place.missed !== null;
}

/** When a further picture could conclude something of what this one lacks. */
function provableAt(place: Incarnation, snapshot: Snapshot): EpochMs {
  if (isFirstMiss(place, snapshot)) return ripeAt(place, snapshot);
  return place.missed!.atMs + APART_MS;
}

/** The earliest moment at which a further picture of this generation could conclude something. */
function lookAgainAt(book: Book, snapshot: Snapshot, from: Standpoint): EpochMs | null {
  const times = book.legs.flatMap((leg) => {
    const place = placing(leg);
    const changes = changesSincePlacing(leg).filter(isOpen);
    const soon = changes.length > 0 ? [from.nowMs + APART_MS] : [];
    const strays = leg.incarnations.filter((one) => isStray(leg, one) && one.missed !== null);
    const isAwaited = place && (isOpen(place) || hasMiss(leg));
    const awaited = isAwaited ? [place, ...strays] : strays;
    return [...soon, ...awaited.map((one) => provableAt(one, snapshot))];
  });
  if (times.length === 0) return null;
  // A proof that failed for another reason (position, day) is tried again after a pause.
  return Math.max(Math.min(...times), from.nowMs + APART_MS);
}
