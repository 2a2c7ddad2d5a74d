/**
 * A closed market (SIG-5): a signal that may be queued waits for the contract's next open, and is planned there
 * with every check anew. Nothing is kept of the wait but the trade's state: that it waited is seen from its
 * receipt and the session's open.
 */
import { nextOpen, sessionOpen } from '../hours.js';
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

/** Longer than any closure of the New York Stock Exchange since 1914, with the weekend behind it. */
const QUEUE_MAX_MS = 10 * 24 * 3_600_000;
/** A liquid share is quoted within seconds of its open; one that isn't by then opens late, or not at all. */
const OPEN_LATE_MS = 60_000;

export interface Queued {
  /** For people: until when, and why then. */
  readonly cause: string;
  /** The next open; or, when the broker has told of none, the end of the days that it told of. */
  readonly opensMs: EpochMs;
}

/** Until when a signal waits for its market; null when it doesn't. */
export function queuedFor(context: PlanContext): Queued | null {
  const { contract, signal, nowMs, receivedAtMs } = context;
  if (!mayQueue(context) || contract.kind !== 'known' || contract.hours === null) return null;
  // What is quoted in a closed market says nothing of the price at the open.
  const { findings } = decidePlan({ ...context, quote: null });
  const isClosed = findings.some(({ code }) => code === 'MARKET_CLOSED');
  if (!isClosed || !findings.every(({ code }) => MAY_PASS.has(code))) return null;
  const told = nextOpen(contract.hours, nowMs);
  const opensMs = told ?? contract.hours.untilMs;
  if (signal.expiresAtMs !== null && signal.expiresAtMs <= opensMs) return null;
  if (opensMs > receivedAtMs + QUEUE_MAX_MS) return null;
  const why = told === null ? 'the broker has told of no open before' : 'the next open';
  return { cause: `queued until ${new Date(opensMs).toISOString()}: ${why}`, opensMs };
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
