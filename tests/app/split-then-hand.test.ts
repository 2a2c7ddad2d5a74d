/**
 * A split, and a hand that trades after it: what was seen as one holds the exits back until a person releases it
 * by name, and no release sends a stop that sells at once (REC-5). Real PostgreSQL.
 */
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { loadTrade } from '../../app/reads.js';
import { confirmResolution, proposeResolution, type Resolution } from '../../app/resolve.js';
import { splitReason } from '../../domain/trade/corporate-action.js';
import { bookClosedOutside } from '../../store/closed-outside.js';
import { quarantineSymbol, splitQuarantine } from '../../store/quarantine.js';
import type { Inbox } from '../../worker/broker/inbox.js';
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
  await emptyBooks(it.db);
});

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
  expect(await positionsOf(it.db)).toEqual(['trade 20 50.01', 'nobody -4 49']);
  expect(await seen()).toBeNull();
  // In shares of now it is what any hand's sale of a trade's shares is: the execution is booked to the trade.
  expect((await shows('16')).map(({ kind }) => kind)).toEqual(['closed_outside']);
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
  expect(await positionsOf(it.db)).toEqual(['trade 5 200.04', 'nobody -2 49']);
  const booked = await bookClosedOutside(it.db, entry.tradeId, evidence);
  expect(booked?.view.heldQuantity).toBe('3');
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
