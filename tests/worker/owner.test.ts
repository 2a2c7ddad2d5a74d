/**
 * Who owns the connection, as processes: a holder that freezes, one whose parent dies, one that is asked
 * to stop while something hangs. Real workers, gateway, PostgreSQL and Temporal.
 */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { openDatabase, type Database } from '../../store/database.js';
import { ensureInstallation } from '../../store/installation.js';
import { listConnections } from '../../store/reads.js';
import { EXIT_SILENT } from '../../worker/parent.js';
import { startGateway, type TestGateway } from '../support/gateway.js';
import { freePort } from '../support/ports.js';
import { freshDatabase, type TestDatabase } from '../support/postgres.js';
import { temporalAddress, uniquePrefix } from '../support/temporal.js';
import { valveTo, valveToDatabase, type Valve } from '../../chaos/stack/valve.js';
import {
  createWorkers,
  isThere,
  untilTrue,
  type Worker,
  type Workers,
} from '../support/workers.js';

const LEASE_TTL_MS = 3_000;
/** Starting on two busy cores. */
const START_MS = 60_000;
/** After the lease: the kill, the stand-by's next try to connect, and its first picture. */
const TAKE_OVER_MS = LEASE_TTL_MS + 8_000;
/** A supervisor kills after that (TRD: SIGTERM ends any worker within 10 s). */
const STOP_LIMIT_MS = 10_000;

let database: TestDatabase;
let db: Database;
let gateway: TestGateway;
let toDatabase: Valve & { readonly url: string };
let toGateway: Valve;
let workers: Workers;

beforeAll(async () => {
  [database, gateway] = await Promise.all([freshDatabase(), startGateway()]);
  db = openDatabase({ url: database.url });
  toDatabase = await valveToDatabase(database.url);
  toGateway = await valveTo('127.0.0.1', gateway.port);
}, START_MS);
afterAll(async () => {
  await toGateway?.stop();
  await toDatabase?.stop();
  await db?.$disconnect();
  await gateway?.stop();
  await database?.drop();
}, START_MS);
beforeEach(async () => {
  workers = createWorkers({
    DATABASE_URL: database.url,
    TEMPORAL_ADDRESS: await temporalAddress(),
    TASK_QUEUE_PREFIX: uniquePrefix(),
    IBKR_HOST: '127.0.0.1',
    IBKR_PORT: String(gateway.port),
    TRADING_ENABLED: 'true',
    PARK_ENTRIES: 'false',
    LEASE_TTL_MS: String(LEASE_TTL_MS),
    LEASE_RENEW_MS: '750',
  });
});
afterEach(async () => {
  toDatabase.open();
  toGateway.open();
  await workers.stop();
  await db.$executeRaw`UPDATE connections SET lease_until = now() - interval '1 s'`;
}, START_MS);

const rows = async () => listConnections(db, (await ensureInstallation(db)).ownerId);
const pidIn = (holder: string | null | undefined) => Number(holder?.split('/')[1]);
const isHeldReadyBy = async (worker: Worker) =>
  (await rows()).some((row) => row.is_ready && pidIn(row.lease_holder) === worker.pid());
const waits = async (worker: Worker) =>
  (await rows()).some((row) => row.stand_bys.some((holder) => pidIn(holder) === worker.pid()));
const holds = async (worker: Worker) =>
  (await rows()).some((row) => pidIn(row.lease_holder) === worker.pid());

async function holderAndStandBy(): Promise<[Worker, Worker]> {
  const holder = workers.start('broker-worker', {});
  await holder.ready();
  const standBy = workers.start('broker-worker', {});
  await untilTrue('the stand-by', () => waits(standBy), START_MS);
  return [holder, standBy];
}

async function stopTakes(worker: Worker): Promise<{ tookMs: number; code: number }> {
  const askedAtMs = Date.now();
  process.kill(worker.topPid()!, 'SIGTERM');
  const code = await worker.exited;
  return { tookMs: Date.now() - askedAtMs, code };
}

test('[TRD-3] a holder without Temporal keeps the link, and takes work once it is there', async () => {
  const port = await freePort();
  const holder = workers.start('broker-worker', { TEMPORAL_ADDRESS: `127.0.0.1:${port}` });
  await untilTrue('the link', () => isHeldReadyBy(holder), START_MS);
  await untilTrue(
    'a word',
    async () => holder.log().includes('no Temporal server answers'),
    START_MS,
  );
  const [host, real] = (await temporalAddress()).split(':');
  const temporal = await valveTo(host!, Number(real), port);
  try {
    await holder.ready();
    expect(await isHeldReadyBy(holder)).toBe(true);
    await workers.stop();
  } finally {
    await temporal.stop();
  }
}, 120_000);

