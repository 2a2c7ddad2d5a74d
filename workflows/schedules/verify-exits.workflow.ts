/** Before the open: every trade that holds shares is compared with a fresh picture of the broker (SCH-1). */
import type { ScheduledInput, ScheduledResult } from '../../contract/schedules.js';
import { accountActivities } from '../activities.js';
import { runJob } from './run.js';

/** From 9:00 until the open, with a moment left for the run to end. */
const VERIFY_WAIT_MS = 24 * 60_000;

/** Verifies an account's exits. Fails when the broker could not be read in time. */
export async function verifyExits(input: ScheduledInput): Promise<ScheduledResult> {
  return runJob('verify-exits', input, async (day) => {
    const { accountId, brokerAccountId } = input;
    const { verifyAccount } = accountActivities(input, 'exits before the open', VERIFY_WAIT_MS);
    const { looked, repaired, wanting } = await verifyAccount({ accountId, brokerAccountId, day });
    const rest = wanting.length === 0 ? 'all as they should be' : `WANTING: ${wanting.join(', ')}`;
    return { done: true, summary: `${looked} looked at, ${repaired} repaired; ${rest}` };
  });
}
