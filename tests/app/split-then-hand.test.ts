/**
 * A split, and a hand that trades after it: what was seen as one holds the exits back until a person releases it
 * by name, and no release sends a stop that sells at once (REC-5). Real PostgreSQL.
 */
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { loadTrade } from '../../app/reads.js';
import { confirmResolution, proposeResolution, type Resolution } from '../../app/resolve.js';
import { splitReason } from '../../domain/trade/corporate-action.js';
import { bookClosedOutside } from '../../store/closed-outside.js';
import { parseSignal } from '../../contract/signal.js';
import { planTrade } from '../../store/planning/plan.js';
import { acceptSignal } from '../../store/signals.js';
import { loadBook } from '../../store/book/load.js';
import { othersHeld } from '../../store/others-held.js';
import { shareOf } from '../../domain/trade/own-share.js';
import { quarantineSymbol, splitQuarantine } from '../../store/quarantine.js';
import type { Inbox } from '../../worker/broker/inbox.js';
import { PLAN_SETTINGS, plannedTrade } from '../store/support/planned-trade.js';
import { entryOfPlan, execution, type EntryRow } from '../worker/support/inbox.js';
import { testApp, type TestApp } from './support.js';
import { emptyBooks, freshInbox, positionsOf } from './support-books.js';
import { compared } from './support-compared.js';

let it: TestApp;
let inbox: Inbox;
let entry: EntryRow;

beforeAll(async () => {
  it = await testApp();
}, 60_000);
afterAll(async () => it?.close());

/** Ten shares at 100.02, its stop near 95; the split 2:1 was seen, and no quote says what the market is. */
beforeEach(async () => {
  const { db, ready } = it;
  inbox = freshInbox(it);
  entry = await entryOfPlan(db, ready);
  inbox.accept(execution(entry, 1, { quantity: '10' }));
  await inbox.drained();
  await db.$executeRaw`UPDATE quotes SET at = now() - interval '1 minute'`;
  const reason = splitReason('AAA: the broker holds 20, the books say 10 of trades');
  await quarantineSymbol(db, { tradeId: entry.tradeId, reason });
});
afterEach(async () => {
  await inbox.stop(0);
  await nothingUnderWay();
});

/** A trade of the other direction would be in the way of the next one. */
async function nothingUnderWay(): Promise<void> {
  await emptyBooks(it.db);
  await it.db.order.updateMany({ data: { status: 'CANCELLED' } });
  await it.db.$executeRaw`UPDATE reservations SET phase = 'RELEASED'`;
}

const shows = (quantity: string, averageCost = '50.01') =>
  compared(it.db, it.ready.accountId, {
    ...{ symbol: 'AAA', brokerContractId: 1, quantity, averageCost },
  });

/** A hand sells four of the shares of now, and its execution is told. */
async function handSells(quantity = '4'): Promise<void> {
  const executionKey = `0000hand.${entry.id.slice(0, 8)}`;
  inbox.accept(
    execution(entry, 9, {
      ...{ executionId: `${executionKey}.01`, executionKey, clientOrderId: null },
      ...{ side: 'SELL', quantity, price: '49' },
    }),
  );
  await inbox.drained();
}

/** A hand buys, and its execution is told. */
async function handBuys(quantity: string, executionKey: string): Promise<void> {
  inbox.accept(
    execution(entry, 8, {
      ...{ executionId: `${executionKey}.01`, executionKey, clientOrderId: null },
      ...{ side: 'BUY', quantity, price: '49' },
    }),
  );
  await inbox.drained();
}

/** A short of that many at 100. */
async function shortOf(quantity: string): Promise<EntryRow> {
  const { db, ready } = it;
  const { installationId, ownerId } = ready;
  const signal = parseSignal({
    ...{ id: `short-${entry.id}`, strategy_id: 'short', symbol: 'AAA', side: 'SELL', quantity },
    stop_loss_pct: '0.05',
  });
  const { tradeId } = await acceptSignal(db, ownerId, signal);
  const limits = { ...PLAN_SETTINGS.limits, allowShort: true };
  const request = { tradeId, final: true, nowMs: Date.now(), installationId };
  await planTrade(db, { ...PLAN_SETTINGS, limits }, request);
  const row = await it.db.order.findFirstOrThrow({ where: { tradeId, role: 'ENTRY' } });
  inbox.accept(execution(row, 1, { quantity, side: 'SELL', price: '100' }));
  await inbox.drained();
  return row;
}

