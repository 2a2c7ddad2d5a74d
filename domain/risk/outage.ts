/**
 * Short outages (BRK-11): a trade that only the missing link to the broker keeps from being approved waits
 * for it, and what a missing link makes unknown is no reason of its own. What parks entries while the link is
 * up is waited for as long as it lasts (BRK-8).
 */
import type { Parked } from '../broker/parking.js';
import type { ReasonCode } from '../reasons.js';
import type { EpochMs } from '../vocabulary.js';
import type { PlanContext } from './context.js';
import type { Finding } from './finding.js';

/** What nobody can know without a link. */
const UNKNOWN_WITHOUT_LINK: ReadonlySet<ReasonCode> = new Set<ReasonCode>([
  'NO_QUOTE',
  'QUOTE_STALE',
  'DATA_UNAVAILABLE',
  'UNKNOWN_SYMBOL',
]);

/** What may still be missing right after the link is back. */
const LATE_AFTER_LINK: ReadonlySet<ReasonCode> = new Set<ReasonCode>([
  'NO_QUOTE',
  'QUOTE_STALE',
  'DATA_UNAVAILABLE',
]);

/** A person is waited for that long, from a signal's receipt: the broker's weekly login ends with its day. */
const PARKED_MAX_MS = 24 * 3_600_000;

/** Quotes and account values come within seconds of a sync; who has none by then has none. */
const LATE_MAX_MS = 15_000;

/** The findings without those that only a missing link justifies. */
export function withoutLinkCodes({ broker }: PlanContext, findings: readonly Finding[]): Finding[] {
  return findings.filter(({ code }) => broker.ready || !UNKNOWN_WITHOUT_LINK.has(code));
}

export interface Outage {
  /** For people: what is missing. */
  readonly cause: string;
  /** From then on the trade is denied. */
  readonly untilMs: EpochMs;
  /** What is waited for parks entries while the link may be up: how long says nothing of a link's wait. */
  readonly isOfParking: boolean;
}

export interface OutageTerms {
  /** How long a trade may wait for the link. */
  readonly waitMs: number;
  /** As the last wait of the trade said; null before the first. */
  readonly parkedUntilMs: EpochMs | null;
  /** That wait was for what parks entries. */
  readonly isOfParking: boolean;
}

/** Why, and until when, a denied plan may wait for the link instead; null when it may not. */
export function outageOf(
  context: PlanContext,
  findings: readonly Finding[],
  terms: OutageTerms,
): Outage | null {
  const { nowMs, broker } = context;
  const { parked } = broker;
  const isOfParking = parked !== null;
  const untilMs = isOfParking
    ? parkedUntil(context, parked, terms.waitMs)
    : linkUntil(context, terms);
  if (nowMs >= untilMs || findings.length === 0) return null;
  const isUsable = broker.ready && parked === null;
  const isOfLink = ({ code }: Finding) => {
    if (code === 'BROKER_UNAVAILABLE') return !isUsable;
    return isOfLookUp(code, context) || (broker.ready && LATE_AFTER_LINK.has(code));
  };
  if (!findings.every(isOfLink)) return null;
  if (!isUsable) return { cause: causeOf(broker), untilMs, isOfParking };
  if (!mayBeLate(context, terms)) return null;
  const cause = 'the broker link is back, its quotes, values or look-ups are not';
  return { cause, untilMs, isOfParking };
}

/** What a lost link left unknown is looked up when it is back: nobody has quarantined the symbol. */
function isOfLookUp(code: ReasonCode, { book }: PlanContext): boolean {
  return code === 'SYMBOL_QUARANTINED' && book.hasUnknownOrder && book.quarantinedBy === null;
}

function causeOf({ parked, reason }: PlanContext['broker']): string {
  if (parked !== null) return `entries are parked (${parked.reason})`;
  return `the broker link is not ready (${reason})`;
}

/** A wait for the link is not begun anew by each plan; one for what parked entries was another. */
function linkUntil(context: PlanContext, terms: OutageTerms): EpochMs {
  const known = terms.isOfParking ? null : terms.parkedUntilMs;
  return known ?? waitsUntil(context, terms.waitMs);
}

/** The link came up a moment ago, or this trade has waited for it. */
function mayBeLate({ nowMs, broker }: PlanContext, { parkedUntilMs }: OutageTerms): boolean {
  if (parkedUntilMs !== null) return true;
  return broker.upSinceMs !== null && nowMs - broker.upSinceMs < LATE_MAX_MS;
}

/** To the end of what parks entries, and as long after it as for any link; a signal's own end comes first. */
function parkedUntil(
  { signal, receivedAtMs }: PlanContext,
  { untilMs }: Parked,
  waitMs: number,
): EpochMs {
  const longestMs = receivedAtMs + PARKED_MAX_MS;
  const endMs = untilMs === null ? longestMs : Math.min(untilMs + waitMs, longestMs);
  return Math.min(endMs, signal.expiresAtMs ?? endMs);
}

/** As long as the signal itself may live, and the wait at the most. */
export function waitsUntil(
  { nowMs, signal, receivedAtMs, limits }: PlanContext,
  waitMs: number,
): EpochMs {
  const ends = [nowMs + waitMs];
  if (signal.expiresAtMs !== null) ends.push(signal.expiresAtMs);
  if (signal.orderType === 'MKT') {
    const bornAtMs = Math.min(signal.generatedAtMs ?? receivedAtMs, receivedAtMs);
    ends.push(bornAtMs + limits.signalMaxAgeMs);
  }
  return Math.min(...ends);
}
