/** Protections as rows: made with the settlement, once, and ended by time, a reset or a person. Real PostgreSQL. */
import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { holidaysAround, nextTradingDay, openOf } from '../../domain/exchange-days.js';
import { tradingDay } from '../../domain/calendar.js';
import { nextReset } from '../../domain/risk/protections.js';
import { beginDay } from '../../store/account-days.js';
import type { Database } from '../../store/database.js';
import { judgeChanged, liftStrategyPauses, type Limits } from '../../store/protections.js';
import { forbiddenEntries } from '../../store/resting-entries.js';
import { settleTrade } from '../../store/settlement.js';
import { readSwitches } from '../../store/switches.js';
import { enteredTrade, type EnteredTrade } from './support/closed-trade.js';
import { plan, plannedTrade } from './support/planned-trade.js';
import { useAccountDatabase } from './support/account-database.js';
import { ACCOUNT, type ReadyAccount } from './support/ready-account.js';

const SYMBOLS = ['AAA', 'BBB', 'CCC', 'DDD', 'EEE', 'FFF'];
const LOSS = '95';
const WIN = '105';
const HOUR_MS = 3_600_000;

const opened = useAccountDatabase(SYMBOLS, '10000000');
let db: Database;
let ready: ReadyAccount;
beforeAll(() => {
  ({ db, ready } = opened());
});

const settle = (tradeId: string, limits: Limits = {}) =>
  settleTrade(db, tradeId, Date.now(), limits);

/** Trades of one strategy, each in a symbol of its own, out at these prices. Not settled. */
async function closed(strategy: string, prices: readonly string[]): Promise<EnteredTrade[]> {
  const trades: EnteredTrade[] = [];
  for (const [index, price] of prices.entries()) {
    const of = { id: randomUUID(), strategy_id: strategy, symbol: SYMBOLS[index]! };
    const trade = await enteredTrade(db, ready, of);
    await trade.exit(price);
    trades.push(trade);
  }
  return trades;
}

/** The same, settled in their order. */
async function settled(strategy: string, prices: readonly string[], limits: Limits = {}) {
  const trades = await closed(strategy, prices);
  for (const { tradeId } of trades) await settle(tradeId, limits);
  return trades;
}

const pausesOf = (name: string) =>
  db.pause.findMany({ where: { strategy: { name } }, orderBy: { startsAt: 'asc' } });
const toldOf = async (name: string) =>
  (await db.notification.findMany({ orderBy: { serial: 'asc' } })).filter(
    ({ body }) => (body as { strategy?: string }).strategy === name,
  );

/** What a plan says to another entry of the strategy now, and what is asked right before a send. */
async function next(strategy: string, signal: Record<string, unknown> = {}) {
  const of = { id: randomUUID(), strategy_id: strategy, symbol: 'FFF', ...signal };
  const tradeId = await plannedTrade(db, ready, of);
  const trade = await db.trade.findUniqueOrThrow({ where: { id: tradeId } });
  const { strategyPaused } = await readSwitches(db, tradeId);
  await db.reservation.deleteMany({ where: { tradeId } });
  return { codes: trade.denialCodes, failure: trade.failure, strategyPaused };
}

const FREE = { codes: [], failure: null, strategyPaused: false };
const PAUSED = { codes: ['STRATEGY_PAUSED'], strategyPaused: true };

