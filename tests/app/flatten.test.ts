/** Flatten while neither Temporal nor any worker is there: modes and commands are rows. Real PostgreSQL. */
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { listAudit } from '../../app/audit.js';
import { flatten, proposeFlatten } from '../../app/flatten.js';
import { changeMode } from '../../app/switches.js';
import { claimBracket } from '../../store/sending.js';
import { makeTrade, makeWorld } from '../cli/rows.js';
import { enteredTrade } from '../store/support/closed-trade.js';
import { plannedTrade, sendContext } from '../store/support/planned-trade.js';
import { ACCOUNT } from '../store/support/ready-account.js';
import { ballast } from '../cli/support.js';
import { testApp, type TestApp } from './support.js';
import { emptyBooks } from './support-books.js';

let it: TestApp;
beforeAll(async () => {
  it = await testApp();
}, 60_000);
afterAll(async () => it?.close());
beforeEach(async () => {
  await emptyBooks(it.db);
  await it.db.$executeRaw`UPDATE trades SET state = 'CLOSED' WHERE closed_at IS NOT NULL`;
  await it.db.account.updateMany({ data: { mode: 'ACTIVE' } });
});

/** Its entry is on its way to the broker. */
async function sentTrade(symbol: string): Promise<string> {
  const tradeId = await plannedTrade(it.db, it.ready, { symbol });
  const { generation } = await it.db.connection.findFirstOrThrow();
  const claimed = await claimBracket(
    ...([
      it.db,
      tradeId,
      await sendContext(it.db, it.ready, Number(generation)),
      () => null,
    ] as const),
  );
  if (claimed.kind === 'refused') throw new Error(claimed.reason);
  return tradeId;
}

const wishesOf = async (tradeId: string) => {
  const row = await it.db.trade.findUniqueOrThrow({ where: { id: tradeId } });
  return { close: row.closeRequested, cancel: row.cancelRequested };
};
const modeOf = async () =>
  (await it.db.account.findFirstOrThrow({ where: { brokerAccountId: ACCOUNT } })).mode;
const closesOf = (tradeId: string) =>
  it.db.command.count({ where: { tradeId, kind: 'close', verdict: 'accepted' } });

test('[RSK-5] what is held is sold, what is unfilled cancelled, and nothing more is opened', async () => {
  const { tradeId: held } = await enteredTrade(it.db, it.ready, { symbol: 'AAA' });
  const sent = await sentTrade('BBB');
  const waiting = await plannedTrade(it.db, it.ready, { symbol: 'CCC' });
  const done = await flatten(it.app, { account: null, key: 'one' });
  expect(done?.accounts).toEqual([{ account_id: ACCOUNT, mode: 'REDUCING' }]);
  expect(done?.trades.map(({ trade_id: id, outcome }) => [id, outcome])).toEqual(
    expect.arrayContaining([
      [held, 'ending'],
      [sent, 'ending'],
    ]),
  );
  expect(done?.trades).toHaveLength(2);
  expect(await wishesOf(held)).toEqual({ close: 'manual', cancel: false });
  expect(await wishesOf(sent)).toEqual({ close: 'manual', cancel: true });
  // The mode holds it back: there is nothing to sell of it.
  expect(await wishesOf(waiting)).toEqual({ close: null, cancel: false });
  const told = await done?.told;
  expect(told?.map(({ how }) => how)).toEqual(['later', 'later']);
  const entries = await listAudit(it.app, 10);
  expect(entries[0]).toMatchObject({
    ...{ actor: 'test', action: 'flatten', subject: 'all accounts' },
    body: { key: 'one', ending: 2, refused: 0, failed: 0 },
  });
  expect(entries.map(({ action }) => action)).toContain('mode');
}, 30_000);

test('[RSK-5] an account whose mode can not be set keeps no trade from its end, and is told', async () => {
  const { tradeId } = await enteredTrade(it.db, it.ready, { symbol: 'AAA' });
  await it.db.$executeRawUnsafe(`CREATE FUNCTION no_mode() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN IF NEW.mode <> OLD.mode THEN RAISE 'held elsewhere'; END IF; RETURN NEW; END $$`);
  await it.db.$executeRawUnsafe(
    `CREATE TRIGGER no_mode BEFORE UPDATE ON accounts FOR EACH ROW EXECUTE FUNCTION no_mode()`,
  );
  try {
    const done = await flatten(it.app, { account: null, key: 'unset' });
    expect(done?.accounts).toEqual([{ account_id: ACCOUNT, mode: 'ACTIVE' }]);
    expect(done?.trades).toMatchObject([{ trade_id: tradeId, outcome: 'ending' }]);
    await done?.told;
  } finally {
    await it.db.$executeRawUnsafe('DROP TRIGGER no_mode ON accounts');
    await it.db.$executeRawUnsafe('DROP FUNCTION no_mode');
  }
}, 30_000);

