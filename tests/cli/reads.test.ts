/** What is read of trades and positions, from a real database, and how the command prints it. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { openDatabase, type Database } from '../../store/database.js';
import { ensureInstallation } from '../../store/installation.js';
import { findTrade, listPositions, listTrades, loadTrade } from '../../store/reads.js';
import { freshDatabase, type TestDatabase } from '../support/postgres.js';
import { makeApproval, makeOrder, makeTrade, makeWorld, type World } from './rows.js';
import { ballast } from './support.js';

let database: TestDatabase;
let db: Database;
let owner: World;
let stranger: World;
let openId: string;
let closedId: string;
let foreignId: string;
let env: NodeJS.ProcessEnv;

beforeAll(async () => {
  database = await freshDatabase();
  db = openDatabase({ url: database.url, poolSize: 3 });
  await ensureInstallation(db);
  owner = await makeWorld(db, 'owner', 7001);
  stranger = await makeWorld(db, 'stranger', 7002);
  env = { DATABASE_URL: database.url, BALLAST_STATE_DIR: 'nowhere' };
  openId = await openTrade();
  closedId = await closedTrade();
  foreignId = await makeTrade(db, stranger, 'theirs');
}, 60_000);

afterAll(async () => {
  await db?.$disconnect();
  await database?.drop();
});

const ENTRY = { side: 'BUY', orderType: 'MKT', timeInForce: 'DAY' } as const;
const STOP = { orderType: 'STP', stopPrice: '180.6', ocaGroup: 'oca-1', ocaType: 2 } as const;
const TARGET = { orderType: 'LMT', limitPrice: '182.9', ocaGroup: 'oca-1', ocaType: 2 } as const;

async function openTrade(): Promise<string> {
  const tradeId = await makeTrade(db, owner, 'open-1', {
    state: 'OPEN',
    plannedQuantity: '100',
    filledQuantity: '100',
    heldQuantity: '100',
    referencePrice: '181.60',
    averageEntry: '181.62',
    stopPrice: '180.6',
    targetPrice: '182.9',
    isProtected: true,
    instrument: { brokerContractId: 8314 },
    openedAt: new Date(),
  });
  await makeApproval(db, owner, tradeId);
  // Written target first: what is read stands in the order of the story all the same.
  const ids = { brokerOrderId: '700000003', sessionOrderId: 13 };
  await makeOrder(db, owner, tradeId, {
    role: 'TARGET',
    terms: TARGET,
    status: 'ACCEPTED',
    ...ids,
  });
  await makeOrder(db, owner, tradeId, {
    ...{ role: 'ENTRY', terms: ENTRY, status: 'EXECUTED', filled: '100', price: '181.62' },
    ...{ brokerOrderId: '700000001', sessionOrderId: 11 },
  });
  await makeOrder(db, owner, tradeId, {
    ...{ role: 'STOP', terms: STOP, status: 'ACCEPTED' },
    ...{ brokerOrderId: '700000002', sessionOrderId: 12 },
  });
  await db.position.create({
    data: {
      ...{ userId: owner.userId, accountId: owner.accountId, strategyId: owner.strategyId },
      ...{ symbol: 'IBM', brokerContractId: 8314, quantity: '100', averageCost: '181.62' },
    },
  });
  await db.quote.create({
    data: {
      ...{ connectionId: owner.connectionId, brokerContractId: 8314, symbol: 'IBM' },
      ...{ bid: '182.10', ask: '182.12', kind: 'live', at: new Date() },
    },
  });
  return tradeId;
}

async function closedTrade(): Promise<string> {
  const tradeId = await makeTrade(db, owner, 'closed-1', {
    state: 'CLOSED',
    plannedQuantity: '100',
    filledQuantity: '100',
    averageEntry: '181.62',
    averageExit: '180.60',
    exitReason: 'stop',
    grossPnl: '-102.00',
    commission: '2.00',
    realizedPnl: '-104.00',
    createdAt: new Date(),
    closedAt: new Date(),
  });
  await db.tradeEvent.create({
    data: {
      ...{ userId: owner.userId, tradeId, kind: 'protect', summary: 'modify STOP (price)' },
      detail: { legId: 'x', indicators: { rsiFast: 1 } },
    },
  });
  return tradeId;
}

describe('[TRD-8] reading trades', () => {
  test('newest first, narrowed by state, group and symbol, in text decimals', async () => {
    const all = await listTrades(db, owner.userId, { limit: 10 });
    expect(all.map(({ id }) => id)).toStrictEqual([closedId, openId]);
    expect(all[0]).toMatchObject({ realized_pnl: '-104', average_exit: '180.6', state: 'CLOSED' });
    const ids = async (filter: object) =>
      (await listTrades(db, owner.userId, { limit: 10, ...filter })).map(({ id }) => id);
    expect(await ids({ status: 'live' })).toStrictEqual([openId]);
    expect(await ids({ status: 'ended' })).toStrictEqual([closedId]);
    expect(await ids({ status: 'OPEN' })).toStrictEqual([openId]);
    expect(await ids({ symbol: 'ibm' })).toStrictEqual([closedId, openId]);
    expect(await ids({ symbol: 'AAPL' })).toStrictEqual([]);
    expect(await ids({ limit: 1 })).toStrictEqual([closedId]);
  });

  test('one trade whole: decision, orders in story order, ids of the broker, slippage', async () => {
    const trade = (await loadTrade(db, owner.userId, openId))!;
    expect(trade.orders.map(({ role }) => role)).toStrictEqual(['ENTRY', 'STOP', 'TARGET']);
    expect(trade.orders[1]).toMatchObject({
      broker_order_id: '700000002',
      session_order_id: 12,
      stop_price: '180.6',
      oca_type: 2,
      is_read_back: true,
    });
    expect(trade.executions).toMatchObject([{ role: 'ENTRY', quantity: '100', price: '181.62' }]);
    expect(trade.entry_slippage).toBe('0.02');
    const [decision] = trade.decisions;
    expect(Object.keys(decision!.sizing!.caps)).toStrictEqual([
      'position',
      'strategy',
      'cash',
      'buying_power',
      'open_risk',
    ]);
    expect(decision!.sizing).toMatchObject({ raw_quantity: '980', bound_by: 'position' });
    expect(decision!.plan).toMatchObject({
      reference_price: '181.62',
      entry: { order_type: 'MKT' },
    });
    expect(trade.signal['indicators']).toStrictEqual({ rsiFast: 71 });
  });

  test('stored JSON is read in snake_case, but the caller’s own words stay', async () => {
    const trade = (await loadTrade(db, owner.userId, closedId))!;
    expect(trade.timeline[0]!.detail).toStrictEqual({ leg_id: 'x', indicators: { rsiFast: 1 } });
  });

  test('by id, by its beginning, by the signal’s id; not by what fits nothing', async () => {
    const found = { kind: 'found', tradeId: openId };
    expect(await findTrade(db, owner.userId, openId)).toStrictEqual(found);
    expect(await findTrade(db, owner.userId, openId.slice(0, 8).toUpperCase())).toStrictEqual(
      found,
    );
    expect(await findTrade(db, owner.userId, 'open-1')).toStrictEqual(found);
    expect((await findTrade(db, owner.userId, openId.slice(0, 1))).kind).toBe('none');
    expect((await findTrade(db, owner.userId, '%%%%')).kind).toBe('none');
  });

  test('by two characters when they are unique, and ambiguous when they are not', async () => {
    const world = await makeWorld(db, 'prefixes', 7009);
    const rest = '-0000-4000-8000-000000000000';
    await makeTrade(db, world, 'p-1', { id: `c43aaaaa${rest}` });
    await makeTrade(db, world, 'p-2', { id: `c4400000${rest}` });
    const find = (name: string) => findTrade(db, world.userId, name);
    expect(await find('c43')).toStrictEqual({ kind: 'found', tradeId: `c43aaaaa${rest}` });
    expect(await find('c4')).toStrictEqual({ kind: 'ambiguous' });
    expect(await find('d0')).toStrictEqual({ kind: 'none' });
  });

  test('nobody sees another user’s trades', async () => {
    expect(await loadTrade(db, owner.userId, foreignId)).toBeNull();
    expect((await findTrade(db, owner.userId, 'theirs')).kind).toBe('none');
    expect((await findTrade(db, owner.userId, foreignId)).kind).toBe('none');
    expect(await listTrades(db, stranger.userId, { limit: 10 })).toHaveLength(1);
    expect(await listPositions(db, stranger.userId, Date.now())).toStrictEqual([]);
  });

  test('positions with the stop that covers them, valued where they could be closed', async () => {
    expect(await listPositions(db, owner.userId, Date.now())).toMatchObject([
      {
        symbol: 'IBM',
        quantity: '100',
        average_cost: '181.62',
        closing_price: '182.1',
        unrealized_pnl: '48',
        trades: [{ trade_id: openId, stop_price: '180.6', is_protected: true }],
      },
    ]);
  });
});

describe('[CLI-1] printing them', () => {
  test('trades and positions as JSON are what is read', async () => {
    const trades = await ballast(['trades', '--json'], { env });
    expect(trades.code).toBe(0);
    expect(JSON.parse(trades.out)).toStrictEqual({
      ...{ trades: await listTrades(db, owner.userId, { limit: 20 }), total: 2, truncated: false },
    });
    const positions = await ballast(['positions', '--json'], { env });
    expect(JSON.parse(positions.out)).toStrictEqual(
      await listPositions(db, owner.userId, Date.now()),
    );
  });

  test('tables for people name state, prices and protection', async () => {
    const { out } = await ballast(['trades', '--status', 'live'], { env });
    expect(out).toMatch(
      new RegExp(`^${openId.slice(0, 8)} .* OPEN .* 181.62 +180.60 +182.90`, 'm'),
    );
    expect((await ballast(['positions'], { env })).out).toMatch(/IBM +100 .* 180.60 +yes$/m);
    expect((await ballast(['trades', '--symbol', 'AAPL'], { env })).out).toBe('no trades\n');
  });

  test('what a list leaves out is said, and live trades are not left out by themselves', async () => {
    const cut = await ballast(['trades', '--limit', '1'], { env });
    expect(cut.err).toBe('1 of 2 shown; --limit 2 shows all\n');
    const { out } = await ballast(['trades', '--limit', '1', '--json'], { env });
    expect(JSON.parse(out)).toMatchObject({
      trades: [{ id: closedId }],
      total: 2,
      truncated: true,
    });
    expect((await ballast(['trades', '--limit', '2'], { env })).err).toBe('');
    const many = Array.from({ length: 25 }, (_, n) =>
      makeTrade(db, owner, `many-${n}`, { state: 'ENTERING' }),
    );
    const ids = await Promise.all(many);
    const live = await ballast(['trades', '--status', 'live'], { env });
    expect(ids.filter((id) => !live.out.includes(id.slice(0, 8)))).toStrictEqual([]);
    expect(live.err).toBe('');
    const all = await ballast(['trades'], { env });
    expect(all.err).toBe('20 of 27 shown; --limit 27 shows all\n');
    const where = { id: { in: ids } };
    await db.trade.updateMany({ where, data: { state: 'DENIED', userId: stranger.userId } });
  });

  test('legs of a trade that ended without a send are not waited for', async () => {
    const tradeId = await makeTrade(db, owner, 'unsent-1', { state: 'DENIED' });
    const row = { role: 'STOP', terms: STOP, status: 'PENDING' } as const;
    await makeOrder(db, owner, tradeId, { ...row, sessionOrderId: 21, brokerOrderId: null });
    await db.order.updateMany({ where: { tradeId }, data: { intent: 'NEW' } });
    expect((await ballast(['trade', 'unsent-1'], { env })).out).toMatch(/^STOP .* NOT SENT /m);
    expect((await loadTrade(db, owner.userId, tradeId))!.orders[0]!.status).toBe('NOT_SENT');
    await db.trade.update({ where: { id: tradeId }, data: { state: 'PARKED' } });
    expect((await loadTrade(db, owner.userId, tradeId))!.orders[0]!.status).toBe('PENDING');
    await db.trade.update({ where: { id: tradeId }, data: { userId: stranger.userId } });
  });

  test('[TRD-3] exits that exceed what the account holds are no protection', async () => {
    const shown = () => ballast(['positions'], { env });
    expect((await shown()).out).toMatch(/IBM +100 .* yes$/m);
    // Somebody sold 40 of them in TWS: the exits still sell 100.
    const data = {
      ...{ userId: owner.userId, accountId: owner.accountId, strategyId: null },
      ...{ symbol: 'IBM', brokerContractId: 8314, quantity: '-40', averageCost: '182' },
    };
    const { id } = await db.position.create({ data });
    const { out } = await shown();
    expect(out).toMatch(/IBM +100 .* NO: exits for 40 more than the account holds$/m);
    expect(out).toMatch(/EXTERNAL +IBM +-40 .* not managed$/m);
    const found = (await listPositions(db, owner.userId, Date.now())).find(
      ({ trades }) => trades.length > 0,
    );
    expect(found!.trades).toMatchObject([{ is_protected: true, excess_exits: '40' }]);
    await db.position.delete({ where: { id } });
  });

  test('[SIG-5] while the market is closed a position is protected in regular hours only', async () => {
    const day = 86_400_000;
    const midnight = Math.floor(Date.now() / day) * day;
    const hours = (sessions: object[]) => ({
      hours: { sessions, fromMs: midnight, untilMs: midnight + 2 * day },
    });
    const of = { connectionId: owner.connectionId, symbol: 'IBM', brokerContractId: 8314 };
    const data = {
      ...of,
      securityType: 'STK',
      exchange: 'SMART',
      currency: 'USD',
      fetchedAt: new Date(),
    };
    const { id } = await db.contract.create({ data: { ...data, body: hours([]) } });
    expect((await ballast(['positions'], { env })).out).toMatch(
      /IBM +100 .* in regular hours only$/m,
    );
    const open = { openMs: midnight, closeMs: midnight + 2 * day, liquid: true };
    await db.contract.update({ where: { id }, data: { body: hours([open]) } });
    expect((await ballast(['positions'], { env })).out).toMatch(/IBM +100 .* yes$/m);
    await db.contract.delete({ where: { id } });
  });

  test('[SIG-5] the list says until when a trade is queued', async () => {
    const failure = 'queued until 2026-11-27T14:30:00.000Z: the next open';
    const id = await makeTrade(db, owner, 'queued-1', { state: 'AWAITING_OPEN', failure });
    expect((await ballast(['trades'], { env })).out).toMatch(
      new RegExp(`AWAITING_OPEN .*${failure}$`, 'm'),
    );
    await db.trade.delete({ where: { id } });
  });

  test('a trade’s life: signal, sizing with every cap, verdict, orders with their ids', async () => {
    const { out } = await ballast(['trade', 'open-1'], { env });
    const position = (text: string) => {
      expect(out).toContain(text);
      return out.indexOf(text);
    };
    const told = [
      'BUY IBM · market order · stop 180.60',
      'caps: position 100 (bound) · strategy 275 · cash 550 · buying power 2202 · open risk 9803',
      '100 shares · value 18162.00 · risk 102.00 (0.102 % of equity) · reward to risk 1.2549',
      'approved: BUY 100 at market, about 181.62, stop 180.60, target 182.90',
      'default applied: stop_loss_pct 0.02',
      'BUY 100 MKT DAY · permId 700000001 · order id 11 · ref ref-',
      'SELL 100 STP 180.60 GTC · permId 700000002 · order id 12 · ref ref-',
      'SELL 100 LMT 182.90 GTC · permId 700000003 · order id 13 · ref ref-',
      '100 shares held; at the broker: stop 100 at 180.60 ACCEPTED, target 100 at 182.90 ACCEPTED',
    ].map(position);
    expect(told).toStrictEqual([...told].sort((a, b) => a - b));
  });

  test('watching a closed trade tells its end and ends with 0; JSON Lines for programs', async () => {
    const { code, out } = await ballast(['watch', 'closed-1'], { env });
    expect(code).toBe(0);
    expect(out).toContain('stop at 180.60');
    expect(out).toContain('-104.00 net · -102.00 gross · commissions 2.00');
    const { out: lines } = await ballast(['watch', 'closed-1', '--json'], { env });
    const events = lines.trim().split('\n');
    const kinds = events.map((line) => (JSON.parse(line) as { kind: string }).kind);
    expect(kinds).toEqual(expect.arrayContaining(['signal', 'exit', 'P&L']));
  });

  test('a trade that is not there ends with 1', async () => {
    const { code, err } = await ballast(['trade', 'nothing'], { env });
    expect(code).toBe(1);
    expect(err).toContain('there is no trade nothing');
    expect((await ballast(['trade', foreignId], { env })).code).toBe(1);
    const { out } = await ballast(['trade', 'nothing', '--json'], { env });
    expect(JSON.parse(out)).toMatchObject({ error: { code: 'NOT_FOUND' } });
  });
});

test('[RSK-5] mode shows what differs from ACTIVE first, and counts the rest', async () => {
  const { userId, accountId } = owner;
  const names = Array.from({ length: 30 }, (_, n) => `many-${n}`);
  await db.strategy.createMany({ data: names.map((name) => ({ userId, accountId, name })) });
  await db.strategy.updateMany({ where: { name: 'many-7' }, data: { mode: 'REDUCING' } });
  await db.pause.create({ data: { userId, accountId, kind: 'recovery', reason: 'unexplained' } });
  const { out } = await ballast(['mode'], { env });
  const lines = out.split('\n').filter((line) => line.trim() !== '');
  expect(lines[0]).toMatch(/^paused: .*unexplained/);
  expect(out).toMatch(/installation +.*ACTIVE/);
  expect(out).toMatch(/strategy +.*many-7 +.*REDUCING/);
  expect(out).not.toContain('many-8');
  expect(lines.at(-1)).toMatch(/^all others are ACTIVE: 1 account, 3\d strategies/);
  const set = (await ballast(['mode', 'ACTIVE', '--strategy', 'many-7'], { env })).out;
  expect(set).toMatch(/many-7 +.*ACTIVE/);
  const { modes } = JSON.parse((await ballast(['mode', '--json'], { env })).out);
  expect(modes.length).toBeGreaterThan(30);
  await db.pause.deleteMany();
  await db.strategy.deleteMany({ where: { name: { in: names } } });
});

test('[RSK-5] mode names the pauses and quarantines in force, with what ends each', async () => {
  const { userId, accountId } = owner;
  const said = async () => (await ballast(['mode'], { env })).out;
  expect(await said()).not.toContain('paused');
  const of = { userId, accountId };
  const inAnHour = new Date(Date.now() + 3_600_000);
  await db.pause.createMany({
    data: [
      { ...of, kind: 'recovery', reason: 'more is unexplained than 1000' },
      { ...of, kind: 'quarantine', symbol: 'IBM', reason: 'nobody explains 5 shares' },
      { ...of, kind: 'quarantine', symbol: 'KO', reason: 'is over', liftedAt: new Date() },
      { ...of, kind: 'quarantine', symbol: 'GE', reason: 'is to come', startsAt: inAnHour },
      { userId: stranger.userId, kind: 'recovery', reason: "is a stranger's" },
    ],
  });
  const text = await said();
  expect(text).toMatch(/more is unexplained than 1000, since .*"ballast resume"/);
  expect(text).toMatch(/IBM.*nobody explains 5 shares, since .*resolve quarantine IBM/);
  expect(text).not.toMatch(/is over|is to come|stranger's/);
  const { pauses } = JSON.parse((await ballast(['mode', '--json'], { env })).out);
  expect(pauses).toMatchObject([
    { kind: 'recovery', symbol: null },
    { kind: 'quarantine', symbol: 'IBM' },
  ]);
  await db.pause.deleteMany();
});

test('[RSK-4] mode and doctor name what a protection pauses, its cause and when it ends; resume ends it', async () => {
  const { userId, accountId, strategyId } = owner;
  const { name } = await db.strategy.findUniqueOrThrow({ where: { id: strategyId } });
  const of = { userId, accountId, strategyId, endsAt: new Date('2100-01-04T14:30:00Z') };
  await db.pause.createMany({
    data: [
      { ...of, kind: 'loss_streak', reason: '3 losses in a row' },
      { ...of, kind: 'cool_down', symbol: 'IBM', reason: 'after a loss' },
      { ...of, kind: 'cool_down', side: 'SELL', reason: 'is over', endsAt: new Date() },
      { userId, strategyId, kind: 'manual', side: 'BUY', reason: 'a person wants it' },
    ],
  });
  const { out } = await ballast(['mode'], { env });
  const ends = 'until 2100-01-04T14:30:00.000Z; it ends by itself; "ballast resume --strategy';
  for (const what of [': 3 losses in a row', ' IBM .*: after a loss']) {
    expect(out).toMatch(new RegExp(`paused: strategy ${name}.*${what}, since .*, ${ends} ${name}`));
  }
  expect(out).toMatch(/BUY: a person wants it, since .*; "ballast resume --strategy .*" lifts it/);
  expect(out).not.toContain('is over');
  expect((await ballast(['doctor'], { env })).out).toMatch(/paused.*3 losses in a row/);
  const { pauses } = JSON.parse((await ballast(['mode', '--json'], { env })).out);
  expect(pauses[0]).toMatchObject({ strategy_id: name, until: '2100-01-04T14:30:00.000Z' });
  // Without a strategy, only what pauses accounts is lifted.
  await ballast(['resume'], { env });
  expect(await db.pause.count({ where: { liftedAt: null } })).toBe(4);
  const lifted = await ballast(['resume', '--strategy', name, '--json'], { env });
  expect(JSON.parse(lifted.out).lifted).toHaveLength(3);
  expect((await ballast(['mode'], { env })).out).not.toContain('paused');
  const unknown = await ballast(['resume', '--strategy', 'nobody'], { env });
  expect([unknown.code, unknown.err]).toEqual([1, expect.stringContaining('no strategy nobody')]);
  await db.pause.deleteMany();
});
