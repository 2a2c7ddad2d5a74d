/** The loss of an account's day, looked at with each of its values (RSK-8). */
import type { AccountSnapshot } from '../contract/market.js';
import { usableLimits } from '../contract/stored-limits.js';
import { isLossReached } from '../domain/risk/day-loss.js';
import { resolveLimits, type RiskLimits } from '../domain/risk/limits.js';
import { areFirst } from '../domain/schedules/day.js';
import { beginByFirstValues, latchLoss } from './account-days.js';
import type { Transaction } from './database.js';
import { dayResultOf, hasBegun, newestDay, type DayFacts } from './day-facts.js';

export interface AccountOfDay {
  readonly id: string;
  readonly userId: string;
  /** Its own limits, laid over the installation's. */
  readonly settings: unknown;
  /** As it was stored before these values; null when there were none. */
  readonly netLiquidation: string | null;
}

/**
 * Latches the day when these values show that its loss has reached the limit; people are told then, and the brake
 * cancels what rests of entries. The first values of an account begin its day instead. Call in the transaction that
 * stores the values, under the account's lock.
 */
export async function judgeDay(
  tx: Transaction,
  { id: accountId, userId, settings, netLiquidation }: AccountOfDay,
  values: AccountSnapshot,
  limits: Partial<RiskLimits>,
): Promise<void> {
  const { atMs } = values;
  const [row] = await tx.$queryRaw<{ facts: DayFacts | null }[]>`
    SELECT ${newestDay(atMs)} AS facts FROM accounts a WHERE a.id = ${accountId}::uuid`;
  const facts = row?.facts ?? null;
  const day = dayResultOf(facts, atMs);
  if (day === null) {
    if (!areFirst(netLiquidation, values.netLiquidation)) return;
    return beginByFirstValues(tx, { accountId, userId }, values);
  }
  // What can't be used is left out, as a plan does: values that are not stored would hold back everything else.
  const { dailyLossPct: share } = resolveLimits(limits, usableLimits(settings));
  if (!isLossReached({ day, hasBegun: hasBegun(facts, atMs), values, share })) return;
  await latchLoss(tx, { accountId, userId }, day, atMs);
}
