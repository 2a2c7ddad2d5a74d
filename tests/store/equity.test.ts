/** What accounts were worth: hourly at the most in the session, and at its end. Real PostgreSQL. */
import { beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { beginDay } from '../../store/account-days.js';
import { recordAccountValues } from '../../store/accounts.js';
import type { Database } from '../../store/database.js';
import { endDay } from '../../store/day-summary.js';
import { listEquity } from '../../store/equity.js';
import { ballast } from '../cli/support.js';
import { useAccountDatabase } from './support/account-database.js';
import { plannedTrade } from './support/planned-trade.js';
import { accountValues, ACCOUNT, type ReadyAccount } from './support/ready-account.js';

const MINUTE_MS = 60_000;
/** A Tuesday. */
const OPEN = Date.parse('2026-11-24T14:30:00Z');
const CLOSE = Date.parse('2026-11-24T21:00:00Z');
const opened = useAccountDatabase(['AAA'], '100000');
let db: Database;
let ready: ReadyAccount;
beforeAll(() => {
  ({ db, ready } = opened());
});
beforeEach(async () => {
  await db.equitySnapshot.deleteMany();
  await db.accountDay.deleteMany();
});

const values = (equity: string, atMs: number, totalCash: string = '60000') =>
  recordAccountValues(db, ready.connectionId, accountValues(equity, { totalCash, atMs }));
const today = () => ({ accountId: ready.accountId, brokerAccountId: ACCOUNT, day: '2026-11-24' });
const all = () => listEquity(db, ready.ownerId, { account: null, limit: 100 });
const minutes = async () =>
  (await all()).map(({ at }) => (Date.parse(at) - OPEN) / MINUTE_MS).reverse();

describe('[SCH-1] in the session', () => {
  test('the values of an hour are kept once, whoever brings them', async () => {
    for (const minute of [-1, 0, 3, 59, 60, 63, 390, 393]) {
      const atMs = OPEN + minute * MINUTE_MS;
      await Promise.all([values('100000', atMs), values('100000', atMs)]);
    }
    // Before the open comes the first that was told since the close of the day before.
    expect(await minutes()).toEqual([-1, 0, 60, 390]);
    expect((await all()).map(({ kind }) => kind)).toEqual([
      'close',
      'intraday',
      'intraday',
      'close',
    ]);
  });

  test('on a day without trading those of the close before it, and one after an early close', async () => {
    await values('100000', Date.parse('2026-11-26T15:00:00Z'));
    const before = { day: '2026-11-25', kind: 'close' };
    expect(await all()).toMatchObject([before]);
    await values('100000', Date.parse('2026-11-27T18:01:00Z'));
    await values('100000', Date.parse('2026-11-27T18:04:00Z'));
    const early = { day: '2026-11-27', kind: 'close', at: '2026-11-27T18:01:00.000Z' };
    expect(await all()).toMatchObject([early, before]);
    await values('100000', Date.parse('2026-11-27T17:59:00Z'));
    expect(await all()).toMatchObject([early, { day: '2026-11-27', kind: 'intraday' }, before]);
  });
});

describe('[TRD-8] [SCH-1] the day of a snapshot', () => {
  test('is its result: of the trades that closed, and the rest; deposits are none', async () => {
    await values('100000', OPEN - MINUTE_MS);
    await beginDay(db, today(), OPEN + 1_000);
    const tradeId = await plannedTrade(db, ready, { symbol: 'AAA' });
    const closedAt = new Date(OPEN + MINUTE_MS);
    const data = { realizedPnl: '-250', closedAt, state: 'CLOSED' };
    await db.trade.update({ where: { id: tradeId }, data });
    await db.cashMovement.create({
      data: {
        ...{ id: tradeId, accountId: ready.accountId, userId: ready.ownerId, amount: '5000' },
        ...{ at: closedAt, reference: 'wire', source: 'person', actor: 'test', kind: 'deposit' },
      },
    });
    await values('105150', OPEN + 2 * MINUTE_MS);
    const amounts = { net_flows: '5000', realized_pnl: '-250', unrealized_pnl: '400' };
    const intraday = { ...amounts, total_cash: '60000', kind: 'intraday' };
    const before = { day: '2026-11-23', kind: 'close' };
    expect(await all()).toMatchObject([{ ...intraday, net_liquidation: '105150' }, before]);
    await values('104750', CLOSE + 5 * MINUTE_MS);
    const ended = await endDay(db, today(), CLOSE + 5 * MINUTE_MS);
    const equity = { netLiquidation: '104750', cash: '60000', netFlows: '5000' };
    const close = { ...equity, realizedPnl: '-250', unrealizedPnl: '0' };
    expect(ended.summary.equity).toEqual({ ...close, atMs: CLOSE + 5 * MINUTE_MS });
    // The sweep of the night ends the day once more, with later values.
    await values('90000', CLOSE + 90 * MINUTE_MS);
    const again = await endDay(db, today(), CLOSE + 90 * MINUTE_MS);
    expect(again.summary.equity).toEqual(ended.summary.equity);
    expect((await all()).map(({ kind }) => kind)).toEqual(['close', 'intraday', 'close']);
    const { out } = await ballast(['equity', '--limit', '1'], {
      env: { DATABASE_URL: opened().url, TEMPORAL_ADDRESS: '127.0.0.1:1' },
    });
    expect(out).toMatch(
      /2026-11-24 +2026-11-24 21:05:00 +close +DU1000001 +104750.00 +60000.00 +-250.00 +0.00 +5000.00/,
    );
  });

  test('is not reckoned where nobody knows what it is measured from', async () => {
    await values('100000', OPEN);
    expect(await all()).toMatchObject([{ unrealized_pnl: null, net_flows: '0' }]);
  });
});