const difference = (): Resolution => ({
  ...{ kind: 'difference', tradeId: entry.tradeId, quantity: null, price: '50' },
});

const split = (change: Partial<Extract<Resolution, { kind: 'split' }>> = {}): Resolution => ({
  ...{ kind: 'split', tradeId: entry.tradeId, stopPrice: null, targetPrice: null },
  ...{ marketPrice: '50', ...change },
});

const release = (marketPrice: string | null): Resolution => ({
  ...{ kind: 'quarantine', symbol: 'AAA', marketPrice },
});

async function resolve(resolution: Resolution): Promise<string> {
  const { does, code } = await proposeResolution(it.app, resolution);
  await (
    await confirmResolution(it.app, resolution, code)
  ).told;
  return does.join('\n');
}

const refused = (resolution: Resolution, words: string) =>
  expect(proposeResolution(it.app, resolution)).rejects.toThrow(words);

const seen = () => splitQuarantine(it.db, it.ready.accountId, 'AAA');

test('[REC-5] a declared difference releases no split, and says what does', async () => {
  await handSells();
  const [found] = await shows('16');
  expect(found?.kind).toBe('position_more');
  const does = await resolve(difference());
  expect(does).toContain('AAA stays quarantined as after a split');
  expect(does).toContain(`"ballast resolve split ${entry.tradeId}"`);
  expect(does).toContain('"ballast resolve quarantine AAA"');
  expect(does).not.toContain('stays as it is');
  expect(await seen()).toContain('the broker holds 20');
});

test('[REC-5] shares declared as sold: what is left stays held back, and its exits too', async () => {
  await shows('7', '100.02');
  const does = await resolve(difference());
  expect(does).toContain('AAA stays quarantined as after a split');
  expect(does).toContain('trimmed to the 7 that are left, once it is released');
  expect(await seen()).not.toBeNull();
  expect(await loadTrade(it.app, entry.tradeId)).toMatchObject({ held_quantity: '7' });
});

test('[REC-2] without a quarantine for a split the preview says that a missing stop is placed', async () => {
  await it.db.$executeRaw`DELETE FROM pauses`;
  await shows('12', '100.02');
  const stop = { tradeId: entry.tradeId, role: 'STOP' };
  const becomes = (status: string) =>
    it.db.order.updateMany({ where: stop, data: { status, intent: 'SENT' } });
  await becomes('ACCEPTED');
  const before = (await proposeResolution(it.app, difference())).does.join('\n');
  expect(before).toContain('the trade stays as it is');
  await becomes('CANCELLED');
  const does = (await proposeResolution(it.app, difference())).does.join('\n');
  expect(does).toMatch(/its stop at 95\S*, which it lacks, is placed/);
});

test('[REC-5] a release that would sell at once is refused, and one of which nobody knows it', async () => {
  await refused(release(null), 'give it with --market PRICE');
  await refused(release('49.9'), 'would trigger at once: the bid is 49.9');
  await refused(release('49.9'), '"ballast resolve split"');
  expect(await seen()).not.toBeNull();
  expect(await resolve(release('100'))).toContain('placed again');
  expect(await seen()).toBeNull();
});

test('[REC-5] a hand traded after the split: by the ratio that is named the trades are carried across', async () => {
  await handSells();
  await shows('16');
  await refused(split(), '--ratio');
  await refused(split({ ratio: { from: '1', to: '3' } }), 'that comes to 26');
  const ratio = { from: '1', to: '2' };
  const does = await resolve(split({ ratio }));
  expect(does).toContain('10 at 100.02 become 20 at 50.01');
  expect(does).toContain('-4 external');
  expect(does).toContain(
    'SELL 4 by orders that are not of this system is booked to it: 16 of the 20 are left',
  );
  // In shares of now it is what any hand's sale of a trade's shares is, and is booked to the trade at once.
  expect(await positionsOf(it.db)).toEqual(['trade 16 50.01', 'nobody 0 0']);
  expect(await seen()).toBeNull();
  expect(await shows('16')).toEqual([]);
  expect((await loadTrade(it.app, entry.tradeId))?.stop_price).toMatch(/^47\.5/);
});