describe('[RSK-4] three losses in a row', () => {
  test('pause the strategy with the settlement of the third, and are told with their results', async () => {
    const trades = await settled('streak', [LOSS, LOSS]);
    expect(await next('streak')).toEqual(FREE);
    trades.push(...(await settled('streak', [LOSS])));
    const ids = trades.map(({ tradeId }) => tradeId);
    const [pause, ...more] = await pausesOf('streak');
    expect(more).toEqual([]);
    const { accountId } = ready;
    expect(pause).toMatchObject({ accountId, kind: 'loss_streak', symbol: null, side: null });
    expect(pause!.evidence).toEqual(ids);
    expect(pause!.endsAt!.getTime()).toBe(nextReset(Date.now()));
    const [told, ...rest] = await toldOf('streak');
    expect(rest).toEqual([]);
    expect(told).toMatchObject({ kind: 'paused_streak', tradeId: ids[2] });
    const { summary } = told!.body as { summary: string };
    for (const id of ids) expect(summary).toContain(`-50.00 USD (trade ${id})`);
    const denied = await next('streak');
    expect(denied).toMatchObject(PAUSED);
    expect(denied.failure).toContain(`this one ends at ${pause!.endsAt!.toISOString()}`);
    expect(await next('another')).toEqual(FREE);
  });

  test('settled at once by several, and again by everybody: one pause, told once', async () => {
    for (const round of [1, 2, 3, 4]) {
      const name = `at-once-${round}`;
      const trades = await closed(name, [LOSS, LOSS, LOSS]);
      await Promise.all(trades.map(({ tradeId }) => settle(tradeId)));
      await Promise.all([...trades, ...trades].map(({ tradeId }) => settle(tradeId)));
      expect(await pausesOf(name)).toHaveLength(1);
      expect(await toldOf(name)).toHaveLength(1);
    }
  });

  test('a win between them, and what came to nothing', async () => {
    await settled('mixed', [LOSS, LOSS, WIN, LOSS, '100', LOSS]);
    expect(await next('mixed', { symbol: 'AAA' })).toEqual(FREE);
    await settled('mixed', [LOSS]);
    expect(await next('mixed')).toMatchObject(PAUSED);
  });

  test('a rolled back settlement pauses nothing', async () => {
    const [first, second, third] = await closed('rolled-back', [LOSS, LOSS, LOSS]);
    await settle(first!.tradeId);
    await settle(second!.tradeId);
    // The row that says so is refused, as by a database that is gone before the commit.
    await db.$executeRaw`ALTER TABLE trades ADD CONSTRAINT refused CHECK (judged_pnl IS NULL) NOT VALID`;
    await expect(settle(third!.tradeId)).rejects.toThrow();
    await db.$executeRaw`ALTER TABLE trades DROP CONSTRAINT refused`;
    const trade = await db.trade.findUniqueOrThrow({ where: { id: third!.tradeId } });
    expect([trade.settledAt, await pausesOf('rolled-back')]).toEqual([null, []]);
    await settle(third!.tradeId);
    expect(await pausesOf('rolled-back')).toHaveLength(1);
  });

  test('a commission that comes late makes a win a loss, which counts then, once', async () => {
    const trades = await settled('late', [LOSS, '100.01', LOSS]);
    expect(await judgeChanged(db, {}, Date.now())).toBe(0);
    await trades[1]!.commission('1');
    expect(await pausesOf('late')).toEqual([]);
    expect(await judgeChanged(db, {}, Date.now())).toBe(1);
    expect(await judgeChanged(db, {}, Date.now())).toBe(0);
    const [pause] = await pausesOf('late');
    expect(pause!.evidence).toEqual(trades.map(({ tradeId }) => tradeId));
    await trades[2]!.commission('1');
    expect(await judgeChanged(db, {}, Date.now())).toBe(1);
    expect([await pausesOf('late'), await toldOf('late')]).toMatchObject([[{}], [{}]]);
  });

  test('a win that a late commission takes back joins the losses around it', async () => {
    const trades = await settled('joined', [LOSS, LOSS, '100.01', LOSS]);
    expect(await pausesOf('joined')).toEqual([]);
    await trades[2]!.commission('0.1');
    expect(await judgeChanged(db, {}, Date.now())).toBe(1);
    const lost = [0, 1, 3].map((index) => trades[index]!.tradeId);
    expect(await pausesOf('joined')).toMatchObject([{ evidence: lost }]);
  });

  test('a trade that is taken up again counts no more until it has closed again', async () => {
    const trades = await closed('busted', [LOSS, LOSS, LOSS]);
    const [first, second, third] = trades.map(({ tradeId }) => tradeId);
    await settle(first!);
    await trades[0]!.bust();
    await settle(second!);
    await settle(third!);
    expect(await pausesOf('busted')).toEqual([]);
    await trades[0]!.exit(LOSS);
    await settle(first!);
    expect(await pausesOf('busted')).toMatchObject([{ evidence: [second, third, first] }]);
  });

  test("a strategy's own settings are laid over those of the installation", async () => {
    await plannedTrade(db, ready, { id: randomUUID(), strategy_id: 'own', symbol: 'FFF' });
    await db.strategy.updateMany({ where: { name: 'own' }, data: { settings: { lossStreak: 2 } } });
    await settled('own', [LOSS, LOSS], { lossStreak: 5 });
    expect(await pausesOf('own')).toHaveLength(1);
  });

  test('[RSK-5] its unfilled entries are among those that must go', async () => {
    const resting = await plannedTrade(db, ready, { strategy_id: 'resting', symbol: 'EEE' });
    const data = { intent: 'SENT', status: 'ACCEPTED' };
    await db.order.updateMany({ where: { tradeId: resting, role: 'ENTRY' }, data });
    const query = { accountIds: [ready.accountId], isHalted: false, except: [], limit: 10 };
    expect(await forbiddenEntries(db, query)).toEqual([]);
    await settled('resting', [LOSS, LOSS, LOSS]);
    expect(await forbiddenEntries(db, query)).toEqual([resting]);
    await db.order.updateMany({ where: { tradeId: resting }, data: { status: 'CANCELLED' } });
  });
});

