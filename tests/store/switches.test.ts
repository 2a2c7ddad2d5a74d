/** Pauses hold back from when they begin until they end (RSK-5). Real PostgreSQL. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { openDatabase, type Database } from '../../store/database.js';
import { ENTRY_FACTS, readSwitches, type EntryFacts } from '../../store/switches.js';
import { freshDatabase, type TestDatabase } from '../support/postgres.js';
import { plannedTrade } from './support/planned-trade.js';
import { readyAccount, type ReadyAccount } from './support/ready-account.js';

let database: TestDatabase;
let db: Database;
let ready: ReadyAccount;
let tradeId: string;
beforeAll(async () => {
  database = await freshDatabase();
  db = openDatabase({ url: database.url });
  ready = await readyAccount(db, ['AAA'], '1000000');
  tradeId = await plannedTrade(db, ready);
}, 60_000);
afterAll(async () => {
  await db?.$disconnect();
  await database?.drop();
});

const inMs = (ms: number) => new Date(Date.now() + ms);

async function heldBack() {
  const { accountPaused, strategyPaused } = await readSwitches(db, tradeId);
  const [row] = await db.$queryRaw<{ facts: EntryFacts }[]>`
    SELECT ${ENTRY_FACTS} AS facts FROM trades t JOIN accounts a ON a.id = t.account_id
     WHERE t.id = ${tradeId}::uuid`;
  return { accountPaused, strategyPaused, quarantined: row!.facts.quarantinedBy !== null };
}

test.each([
  ['begins later', 60_000, null, false],
  ['has begun', -60_000, null, true],
  ['ends later', -60_000, 60_000, true],
  ['has ended', -60_000, -1_000, false],
])('[RSK-5] a pause that %s', async (_title, startMs, endMs, holds) => {
  const { userId, accountId, strategyId, symbol } = await db.trade.findUniqueOrThrow({
    where: { id: tradeId },
  });
  const times = { startsAt: inMs(startMs), endsAt: endMs === null ? null : inMs(endMs) };
  const base = { userId, kind: 'manual', reason: 'test', ...times };
  await db.pause.createMany({
    data: [
      { ...base, accountId },
      { ...base, strategyId },
      { ...base, accountId, symbol },
    ],
  });
  const all = { accountPaused: holds, strategyPaused: holds, quarantined: holds };
  expect(await heldBack()).toEqual(all);
  await db.pause.deleteMany({});
});

test('[API-2] a pause of the account holds back whoever trades on it, in the plan and before the send', async () => {
  const { id: userId } = await db.user.create({ data: { name: 'other' } });
  const { accountId } = ready;
  const base = { userId, kind: 'manual', reason: 'test' };
  const planned = async (strategy_id: string) => {
    const id = await plannedTrade(db, ready, { strategy_id });
    return (await db.trade.findUniqueOrThrow({ where: { id } })).denialCodes;
  };
  await db.pause.create({ data: { ...base, accountId } });
  expect(await heldBack()).toMatchObject({ accountPaused: true, quarantined: false });
  expect(await planned('paused')).toContain('ACCOUNT_PAUSED');
  await db.pause.deleteMany({});
  await db.pause.create({ data: { ...base, accountId, symbol: 'AAA' } });
  expect(await heldBack()).toMatchObject({ accountPaused: false, quarantined: true });
  expect(await planned('quarantined')).toContain('SYMBOL_QUARANTINED');
  await db.pause.deleteMany({});
  // Of no account of this user.
  await db.pause.create({ data: { ...base, symbol: 'AAA' } });
  expect(await heldBack()).toMatchObject({ accountPaused: false, quarantined: false });
  expect(await planned('free')).toEqual([]);
  await db.pause.deleteMany({});
});

test('[RSK-5] a pause that was made while the reading transaction was open is seen by it', async () => {
  await db.$transaction(async (tx) => {
    await readSwitches(tx, tradeId);
    const { accountId } = ready;
    const { userId: owner } = await db.trade.findUniqueOrThrow({ where: { id: tradeId } });
    await db.$executeRaw`INSERT INTO pauses (id, user_id, account_id, kind, reason)
      VALUES (gen_random_uuid(), ${owner}::uuid, ${accountId}::uuid, 'manual', 'test')`;
    expect(await readSwitches(tx, tradeId)).toMatchObject({ accountPaused: true });
  });
  await db.pause.deleteMany({});
});
