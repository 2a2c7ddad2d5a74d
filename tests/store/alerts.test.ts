/** Alerts of one trade, in the order they are written. Real PostgreSQL. */
import { beforeAll, expect, test } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { alert, alertTrade } from '../../store/alerts.js';
import { lockTrade } from '../../store/book/load.js';
import type { Database } from '../../store/database.js';
import { useAccountDatabase } from './support/account-database.js';
import { plannedTrade } from './support/planned-trade.js';
import type { ReadyAccount } from './support/ready-account.js';

const opened = useAccountDatabase(['AAA'], '1000000');
let db: Database;
let ready: ReadyAccount;
beforeAll(() => {
  ({ db, ready } = opened());
});

const about = (dedupeKey: string) =>
  ({ kind: 'failed', dedupeKey, summary: dedupeKey, detail: {} }) as const;

/** Somebody waits for a lock of the database. */
async function hasWaiting(): Promise<boolean> {
  const rows = await db.$queryRaw<unknown[]>`
    SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`;
  return rows.length > 0;
}

test('[NTF-1] an alert of a trade waits for a change of it that tells something too, and comes after it', async () => {
  const tradeId = await plannedTrade(db, ready);
  let isTold = false;
  let telling: Promise<void> | undefined;
  await db.$transaction(
    async (tx) => {
      await lockTrade(tx, tradeId);
      telling = alertTrade(db, tradeId, about('later')).then(() => {
        isTold = true;
      });
      while (!isTold && !(await hasWaiting())) await sleep(10);
      expect(isTold).toBe(false);
      await alert(tx, { ...about('earlier'), userId: ready.ownerId, tradeId });
    },
    { timeout: 30_000 },
  );
  await telling;
  const told = await db.notification.findMany({
    where: { tradeId, kind: 'failed' },
    orderBy: { serial: 'asc' },
  });
  expect(told.map(({ dedupeKey }) => dedupeKey)).toEqual(['earlier', 'later']);
});

test('[NTF-1] one that was told keeps nobody waiting', async () => {
  const tradeId = await plannedTrade(db, ready);
  await alertTrade(db, tradeId, about('once'));
  await db.$transaction(
    async (tx) => {
      await lockTrade(tx, tradeId);
      await alertTrade(db, tradeId, about('once'));
    },
    { timeout: 30_000 },
  );
  expect(await db.notification.count({ where: { tradeId, kind: 'failed' } })).toBe(1);
});

test('[NTF-1] a change that hangs keeps no alert from being told', async () => {
  const tradeId = await plannedTrade(db, ready);
  await db.$transaction(
    async (tx) => {
      await lockTrade(tx, tradeId);
      await alertTrade(db, tradeId, about('hangs'));
    },
    { timeout: 30_000 },
  );
  expect(await db.notification.count({ where: { dedupeKey: 'hangs' } })).toBe(1);
});
