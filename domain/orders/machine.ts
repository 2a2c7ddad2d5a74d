/**
 * The order machine (BRK-4): what each event makes of a leg.
 *
 * Invariants, quoted by the property tests:
 *  1. The filled quantity is the sum of the executions that count, and nothing else. It falls only by a
 *     correction or a bust.
 *  2. An event that was applied before changes nothing.
 *  3. A status that the broker ended with (EXECUTED, CANCELLED, REJECTED, EXPIRED) stays; only
 *     executions that complete the order turn it into EXECUTED.
 *  4. Executions are accepted in every state.
 *  5. FAILED is this system's own inference: any evidence from the broker overrules it.
 *  6. EXECUTED is entered only when the executions cover the order, or all that the broker called filled,
 *     those included that were taken back; a status "filled" is a hint.
 *  7. Executions and busts may come in any order: the end is the same.
 *  8. UNKNOWN is entered only from a send under way, and left only by evidence.
 *  9. What the broker has shown is never NEW again, whoever says that it was not sent.
 * 10. Fills of an earlier order of the same reference say nothing of the order that the leg stands for.
 * 11. A refused cancel proves nothing of the order: it stays CANCEL_PENDING until a list shows it.
 */
import { decimal, max, min, sum, text, ZERO, type Decimal } from '../money.js';
import type { OrderStatus } from '../vocabulary.js';
import type { BookedExecution, LegExecution, OrderEvent, OrderLeg, OrderStep } from './leg.js';
import { ENDED, hasEnded, moveOnExecution, moveOnListing, moveOnStatus } from './table.js';

/** A leg that was only recorded: nothing sent, nothing known. */
export function newLeg(base: Pick<OrderLeg, 'legId' | 'role' | 'side' | 'quantity'>): OrderLeg {
  return {
    ...base,
    intent: 'NEW',
    status: 'PENDING',
    whyHeld: '',
    filledQuantity: '0',
    averagePrice: null,
    executions: [],
    reported: null,
    error: null,
  };
}

/** Applies one event. The leg given is not changed. */
export function applyOrderEvent(leg: OrderLeg, event: OrderEvent): OrderStep {
  const { leg: next, note } = settleAwaited(settleExecuted(settleEarlier(step(leg, event))));
  const changed = !sameLeg(leg, next);
  const result = { leg: changed ? next : leg, changed };
  return note === undefined ? result : { ...result, note };
}

interface Step {
  readonly leg: OrderLeg;
  readonly note?: string;
}

function step(leg: OrderLeg, event: OrderEvent): Step {
  switch (event.kind) {
    case 'sendStarted':
      return onSendStarted(leg);
    case 'sendFailed':
      return onSendFailed(leg, event.message);
    case 'sendWithdrawn':
      return onSendWithdrawn(leg);
    case 'parentNeverArrived':
      return onParentNeverArrived(leg);
    case 'outcomeUnknown':
      return onOutcomeUnknown(leg);
    case 'provenAbsent':
      return onProvenAbsent(leg);
    case 'acknowledged':
      return onStatus(leg, 'ACCEPTED', leg.whyHeld);
    case 'statusReported':
      return onStatusReported(leg, event);
    case 'quantityRead':
      return { leg: seen({ ...leg, quantity: event.quantity }) };
    case 'executed':
    case 'executionCorrected':
      return onExecution(leg, event);
    case 'rejected':
      return onRejected(leg, event.code, event.message);
    case 'cancelRequested':
      return onCancelRequested(leg);
    case 'cancelWithdrawn':
      return onCancelWithdrawn(leg);
    case 'cancelRejected':
      return { leg, note: `cancel refused: ${event.code} ${event.message}` };
    case 'vanished':
      return onVanished(leg);
    case 'cancelled':
      return onStatus(leg, 'CANCELLED', '');
    case 'expired':
      return onStatus(leg, 'EXPIRED', '');
    case 'foundPresent':
      return onFoundPresent(leg, event.status, event.whyHeld);
  }
}

