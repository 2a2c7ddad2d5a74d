/** The connection's lease: one holder, a stand-by, and a holder that can't renew. Real PostgreSQL. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import pino from 'pino';
import { acquireLease, ensureConnection } from '../../store/connections.js';
import {
  IDLE_IN_TRANSACTION_MAX_MS,
  openDatabase,
  openLeaseDatabase,
  type Database,
} from '../../store/database.js';
import { ensureInstallation } from '../../store/installation.js';
import { publishHealth } from '../../store/link.js';
import { listConnections } from '../../store/reads.js';
import {
  GIVE_UP_AFTER_TTLS,
  LEASE_LOST,
  LEASE_UNRENEWABLE,
  LeaseKeeper,
} from '../../worker/broker/lease-keeper.js';
import { Stopped } from '../../worker/process.js';
import { freshDatabase, type TestDatabase } from '../support/postgres.js';
import { valveToDatabase, type Valve } from '../../chaos/stack/valve.js';

const TTL_MS = 800;
const RENEW_MS = 200;
/** Two cores that others use, too. */
const SLACK_MS = 700;

let database: TestDatabase;
let db: Database;
let valve: Valve;
let valveUrl: string;
/** By way of the valve: it may be made to hang for this one alone. */
let hanging: Database;
let userId: string;
let connectionId: string;
let clientId = 100;
let keepers: LeaseKeeper[];

beforeAll(async () => {
  database = await freshDatabase();
  db = openDatabase({ url: database.url });
  const through = await valveToDatabase(database.url);
  valve = through;
  valveUrl = through.url;
  hanging = openDatabase({ url: through.url });
  userId = (await ensureInstallation(db)).ownerId;
}, 60_000);
afterAll(async () => {
  valve?.open();
  await valve?.stop();
  await hanging?.$disconnect().catch(() => undefined);
  await db?.$disconnect();
  await database?.drop();
});
beforeEach(async () => {
  clientId += 1;
  const key = { userId, host: '127.0.0.1', port: 4002, clientId };
  connectionId = await ensureConnection(db, key);
  keepers = [];
});
afterEach(async () => {
  valve.open();
  for (const keeper of keepers) await keeper.release();
});

const never = () => new AbortController().signal;

function keeper(holder: string, options: { db?: Database; lost?: string[] } = {}): LeaseKeeper {
  const made = new LeaseKeeper({
    ...{ db: options.db ?? db, connectionId, holder, ttlMs: TTL_MS, renewMs: RENEW_MS },
    log: pino({ level: 'silent' }),
    onLost: (reason) => options.lost?.push(reason),
  });
  keepers.push(made);
  return made;
}

async function until(condition: () => boolean | Promise<boolean>, timeoutMs: number) {
  const startedAtMs = Date.now();
  while (!(await condition())) {
    if (Date.now() - startedAtMs > timeoutMs) throw new Error(`waited ${timeoutMs} ms in vain`);
    await sleep(20);
  }
  return Date.now() - startedAtMs;
}

const view = async () => (await listConnections(db, userId)).find(({ id }) => id === connectionId)!;

