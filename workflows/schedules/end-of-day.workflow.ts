/** After the close: the equity at the close and the day's summary (SCH-1). */
import type { DayEnded } from '../../contract/activities.js';
import type { ScheduledInput, ScheduledResult } from '../../contract/schedules.js';
import { accountActivities, dayActivities } from '../activities.js';
import { orNull, runJob } from './run.js';

/** Values of the close are wanted, and those of an hour later are hardly others. */
const VALUES_WAIT_MS = 60 * 60_000;

/** Ends an account's trading day. */
export async function endOfDay(input: ScheduledInput): Promise<ScheduledResult> {
  return runJob('end-of-day', input, async (day) => {
    const { accountId, brokerAccountId } = input;
    const account = { accountId, brokerAccountId };
    await orNull(accountActivities(input, 'account values', VALUES_WAIT_MS).fetchValues(account));
    const ended = await dayActivities(`end ${day}`).endDay({ ...account, day });
    return { done: ended.written, summary: sentence(ended) };
  });
}

/** A day's end in one sentence, for people. */
export function sentence({ summary, closeEquity, written, archived }: DayEnded): string {
  const { closed, fills, realizedPnl, commissions, openCount, unprotectedCount } = summary;
  const parts = [
    `${closed} trades closed, ${fills} fills, ${realizedPnl} realized, ${commissions} commissions`,
    `${openCount} open${unprotectedCount > 0 ? `, ${unprotectedCount} UNPROTECTED` : ''}`,
    closeEquity === null ? 'no equity of the close' : `equity at the close ${closeEquity}`,
    ...resultOf(summary),
    ...(archived > 0 ? [`${archived} old callbacks deleted`] : []),
    ...(written ? [] : ['it stood so already']),
  ];
  return parts.join('; ');
}

/** The account's own result, beside that of the trades. */
function resultOf({ equity }: DayEnded['summary']): string[] {
  if (!equity || equity.unrealizedPnl === null) return [];
  return [`the day: ${equity.realizedPnl} realized, ${equity.unrealizedPnl} unrealized and other`];
}