// ── sending ──────────────────────────────────────────────────────────────────────────────────────

function onSendStarted(leg: OrderLeg): Step {
  if (leg.intent === 'SENT') return { leg, note: 'a send started though the broker has it' };
  return { leg: { ...leg, intent: 'SENDING', status: 'PENDING', error: null } };
}

function onSendFailed(leg: OrderLeg, message: string): Step {
  if (leg.intent === 'SENT')
    return { leg, note: `send failed though the broker has it: ${message}` };
  if (leg.status === 'UNKNOWN')
    return { leg, note: `send failed after it was written: ${message}` };
  return { leg: { ...leg, status: 'FAILED', error: { code: 0, message } } };
}

function onSendWithdrawn(leg: OrderLeg): Step {
  if (leg.intent === 'SENT') return { leg, note: 'withdrawn though the broker has it' };
  return { leg: { ...leg, intent: 'NEW', status: 'PENDING', error: null } };
}

function onParentNeverArrived(leg: OrderLeg): Step {
  if (leg.status !== 'REJECTED' || isPartlyFilled(leg))
    return { leg, note: 'its parent never arrived though the broker has it' };
  return { leg: { ...leg, intent: 'NEW', status: 'PENDING', error: null } };
}

function onOutcomeUnknown(leg: OrderLeg): Step {
  const underWay = leg.intent === 'SENDING' && leg.status === 'PENDING';
  return { leg: underWay ? { ...leg, status: 'UNKNOWN' } : leg };
}

function onProvenAbsent(leg: OrderLeg): Step {
  if (leg.intent === 'SENT') return { leg, note: 'proven absent though the broker had shown it' };
  const error = { code: 0, message: 'the broker never had it' };
  return { leg: { ...leg, status: 'FAILED', error } };
}

// ── what the broker says ─────────────────────────────────────────────────────────────────────────

/** Any word of the broker is proof that it was sent. */
function seen(leg: OrderLeg): OrderLeg {
  return leg.intent === 'SENT' ? leg : { ...leg, intent: 'SENT' };
}

function onStatus(leg: OrderLeg, reported: OrderStatus, whyHeld: string): Step {
  const status = moveOnStatus(leg.status, reported, isPartlyFilled(leg));
  const late = ENDED.has(leg.status) && !ENDED.has(reported);
  const next = seen({
    ...leg,
    status,
    whyHeld: ENDED.has(status) ? '' : late ? leg.whyHeld : whyHeld,
  });
  if (late) return { leg: next, note: `late status ${reported} after ${leg.status}` };
  return { leg: next };
}

type StatusReported = Extract<OrderEvent, { kind: 'statusReported' }>;

/** Figures of an older message (less filled than already known) are left aside with its status. */
function onStatusReported(leg: OrderLeg, event: StatusReported): Step {
  const known = leg.reported === null ? ZERO : decimal(leg.reported.filled);
  const filled = decimal(event.filled);
  if (filled.lt(known)) return { leg: seen(leg), note: 'an older status came late' };
  const reported = {
    filled: text(filled),
    remaining: text(decimal(event.remaining)),
    done: event.status === 'EXECUTED' || (leg.reported?.done ?? false),
  };
  const hinted = { ...leg, reported: { ...reported, ...awaitedSince(leg, event.atMs) } };
  return onStatus(hinted, event.status, event.whyHeld);
}

/** A fill that is still waited for is so since it was first told. */
function awaitedSince(
  leg: OrderLeg,
  atMs: number | undefined,
): Pick<NonNullable<OrderLeg['reported']>, 'sinceMs'> {
  const sinceMs = (awaitsExecutions(leg) ? leg.reported?.sinceMs : undefined) ?? atMs;
  return sinceMs === undefined ? {} : { sinceMs };
}

