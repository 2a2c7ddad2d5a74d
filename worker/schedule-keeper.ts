/**
 * Keeps the installation's schedules in Temporal as this version wants them (SCH-1). Every trade worker
 * does so; that several do it at once, and again at each start, changes nothing.
 */
import type { Client } from '@temporalio/client';
import {
  createSchedule,
  deleteSchedule,
  findSchedule,
  isOfNewerVersion,
  ownSchedules,
  updateSchedule,
  type WantedSchedule,
} from '../client/schedules.js';
import type { Config } from '../config/index.js';
import type { Logger } from '../config/logger.js';
import { scheduleId } from '../contract/schedules.js';
import { JOB_NAMES } from '../domain/schedules/jobs.js';
import { around } from '../failpoints/failpoint.js';
import { knownAccounts } from '../store/accounts.js';
import type { Database } from '../store/database.js';

/** What somebody took away by hand is there again after this. */
const AGAIN_AFTER_MS = 10 * 60_000;

export interface ScheduleKeeperOptions {
  readonly db: Database;
  readonly temporal: Client;
  readonly config: Pick<Config, 'taskQueuePrefix' | 'schedulesEnabled' | 'schedulesOff'>;
  readonly log: Pick<Logger, 'info' | 'warn'>;
  readonly nowMs: () => number;
}

export class ScheduleKeeper {
  /** The accounts that schedules were last written for, and when. */
  private last: { readonly accounts: string; readonly atMs: number } | null = null;
  private looking: Promise<void> | null = null;

  constructor(private readonly options: ScheduleKeeperOptions) {}

  /** Writes what differs, when accounts are new or some time has passed. Never rejects: it is called again. */
  look(): Promise<void> {
    this.looking ??= this.lookOnce()
      .catch((error: unknown) =>
        this.options.log.warn({ error: String(error) }, 'the schedules could not be written'),
      )
      .finally(() => {
        this.looking = null;
      });
    return this.looking;
  }

  private async lookOnce(): Promise<void> {
    const { db, nowMs } = this.options;
    const accounts = await knownAccounts(db);
    const key = accounts.map(({ accountId }) => accountId).join();
    const { last } = this;
    if (last?.accounts === key && nowMs() - last.atMs < AGAIN_AFTER_MS) return;
    await this.write(accounts.flatMap((account) => this.wantedOf(account)));
    this.last = { accounts: key, atMs: nowMs() };
  }

  private wantedOf(account: { accountId: string; brokerAccountId: string }): WantedSchedule[] {
    const { schedulesEnabled, schedulesOff, taskQueuePrefix: queuePrefix } = this.options.config;
    if (!schedulesEnabled) return [];
    const jobs = JOB_NAMES.filter((name) => !schedulesOff.includes(name));
    return jobs.map((job) => ({ job, ...account, queuePrefix }));
  }

  private async write(wanted: readonly WantedSchedule[]): Promise<void> {
    const { temporal, log } = this.options;
    for (const schedule of wanted) {
      const found = await findSchedule(temporal, schedule);
      if (found === 'as wanted' || found === 'newer') continue;
      const write = found === 'absent' ? createSchedule : updateSchedule;
      const { job, brokerAccountId: account } = schedule;
      await around('schedule.write', { account, job }, () => write(temporal, schedule));
      log.info({ job, account, was: found }, 'schedule written');
    }
    await this.deleteOthers(wanted);
  }

  /** What an older version had, or a setting has switched off; never what a newer version made. */
  private async deleteOthers(wanted: readonly WantedSchedule[]): Promise<void> {
    const { temporal, log, config } = this.options;
    const prefix = config.taskQueuePrefix;
    const ids = new Set(
      wanted.map(({ job, brokerAccountId }) => scheduleId(prefix, job, brokerAccountId)),
    );
    for (const { id, owner } of await ownSchedules(temporal, prefix)) {
      if (ids.has(id) || (await isOfNewerVersion(temporal, id))) continue;
      const { job, brokerAccountId: account } = owner;
      await around('schedule.write', { account, job }, () => deleteSchedule(temporal, id));
      log.info({ job, account }, 'schedule taken away');
    }
  }
}
