/** A trade's book as loaded from its rows. Real PostgreSQL. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { parseSignal } from '../../contract/signal.js';
import { awaitsExecutions } from '../../domain/orders/machine.js';
import { recordAccounts } from '../../store/accounts.js';
import { loadBook } from '../../store/book/load.js';
import { ensureConnection } from '../../store/connections.js';
import { openDatabase, toJson, type Database } from '../../store/database.js';
import { ensureInstallation } from '../../store/installation.js';
import { exitTerms } from '../../domain/trade/bracket.js';
import { acceptSignal } from '../../store/signals.js';
import { freshDatabase, type TestDatabase } from '../support/postgres.js';

let database: TestDatabase;
let db: Database;
let userId: string;
let accountId: string;

beforeAll(async () => {
  database = await freshDatabase();
  db = openDatabase({ url: database.url });
  ({ ownerId: userId } = await ensureInstallation(db));
  const key = { userId, host: '127.0.0.1', port: 4002, clientId: 17 };
  const connectionId = await ensureConnection(db, key);
  const accounts = await recordAccounts(db, connectionId, userId, ['DU1000001']);
  accountId = accounts[0]!.id;
}, 60_000);
afterAll(async () => {
  await db?.$disconnect();
  await database?.drop();
});

let count = 0;
async function tradeWithOrders(roles: readonly string[]): Promise<string> {
  count += 1;
  const signal = { id: `book-${count}`, strategy_id: 'book', symbol: 'AAPL', side: 'BUY' };
  const { tradeId } = await acceptSignal(db, userId, parseSignal(signal));
  const terms = toJson(exitTerms('BUY', '10', null));
  await db.order.createMany({
    data: roles.map((role) => ({
      ...{ userId, accountId, tradeId, role, terms },
      clientOrderId: `${tradeId.slice(-12)}-${role}`,
    })),
  });
  return tradeId;
}

test('[TRD-2] the entry comes first, wherever its row lies in the table', async () => {
  const tradeId = await tradeWithOrders(['TARGET', 'STOP', 'ENTRY']);
  const { book } = await db.$transaction(async (tx) => {
    // An index by role would put them right by chance; the server may read the table instead.
    await tx.$executeRaw`SET LOCAL enable_indexscan = off`;
    await tx.$executeRaw`SET LOCAL enable_bitmapscan = off`;
    return loadBook(tx, tradeId);
  });
  expect(book.legs.map(({ role }) => role)).toEqual(['ENTRY', 'STOP', 'TARGET']);
});

test('[TRD-12] shares that a bust took away again are not awaited', async () => {
  const tradeId = await tradeWithOrders(['ENTRY']);
  const { id: orderRowId } = await db.order.findFirstOrThrow({ where: { tradeId } });
  await db.order.update({
    where: { id: orderRowId },
    data: { reported: { filled: '10', remaining: '0', done: true }, intent: 'SENT' },
  });
  const report = { correction: 1, quantity: '10', superseded: true };
  for (const change of [report, { correction: 2, quantity: '0', superseded: false }]) {
    await db.execution.create({
      data: {
        ...{ userId, accountId, tradeId, orderRowId, symbol: 'AAPL', brokerContractId: 1 },
        ...{ executionId: `x.0${change.correction}`, executionKey: 'x', side: 'BUY', price: '5' },
        ...{ brokerDay: new Date(0), executedAt: new Date(0), brokerOrderId: '1', ...change },
      },
    });
  }
  const [leg] = (await loadBook(db, tradeId)).book.legs;
  expect(leg?.filledQuantity).toBe('0');
  expect(awaitsExecutions(leg!)).toBe(false);
});