function onRejected(leg: OrderLeg, code: number, message: string): Step {
  const { leg: next, note } = onStatus(leg, 'REJECTED', '');
  const withError = next.status === 'REJECTED' ? { ...next, error: { code, message } } : next;
  return note === undefined ? { leg: withError } : { leg: withError, note };
}

function onCancelRequested(leg: OrderLeg): Step {
  if (hasEnded(leg.status)) return { leg };
  return { leg: { ...leg, status: 'CANCEL_PENDING' } };
}

/** The broker never heard of it: the order is as it was. */
function onCancelWithdrawn(leg: OrderLeg): Step {
  if (leg.status !== 'CANCEL_PENDING') return { leg };
  if (isPartlyFilled(leg)) return { leg: { ...leg, status: 'PARTIAL' } };
  return { leg: { ...leg, status: leg.whyHeld === '' ? 'ACCEPTED' : 'HELD' } };
}

/** FAILED, for it is an inference: any later word of the broker overrules it. */
function onVanished(leg: OrderLeg): Step {
  if (!isLive(leg)) return { leg };
  const error = { code: 0, message: "gone from the broker's lists without a word" };
  return { leg: { ...leg, status: 'FAILED', whyHeld: '', error } };
}

/** A listing is the present state, not a message on its way: it overrules a live status. */
function onFoundPresent(leg: OrderLeg, status: OrderStatus, whyHeld: string): Step {
  const next = moveOnListing(leg.status, status, isPartlyFilled(leg));
  return { leg: seen({ ...leg, status: next, whyHeld: ENDED.has(next) ? '' : whyHeld }) };
}

// ── executions ───────────────────────────────────────────────────────────────────────────────────

type Executed = Extract<OrderEvent, { kind: 'executed' | 'executionCorrected' }>;

function onExecution(leg: OrderLeg, event: Executed): Step {
  const { executionId, executionKey, correction, quantity, price } = event;
  const known = leg.executions.find((execution) => execution.executionKey === executionKey);
  const toldQuantity = mostOf(quantity, known?.toldQuantity);
  if (known && known.correction >= correction) {
    return { leg: replaceExecution(leg, known, { ...known, toldQuantity }) };
  }
  const ofEarlier = event.ofEarlier === true;
  const told = { executionId, executionKey, correction, quantity, price, toldQuantity };
  const execution = ofEarlier ? { ...told, ofEarlier } : told;
  const executions = known
    ? leg.executions.map((other) => (other === known ? execution : other))
    : [...leg.executions, execution];
  const filled = filledOf(executions);
  if (ofEarlier) {
    const note = `execution ${executionId} of an earlier order of its reference`;
    return { leg: { ...leg, executions, ...filled }, note };
  }
  const next = seen({ ...leg, executions, ...filled });
  const status = moveOnExecution(leg.status, isPartlyFilled(next));
  const late = leg.status === 'CANCELLED' || leg.status === 'REJECTED' || leg.status === 'EXPIRED';
  const moved = { ...next, status };
  return late
    ? { leg: moved, note: `execution ${executionId} after ${leg.status}` }
    : { leg: moved };
}

function mostOf(quantity: string, known: string | undefined): string {
  return known === undefined ? quantity : text(max(decimal(quantity), decimal(known)));
}

function replaceExecution(leg: OrderLeg, from: BookedExecution, to: BookedExecution): OrderLeg {
  const executions = leg.executions.map((other) => (other === from ? to : other));
  return { ...leg, executions };
}

function filledOf(
  executions: readonly LegExecution[],
): Pick<OrderLeg, 'filledQuantity' | 'averagePrice'> {
  const filled = sum(executions.map(({ quantity }) => decimal(quantity)));
  if (filled.lte(0)) return { filledQuantity: '0', averagePrice: null };
  const value = sum(executions.map((e) => decimal(e.quantity).mul(decimal(e.price))));
  return { filledQuantity: text(filled), averagePrice: text(value.div(filled)) };
}

