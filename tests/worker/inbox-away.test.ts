/** The inbox while the database takes nothing: no fact of the broker is dropped (BRK-13). */
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import type { Database } from '../../store/database.js';
import type { Inbox, InboxOptions } from '../../worker/broker/inbox.js';
import { useAccountDatabase } from '../store/support/account-database.js';
import type { ReadyAccount } from '../store/support/ready-account.js';
import { untilTrue } from '../support/workers.js';
import { entryOfPlan, execution, inboxOf, type EntryRow } from './support/inbox.js';

const opened = useAccountDatabase(['AAA'], '1000000');
let db: Database;
let ready: ReadyAccount;
let spillFolder: string;
let inboxes: Inbox[] = [];

beforeAll(() => {
  ({ db, ready } = opened());
});
beforeEach(() => {
  spillFolder = mkdtempSync(join(tmpdir(), 'ballast-inbox-'));
});
afterEach(async () => {
  await setReadOnly(false);
  for (const inbox of inboxes) await inbox.stop(0);
  inboxes = [];
  rmSync(spillFolder, { recursive: true, force: true });
});

function newInbox(change: Partial<InboxOptions> = {}): Inbox {
  const inbox = inboxOf({ db, ready, spillFolder }, [], change);
  inboxes.push(inbox);
  return inbox;
}

const filesOf = (folder: string): string[] => readdirSync(folder);

/** Every connection but this one's, now and later. */
async function setReadOnly(readOnly: boolean): Promise<void> {
  await db.$transaction(async (tx) => {
    await tx.$executeRaw`SET LOCAL transaction_read_only = off`;
    await tx.$executeRawUnsafe(
      `DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET default_transaction_read_only = ${
        readOnly ? 'on' : 'off'
      }', current_database()); END $$`,
    );
  });
  await db.$queryRaw`SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
    WHERE datname = current_database()`.catch(() => undefined);
  await sleep(100);
}

const filledOf = async ({ tradeId }: EntryRow): Promise<string> => {
  const row = await db.trade.findUniqueOrThrow({ where: { id: tradeId } });
  return row.filledQuantity.toFixed();
};

/** Longer than five quick tries. */
const LONG_MS = 4_000;

test('[BRK-13] a read-only database is waited for, and takes every fact in the end (B3)', async () => {
  const entry = await entryOfPlan(db, ready);
  const inbox = newInbox();
  await setReadOnly(true);
  inbox.accept(execution(entry, 1));
  await sleep(LONG_MS);
  await setReadOnly(false);
  await inbox.drained();
  expect(await filledOf(entry)).toBe('5');
  expect(await db.brokerEvent.count({ where: { kind: 'set_aside' } })).toBe(0);
}, 30_000);

test('[BRK-13] a locked trade holds up its own facts alone, and loses none', async () => {
  const [locked, free] = [await entryOfPlan(db, ready), await entryOfPlan(db, ready)];
  const inbox = newInbox();
  await db.$transaction(
    async (tx) => {
      await tx.$executeRaw`SELECT 1 FROM trades WHERE id = ${locked.tradeId}::uuid FOR UPDATE`;
      inbox.accept(execution(locked, 1));
      inbox.accept(execution(free, 1));
      await sleep(1_000);
      expect(await filledOf(free)).toBe('5');
      expect(await filledOf(locked)).toBe('0');
    },
    { timeout: 20_000 },
  );
  await inbox.drained();
  expect(await filledOf(locked)).toBe('5');
}, 30_000);

test('[BRK-13] beyond the bound facts go to disk, and come back in their order', async () => {
  const entry = await entryOfPlan(db, ready);
  const inbox = newInbox({ heldMax: 2 });
  await setReadOnly(true);
  for (let number = 1; number <= 4; number += 1) {
    inbox.accept(execution(entry, number, { quantity: '1' }));
  }
  const corrected = execution(entry, 4, { quantity: '2', correction: 2 }).report;
  const executionId = `${corrected.executionKey}.02`;
  inbox.accept({ ...execution(entry, 4), report: { ...corrected, executionId } });
  await sleep(300);
  expect(filesOf(spillFolder)).toHaveLength(1);
  await setReadOnly(false);
  await inbox.drained();
  expect(await filledOf(entry)).toBe('5');
  expect(filesOf(spillFolder)).toEqual([]);
}, 30_000);