describe('[BRK-1] the lease', () => {
  test('has one holder; who waits is shown, and goes on as soon as it is given up', async () => {
    const first = keeper('host/1/1');
    await first.acquire(never());
    const second = keeper('host/2/2');
    const waiting = second.acquire(never());
    await until(async () => (await view()).stand_bys.length === 1, 5_000);
    expect(await view()).toMatchObject({
      lease_holder: 'host/1/1',
      lease_epoch: 1,
      stand_bys: ['host/2/2'],
    });
    expect(second.isHeld()).toBe(false);
    await first.release();
    const lease = await waiting;
    expect(first.isHeld()).toBe(false);
    expect({ epoch: lease.epoch, isHeld: second.isHeld() }).toEqual({ epoch: 2n, isHeld: true });
    expect(await view()).toMatchObject({ lease_holder: 'host/2/2', lease_epoch: 2, stand_bys: [] });
  });

  test('lasts while it is renewed', async () => {
    const lost: string[] = [];
    const first = keeper('host/1/1', { lost });
    await first.acquire(never());
    await sleep(2 * TTL_MS);
    expect(first.isHeld()).toBe(true);
    expect(await acquireLease(db, connectionId, 'host/2/2', TTL_MS)).toBeNull();
    expect(lost).toEqual([]);
  });

  test('that another has taken is given up at once, and told once', async () => {
    const lost: string[] = [];
    const first = keeper('host/1/1', { lost });
    await first.acquire(never());
    await db.$executeRaw`UPDATE connections SET lease_until = now() - interval '1 ms'
                          WHERE id = ${connectionId}::uuid`;
    expect(await acquireLease(db, connectionId, 'host/2/2', 60_000)).not.toBeNull();
    await until(() => lost.length > 0, 5_000);
    await sleep(3 * RENEW_MS);
    expect(lost).toEqual([LEASE_LOST]);
    expect(first.isHeld()).toBe(false);
  });

  test('that can’t be renewed is believed for its length, and the socket is kept for three of it (B11)', async () => {
    const lost: string[] = [];
    const first = keeper('host/1/1', { db: hanging, lost });
    await first.acquire(never());
    await until(() => first.isHeld(), 1_000);
    valve.shut();
    const heldMs = await until(() => !first.isHeld(), TTL_MS + SLACK_MS);
    expect(heldMs).toBeLessThan(TTL_MS + SLACK_MS);
    expect(lost).toEqual([]);
    await until(() => lost.length > 0, GIVE_UP_AFTER_TTLS * TTL_MS + SLACK_MS);
    expect(lost).toEqual([LEASE_UNRENEWABLE]);
    // The rows were never away: another takes over meanwhile.
    expect(await acquireLease(db, connectionId, 'host/2/2', TTL_MS)).not.toBeNull();
  });

  test('is held again when the database comes back in time and nobody took it', async () => {
    const lost: string[] = [];
    const first = keeper('host/1/1', { db: hanging, lost });
    await first.acquire(never());
    valve.shut();
    await until(() => !first.isHeld(), TTL_MS + SLACK_MS);
    valve.open();
    await until(() => first.isHeld(), 2 * TTL_MS);
    expect(lost).toEqual([]);
  });

  test('is kept by a connection of its own: a pool that slow queries fill takes nothing from it', async () => {
    const small = openDatabase({ url: database.url, poolSize: 2 });
    const own = openLeaseDatabase(database.url, TTL_MS);
    const first = keeper('host/1/1', { db: own });
    await first.acquire(never());
    // Begun now: a query that nobody waits for is not sent.
    const slow = [1, 2].map(() => small.$queryRaw`SELECT count(pg_sleep(3))`.then(() => 0));
    const startedAtMs = Date.now();
    let unheld = 0;
    while (Date.now() - startedAtMs < 2 * TTL_MS) {
      if (!first.isHeld()) unheld += 1;
      await sleep(20);
    }
    expect(unheld).toBe(0);
    await Promise.all(slow);
    await small.$disconnect();
    await first.release();
    await own.$disconnect();
  });

  test('outlives a statement that hangs: the next one goes by a new connection', async () => {
    const own = openLeaseDatabase(valveUrl, TTL_MS);
    const first = keeper('host/1/1', { db: own });
    await first.acquire(never());
    valve.shut();
    await until(() => !first.isHeld(), TTL_MS + SLACK_MS);
    valve.open();
    await until(() => first.isHeld(), 2 * TTL_MS);
    await first.release();
    await own.$disconnect();
  });

  test('a lock on its row that lasts does not take its connection', async () => {
    const own = openLeaseDatabase(database.url, TTL_MS);
    const lost: string[] = [];
    const first = keeper('host/1/1', { db: own, lost });
    await first.acquire(never());
    await db.$transaction(async (tx) => {
      await tx.$executeRaw`SELECT 1 FROM connections WHERE id = ${connectionId}::uuid FOR UPDATE`;
      await sleep(1.5 * TTL_MS);
    });
    await until(() => first.isHeld(), TTL_MS);
    expect(lost).toEqual([]);
    await first.release();
    await own.$disconnect();
  });

  test('a holder cut off in the middle of a transaction locks the stand-by out for seconds', async () => {
    const cut = await valveToDatabase(database.url);
    const holder = openDatabase({ url: cut.url });
    const own = openLeaseDatabase(database.url, TTL_MS);
    await acquireLease(db, connectionId, 'host/1/1', TTL_MS);
    // As a send does it: the rows are locked, and neither COMMIT nor a reset ever comes.
    const unsent = holder.$transaction(async (tx) => {
      await tx.$executeRaw`SELECT 1 FROM connections WHERE id = ${connectionId}::uuid FOR NO KEY UPDATE`;
      cut.shut();
      await tx.$executeRaw`SELECT 1`;
    });
    unsent.catch(() => undefined);
    const second = keeper('host/2/2', { db: own });
    const stop = AbortSignal.timeout(IDLE_IN_TRANSACTION_MAX_MS + 5_000);
    expect((await second.acquire(stop)).epoch).toBe(2n);
    // Its line is back: what it began is gone, and the process lives on.
    cut.open();
    await expect(unsent).rejects.toThrow();
    expect(await holder.$queryRaw`SELECT 1 AS one`).toEqual([{ one: 1 }]);
    await second.release();
    await own.$disconnect();
    await holder.$disconnect();
    await cut.stop();
  }, 30_000);

  test('a stand-by stops at once when it is asked to, also while the database hangs', async () => {
    const stop = new AbortController();
    const first = keeper('host/1/1', { db: hanging });
    valve.shut();
    const waiting = first.acquire(stop.signal);
    waiting.catch(() => undefined);
    await sleep(100);
    const askedAtMs = Date.now();
    stop.abort('SIGTERM');
    await expect(waiting).rejects.toThrow(Stopped);
    expect(Date.now() - askedAtMs).toBeLessThan(SLACK_MS);
  });
});

