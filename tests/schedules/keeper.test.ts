/** Schedules as they are kept in a real Temporal: made once, updated, taken away, and a person's pause kept. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Client } from '@temporalio/client';
import {
  createSchedule,
  describeSchedule,
  findSchedule,
  ownSchedules,
} from '../../client/schedules.js';
import { openTemporal } from '../../client/temporal.js';
import { fingerprint } from '../../contract/fingerprint.js';
import { SCHEDULE_MEMO, scheduleId } from '../../contract/schedules.js';
import { JOB_NAMES, JOBS, JOBS_VERSION, type JobName } from '../../domain/schedules/jobs.js';
import { NEW_YORK } from '../../domain/zone.js';
import { openDatabase, type Database } from '../../store/database.js';
import { ScheduleKeeper, type ScheduleKeeperOptions } from '../../worker/schedule-keeper.js';
import { ACCOUNT, readyAccount } from '../store/support/ready-account.js';
import { freshDatabase, type TestDatabase } from '../support/postgres.js';
import { temporalAddress, uniquePrefix } from '../support/temporal.js';
import { untilTrue } from '../support/workers.js';
import { nextDue } from '../domain/schedules/next-due.js';

let database: TestDatabase;
let db: Database;
let temporal: Client;
let prefix: string;
let ready: Awaited<ReturnType<typeof readyAccount>>;
const written: string[] = [];

beforeAll(async () => {
  database = await freshDatabase();
  db = openDatabase({ url: database.url });
  ready = await readyAccount(db, [], '100000');
  temporal = await openTemporal({ address: await temporalAddress(), namespace: 'default' });
}, 60_000);
beforeEach(() => {
  prefix = uniquePrefix();
  written.length = 0;
});
afterEach(async () => {
  for (const { id } of await ownSchedules(temporal, prefix)) {
    await temporal.schedule
      .getHandle(id)
      .delete()
      .catch(() => undefined);
  }
});
afterAll(async () => {
  await temporal?.connection.close();
  await db?.$disconnect();
  await database?.drop();
});

function keeper(change: Partial<ScheduleKeeperOptions['config']> = {}): ScheduleKeeper {
  const log = {
    info: (fields: object) => void written.push(JSON.stringify(fields)),
    warn: (fields: object) => void written.push(`failed ${JSON.stringify(fields)}`),
  } as unknown as ScheduleKeeperOptions['log'];
  const settings = { taskQueuePrefix: prefix, schedulesEnabled: true, schedulesOff: [] };
  const config = { ...settings, ...change };
  return new ScheduleKeeper({ ...{ db, temporal, config, log }, nowMs: () => Date.now() });
}

const idOf = (job: JobName) => scheduleId(prefix, job, ACCOUNT);
const ids = async () => (await ownSchedules(temporal, prefix)).map(({ id }) => id).sort();
const all = () => JOB_NAMES.map(idOf).sort();
/** The server's list follows by a moment. */
const untilListed = (wanted: readonly string[]) =>
  untilTrue(
    `listed: ${wanted.join(', ')}`,
    async () => JSON.stringify(await ids()) === JSON.stringify([...wanted].sort()),
    15_000,
  );

test('[SCH-1] two workers at once make one schedule of each job, and again changes nothing', async () => {
  await Promise.all([keeper().look(), keeper().look()]);
  await untilListed(all());
  expect(written.filter((line) => line.startsWith('failed'))).toEqual([]);
  written.length = 0;
  await keeper().look();
  expect(written).toEqual([]);
  const found = await describeSchedule(temporal, idOf('daily-reset'));
  expect(found?.spec.timezone).toBe(NEW_YORK);
  expect(found?.state).toMatchObject({ paused: false, note: JOBS['daily-reset'].note });
  expect(found?.policies).toMatchObject({ overlap: 'SKIP', catchupWindow: 23 * 3_600_000 });
  expect(found?.action).toMatchObject({
    workflowType: 'dailyReset',
    taskQueue: `${prefix}trades`,
    args: [{ accountId: ready.accountId, brokerAccountId: ACCOUNT, queuePrefix: prefix }],
  });
}, 60_000);

/** As an older or newer version left it. */
async function stampAs(job: JobName, version: number, hour: number): Promise<void> {
  await temporal.schedule.getHandle(idOf(job)).update((now) => ({
    ...now,
    spec: { calendars: [{ hour, minute: 1 }], timezone: NEW_YORK },
    action: { ...now.action, memo: { [SCHEDULE_MEMO]: { version, fingerprint: 'x' } } },
  }));
}

const hourOf = async (job: JobName) =>
  (await describeSchedule(temporal, idOf(job)))?.spec.calendars?.[0]?.hour[0]?.start;

