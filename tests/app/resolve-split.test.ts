/** Carrying the trades of a contract across a split (REC-5). Real PostgreSQL. */
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { loadTrade } from '../../app/reads.js';
import { confirmResolution, proposeResolution, type Resolution } from '../../app/resolve.js';
import { quarantineSymbol, splitQuarantine } from '../../store/quarantine.js';
import { readPlanRows } from '../../store/planning/read.js';
import type { Inbox } from '../../worker/broker/inbox.js';
import { plannedTrade } from '../store/support/planned-trade.js';
import { entryOfPlan, execution, type EntryRow } from '../worker/support/inbox.js';
import { testApp, type TestApp } from './support.js';
import { emptyBooks, freshInbox, positionsOf } from './support-books.js';
import { compared } from './support-compared.js';

let it: TestApp;
let inbox: Inbox;
let first: EntryRow;
let second: EntryRow;

beforeAll(async () => {
  it = await testApp();
}, 60_000);
afterAll(async () => it?.close());

/** Ten shares of one trade and four of another, at 100.02, beside three of nobody's. */
beforeEach(async () => {
  const { db, ready } = it;
  await emptyBooks(db);
  inbox = freshInbox(it);
  first = await entryOfPlan(db, ready);
  const tradeId = await plannedTrade(db, ready, { quantity: '4' });
  second = await db.order.findFirstOrThrow({ where: { tradeId, role: 'ENTRY' } });
  const foreign = { clientOrderId: null, executionId: 'f.01', executionKey: 'f', quantity: '3' };
  const reports = [
    execution(first, 1, { quantity: '10' }),
    execution(second, 1, { quantity: '4' }),
    execution(second, 2, foreign),
  ];
  for (const fact of reports) inbox.accept(fact);
  await inbox.drained();
  await inbox.stop(0);
  // A market of before says nothing of now.
  await db.$executeRaw`UPDATE quotes SET at = now() - interval '1 minute'`;
});

const shows = (quantity: string, averageCost: string) =>
  compared(it.db, it.ready.accountId, {
    ...{ symbol: 'AAA', brokerContractId: 1, quantity, averageCost },
  });

const split = (change: Partial<Extract<Resolution, { kind: 'split' }>> = {}): Resolution => ({
  ...{ kind: 'split', tradeId: first.tradeId, stopPrice: null, targetPrice: null },
  ...{ marketPrice: '10', ...change },
});

const refused = (words: string, change: Parameters<typeof split>[0] = {}) =>
  expect(proposeResolution(it.app, split(change))).rejects.toThrow(words);

test('[REC-5] all trades of the contract, and shares of nobody, come to what the broker holds', async () => {
  const [found] = await shows('170', '10.002');
  expect(found?.why).toContain('ballast resolve split TRADE');
  const { does, code } = await proposeResolution(it.app, split({ targetPrice: '12' }));
  expect(does.join('\n')).toContain('10 at 100.02 become 100 at 10.002');
  expect(does.join('\n')).toContain('4 at 100.02 become 40 at 10.002');
  expect(does.join('\n')).toContain('target none becomes 12');
  const { told } = await confirmResolution(it.app, split({ targetPrice: '12' }), code);
  await told;
  expect(await positionsOf(it.db)).toEqual([
    ...['trade 100 10.002', 'trade 40 10.002', 'nobody 30 10.002'],
  ]);
  expect(await loadTrade(it.app, first.tradeId)).toMatchObject({
    ...{ held_quantity: '100', average_entry: '10.002', target_price: '12', state: 'OPEN' },
  });
  expect((await loadTrade(it.app, second.tradeId))?.stop_price).toMatch(/^9\.5/);
  expect(await shows('170', '10.002')).toEqual([]);
  expect(await it.db.pause.count({ where: { symbol: 'AAA', liftedAt: null } })).toBe(0);
  await refused('nothing differed');
});

test('[REC-5] [RSK-1] what a trade holds counts as the same part of what was planned', async () => {
  const { db, ready, app } = it;
  await shows('170', '10.002');
  const { code } = await proposeResolution(app, split());
  await (
    await confirmResolution(app, split(), code)
  ).told;
  // Of the hundred that are ten of before, ninety are sold.
  await db.trade.update({ where: { id: first.tradeId }, data: { heldQuantity: '10' } });
  const next = await plannedTrade(db, ready, { symbol: 'BBB' });
  const { reservations } = await db.$transaction((tx) => readPlanRows(tx, next, Date.now()));
  const shareOf = (id: string) => reservations.find((one) => one.tradeId === id)?.heldShare;
  expect([shareOf(first.tradeId), shareOf(second.tradeId)]).toEqual(['0.1', '1']);
});