test('[REC-5] 1:2, and a hand sold two of now: they are not booked as two of before, and the ratio is advised', async () => {
  await handSells('2');
  const [found] = await shows('3', '200.04');
  expect(found).toMatchObject({ kind: 'position_less', step: 'quarantine', books: '8' });
  expect(found?.why).toContain('"ballast resolve split TRADE --ratio NEW:OLD"');
  const evidence = { tradeIds: [entry.tradeId], net: '3', isGone: false, nowMs: Date.now() };
  expect(await bookClosedOutside(it.db, entry.tradeId, evidence)).toBeNull();
  await resolve(split({ ratio: { from: '2', to: '1' }, marketPrice: '200' }));
  expect(await positionsOf(it.db)).toEqual(['trade 3 200.04', 'nobody 0 0']);
  expect(await shows('3', '200.04')).toEqual([]);
});

test('[REC-5] two trades, 2:1, and a hand sold five of now: dealt out in the same step, each with all of its cover', async () => {
  await it.db.$executeRaw`DELETE FROM pauses`;
  const tradeId = await plannedTrade(it.db, it.ready, { quantity: '4' });
  await quarantineSymbol(it.db, { tradeId, reason: splitReason('2 times as many') });
  const second = await it.db.order.findFirstOrThrow({ where: { tradeId, role: 'ENTRY' } });
  inbox.accept(execution(second, 1, { quantity: '4' }));
  await inbox.drained();
  await handSells('5');
  const [found] = await shows('23');
  expect(found).toMatchObject({ books: '9', step: 'quarantine' });
  await resolve(split({ ratio: { from: '1', to: '2' } }));
  const held = await it.db.trade.findMany({ where: { closedAt: null }, orderBy: { id: 'asc' } });
  expect(held.map(({ heldQuantity }) => Number(heldQuantity)).sort((a, b) => a - b)).toEqual(
    held[0]!.id === entry.tradeId ? [8, 15] : [3, 20],
  );
  expect(await shows('23')).toEqual([]);
  // What each may sell is all that it holds, so nothing is left without cover for the other's sake.
  for (const { id, heldQuantity } of held) {
    const { book, keys } = await loadBook(it.db, id);
    const share = shareOf(
      { side: 'BUY', held: heldQuantity.toFixed() },
      '23',
      await othersHeld(it.db, book, keys),
    );
    expect(share).toBe(heldQuantity.toFixed());
  }
});

test('[REC-5] 2:1, and external shares of before beside it: the ratio that is named carries them too', async () => {
  await handBuys('3', '0000before');
  const [found] = await shows('26', '44.1');
  expect(found?.kind).toBe('corporate_action');
  await shows('26', '60');
  await refused(split(), '--ratio');
  await resolve(split({ ratio: { from: '1', to: '2' } }));
  expect(await positionsOf(it.db)).toEqual(['trade 20 50.01', 'nobody 6 24.5']);
});

test('[REC-5] 1:5 of a short, and a hand bought three of now: kept external until the ratio is named', async () => {
  await nothingUnderWay();
  const shorted = await shortOf('50');
  const reason = splitReason('the broker holds 0.2 times what the books say');
  await quarantineSymbol(it.db, { tradeId: shorted.tradeId, reason });
  await handBuys('3', '0000cover');
  const evidence = { tradeIds: [shorted.tradeId], net: '-7', isGone: false, nowMs: Date.now() };
  expect(await bookClosedOutside(it.db, shorted.tradeId, evidence)).toBeNull();
  const [found] = await shows('-7', '500');
  expect(found).toMatchObject({ books: '-47', step: 'quarantine' });
  expect(found?.why).toContain('--ratio NEW:OLD');
  const asked = split({
    tradeId: shorted.tradeId,
    marketPrice: '500',
    ratio: { from: '5', to: '1' },
  });
  expect(await resolve(asked)).toContain('BUY 3 by orders that are not of this system');
  const rows = await positionsOf(it.db);
  expect(rows.map((row) => row.split(' ').slice(0, 2).join(' '))).toEqual(['nobody 0', 'trade -7']);
  expect(await shows('-7', '500')).toEqual([]);
});

test('[TRD-6] what only looked like a split, and executions of a hand explain whole, is booked as ever', async () => {
  await handSells('5');
  const evidence = { tradeIds: [entry.tradeId], net: '5', isGone: false, nowMs: Date.now() };
  const booked = await bookClosedOutside(it.db, entry.tradeId, evidence);
  expect(booked?.view.heldQuantity).toBe('5');
});

test('[REC-5] a ratio is named where a split was seen, and nowhere else', async () => {
  await it.db.$executeRaw`DELETE FROM pauses`;
  await shows('16', '100.02');
  await refused(split({ ratio: { from: '1', to: '2' } }), 'no split of AAA was seen');
});