test('[BRK-13] what a worker could not commit before its end, the next one commits', async () => {
  const entry = await entryOfPlan(db, ready);
  await setReadOnly(true);
  const first = newInbox();
  first.accept(execution(entry, 1));
  const startedAtMs = performance.now();
  await first.stop(500);
  expect(performance.now() - startedAtMs).toBeLessThan(2_000);
  expect(filesOf(spillFolder)).toHaveLength(1);
  await setReadOnly(false);
  newInbox();
  await untilTrue('its file is committed', () => filesOf(spillFolder).length === 0);
  expect(await filledOf(entry)).toBe('5');
}, 30_000);

test('[BRK-13] a file that was cut short by a crash gives what was whole in it', async () => {
  const entry = await entryOfPlan(db, ready);
  const line = `${JSON.stringify(execution(entry, 1))}\n`;
  writeFileSync(join(spillFolder, '1-000001-1.jsonl'), `${line}{"kind":"execu`);
  const inbox = newInbox();
  await untilTrue('the file is taken in', () => filesOf(spillFolder).length === 0);
  await inbox.drained();
  expect(await filledOf(entry)).toBe('5');
}, 30_000);

test('[BRK-13] data that no database can take is set aside and told; nothing waits for it', async () => {
  const entry = await entryOfPlan(db, ready);
  const inbox = newInbox();
  inbox.accept(execution(entry, 1, { symbol: 'A\u0000A' }));
  inbox.accept(execution(entry, 2));
  const where = { tradeId: entry.tradeId };
  await untilCount(() => db.brokerEvent.count({ where: { ...where, kind: 'set_aside' } }), 1);
  await untilCount(async () => Number(await filledOf(entry)), 5);
  const aside = await db.brokerEvent.findFirstOrThrow({ where: { ...where, kind: 'set_aside' } });
  const { base64 } = aside.body as { base64: string };
  expect(Buffer.from(base64, 'base64').toString()).toContain(entry.clientOrderId);
  expect(await db.notification.count({ where: { ...where, kind: 'fact_set_aside' } })).toBe(1);
}, 30_000);

test("[BRK-13] a fact that this system can't book holds up its trade, and nobody else", async () => {
  const entry = await entryOfPlan(db, ready);
  const inbox = newInbox();
  // An account that this link never named: no row to book it on, and no data error.
  const unknown = execution(entry, 1, { clientOrderId: null, account: 'DU9' });
  inbox.accept(unknown);
  inbox.accept(execution(entry, 2));
  await inbox.drained();
  expect(await filledOf(entry)).toBe('5');
  expect(
    await db.brokerEvent.count({
      where: { kind: 'set_aside', body: { path: ['why'], string_contains: 'DU9' } },
    }),
  ).toBe(0);
  const told = { kind: 'facts_stuck', body: { path: ['summary'], string_contains: 'booked' } };
  await untilCount(() => db.notification.count({ where: told }), 1);
  await inbox.stop(0);
  expect(filesOf(spillFolder)).toHaveLength(1);
}, 30_000);

test('[BRK-13] every picture tells it again: nobody waits for it then, and it is held once', async () => {
  const [bad, good] = [await entryOfPlan(db, ready), await entryOfPlan(db, ready)];
  const inbox = newInbox({ heldMax: 5 });
  // Its row can't be read: a defect of this system's own, as a wrong migration would make it.
  const { terms } = await db.order.findUniqueOrThrow({ where: { id: bad.id } });
  await db.$executeRaw`UPDATE orders SET terms = '"unreadable"' WHERE id = ${bad.id}::uuid`;
  const startedAtMs = performance.now();
  for (let picture = 1; picture <= 10; picture += 1) {
    inbox.accept({ ...execution(bad, 1), receivedAtMs: picture });
    inbox.accept(execution(good, 1));
    await inbox.drained();
  }
  expect(performance.now() - startedAtMs).toBeLessThan(LONG_MS / 2);
  expect(await filledOf(good)).toBe('5');
  expect([...inbox.stuckTrades()]).toEqual([bad.tradeId]);
  expect(filesOf(spillFolder)).toEqual([]);
  const where = { tradeId: bad.tradeId, kind: 'facts_stuck' };
  await untilCount(() => db.notification.count({ where }), 1);
  await db.order.update({ where: { id: bad.id }, data: { terms: terms! } });
  await untilCount(async () => Number(await filledOf(bad)), 5);
  expect(inbox.stuckTrades().size).toBe(0);
  expect(await db.notification.count({ where })).toBe(1);
}, 30_000);

/** Within a few growing pauses. */
async function untilCount(count: () => Promise<number>, wanted: number): Promise<void> {
  await untilTrue(`the count is ${wanted}`, async () => (await count()) === wanted);
}
