/** Before the broker's midnight, when its lists begin anew: all that they tell is booked (BRK-5, SCH-1). */
import { ApplicationFailure } from '@temporalio/workflow';
import type { AccountSwept } from '../../contract/activities.js';
import type { ScheduledInput, ScheduledResult } from '../../contract/schedules.js';
import { dayKind } from '../../domain/exchange-days.js';
import { accountActivities, dayActivities } from '../activities.js';
import { sentence } from './end-of-day.workflow.js';
import { orNull, runJob } from './run.js';

/** From 23:20 until the broker's nightly reset begins: then its lists prove nothing. */
const SWEEP_WAIT_MS = 19 * 60_000;

/** Sweeps an account. @throws ApplicationFailure when the broker could not be read in time */
export async function midnightSweep(input: ScheduledInput): Promise<ScheduledResult> {
  return runJob('midnight-sweep', input, async (day) => {
    const { accountId, brokerAccountId } = input;
    const account = { accountId, brokerAccountId, day };
    const { sweepAccount } = accountActivities(input, `sweep of ${day}`, SWEEP_WAIT_MS);
    const swept = await orNull(sweepAccount(account));
    // What was traded after the close belongs to the day's summary too.
    const ended =
      dayKind(day) === 'closed' ? null : await dayActivities(`end ${day}`).endDay(account);
    if (swept === null) {
      throw ApplicationFailure.nonRetryable(
        `the broker could not be read before its midnight: look at its page of ${day}, then "ballast doctor"`,
      );
    }
    return { done: true, summary: [found(swept), ...(ended ? [sentence(ended)] : [])].join('; ') };
  });
}

function found({ doubtful, unsettled }: AccountSwept): string {
  if (doubtful === 0) return 'swept, nothing is of unknown fate';
  if (unsettled.length === 0) return `swept, ${doubtful} of unknown fate were found out`;
  return `swept, of unknown fate still: ${unsettled.join(', ')}`;
}