/** The broker has filled its reference, so it is not planned anew, though its newest order never arrived. */
function settleEarlier({ leg, note }: Step): Step {
  if (leg.intent !== 'NEW' || earlierFilled(leg).lte(0)) return withNote(leg, note);
  const error = { code: 0, message: 'an earlier order of its reference was filled' };
  return withNote({ ...leg, intent: 'SENT', status: 'FAILED', error }, note);
}

/**
 * The order is done when its executions cover it, or all that the broker reported as filled: also those
 * that were taken back since, for the broker counts them, and fills no others in their place.
 */
function settleExecuted({ leg, note }: Step): Step {
  const filled = ownFilled(leg);
  const isWhole = filled.gt(0) && filled.gte(decimal(leg.quantity));
  const reported = leg.reported?.done === true ? decimal(leg.reported.filled) : ZERO;
  const isTold = reported.gt(0) && !awaitsExecutions(leg);
  const done = isTold && (filled.gte(reported) || !ENDED.has(leg.status));
  if (!done && !isWhole) return withNote(leg, note);
  return withNote({ ...leg, status: 'EXECUTED', whyHeld: '' }, note);
}

/** Nothing is waited for: nobody asks since when. */
function settleAwaited({ leg, note }: Step): Step {
  if (leg.reported?.sinceMs === undefined || awaitsExecutions(leg)) return withNote(leg, note);
  const { sinceMs: _, ...reported } = leg.reported;
  return withNote({ ...leg, reported }, note);
}

function withNote(leg: OrderLeg, note: string | undefined): Step {
  return note === undefined ? { leg } : { leg, note };
}

function isPartlyFilled(leg: OrderLeg): boolean {
  return ownFilled(leg).gt(0);
}

// ── reading a leg ────────────────────────────────────────────────────────────────────────────────

/** What earlier orders of the same reference have filled. */
export function earlierFilled(leg: OrderLeg): Decimal {
  const earlier = leg.executions.filter(({ ofEarlier }) => ofEarlier);
  return sum(earlier.map(({ quantity }) => decimal(quantity)));
}

/** What the order that the leg stands for has filled. */
export function ownFilled(leg: OrderLeg): Decimal {
  return decimal(leg.filledQuantity).sub(earlierFilled(leg));
}

/** Whether the leg may still fill at the broker, as far as is known. */
export function isLive(leg: OrderLeg): boolean {
  return leg.intent !== 'NEW' && !hasEnded(leg.status);
}

/**
 * What may still fill: zero once ended, less what a status has already told of, and never more than
 * the broker last said remains (OCA may have reduced the order).
 */
export function workingQuantity(leg: OrderLeg): Decimal {
  if (!isLive(leg)) return ZERO;
  const executed = ownFilled(leg);
  const ordered = decimal(leg.quantity);
  if (leg.reported === null) return max(ZERO, ordered.sub(executed));
  const told = decimal(leg.reported.filled);
  const sinceTold = max(ZERO, executed.sub(told));
  const remaining = decimal(leg.reported.remaining).sub(sinceTold);
  return max(ZERO, min(ordered.sub(max(executed, told)), remaining));
}

/** Shares of the present order that the broker counts as filled: also those taken back that a status has told of. */
export function filledAtBroker(leg: OrderLeg): Decimal {
  const executed = ownFilled(leg);
  return leg.reported === null ? executed : max(executed, decimal(leg.reported.filled));
}

/** A status told of more fills than executions have come; those that were busted since did come. */
export function awaitsExecutions(leg: OrderLeg): boolean {
  if (leg.reported === null) return false;
  const own = leg.executions.filter(({ ofEarlier }) => !ofEarlier);
  const told = sum(own.map(({ toldQuantity }) => decimal(toldQuantity)));
  return decimal(leg.reported.filled).gt(told);
}

function sameLeg(a: OrderLeg, b: OrderLeg): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
