/** A contract's trading hours as data: how a broker writes them is its adapter's business. */
import type { EpochMs } from './vocabulary.js';

export interface Session {
  readonly openMs: EpochMs;
  readonly closeMs: EpochMs;
  /** Regular hours; a liquid session lies within one that isn't (pre-market to after-hours). */
  readonly liquid: boolean;
}

/** Sessions in order of time, and the span of days that the broker told of. */
export interface TradingHours {
  readonly sessions: readonly Session[];
  readonly fromMs: EpochMs;
  readonly untilMs: EpochMs;
}

/** Whether the instant is within a liquid session; its end belongs to the time after. */
export function isOpen(hours: TradingHours, nowMs: EpochMs): boolean {
  return currentSession(hours, nowMs) !== null;
}

/** Close of the liquid session that is open now; null outside of them. */
export function sessionClose(hours: TradingHours, nowMs: EpochMs): EpochMs | null {
  return currentSession(hours, nowMs)?.closeMs ?? null;
}

/** When the liquid session that is open now began; null outside of them. */
export function sessionOpen(hours: TradingHours, nowMs: EpochMs): EpochMs | null {
  return currentSession(hours, nowMs)?.openMs ?? null;
}

/** Whether a liquid session began after the first instant, up to the second. */
export function hasOpenedSince(hours: TradingHours, sinceMs: EpochMs, nowMs: EpochMs): boolean {
  return hours.sessions.some(({ openMs, liquid }) => liquid && openMs > sinceMs && openMs <= nowMs);
}

/** The next liquid open after now; null when the broker told of none. */
export function nextOpen(hours: TradingHours, nowMs: EpochMs): EpochMs | null {
  return hours.sessions.find(({ openMs, liquid }) => liquid && openMs > nowMs)?.openMs ?? null;
}

/** Whether they say anything of that instant's day: old hours say nothing of today. */
export function covers(hours: TradingHours, nowMs: EpochMs): boolean {
  return nowMs >= hours.fromMs && nowMs < hours.untilMs;
}

function currentSession(hours: TradingHours, nowMs: EpochMs): Session | null {
  const isNow = ({ openMs, closeMs, liquid }: Session) =>
    liquid && openMs <= nowMs && nowMs < closeMs;
  return hours.sessions.find(isNow) ?? null;
}
