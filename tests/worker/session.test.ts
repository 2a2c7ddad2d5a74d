/** The session: what declares the link READY, and what does not. A real gateway, a real database. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import pino from 'pino';
import type { BrokerPort } from '../../broker/port.js';
import type { Snapshot } from '../../domain/broker/snapshot.js';
import {
  acquireLease,
  ensureConnection,
  lastGeneration,
  type Lease,
} from '../../store/connections.js';
import { openDatabase, type Database } from '../../store/database.js';
import { ensureInstallation } from '../../store/installation.js';
import { BrokerSession } from '../../worker/broker/session.js';
import { clientOf, pause, until } from '../broker/support/harness.js';
import { startPaper, type Paper } from '../broker/support/paper.js';
import { freshDatabase, type TestDatabase } from '../support/postgres.js';

const LEASE_MS = 600_000;

let database: TestDatabase;
let db: Database;
let paper: Paper;
let userId: string;
let connectionId: string;
let lease: Lease;
let sessions: BrokerSession[];
let clientId = 20;

beforeAll(async () => {
  [database, paper] = await Promise.all([freshDatabase(), startPaper()]);
  db = openDatabase({ url: database.url });
  userId = (await ensureInstallation(db)).ownerId;
}, 60_000);
afterAll(async () => {
  await paper?.stop();
  await db?.$disconnect();
  await database?.drop();
});
beforeEach(async () => {
  clientId += 1;
  const key = { userId, host: '127.0.0.1', port: paper.port, clientId };
  connectionId = await ensureConnection(db, key);
  lease = (await acquireLease(db, connectionId, 'test', LEASE_MS))!;
  sessions = [];
});
afterEach(async () => {
  for (const session of sessions) await session.stop();
});

interface Opened {
  readonly session: BrokerSession;
  readonly broker: BrokerPort;
  /** Pictures in the order in which they were handed over. */
  readonly pictures: Snapshot[];
  /** Generations that were READY. */
  readonly ready: number[];
}

/** Opens a session; `committing` stands for the commit of a picture's facts, which may take long. */
function opened(committing: () => Promise<void> = () => Promise.resolve()): Opened {
  const { broker } = clientOf(paper.port, { clientId });
  const pictures: Snapshot[] = [];
  const ready: number[] = [];
  broker.onEvent((event) => {
    if (event.kind !== 'connection' || !event.state.ready) return;
    if (ready.at(-1) !== event.state.generation) ready.push(event.state.generation);
  });
  const session = new BrokerSession({
    ...{ db, broker, userId, lease: { current: lease } },
    log: pino({ level: 'silent' }),
    inbox: { accept: () => undefined },
    keeper: {
      refresh: async () => {
        const snapshot = await broker.snapshot();
        await committing();
        pictures.push(snapshot);
        return snapshot;
      },
    },
    market: { refreshAccount: async () => undefined, resubscribe: async () => undefined },
    onSynced: () => undefined,
    onChange: () => undefined,
  });
  sessions.push(session);
  session.open();
  return { session, broker, pictures, ready };
}

/** A commit that takes until it is released, the first time. */
function slowCommit() {
  let release: () => void = () => undefined;
  let begun = false;
  const held = new Promise<void>((resolve) => (release = resolve));
  const committing = async () => {
    begun = true;
    await held;
  };
  return { committing, release: () => release(), hasBegun: () => begun };
}

describe('[BRK-1] the link is READY', () => {
  test('by a complete picture, its generation in SQL before anything may be claimed', async () => {
    const { session, broker, pictures, ready } = opened();
    expect(session.downSinceMs).not.toBeNull();
    await session.ready(10_000);
    expect(pictures).toHaveLength(1);
    expect(pictures[0]).toMatchObject({ isComplete: true, generation: broker.state().generation });
    expect(ready).toEqual([broker.state().generation]);
    expect(await lastGeneration(db, connectionId)).toBe(broker.state().generation);
    expect(session.accounts.map((row) => row.brokerAccountId)).toEqual(['DU1234567']);
    expect({ down: session.downSinceMs, up: session.readySinceMs !== null }).toEqual({
      down: null,
      up: true,
    });
  });

  test.each([
    [
      'the servers were lost and came back (1100, 1102)',
      { name: 'connection-lost-1102', seconds: 0.3 },
      2,
    ],
    ['the socket died and came back', { name: 'connection-cut' }, 1],
  ])(
    'not by a picture of before: %s while its facts were committed (B4)',
    async (_, fault, further) => {
      const slow = slowCommit();
      const { session, broker, pictures, ready } = opened(slow.committing);
      await until('the first picture', slow.hasBegun);
      const before = broker.state().generation;
      await paper.fault(fault);
      await until('the next generation', () => {
        const { generation, brokerServers } = broker.state();
        return generation >= before + further && brokerServers;
      });
      slow.release();
      await session.ready(10_000);
      const now = broker.state().generation;
      expect(pictures[0]?.generation).toBe(before);
      expect(pictures.at(-1)?.generation).toBe(now);
      expect(ready).toEqual([now]);
      expect(await lastGeneration(db, connectionId)).toBe(now);
    },
  );

  test('not while the gateway has no servers, though it lets us connect (B5)', async () => {
    await paper.fault({ name: 'connection-lost-1102', seconds: 1.5 });
    await pause(100);
    const { session, broker, pictures, ready } = opened();
    await until('the handshake', () => broker.state().socket === 'up');
    await pause(500);
    expect(broker.state()).toMatchObject({ socket: 'up', brokerServers: false, ready: false });
    expect({ pictures, ready }).toEqual({ pictures: [], ready: [] });
    await session.ready(10_000);
    expect(pictures.at(-1)?.generation).toBe(broker.state().generation);
  });

  test('again after each loss, by a picture of then; since when it is down is known', async () => {
    const { session, broker, pictures } = opened();
    await session.ready(10_000);
    const before = broker.state().generation;
    const upSinceMs = session.readySinceMs!;
    await paper.fault({ name: 'connection-lost-1101', seconds: 0.3 });
    await until('the loss', () => session.downSinceMs !== null);
    expect(session.readySinceMs).toBeNull();
    await session.ready(10_000);
    expect(broker.state().generation).toBe(before + 2);
    expect(pictures.map(({ generation }) => generation)).toEqual([before, before + 2]);
    expect(session.readySinceMs).toBeGreaterThan(upSinceMs);
  });

  test('not for a worker whose lease another has (R-21)', async () => {
    await db.$executeRaw`UPDATE connections SET lease_until = now() - interval '1 ms'
                          WHERE id = ${connectionId}::uuid`;
    await acquireLease(db, connectionId, 'another', LEASE_MS);
    const { broker, pictures, ready } = opened();
    await until('the handshake', () => broker.state().socket === 'up');
    await pause(800);
    expect({ pictures, ready }).toEqual({ pictures: [], ready: [] });
  });
});