describe('[RSK-4] [SCH-1] the end of a streak', () => {
  const today = () => tradingDay(Date.now(), holidaysAround(Date.now()));
  const reset = (day: string) =>
    beginDay(db, { accountId: ready.accountId, brokerAccountId: ACCOUNT, day }, Date.now());

  test('a late reset of today wipes nothing of today, the next one does, and tells it', async () => {
    await reset(today());
    await settled('reset', [LOSS, LOSS, LOSS]);
    // Run anew, and for the first time: hours after its time either way.
    expect(await reset(today())).not.toHaveProperty('lifted');
    await db.accountDay.deleteMany();
    expect(await reset(today())).not.toHaveProperty('lifted');
    expect(await next('reset')).toMatchObject(PAUSED);
    const tomorrow = nextTradingDay(today());
    expect((await reset(tomorrow)).lifted).toBeGreaterThanOrEqual(1);
    expect(await next('reset')).toEqual(FREE);
    expect(await reset(tomorrow)).not.toHaveProperty('lifted');
    const told = await toldOf('reset');
    expect(told.map(({ kind }) => kind)).toEqual(['paused_streak', 'resumed']);
    const [pause] = await pausesOf('reset');
    expect(pause!.liftedBy).toBe(`the reset of ${tomorrow}`);
    expect(pause!.endsAt!.getTime()).toBe(openOf(tomorrow));
    await db.accountDay.deleteMany();
  });

  test('by time alone: nothing has to run for it', async () => {
    await settled('by-time', [LOSS, LOSS, LOSS]);
    expect(await next('by-time')).toMatchObject(PAUSED);
    const endsAt = new Date(Date.now() - 1);
    await db.pause.updateMany({ where: { strategy: { name: 'by-time' } }, data: { endsAt } });
    expect(await next('by-time')).toEqual(FREE);
  });

  test('a person ends it early, on record; the same trades make no other, one more loss does', async () => {
    const trades = await settled('early', [LOSS, LOSS, LOSS]);
    const of = { userId: ready.ownerId, actor: 'cli:anna' };
    const lift = (strategy: string) =>
      db.$transaction((tx) => liftStrategyPauses(tx, { ...of, strategy }));
    expect(await lift('nobody')).toBeNull();
    expect(await lift('early')).toMatchObject([expect.stringContaining('3 losses in a row')]);
    expect(await lift('early')).toEqual([]);
    const entry = await db.auditEntry.findFirstOrThrow({ where: { subject: 'strategy early' } });
    expect(entry).toMatchObject({ actor: 'cli:anna', action: 'resume' });
    expect((await pausesOf('early'))[0]).toMatchObject({ liftedBy: 'cli:anna' });
    for (const { tradeId } of trades) await settle(tradeId);
    expect(await next('early')).toEqual(FREE);
    await settled('early', [LOSS]);
    expect(await pausesOf('early')).toHaveLength(2);
    expect(await next('early')).toMatchObject(PAUSED);
  });

  test('a fourth loss of a paused strategy is no other pause, nor one after it was lifted', async () => {
    const trades = await closed('fourth', [LOSS, LOSS, LOSS, LOSS]);
    for (const { tradeId } of trades) await settle(tradeId);
    const [pause, ...more] = await pausesOf('fourth');
    expect([pause!.evidence.length, more]).toEqual([4, []]);
    await db.pause.updateMany({ data: { liftedAt: new Date() } });
    await settle(trades[3]!.tradeId);
    expect([await pausesOf('fourth'), await toldOf('fourth')]).toMatchObject([[{}], [{}]]);
  });
});

