/** Accounts of a broker beside IBKR, and what a new worker is taught of its orders. Real PostgreSQL. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { parseSignal } from '../../contract/signal.js';
import { stopExit } from '../../domain/trade/bracket.js';
import { recordAccounts, type AccountRow } from '../../store/accounts.js';
import { ensureConnection } from '../../store/connections.js';
import { openDatabase, toJson, type Database } from '../../store/database.js';
import { ensureInstallation } from '../../store/installation.js';
import { knownOrders } from '../../store/known-orders.js';
import { listAccounts } from '../../store/reads.js';
import { acceptSignal } from '../../store/signals.js';
import { freshDatabase, type TestDatabase } from '../support/postgres.js';

const ACCOUNT = '917c8734-8470-4a3e-a18f-57c3f2ee6631';
const WRITTEN_AT = new Date('2026-04-06T16:00:00Z');

let database: TestDatabase;
let db: Database;
let userId: string;
let connectionId: string;
let account: AccountRow;

beforeAll(async () => {
  database = await freshDatabase();
  db = openDatabase({ url: database.url });
  ({ ownerId: userId } = await ensureInstallation(db));
  const key = { userId, host: 'snaptrade-0123456789ab', port: 443, clientId: 17 };
  connectionId = await ensureConnection(db, key);
  const by = { broker: 'snaptrade', paperAccounts: [ACCOUNT] } as const;
  const [first] = await recordAccounts(db, connectionId, userId, [ACCOUNT, 'D-live'], by);
  account = first!;
}, 60_000);
afterAll(async () => {
  await db?.$disconnect();
  await database?.drop();
});

test('[BRK-9] [RSK-6] an account is what its broker calls it; one of IBKR what its id says', async () => {
  const terminal = { userId, host: '127.0.0.1', port: 4002, clientId: 17 };
  const of = await ensureConnection(db, terminal);
  await recordAccounts(db, of, userId, ['DU1000001', 'U1000002']);
  const listed = await listAccounts(db, userId);
  const shown = listed.map(({ account_id: id, broker, is_paper: paper }) => [id, broker, paper]);
  expect(shown).toEqual([
    [ACCOUNT, 'snaptrade', true],
    ['D-live', 'snaptrade', false],
    ['DU1000001', 'ibkr', true],
    ['U1000002', 'ibkr', false],
  ]);
});

let count = 0;

/** A stop of 10 with these writes, each `place SHOWN` or the like; four shares of it were dealt. */
async function stopWith(writes: readonly string[], status = 'PARTIAL'): Promise<string> {
  count += 1;
  const signal = { id: `taught-${count}`, strategy_id: 's', symbol: 'AAPL', side: 'BUY' };
  const asked = parseSignal({ ...signal, account_id: ACCOUNT });
  const { tradeId } = await acceptSignal(db, userId, asked);
  const clientOrderId = `ref-${count}`;
  const terms = toJson(stopExit('SELL', '10', '95', null));
  const order = await db.order.create({
    data: {
      ...{ userId, accountId: account.id, tradeId, role: 'STOP', clientOrderId, terms },
      ...{ intent: 'SENT', status, filledQuantity: '4' },
    },
  });
  for (const [index, write] of writes.entries()) {
    const [kind, state] = write.split(' ') as [string, string];
    const brokerOrderIds = kind === 'place' && state === 'SHOWN' ? ['first', 'second'] : [];
    await db.orderIncarnation.create({
      data: {
        ...{ userId, orderRowId: order.id, connectionId, n: index + 1, kind, state },
        ...{ clientId: 17, sessionOrderId: count, brokerOrderIds, leaseEpoch: 1, generation: 1 },
        ...{ brokerDay: WRITTEN_AT, groupKey: 'g', claimedAt: WRITTEN_AT, terms },
      },
    });
  }
  return clientOrderId;
}

test('[BRK-2] [BRK-9] a new worker is taught the ids of each order, and its last write that nobody answered', async () => {
  const cases = {
    answered: await stopWith(['place SHOWN']),
    asked: await stopWith(['place CLAIMED'], 'PENDING'),
    unknown: await stopWith(['place UNKNOWN'], 'UNKNOWN'),
    replaced: await stopWith(['place SHOWN', 'modify SHOWN', 'modify UNKNOWN']),
    ended: await stopWith(['place SHOWN', 'modify UNKNOWN'], 'CANCELLED'),
  };
  const known = new Map(
    (await knownOrders(db, connectionId)).map((order) => [order.clientOrderId, order]),
  );
  const ids = ['first', 'second'];
  const sent = {
    ...{ account: ACCOUNT, symbol: 'AAPL', writtenAtMs: WRITTEN_AT.getTime() },
    terms: stopExit('SELL', '10', '95', null),
  };
  expect(known.get(cases.answered)).toMatchObject({ brokerOrderIds: ids, isLive: true });
  expect(known.get(cases.answered)).not.toHaveProperty('sent');
  for (const name of [cases.asked, cases.unknown]) {
    expect(known.get(name)).toMatchObject({ brokerOrderIds: [], sent });
    expect(known.get(name)!.sent).not.toHaveProperty('filledBefore');
  }
  expect(known.get(cases.replaced)).toMatchObject({
    ...{ brokerOrderIds: ids, sent: { ...sent, filledBefore: '4' } },
  });
  expect(known.get(cases.ended)).toMatchObject({ brokerOrderIds: ids, isLive: false });
  expect(known.get(cases.ended)).not.toHaveProperty('sent');
});
