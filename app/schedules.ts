/** What runs by the clock: each schedule of this installation, when it is due, and how its last run ended. */
import { describeSchedule, lastRunOf, ownSchedules } from '../client/schedules.js';
import type { ScheduleView } from '../contract/views.js';
import { isJobName, JOBS } from '../domain/schedules/jobs.js';
import { NEW_YORK, wallTimeAt } from '../domain/zone.js';
import type { App } from './app.js';
import { listAccounts } from './reads.js';

/** Of the user's accounts, in the order of the day. @throws NotReachableError when Temporal does not answer */
export async function listSchedules(app: App): Promise<ScheduleView[]> {
  const accounts = await listAccounts(app);
  const own = new Set(accounts.map(({ account_id: id }) => id));
  return schedulesOf(app, (accountId) => own.has(accountId));
}

/** Of the accounts that are asked for, by account, in the order of the day. @throws as above */
export async function schedulesOf(
  app: Pick<App, 'config' | 'temporal'>,
  isWanted: (accountId: string) => boolean = () => true,
): Promise<ScheduleView[]> {
  const client = await app.temporal();
  const views: ScheduleView[] = [];
  for (const { id, owner } of await ownSchedules(client, app.config.taskQueuePrefix)) {
    if (!isWanted(owner.brokerAccountId)) continue;
    const found = await describeSchedule(client, id);
    if (found === null) continue;
    const { paused, note } = found.state;
    const nextMs = paused ? null : (found.info.nextActionTimes[0]?.getTime() ?? null);
    views.push({
      job: owner.job,
      account_id: owner.brokerAccountId,
      schedule_id: id,
      next_at: nextMs === null ? null : new Date(nextMs).toISOString(),
      next_at_new_york: nextMs === null ? null : inNewYork(nextMs),
      is_paused: paused,
      note: note ?? '',
      last: await lastRunOf(client, found),
    });
  }
  return views.sort(
    (a, b) => a.account_id.localeCompare(b.account_id) || orderOf(a.job) - orderOf(b.job),
  );
}

/** What this version does not know stands last. */
function orderOf(job: string): number {
  return isJobName(job) ? Object.keys(JOBS).indexOf(job) : Object.keys(JOBS).length;
}

function inNewYork(ms: number): string {
  const { year, month, day, hour, minute } = wallTimeAt(ms, NEW_YORK);
  const two = (value: number) => String(value).padStart(2, '0');
  return `${year}-${two(month)}-${two(day)} ${two(hour)}:${two(minute)}`;
}