describe('[RSK-4] a lock of a part of a strategy', () => {
  const COOL = { lossStreak: 0, coolDownMs: HOUR_MS } as const;

  test('of a symbol holds back that symbol alone', async () => {
    await settled('cool', [LOSS], COOL);
    expect(await next('cool', { symbol: 'AAA' })).toMatchObject(PAUSED);
    expect(await next('cool', { symbol: 'BBB' })).toEqual(FREE);
    expect(await next('not-cool', { symbol: 'AAA' })).toEqual(FREE);
    expect(await toldOf('cool')).toMatchObject([{ kind: 'locked', body: { symbol: 'AAA' } }]);
  });

  test('of a side holds back that side alone', async () => {
    await settled('side', [LOSS], { ...COOL, coolDownScope: 'side' });
    expect(await next('side')).toMatchObject(PAUSED);
    const short = await next('side', { side: 'SELL', symbol: 'DDD' });
    expect([short.codes, short.strategyPaused]).toEqual([['NO_POSITION'], false]);
  });

  test('a second loss locks for longer, and is told; the reset takes away what has ended', async () => {
    await settled('twice', [LOSS], { ...COOL, coolDownScope: 'strategy' });
    const limits = { ...COOL, coolDownScope: 'strategy', coolDownMs: 2 * HOUR_MS } as const;
    await db.pause.updateMany({
      where: { strategy: { name: 'twice' } },
      data: { endsAt: new Date(Date.now() - 1) },
    });
    await settled('twice', [LOSS], limits);
    expect(await pausesOf('twice')).toHaveLength(2);
    expect(await toldOf('twice')).toHaveLength(2);
  });

  test('by what the last trades of a symbol earned, however long ago they closed', async () => {
    const limits = { lossStreak: 0, lowProfitTrades: 2, lowProfitMin: '0' };
    const [old] = await settled('poor', [LOSS], limits);
    const closedAt = new Date(Date.now() - 90 * 24 * HOUR_MS);
    await db.trade.update({ where: { id: old!.tradeId }, data: { closedAt } });
    expect(await pausesOf('poor')).toEqual([]);
    await settled('poor', [WIN.replace('5', '4')], limits);
    expect(await pausesOf('poor')).toMatchObject([{ kind: 'low_profit', symbol: 'AAA' }]);
  });

  test('a drawdown is a share of what the account is worth', async () => {
    const limits = { lossStreak: 0, drawdownPct: '0.00001' };
    await settled('fall', [LOSS], limits);
    expect(await pausesOf('fall')).toEqual([]);
    await settled('fall', [LOSS], limits);
    expect(await pausesOf('fall')).toMatchObject([{ kind: 'drawdown', symbol: null }]);
  });

  test('a queued or parked trade meets it when it is planned', async () => {
    const tradeId = await plannedTrade(db, ready, { strategy_id: 'waits', symbol: 'FFF' });
    await db.reservation.deleteMany({ where: { tradeId } });
    await db.trade.update({ where: { id: tradeId }, data: { decisionId: null } });
    await settled('waits', [LOSS, LOSS, LOSS]);
    const outcome = await plan(db, ready, tradeId);
    expect(outcome).toMatchObject({ kind: 'denied', codes: ['STRATEGY_PAUSED'] });
  });
});

