/** One preview confirmed by two people at once is done once (TRD-11). Real PostgreSQL, real transactions. */
import { randomUUID } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { openApp, type App } from '../../app/app.js';
import { confirmResolution, proposeResolution, type Resolution } from '../../app/resolve.js';
import { loadConfig } from '../../config/index.js';
import { unanswered } from '../../domain/trade/outcome.js';
import { changeTrade } from '../../store/book/change.js';
import { bookExternal } from '../../store/external-fills.js';
import { lockPosition } from '../../store/positions.js';
import { quarantineSymbol } from '../../store/quarantine.js';
import { claimBracket, refsOf } from '../../store/sending.js';
import { plainTransact } from '../../store/transact.js';
import { plannedTrade, sendContext } from '../store/support/planned-trade.js';
import { ACCOUNT } from '../store/support/ready-account.js';
import { entryOfPlan, execution, type EntryRow } from '../worker/support/inbox.js';
import { SYMBOLS, testApp, type TestApp } from './support.js';
import { tellFilled } from './support-status.js';
import { emptyBooks, freshInbox } from './support-books.js';
import { compared } from './support-compared.js';

/** An order of unknown fate holds its symbol back, so each kind has its own. */
type Listed = (typeof SYMBOLS)[number];
const contractId = (symbol: Listed) => SYMBOLS.indexOf(symbol) + 1;

let it: TestApp;
/** A second front door to the same books, over connections of its own. */
let other: App;
let generation = 0;

beforeAll(async () => {
  it = await testApp();
  const env = { DATABASE_URL: it.database.url, TEMPORAL_ADDRESS: '127.0.0.1:1' };
  other = await openApp(loadConfig(env), 'second');
}, 60_000);
afterAll(async () => {
  await other?.close();
  await it?.close();
});
beforeEach(() => emptyBooks(it.db));
afterEach(() => emptyBooks(it.db));

const shows = (quantity: string, averageCost = '100.02') =>
  compared(it.db, it.ready.accountId, {
    ...{ symbol: 'AAA', brokerContractId: 1, quantity, averageCost },
  });

/** A trade of ten shares at 100.02. */
async function held(): Promise<EntryRow> {
  const inbox = freshInbox(it);
  const entry = await entryOfPlan(it.db, it.ready);
  const executedAtMs = Date.now() - 60_000;
  inbox.accept(execution(entry, 1, { quantity: '10', executedAtMs }));
  await inbox.drained();
  await inbox.stop(0);
  return entry;
}

async function external(executionId: string, symbol: Listed): Promise<void> {
  const { ownerId, accountId } = it.ready;
  await plainTransact(it.db, (tx) =>
    bookExternal(tx, ownerId, accountId, {
      ...{ executionId, executionKey: executionId, correction: 1, clientOrderId: null },
      ...{ brokerOrderId: '900', sessionOrderId: 0, sessionClientId: -1, account: ACCOUNT },
      ...{ symbol, brokerContractId: contractId(symbol), side: 'BUY', quantity: '10' },
      price: '100',
      executedAtMs: Date.now(),
    }),
  );
}

/** A claimed bracket without an answer. */
async function claimed(symbol: Listed) {
  const tradeId = await plannedTrade(it.db, it.ready, { symbol });
  generation += 1;
  const context = await sendContext(it.db, it.ready, generation);
  const sent = await claimBracket(it.db, tradeId, context, () => null);
  if (sent.kind === 'refused') throw new Error(sent.reason);
  return { tradeId, refs: refsOf(sent.group) };
}

async function unknownFate(symbol: Listed): Promise<string> {
  const { tradeId, refs } = await claimed(symbol);
  await changeTrade(it.db, 'unknown.commit', tradeId, Date.now(), (book) => unanswered(book, refs));
  return tradeId;
}

async function filledByStatus(symbol: Listed): Promise<string> {
  const { tradeId } = await claimed(symbol);
  await tellFilled(it.db, tradeId, { symbol, brokerContractId: contractId(symbol) });
  return tradeId;
}