describe('[BRK-1] a holder that freezes', () => {
  test('is killed by its parent after its lease, which lets the stand-by connect (B6)', async () => {
    const [holder, standBy] = await holderAndStandBy();
    const frozen = holder.pid()!;
    expect(frozen).not.toBe(holder.topPid());
    process.kill(-frozen, 'SIGSTOP');
    await untilTrue('the take-over', () => isHeldReadyBy(standBy), TAKE_OVER_MS);
    expect(await holder.exited).toBe(EXIT_SILENT);
    expect(isThere(frozen)).toBe(false);
    const [row] = await rows();
    expect(row).toMatchObject({ is_ready: true, stand_bys: [], down_since: null });
  }, 120_000);

  test('together with its parent, as on a suspended machine, ends by itself when it wakes', async () => {
    const [holder, standBy] = await holderAndStandBy();
    const groups = [holder.topPid()!, holder.pid()!];
    for (const group of groups) process.kill(-group, 'SIGSTOP');
    await untilTrue('the lease', () => holds(standBy), LEASE_TTL_MS + 5_000);
    // Its socket is still open: nobody else is let in.
    expect(await isHeldReadyBy(standBy)).toBe(false);
    for (const group of groups) process.kill(-group, 'SIGCONT');
    await untilTrue('the take-over', () => isHeldReadyBy(standBy), TAKE_OVER_MS);
    expect(await holder.exited).toBe(1);
    expect(holder.log()).toContain('was lost to another worker');
  }, 120_000);

  test('shorter than its lease goes on as before', async () => {
    const [holder, standBy] = await holderAndStandBy();
    process.kill(-holder.pid()!, 'SIGSTOP');
    await new Promise((resolve) => setTimeout(resolve, LEASE_TTL_MS / 3));
    process.kill(-holder.pid()!, 'SIGCONT');
    await new Promise((resolve) => setTimeout(resolve, LEASE_TTL_MS));
    expect({ lives: !holder.hasExited(), ready: await isHeldReadyBy(holder) }).toEqual({
      lives: true,
      ready: true,
    });
    expect(standBy.hasExited()).toBe(false);
  }, 120_000);
});

describe('[BRK-1] parent and worker', () => {
  test('a parent that is killed takes its worker along, and the stand-by goes on', async () => {
    const [holder, standBy] = await holderAndStandBy();
    const worker = holder.pid()!;
    process.kill(holder.topPid()!, 'SIGKILL');
    await untilTrue('the end of the worker', () => !isThere(worker), STOP_LIMIT_MS);
    await untilTrue('the take-over', () => isHeldReadyBy(standBy), TAKE_OVER_MS);
  }, 120_000);

  test('a worker that is killed ends its parent, with the number of the signal', async () => {
    const holder = workers.start('broker-worker', {});
    await holder.ready();
    process.kill(holder.pid()!, 'SIGKILL');
    expect(await holder.exited).toBe(128 + 9);
  }, 120_000);
});

describe('[BRK-1] a holder that alone has lost the database', () => {
  test('gives its socket up and ends, and the stand-by connects (B11)', async () => {
    const holder = workers.start('broker-worker', { DATABASE_URL: toDatabase.url });
    await holder.ready();
    const standBy = workers.start('broker-worker', {});
    await untilTrue('the stand-by', () => waits(standBy), START_MS);
    toDatabase.shut();
    await untilTrue('the take-over', () => isHeldReadyBy(standBy), 3 * LEASE_TTL_MS + TAKE_OVER_MS);
    expect(await holder.exited).toBe(1);
    expect(holder.log()).toContain('could not be renewed for long');
  }, 120_000);
});

describe('[BRK-1] SIGTERM ends a worker within 10 s', () => {
  test('that holds the link: at once, the lease given up', async () => {
    const holder = workers.start('broker-worker', {});
    await holder.ready();
    const { tookMs, code } = await stopTakes(holder);
    expect(tookMs).toBeLessThan(STOP_LIMIT_MS);
    expect(code).toBe(0);
    expect((await rows())[0]?.lease_holder).toBeNull();
  }, 120_000);

  test('that stands by, and one that waits for a gateway (B6)', async () => {
    toGateway.shut();
    const waiting = workers.start('broker-worker', { IBKR_PORT: String(toGateway.port) });
    await untilTrue('the lease', () => holds(waiting), START_MS);
    const standBy = workers.start('broker-worker', { IBKR_PORT: String(toGateway.port) });
    await untilTrue('the stand-by', () => waits(standBy), START_MS);
    for (const worker of [standBy, waiting]) {
      const { tookMs, code } = await stopTakes(worker);
      expect(tookMs).toBeLessThan(3_000);
      expect(code).toBe(0);
    }
  }, 120_000);

  test('whose database hangs: a holder, a stand-by, a trade worker', async () => {
    const env = { DATABASE_URL: toDatabase.url };
    const holder = workers.start('broker-worker', { ...env, LEASE_TTL_MS: '60000' });
    await holder.ready();
    const standBy = workers.start('broker-worker', { ...env, LEASE_TTL_MS: '60000' });
    await untilTrue('the stand-by', () => waits(standBy), START_MS);
    const trade = workers.start('trade-worker', env);
    await trade.ready();
    toDatabase.shut();
    const ends = await Promise.all([holder, standBy, trade].map(stopTakes));
    expect(ends.map(({ code }) => code)).toEqual([0, 0, 0]);
    expect(Math.max(...ends.map(({ tookMs }) => tookMs))).toBeLessThan(STOP_LIMIT_MS);
  }, 120_000);
});