test('[REC-5] what is no split, what would trigger at once, and a code of before are refused', async () => {
  await refused('were never compared');
  await shows('16', '100.02');
  await refused('this looks like no split');
  await shows('170', '10.002');
  await refused('would trigger at once', { stopPrice: '10' });
  await refused('would fill at once', { targetPrice: '9.9' });
  await refused('not on the tick', { stopPrice: '9.501' });
  await refused('no live quote of AAA', { marketPrice: null });
  const { code } = await proposeResolution(it.app, split());
  await expect(confirmResolution(it.app, split({ stopPrice: '9.4' }), code)).rejects.toThrow(
    'look again',
  );
  expect((await positionsOf(it.db)).sort()).toEqual([
    'nobody 3 100.02',
    'trade 10 100.02',
    'trade 4 100.02',
  ]);
});

test('[REC-5] parts of a share: whole ones are dealt out, and come to what the broker holds', async () => {
  const [found] = await shows('25', '68.01');
  expect(found?.kind).toBe('corporate_action');
  const asked = split({ marketPrice: '68' });
  const { does, code } = await proposeResolution(it.app, asked);
  expect(does.join('\n')).toContain('are no whole shares: dealt out as');
  await (
    await confirmResolution(it.app, asked, code)
  ).told;
  const held = (await positionsOf(it.db)).map((row) => row.split(' ').slice(0, 2).join(' '));
  expect(held).toEqual(['trade 15', 'trade 6', 'nobody 4']);
  expect(await shows('25', '68.01')).toEqual([]);
});

test('[REC-5] [TRD-3] a quarantine for a split is released: what waited is repaired, and its time counts anew', async () => {
  const { db, ready, app } = it;
  const { accountId } = ready;
  const reason = 'corporate action: the broker holds 10 times what the books say';
  await quarantineSymbol(db, { tradeId: first.tradeId, reason });
  const ids = [first.tradeId, second.tradeId];
  await db.$executeRaw`UPDATE trades SET unarmed_since = now() - interval '1 hour' WHERE id::text = ANY(${ids})`;
  expect(await splitQuarantine(db, accountId, 'AAA')).toBe(reason);
  const release: Resolution = { kind: 'quarantine', symbol: 'AAA', marketPrice: '100' };
  const { does, code } = await proposeResolution(app, release);
  expect(does.join('\n')).toContain("at the trades' own prices");
  await (
    await confirmResolution(app, release, code)
  ).told;
  expect(await splitQuarantine(db, accountId, 'AAA')).toBeNull();
  const trades = await db.trade.findMany({ where: { id: { in: ids } } });
  const minuteAgo = Date.now() - 60_000;
  expect(trades.map(({ unarmedSince }) => unarmedSince!.getTime() > minuteAgo)).toEqual([
    true,
    true,
  ]);
});

test('[REC-5] a hand is declared: what is held back for a split stays so, with every quarantine', async () => {
  const { db, ready, app } = it;
  const { accountId } = ready;
  // Another quarantine is in force: shares of nobody's came beside the trades.
  expect(await db.pause.count({ where: { symbol: 'AAA', liftedAt: null } })).toBe(1);
  await shows('170', '10.002');
  const reason = 'corporate action: the broker holds 10 times what the books say';
  expect(await quarantineSymbol(db, { tradeId: first.tradeId, reason })).toBe(true);
  expect(await quarantineSymbol(db, { tradeId: first.tradeId, reason })).toBe(false);
  const asked: Resolution = {
    ...{ kind: 'difference', tradeId: first.tradeId, quantity: null, price: '10' },
  };
  const { code } = await proposeResolution(app, asked);
  await (
    await confirmResolution(app, asked, code)
  ).told;
  expect(await splitQuarantine(db, accountId, 'AAA')).toBe(reason);
  expect(await db.pause.count({ where: { symbol: 'AAA', liftedAt: null } })).toBe(2);
});