/** What is to be resolved, one way for each kind. */
const kinds: Readonly<Record<Resolution['kind'], () => Promise<Resolution>>> = {
  position: async () => {
    await external(randomUUID(), 'AAA');
    await shows('10', '100');
    return {
      ...{ kind: 'position', symbol: 'AAA', account: null, strategy: 'adopted' },
      ...{ stopPrice: '95', targetPrice: null, marketPrice: '100' },
    };
  },
  fill: async () => {
    const tradeId = await unknownFate('BBB');
    const executionId = randomUUID();
    await external(executionId, 'BBB');
    const { clientOrderId } = await it.db.order.findFirstOrThrow({
      where: { tradeId, role: 'ENTRY' },
    });
    return { kind: 'fill', executionId, clientOrderId };
  },
  order: async () => ({
    ...{ kind: 'order', tradeId: await unknownFate('CCC'), order: 'entry', brokerOrderId: '4711' },
  }),
  missing_fill: async () => ({
    ...{ kind: 'missing_fill', tradeId: await filledByStatus('DDD'), order: 'entry' },
    ...{ quantity: '10', price: '100.5', executedAtMs: Date.now() },
  }),
  difference: async () => {
    const { tradeId } = await held();
    await shows('7');
    return { kind: 'difference', tradeId, quantity: null, price: '99' };
  },
  split: async () => {
    const { tradeId } = await held();
    await it.db.$executeRaw`UPDATE quotes SET at = now() - interval '1 minute'`;
    await shows('100', '10.002');
    return {
      ...{ kind: 'split', tradeId, stopPrice: null, targetPrice: null, marketPrice: '10' },
    };
  },
  quarantine: async () => {
    const { tradeId } = await held();
    await quarantineSymbol(it.db, { tradeId, reason: 'a test' });
    return { kind: 'quarantine', symbol: 'AAA' };
  },
};

/** How many sessions of the database wait for a lock. */
async function waiting(): Promise<number> {
  const [row] = await it.db.$queryRaw<[{ n: number }]>`
    SELECT count(*)::int AS n FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid
     WHERE NOT l.granted AND a.datname = current_database()`;
  return row.n;
}

/** Both have begun before either can end: what they would write is locked until both wait. */
async function bothAtOnce(resolution: Resolution, code: string) {
  let started: Promise<PromiseSettledResult<unknown>[]> | null = null;
  await it.db.$transaction(
    async (tx) => {
      const holder = { accountId: it.ready.accountId, strategyId: null };
      for (const symbol of SYMBOLS) await lockPosition(tx, holder, contractId(symbol));
      await tx.$executeRaw`SELECT 1 FROM trades FOR UPDATE`;
      await tx.$executeRaw`SELECT 1 FROM pauses FOR UPDATE`;
      const confirm = async (app: App) => (await confirmResolution(app, resolution, code)).told;
      started = Promise.allSettled([confirm(it.app), confirm(other)]);
      while ((await waiting()) < 2) await setTimeout(20);
    },
    { timeout: 30_000 },
  );
  return started!;
}

describe.each(Object.keys(kinds) as Resolution['kind'][])('[TRD-11] resolve %s', (kind) => {
  test('confirmed twice at once: done once, and the second is told why not', async () => {
    const resolution = await kinds[kind]();
    const { code } = await proposeResolution(it.app, resolution);
    const audited = () => it.db.auditEntry.count({ where: { action: `resolve.${kind}` } });
    const before = await audited();
    const results = await bothAtOnce(resolution, code);
    expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    const refused = results.find((one) => one.status === 'rejected') as PromiseRejectedResult;
    expect(refused.reason).toHaveProperty('name', 'CannotResolveError');
    expect(await audited()).toBe(before + 1);
  });
});

test('[TRD-11] [TRD-13] a position that was adopted at the same moment: one trade, and nothing external', async () => {
  const resolution = await kinds.position();
  const { code } = await proposeResolution(it.app, resolution);
  const results = await bothAtOnce(resolution, code);
  const trades = await it.db.trade.findMany({ where: { closedAt: null } });
  expect(trades.map(({ heldQuantity }) => heldQuantity.toFixed())).toEqual(['10']);
  const rows = await it.db.position.findMany({ where: { strategyId: null } });
  expect(rows.map(({ quantity }) => quantity.toFixed())).toEqual(['0']);
  const refused = results.find((one) => one.status === 'rejected') as PromiseRejectedResult;
  expect(String(refused.reason)).toContain(`trade ${trades[0]!.id} has adopted it already`);
});
