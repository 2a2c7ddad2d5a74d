/** A plan that waits for its account is made of the time it is made at, not of the time it was asked for. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { parseSignal } from '../../contract/signal.js';
import { openDatabase, type Database } from '../../store/database.js';
import { planToSend } from '../../store/planning/plan.js';
import { acceptSignal } from '../../store/signals.js';
import { freshDatabase, type TestDatabase } from '../support/postgres.js';
import { untilTrue } from '../support/workers.js';
import { PLAN_SETTINGS } from './support/planned-trade.js';
import { ACCOUNT, readyAccount, type ReadyAccount } from './support/ready-account.js';

/** Longer than any machine takes to begin a plan. */
const LOCKED_MAX_MS = 60_000;
/** What the settings of this test say of quotes, and a second more. */
const TOO_OLD_MS = 601_000;

let database: TestDatabase;
let db: Database;
let ready: ReadyAccount;

beforeAll(async () => {
  database = await freshDatabase();
  db = openDatabase({ url: database.url });
  ready = await readyAccount(db, ['AAA'], '100000');
}, 60_000);
afterAll(async () => {
  await db?.$disconnect();
  await database?.drop();
});

async function signalled(id: string): Promise<string> {
  const signal = parseSignal({
    ...{ id, strategy_id: 'clock', symbol: 'AAA', account_id: ACCOUNT },
    ...{ side: 'BUY', stop_loss_pct: '0.05' },
  });
  return (await acceptSignal(db, ready.ownerId, signal)).tradeId;
}

test('[RSK-1] orders count among those of a minute from when they were decided on', async () => {
  const tradeId = await signalled('counted');
  const decidedAtMs = Date.now() + 2_000;
  const { installationId } = ready;
  const asked = { tradeId, final: true, nowMs: () => decidedAtMs, installationId };
  const { outcome } = await planToSend(db, PLAN_SETTINGS, asked);
  expect(outcome).toMatchObject({ kind: 'approved' });
  const orders = await db.order.findMany({ where: { tradeId } });
  expect(new Set(orders.map(({ createdAt }) => createdAt.getTime()))).toEqual(
    new Set([decidedAtMs]),
  );
});

test('[RSK-1] quotes that grew old while a plan waited for its account count as old', async () => {
  const tradeId = await signalled('late');
  let offsetMs = 0;
  const nowMs = () => Date.now() + offsetMs;
  const { installationId } = ready;
  const asked = await db.$transaction(
    async (tx) => {
      await tx.$executeRaw`SELECT 1 FROM accounts FOR UPDATE`;
      const planned = planToSend(db, PLAN_SETTINGS, {
        tradeId,
        final: true,
        nowMs,
        installationId,
      });
      await untilTrue('the plan to wait', async () => {
        const [row] = await db.$queryRaw<{ waiting: bigint }[]>`
          SELECT count(*) AS waiting FROM pg_stat_activity
           WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE '%OF a, t%'`;
        return Number(row?.waiting) === 1;
      });
      offsetMs = TOO_OLD_MS;
      return { planned };
    },
    { timeout: LOCKED_MAX_MS },
  );
  const { outcome } = await asked.planned;
  expect(outcome).toMatchObject({ kind: 'denied' });
  expect(JSON.stringify(outcome)).toContain('QUOTE_STALE');
}, 90_000);
