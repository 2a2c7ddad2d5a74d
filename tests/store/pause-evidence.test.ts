/** What a pause followed from, while a trade of it is taken up again beside another that loses. Real PostgreSQL. */
import { beforeAll, expect, test } from '@jest/globals';
import { openDatabase, type Database } from '../../store/database.js';
import { settleTrade } from '../../store/settlement.js';
import { useAccountDatabase } from './support/account-database.js';
import { enteredTrade } from './support/closed-trade.js';
import type { ReadyAccount } from './support/ready-account.js';

const opened = useAccountDatabase(['AAA', 'BBB', 'CCC', 'DDD'], '1000000');
let db: Database;
let ready: ReadyAccount;
let url = '';
beforeAll(() => {
  ({ db, ready, url } = opened());
});

/** Half a minute on a busy machine. */
const LOOKS_MAX = 600;

async function untilBlocked(count: number): Promise<void> {
  for (let look = 0; look < LOOKS_MAX; look += 1) {
    const [row] = await db.$queryRaw<{ n: number }[]>`
      SELECT count(*)::int AS n FROM pg_stat_activity
       WHERE datname = current_database() AND wait_event_type = 'Lock'`;
    if (row!.n >= count) return;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  throw new Error(`never were ${count} sessions blocked`);
}

test('[RSK-4] the name of a trade that is taken up again is not written back by another that loses', async () => {
  const limits = { lossStreak: 3 };
  const lose = async (symbol: string) => {
    const trade = await enteredTrade(db, ready, { symbol, strategy_id: 'streak' });
    await trade.exit('95');
    return trade;
  };
  const [a, b, c, d] = [await lose('AAA'), await lose('BBB'), await lose('CCC'), await lose('DDD')];
  for (const { tradeId } of [a, b, c]) await settleTrade(db, tradeId, Date.now(), limits);
  const pause = await db.pause.findFirstOrThrow({ where: { kind: 'loss_streak' } });
  expect(pause.evidence).toContain(a.tradeId);
  // The bust has its row of the pause, and is not committed yet.
  const beside = openDatabase({ url });
  let release = (): void => undefined;
  const held = new Promise<void>((resolve) => (release = resolve));
  let isHeld = (): void => undefined;
  const holding = new Promise<void>((resolve) => (isHeld = resolve));
  const blocker = beside.$transaction(async (tx) => {
    await tx.$executeRaw`SELECT 1 FROM pauses WHERE id = ${pause.id}::uuid FOR UPDATE`;
    isHeld();
    await held;
  });
  await holding;
  const bust = a.bust();
  await untilBlocked(1);
  const other = settleTrade(db, d.tradeId, Date.now(), limits);
  await untilBlocked(2);
  release();
  await Promise.all([blocker, bust, other]);
  await beside.$disconnect();
  const { evidence } = await db.pause.findUniqueOrThrow({ where: { id: pause.id } });
  expect([evidence.includes(a.tradeId), evidence.includes(d.tradeId)]).toEqual([false, true]);
});