describe('[BRK-11] the link’s row', () => {
  const health = { lastMessageAtMs: null, clockSkewMs: null, detail: { reason: 'so' } };

  test('tells since when the link is down, whoever held it', async () => {
    const lease = (await acquireLease(db, connectionId, 'host/1/1', 300))!;
    await publishHealth(db, lease, { ...health, ready: true });
    expect(await view()).toMatchObject({ is_ready: true, down_since: null });
    // Its worker vanishes: down since its lease ran out, before and after another takes it.
    const { lease_until: ranOutAt } = (
      await db.$queryRaw<{ lease_until: Date }[]>`
        SELECT lease_until FROM connections WHERE id = ${connectionId}::uuid`
    )[0]!;
    await sleep(400);
    const downSince = ranOutAt.toISOString();
    expect(await view()).toMatchObject({ is_ready: false, down_since: downSince });
    const next = (await acquireLease(db, connectionId, 'host/2/2', 60_000))!;
    expect((await view()).down_since).toBe(downSince);
    await publishHealth(db, next, { ...health, ready: false });
    expect((await view()).down_since).toBe(downSince);
    await publishHealth(db, next, { ...health, ready: true });
    expect((await view()).down_since).toBeNull();
  });

  test('is written by the holder alone', async () => {
    const old = (await acquireLease(db, connectionId, 'host/1/1', 1))!;
    await sleep(20);
    const lease = (await acquireLease(db, connectionId, 'host/2/2', 60_000))!;
    await publishHealth(db, lease, { ...health, ready: true });
    await publishHealth(db, old, { ...health, ready: false });
    expect((await view()).is_ready).toBe(true);
  });

  test('[BRK-8] tells why entries are parked, and until when', async () => {
    const lease = (await acquireLease(db, connectionId, 'host/1/1', 60_000))!;
    const parked = { reason: 'the nightly reset of the broker', untilMs: Date.now() + 60_000 };
    await publishHealth(db, lease, { ...health, ready: true, parked });
    expect(await view()).toMatchObject({
      parked_reason: parked.reason,
      parked_until: new Date(parked.untilMs).toISOString(),
    });
    await publishHealth(db, lease, { ...health, ready: true, parked: null });
    expect((await view()).parked_reason).toBeNull();
  });
});
