/** What a trading day begins and ends with: the equity that its loss is measured from (RSK-8). */
import { brokerDay, tradingDay, type DateText } from '../calendar.js';
import { holidaysAround, nextTradingDay, openOf, closeOf } from '../exchange-days.js';
import { decimal, text, ZERO, type DecimalText } from '../money.js';
import type { EpochMs } from '../vocabulary.js';

/** Where a day's start equity comes from. */
export type StartSource =
  /** Net liquidation at the previous regular close. */
  | 'close'
  /** No close was written down: net liquidation at the reset. */
  | 'reset'
  /** The same, but later than that: losses booked since the open are added back. */
  | 'late'
  /** No day of the account was ever written down: the first net liquidation that the broker gave. */
  | 'first_values';

export interface StartEquity {
  readonly equity: DecimalText;
  readonly source: StartSource;
}

export interface DayStart {
  readonly day: DateText;
  /** Equity at the close of the trading day before; null when it was not written down. */
  readonly previousClose: DecimalText | null;
  /** Newest values of the account. */
  readonly netLiquidation: DecimalText;
  readonly valuesAtMs: EpochMs;
  /** Net results of the account's trades that closed since the day's open. */
  readonly realizedSinceOpen: DecimalText;
}

/** Values of within this after the open are those of the open: a reset needs a moment. */
const PROMPT_MS = 2 * 60_000;

/** What the day's loss is measured from; a late run must not take losses of the day for its beginning. */
export function startEquity(start: DayStart): StartEquity {
  if (start.previousClose !== null) return { equity: start.previousClose, source: 'close' };
  const { netLiquidation, valuesAtMs, realizedSinceOpen } = start;
  if (valuesAtMs <= openOf(start.day) + PROMPT_MS) {
    return { equity: netLiquidation, source: 'reset' };
  }
  const realized = decimal(realizedSinceOpen);
  // A gain is not taken off: what is given back of it counts as lost, which is the safe side.
  const lost = realized.lt(ZERO) ? realized.neg() : ZERO;
  return { equity: text(decimal(netLiquidation).add(lost)), source: 'late' };
}

/**
 * Whether values are the first ones of an account: no later reset can say what it was worth before them. An account
 * that was worth nothing until now has nothing that a loss could be measured from.
 * @param before net liquidation as it was stored until now; null when none was
 */
export function areFirst(before: DecimalText | null, netLiquidation: DecimalText): boolean {
  const wasWorth = before !== null && decimal(before).gt(ZERO);
  return !wasWorth && decimal(netLiquidation).gt(ZERO);
}

/** Whether that day is past: its beginning can't be known any more, and nothing hangs on it. */
export function isPast(day: DateText, nowMs: EpochMs): boolean {
  return day < tradingDay(nowMs, holidaysAround(nowMs));
}

/** Whether values of that instant are those of the day's close: after it, and before the next open. */
export function areOfClose(day: DateText, valuesAtMs: EpochMs): boolean {
  const closeMs = closeOf(day);
  return closeMs !== null && valuesAtMs >= closeMs && valuesAtMs < openOf(nextTradingDay(day));
}

/** Whether regular trading goes on at that instant, its close included. */
export function isInSession(atMs: EpochMs): boolean {
  const day = brokerDay(atMs);
  const closeMs = closeOf(day);
  return closeMs !== null && atMs >= openOf(day) && atMs <= closeMs;
}