test("[SCH-1] an older version's schedule is updated, and a person's pause with its note is kept", async () => {
  await keeper().look();
  await stampAs('daily-reset', 0, 7);
  await stampAs('verify-exits', 0, 7);
  await temporal.schedule.getHandle(idOf('daily-reset')).pause('away until Monday');
  await keeper().look();
  expect(await hourOf('daily-reset')).toBe(9);
  const [paused, other] = [
    await describeSchedule(temporal, idOf('daily-reset')),
    await describeSchedule(temporal, idOf('verify-exits')),
  ];
  expect(paused?.state).toMatchObject({ paused: true, note: 'away until Monday' });
  expect(other?.state).toMatchObject({ paused: false, note: JOBS['verify-exits'].note });
  // What is as wanted is not touched either.
  await keeper().look();
  expect((await describeSchedule(temporal, idOf('daily-reset')))?.state.paused).toBe(true);
}, 60_000);

test("[SCH-1] an older worker leaves a newer version's schedules alone", async () => {
  await keeper().look();
  await stampAs('daily-reset', JOBS_VERSION + 1, 8);
  const newer = scheduleId(prefix, 'weekly-review' as JobName, ACCOUNT);
  await schedule(newer, 'weekly-review', JOBS_VERSION + 1);
  await untilListed([...all(), newer]);
  await keeper().look();
  expect(await hourOf('daily-reset')).toBe(8);
  expect(await describeSchedule(temporal, newer)).not.toBeNull();
}, 60_000);

async function schedule(id: string, job: string, version: number, of = prefix): Promise<void> {
  await temporal.schedule.create({
    scheduleId: id,
    memo: { [SCHEDULE_MEMO]: { prefix: of, job, brokerAccountId: ACCOUNT } },
    spec: { calendars: [{ hour: 3 }], timezone: NEW_YORK },
    action: {
      type: 'startWorkflow',
      workflowType: 'none',
      taskQueue: `${of}trades`,
      memo: { [SCHEDULE_MEMO]: { version, fingerprint: 'x' } },
    },
  });
}

test('[SCH-1] what was removed or switched off is taken away, and nothing of others', async () => {
  await keeper().look();
  const removed = scheduleId(prefix, 'weekly-review' as JobName, ACCOUNT);
  const others = `${prefix}of-others`;
  await schedule(removed, 'weekly-review', 0);
  await schedule(others, 'daily-reset', 0, 'another-');
  await untilListed([...all(), removed]);
  await keeper({ schedulesOff: ['end-of-day'] }).look();
  expect(await describeSchedule(temporal, removed)).toBeNull();
  expect(await describeSchedule(temporal, idOf('end-of-day'))).toBeNull();
  await untilListed(all().filter((id) => id !== idOf('end-of-day')));
  await keeper({ schedulesEnabled: false }).look();
  await untilListed([]);
  expect(await describeSchedule(temporal, others)).not.toBeNull();
  await temporal.schedule.getHandle(others).delete();
}, 60_000);

test('[SCH-1] an account that is new gets its schedules', async () => {
  const mine = keeper();
  await mine.look();
  const account = await db.account.create({
    data: {
      ...{ userId: ready.ownerId, connectionId: ready.connectionId },
      ...{ brokerAccountId: 'DU1000002', isPaper: true },
    },
  });
  await mine.look();
  expect(await describeSchedule(temporal, scheduleId(prefix, 'daily-reset', 'DU1000002'))).not.toBe(
    null,
  );
  await db.account.delete({ where: { id: account.id } });
  await untilListed([...all(), ...JOB_NAMES.map((job) => scheduleId(prefix, job, 'DU1000002'))]);
}, 60_000);

describe("[SCH-1] the server's clock", () => {
  const iso = (ms: number) => new Date(ms).toISOString();

  test.each(
    (Object.keys(JOBS) as JobName[]).flatMap((job) =>
      ['2027-03-10T12:00:00Z', '2027-11-03T12:00:00Z'].map((from) => [job, from] as const),
    ),
  )('%s from %s on is due when the table says, over the change', async (job, from) => {
    const { accountId } = ready;
    const wantedOne = { job, accountId, brokerAccountId: ACCOUNT, queuePrefix: prefix };
    await createSchedule(temporal, wantedOne);
    expect(await findSchedule(temporal, wantedOne)).toBe('as wanted');
    const made = await describeSchedule(temporal, idOf(job));
    await temporal.schedule.getHandle(idOf(job)).delete();
    const id = `${prefix}clock-${job}`;
    await temporal.schedule.create({
      scheduleId: id,
      spec: {
        calendars: [...(made?.spec.calendars ?? [])] as never,
        timezone: NEW_YORK,
        startAt: new Date(from),
      },
      action: { type: 'startWorkflow', workflowType: 'none', taskQueue: 'none' },
    });
    const { info } = await temporal.schedule.getHandle(id).describe();
    await temporal.schedule.getHandle(id).delete();
    const wanted: number[] = [];
    for (let ms = Date.parse(from); wanted.length < info.nextActionTimes.length;) {
      ms = nextDue(JOBS[job], ms);
      wanted.push(ms);
    }
    expect(wanted.length).toBeGreaterThan(5);
    expect(info.nextActionTimes.map((at) => iso(at.getTime()))).toEqual(wanted.map(iso));
  });
});

test('[SCH-1] whoever changes the table counts its version up', () => {
  // While versions are mixed, an older worker would else take the newer one's schedules back.
  expect([JOBS_VERSION, fingerprint(JOBS).slice(0, 12)]).toEqual([1, 'f6a5cd9621b5']);
});