describe('[RSK-4] a trade that a bust takes up again, and that loses once more', () => {
  const COOL: Limits = { coolDownMs: HOUR_MS, lossStreak: 0 };
  const locksOf = async (name: string) =>
    (await pausesOf(name)).filter(({ kind }) => kind === 'cool_down');

  test('makes a second lock, once, also where a person has ended the first', async () => {
    const [trade] = await settled('again', [LOSS], COOL);
    const [first] = await locksOf('again');
    await db.$transaction((tx) =>
      liftStrategyPauses(tx, { userId: ready.ownerId, actor: 'a person', strategy: 'again' }),
    );
    await trade!.bust();
    expect(
      (await db.trade.findUniqueOrThrow({ where: { id: trade!.tradeId } })).settledAt,
    ).toBeNull();
    await trade!.exit(LOSS);
    await settle(trade!.tradeId, COOL);
    const locks = await locksOf('again');
    expect(locks).toHaveLength(2);
    expect(locks[1]!.endsAt!.getTime()).toBeGreaterThan(first!.endsAt!.getTime());
    expect(locks[1]!.evidence).toEqual([trade!.tradeId]);
    await trade!.commission('1');
    await judgeChanged(db, COOL, Date.now());
    expect(await locksOf('again')).toHaveLength(2);
  });
});

describe('[RSK-4] settings that a hand has written', () => {
  const judgedPnl = async (id: string) =>
    (await db.trade.findUniqueOrThrow({ where: { id } })).judgedPnl;
  const unjudged = (ids: readonly string[]) =>
    db.trade.updateMany({ where: { id: { in: [...ids] } }, data: { judgedPnl: null } });

  test('as the JSON null keep no trade from being settled, and let go what it kept', async () => {
    const [trade] = await closed('none', [LOSS]);
    await db.$executeRaw`UPDATE strategies SET settings = 'null'::jsonb WHERE name = 'none'`;
    await settle(trade!.tradeId, { coolDownMs: HOUR_MS });
    const { tradeId } = trade!;
    const { phase } = await db.reservation.findUniqueOrThrow({ where: { tradeId } });
    expect(phase).toBe('RELEASED');
    // The installation's own limits hold on.
    expect(await pausesOf('none')).toMatchObject([{ kind: 'cool_down' }]);
  });

  test.each([
    ['10', '0.000001', [{ kind: 'drawdown' }]],
    ['-0.1', null, []],
  ])('as a drawdown of %s, which no plan takes, are left out', async (pct, drawdownPct, locks) => {
    const name = `drawdown-${pct}`;
    const [trade] = await closed(name, [LOSS]);
    const settings = { drawdownPct: pct, lossStreak: 'many', coolDownMs: 1.5 };
    await db.strategy.updateMany({ where: { name }, data: { settings } });
    await settle(trade!.tradeId, { lossStreak: 0, drawdownPct });
    const found = await pausesOf(name);
    expect(found).toHaveLength(locks.length);
    expect(found).toMatchObject(locks);
  });

  test('a result that can not be judged is named, and keeps no later one from it', async () => {
    const [first] = await settled('refused', [LOSS]);
    const [second] = await settled('sound', [LOSS]);
    const ids = [first!.tradeId, second!.tradeId];
    await unjudged(ids);
    await db.$executeRawUnsafe(
      `ALTER TABLE trades ADD CONSTRAINT refused CHECK (id <> '${ids[0]}' OR judged_pnl IS NULL) NOT VALID`,
    );
    await expect(judgeChanged(db, {}, Date.now())).rejects.toThrow(`1 of 2: trade ${ids[0]}`);
    await db.$executeRaw`ALTER TABLE trades DROP CONSTRAINT refused`;
    expect(await judgedPnl(ids[1]!)).not.toBeNull();
    expect(await judgeChanged(db, {}, Date.now())).toBe(1);
  });
});