test('[RSK-5] the same key gives each trade one command; another one changes nothing more', async () => {
  const { tradeId } = await enteredTrade(it.db, it.ready, { symbol: 'DDD' });
  const first = await flatten(it.app, { account: ACCOUNT, key: 'twice' });
  const again = await flatten(it.app, { account: ACCOUNT, key: 'twice' });
  expect(again?.trades).toEqual(first?.trades);
  expect(await closesOf(tradeId)).toBe(1);
  await flatten(it.app, { account: ACCOUNT, key: 'other' });
  expect(await wishesOf(tradeId)).toEqual({ close: 'manual', cancel: false });
}, 30_000);

test('[RSK-5] an account that is HALTED stays so', async () => {
  await changeMode(it.app, { kind: 'account', name: ACCOUNT }, 'HALTED');
  const done = await flatten(it.app, { account: null, key: 'halted' });
  expect([done?.accounts[0]?.mode, await modeOf()]).toEqual(['HALTED', 'HALTED']);
}, 30_000);

test('[RSK-5] a trade whose command is not taken keeps no other from it, and is named', async () => {
  const { tradeId: held } = await enteredTrade(it.db, it.ready, { symbol: 'EEE' });
  // Rows that no book can be read from.
  const world = {
    ...{ userId: it.ready.ownerId, connectionId: it.ready.connectionId },
    accountId: it.ready.accountId,
    strategyId: (await it.db.strategy.findFirstOrThrow({ where: { userId: it.ready.ownerId } })).id,
  };
  const columns = { state: 'OPEN', heldQuantity: '5' } as const;
  const broken = await makeTrade(it.db, world, 'broken', { ...columns, instrument: 'none' });
  await it.db.$executeRaw`UPDATE trades SET before_entry = 'NONSENSE' WHERE id = ${broken}::uuid`;
  const done = await flatten(it.app, { account: null, key: 'broken' });
  const of = (id: string) => done?.trades.find(({ trade_id: tradeId }) => tradeId === id);
  expect(of(held)).toMatchObject({ outcome: 'ending' });
  expect(of(broken)?.outcome).not.toBe('ending');
  expect(of(broken)?.reason).toBeTruthy();
}, 30_000);

test('[API-2] another user’s trades and accounts are nobody’s here', async () => {
  const stranger = await makeWorld(it.db, 'stranger', 7003);
  const columns = { state: 'OPEN', heldQuantity: '5' } as const;
  const theirs = await makeTrade(it.db, stranger, 'theirs', columns);
  expect(await flatten(it.app, { account: 'DU7003', key: 'theirs' })).toBeNull();
  const done = await flatten(it.app, { account: null, key: 'mine' });
  expect(done?.trades).toEqual([]);
  expect(await wishesOf(theirs)).toEqual({ close: null, cancel: false });
  const account = await it.db.account.findFirst({ where: { brokerAccountId: 'DU7003' } });
  expect(account?.mode).toBe('ACTIVE');
}, 30_000);

test('[CLI-1] [RSK-5] without --confirm it shows what it would do, does nothing, and is no success', async () => {
  const { tradeId } = await enteredTrade(it.db, it.ready, { symbol: 'FFF' });
  const { userId } = it.app;
  const { accountId } = it.ready;
  const external = { userId, accountId, symbol: 'ZZZ', brokerContractId: 77, quantity: '3' };
  await it.db.position.create({ data: { ...external, averageCost: '1' } as never });
  expect(await proposeFlatten(it.app, null)).toMatchObject({
    open: [{ trade_id: tradeId, symbol: 'FFF', held_quantity: '10' }],
    untouched: [{ account_id: ACCOUNT, symbol: 'ZZZ', quantity: '3' }],
  });
  const env = { DATABASE_URL: it.database.url, BALLAST_STATE_DIR: '/nowhere' };
  const ran = await ballast(['flatten'], { env });
  expect(ran.code).toBe(1);
  expect(ran.out).toMatch(/FFF.*BUY.*10.*EXTERNAL 3 ZZZ/s);
  expect(ran.err).toContain('nothing is done yet: ballast flatten --confirm does it');
  expect([await modeOf(), await wishesOf(tradeId)]).toEqual([
    'ACTIVE',
    { close: null, cancel: false },
  ]);
  const none = await ballast(['flatten', '--account', 'DU404', '--confirm'], { env });
  expect([none.code, none.err]).toEqual([1, expect.stringContaining('there is no account DU404')]);
}, 30_000);
