/**
 * The loss of an account's day, judged with its newest values (RSK-8): it need not wait for the next plan to be
 * seen, for entries that rest at the broker must go when it is reached.
 */
import { lastReset } from '../calendar.js';
import { holidaysAround } from '../exchange-days.js';
import type { DecimalText } from '../money.js';
import type { EpochMs } from '../vocabulary.js';
import { dayLoss } from './check-book.js';
import type { AccountValues, DayResult } from './context.js';

export interface DayWatch {
  /** Null: nobody has ever written down what to measure from. */
  readonly day: DayResult | null;
  /** The day that the values are of has said what it is measured from; else that is of a day before. */
  readonly hasBegun: boolean;
  readonly values: AccountValues;
  /** The limit, as a share of what the day is measured from. */
  readonly share: DecimalText;
}

/**
 * A day begins with its reset, which takes the values of then where no close was written down. Within this from
 * 9:30 a loss of the day before would end the new one, moments before the reset says otherwise.
 */
const BEGIN_MAX_MS = 10 * 60_000;

/** Whether the reset may still say what the day of that instant is measured from: until then nothing latches it. */
export function isBeginning(hasBegun: boolean, atMs: EpochMs): boolean {
  return !hasBegun && atMs - lastReset(atMs, holidaysAround(atMs)) < BEGIN_MAX_MS;
}

/** Whether the loss has reached its limit now, and had not before. */
export function isLossReached({ day, hasBegun, values, share }: DayWatch): boolean {
  if (day === null || day.latched) return false;
  const { atMs } = values;
  if (isBeginning(hasBegun, atMs)) return false;
  return dayLoss({ day, values }, share).length > 0;
}
