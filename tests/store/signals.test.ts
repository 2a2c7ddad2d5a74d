/** Taking signals in: once per id, whatever happens at the same time. Real PostgreSQL. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { parseSignal } from '../../contract/signal.js';
import { recordAccounts } from '../../store/accounts.js';
import { ensureConnection } from '../../store/connections.js';
import { openDatabase, type Database } from '../../store/database.js';
import { ensureInstallation } from '../../store/installation.js';
import { acceptSignal, NoAccountError, SignalConflictError } from '../../store/signals.js';
import { tradesWithoutWorkflow } from '../../store/trade-start.js';
import { freshDatabase, type TestDatabase } from '../support/postgres.js';
import { readyAccount } from './support/ready-account.js';

let database: TestDatabase;
let db: Database;
let userId: string;

beforeAll(async () => {
  database = await freshDatabase();
  db = openDatabase({ url: database.url });
  ({ ownerId: userId } = await ensureInstallation(db));
}, 60_000);
afterAll(async () => {
  await db?.$disconnect();
  await database?.drop();
});

const body = (id: string, change: Record<string, unknown> = {}) =>
  parseSignal({
    id,
    strategy_id: 'momentum',
    symbol: 'AAPL',
    side: 'BUY',
    stop_loss_pct: '0.02',
    ...change,
  });

async function connect(): Promise<void> {
  const key = { userId, host: '127.0.0.1', port: 4002, clientId: 17 };
  const connectionId = await ensureConnection(db, key);
  await recordAccounts(db, connectionId, userId, ['DU1000001']);
}

describe('accepting signals', () => {
  test('without an account says what to start, and stores nothing', async () => {
    await expect(acceptSignal(db, userId, body('early'))).rejects.toThrow(NoAccountError);
    expect(await db.signal.count()).toBe(0);
  });

  test('[SIG-2] twenty at once with one id make one trade', async () => {
    await connect();
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => acceptSignal(db, userId, body('same'))),
    );
    expect(new Set(answers.map((answer) => answer.tradeId)).size).toBe(1);
    expect(answers.filter((answer) => answer.isNew)).toHaveLength(1);
    expect(await db.trade.count({ where: { signal: { signalId: 'same' } } })).toBe(1);
  });

  test('[SIG-2] the same id with another body names the fields that differ', async () => {
    await connect();
    await acceptSignal(db, userId, body('twice'));
    const other = acceptSignal(db, userId, body('twice', { side: 'SELL', quantity: '3' }));
    await expect(other).rejects.toThrow(SignalConflictError);
    await expect(other).rejects.toMatchObject({ fields: ['quantity', 'side'] });
  });

  test('[SIG-2] what a crash left without a workflow is found by the sweep', async () => {
    await connect();
    const { tradeId } = await acceptSignal(db, userId, body('swept'));
    expect(await tradesWithoutWorkflow(db, 0, 100)).toContain(tradeId);
    expect(await tradesWithoutWorkflow(db, 60_000, 100)).not.toContain(tradeId);
  });
});

describe('[SIG-1] the account that a signal is traded on', () => {
  let [oldest, chosen] = ['', ''];
  beforeAll(async () => {
    await connect();
    const { id: connectionId } = await db.connection.findFirstOrThrow();
    const [made] = await recordAccounts(db, connectionId, userId, ['DU2000002']);
    const first = await db.account.findFirstOrThrow({ where: { brokerAccountId: 'DU1000001' } });
    [oldest, chosen] = [first.id, made!.id];
    const { id: other } = await db.user.create({ data: { name: 'other' } });
    await recordAccounts(db, connectionId, other, ['DU3000003']);
  });

  let count = 0;
  const accountOf = async (strategy_id: string, account_id?: string, byDefault?: string) => {
    count += 1;
    const named = { strategy_id, ...(account_id && { account_id }) };
    const { tradeId } = await acceptSignal(db, userId, body(`on-${count}`, named), byDefault);
    return (await db.trade.findUniqueOrThrow({ where: { id: tradeId } })).accountId;
  };

  test('is the one it names, else its strategy’s: the default, else the oldest', async () => {
    expect(await accountOf('named', 'DU2000002')).toBe(chosen);
    expect(await accountOf('by-default', undefined, 'DU2000002')).toBe(chosen);
    expect(await accountOf('by-default', 'DU1000001')).toBe(oldest);
    expect(await accountOf('no-default')).toBe(oldest);
    expect(await accountOf('a-default-that-is-none', undefined, 'DU9')).toBe(oldest);
  });

  test.each([
    ['nobody knows', 'DU2000020'],
    ['is another user’s', 'DU3000003'],
  ])('one that %s makes a new strategy on the default', async (_, account_id) => {
    const name = `unknown-${account_id}`;
    expect(await accountOf(name, account_id, 'DU2000002')).toBe(chosen);
    expect(await accountOf(name)).toBe(chosen);
  });

  test('of another user counts as none, though it is the default', async () => {
    expect(await accountOf('default-of-another', undefined, 'DU3000003')).toBe(oldest);
  });
});

describe('[PRF-1] what a trade is started with', () => {
  const startOf = async (id: string, symbol: string) => {
    const { start } = await acceptSignal(db, userId, body(id, { symbol }));
    const { isAskable = false, isCold = false } = start!.input;
    return { isAskable, isCold };
  };

  test('says whether a broker can be asked, and then whether the market of its symbol is known', async () => {
    const { connectionId } = await readyAccount(db, ['AAA'], '100000');
    expect(await startOf('known', 'AAA')).toEqual({ isAskable: true, isCold: false });
    expect(await startOf('unknown', 'BBB')).toEqual({ isAskable: true, isCold: true });
    await db.quote.updateMany({ data: { at: new Date(Date.now() - 60_000) } });
    expect(await startOf('long-ago', 'AAA')).toEqual({ isAskable: true, isCold: true });
    await db.connection.update({ where: { id: connectionId }, data: { ready: false } });
    expect(await startOf('no-link', 'BBB')).toEqual({ isAskable: false, isCold: false });
    const ended = { ready: true, leaseUntil: new Date(Date.now() - 1_000) };
    await db.connection.update({ where: { id: connectionId }, data: ended });
    expect(await startOf('no-worker', 'BBB')).toEqual({ isAskable: false, isCold: false });
  });
});
