/**
 * A closed market (SIG-5): a signal that may be queued waits for the contract's next open, and is planned there
 * with every check anew. Nothing is kept of the wait but the trade's state: that it waited is seen from its
 * receipt and the session's open.
 */
import { covers, nextOpen, sessionOpen } from '../hours.js';
import type { ReasonCode } from '../reasons.js';
import type { EpochMs } from '../vocabulary.js';
import type { PlanContext } from './context.js';
import { decidePlan } from './decide.js';
import type { Finding } from './finding.js';
import type { Outage } from './outage.js';

/** What the open may find otherwise without anybody's doing; all else is denied at once. */
const MAY_PASS: ReadonlySet<ReasonCode> = new Set<ReasonCode>([
  'MARKET_CLOSED',
  'BROKER_UNAVAILABLE',
  'NO_QUOTE',
  'DATA_UNAVAILABLE',
  'CURRENCY_MISMATCH',
  // Counted by the minute and by the day, which is another one then.
  'ORDER_RATE',
  'MAX_TRADES_PER_DAY',
  'DAILY_LOSS_LIMIT',
]);

/** What an auction leaves behind for its first moments. */
const LATE_AFTER_OPEN: ReadonlySet<ReasonCode> = new Set<ReasonCode>([
  'SYMBOL_HALTED',
  'NO_QUOTE',
  'QUOTE_DELAYED',
  'QUOTE_STALE',
  'SPREAD_TOO_WIDE',
  'DATA_UNAVAILABLE',
]);

/** What hides that more wait for the open than may pass in a minute; each is waited for by itself behind that. */
const BESIDE_RATE: ReadonlySet<ReasonCode> = new Set<ReasonCode>([
  ...LATE_AFTER_OPEN,
  'BROKER_UNAVAILABLE',
]);

/** Longer than any closure of the New York Stock Exchange since 1914, with the weekend behind it. */
const QUEUE_MAX_MS = 10 * 24 * 3_600_000;
/** A liquid share is quoted within seconds of its open; one that isn't by then opens late, or not at all. */
const OPEN_LATE_MS = 60_000;
/** Orders are counted by the minute: those of now count no more then. */
const RATE_PAUSE_MS = 61_000;
/** Some four hundred brackets pass in that time at the default rate; what comes later was not meant for the open. */
const RATE_LATE_MS = 15 * 60_000;
/** Soon enough for an open whose hours come late; ten days of it still fit a workflow's history. */
const HOURS_AGAIN_MS = 10 * 60_000;

export interface Queued {
  /** For people: until when, and why then. */
  readonly cause: string;
  /** The next open; when the broker has told of none, the end of the days it told of; behind that, the next look. */
  readonly opensMs: EpochMs;
}

/** Until when a signal waits for its market; null when it doesn't. `isAwaiting`: it has waited so far. */
export function queuedFor(context: PlanContext, isAwaiting = false): Queued | null {
  if (!mayQueue(context)) return null;
  const queued = ofHours(context, isAwaiting);
  if (queued === null) return null;
  const { signal, receivedAtMs } = context;
  const { opensMs } = queued;
  if (signal.expiresAtMs !== null && signal.expiresAtMs <= opensMs) return null;
  return opensMs > receivedAtMs + QUEUE_MAX_MS ? null : queued;
}

function ofHours(context: PlanContext, isAwaiting: boolean): Queued | null {
  const { contract, nowMs } = context;
  if (contract.kind === 'unknown_symbol') return null;
  const hours = contract.kind === 'known' ? contract.hours : null;
  // What is quoted in a closed market says nothing of the price at the open.
  const { findings } = decidePlan({ ...context, quote: null });
  if (!findings.every(({ code }) => MAY_PASS.has(code))) return null;
  if (hours === null || !covers(hours, nowMs)) {
    return isAwaiting ? { cause: HOURS_LATE, opensMs: nowMs + HOURS_AGAIN_MS } : null;
  }
  if (!findings.some(({ code }) => code === 'MARKET_CLOSED')) return null;
  const told = nextOpen(hours, nowMs);
  const opensMs = told ?? hours.untilMs;
  const why = told === null ? 'the broker has told of no open before' : 'the next open';
  return { cause: `queued until ${new Date(opensMs).toISOString()}: ${why}`, opensMs };
}

/** The days that were told of are over, and whoever waited through them is not denied for the next ones' lateness. */
const HOURS_LATE =
  "queued: the contract's hours of today are not known yet, and are asked for again";

export interface Crowded {
  /** For people. */
  readonly cause: string;
  /** From then on the trade is denied. */
  readonly untilMs: EpochMs;
  /** It is planned again then. */
  readonly againMs: EpochMs;
}

/** The market has opened for more signals than the rate of orders lets through at once; null when that isn't it. */
export function crowdedAtOpen(context: PlanContext, findings: readonly Finding[]): Crowded | null {
  const openedMs = waitedFor(context);
  if (openedMs === null || !findings.some(({ code }) => code === 'ORDER_RATE')) return null;
  if (!findings.every(({ code }) => code === 'ORDER_RATE' || BESIDE_RATE.has(code))) return null;
  const untilMs = Math.min(openedMs + RATE_LATE_MS, context.signal.expiresAtMs ?? Infinity);
  const againMs = context.nowMs + RATE_PAUSE_MS;
  if (againMs >= untilMs) return null;
  return {
    cause: 'more signals waited for the open than may be sent in a minute',
    untilMs,
    againMs,
  };
}

/** The market has just opened, and only what comes with its first trades is missing; null when more is. */
export function lateAtOpen(context: PlanContext, findings: readonly Finding[]): Outage | null {
  const openedMs = waitedFor(context);
  if (openedMs === null || findings.length === 0) return null;
  const untilMs = Math.min(openedMs + OPEN_LATE_MS, context.signal.expiresAtMs ?? Infinity);
  if (context.nowMs >= untilMs) return null;
  if (!findings.every(({ code }) => LATE_AFTER_OPEN.has(code))) return null;
  const cause = 'the market is open, its quotes are not there yet';
  return { cause, untilMs, isOfParking: false };
}

/** The same trade as received at the open it waited for: its waits for the link are reckoned from there. */
export function asOfOpen(context: PlanContext): PlanContext {
  const openedMs = waitedFor(context);
  if (openedMs === null) return context;
  return {
    ...context,
    receivedAtMs: openedMs,
    signal: { ...context.signal, generatedAtMs: null },
  };
}

/** The open of this session, when the signal came before it and was to wait; else null. */
function waitedFor(context: PlanContext): EpochMs | null {
  const { contract, nowMs, receivedAtMs } = context;
  if (!mayQueue(context) || contract.kind !== 'known' || contract.hours === null) return null;
  const openedMs = sessionOpen(contract.hours, nowMs);
  return openedMs !== null && openedMs > receivedAtMs ? openedMs : null;
}

function mayQueue({ signal, limits }: PlanContext): boolean {
  return (signal.whenClosed ?? limits.whenClosed) === 'queue';
}
