/** The open: what the day's loss is measured from is written down, once, and streaks end (SCH-1, RSK-4, RSK-8). */
import type { DayBegun } from '../../contract/activities.js';
import type { ScheduledInput, ScheduledResult } from '../../contract/schedules.js';
import { accountActivities, dayActivities } from '../activities.js';
import { orNull, runJob } from './run.js';

/** Only a day after one whose close was not written down needs values of now. */
const VALUES_WAIT_MS = 60_000;

/** Begins an account's trading day. */
export async function dailyReset(input: ScheduledInput): Promise<ScheduledResult> {
  return runJob('daily-reset', input, async (day) => {
    const { accountId, brokerAccountId } = input;
    const account = { accountId, brokerAccountId };
    const { fetchValues } = accountActivities(input, 'account values', VALUES_WAIT_MS);
    const fetched = await orNull(fetchValues(account).then(() => true));
    const begun = await dayActivities(`begin ${day}`).beginDay({ ...account, day });
    const ended = begun.lifted ? `; pauses lifted: ${begun.lifted}` : '';
    const done = begun.kind === 'begun' || ended !== '';
    return { done, summary: `${sentence(begun, fetched !== null)}${ended}` };
  });
}

function sentence(begun: DayBegun, fetched: boolean): string {
  if (begun.kind === 'past') return 'nothing: a later day has begun';
  const measured = `measured from ${begun.startEquity} (${begun.source})`;
  if (begun.kind === 'kept') return `nothing: begun before, ${measured}`;
  const without = fetched ? '' : '; the broker gave no values now, the last ones were taken';
  return `begun, its loss is ${measured}${without}`;
}
