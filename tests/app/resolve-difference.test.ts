/** A difference that no execution tells is declared external by a person (REC-2, TRD-13). Real PostgreSQL. */
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { listAudit } from '../../app/audit.js';
import { loadTrade } from '../../app/reads.js';
import { confirmResolution, proposeResolution, type Resolution } from '../../app/resolve.js';
import type { ExecutionReport } from '../../domain/broker/fact.js';
import { listPositions } from '../../store/reads/positions.js';
import { loadBook } from '../../store/book/load.js';
import { holdersOf } from '../../store/others-held.js';
import { movePosition } from '../../store/positions.js';
import { plainTransact } from '../../store/transact.js';
import type { Inbox } from '../../worker/broker/inbox.js';
import { plannedTrade } from '../store/support/planned-trade.js';
import { entryOfPlan, execution, type EntryRow } from '../worker/support/inbox.js';
import { testApp, type TestApp } from './support.js';
import { emptyBooks, freshInbox } from './support-books.js';
import { compared, comparedInVain } from './support-compared.js';

let it: TestApp;
let inbox: Inbox;
let entry: EntryRow;

beforeAll(async () => {
  it = await testApp();
}, 60_000);
afterAll(async () => it?.close());

const told = async (report: ExecutionReport) => {
  inbox.accept({ kind: 'execution', report, receivedAtMs: Date.now() });
  await inbox.drained();
};

/** A trade of ten shares, bought a minute ago at 100.02. */
beforeEach(async () => {
  const { db, ready } = it;
  inbox = freshInbox(it);
  entry = await entryOfPlan(db, ready);
  const executedAtMs = Date.now() - 60_000;
  await told(execution(entry, 1, { quantity: '10', executedAtMs }).report);
});
afterEach(async () => {
  await inbox.stop(0);
  await emptyBooks(it.db);
});

const shows = (quantity: string, options: Parameters<typeof compared>[3] = {}) => {
  const shown = { symbol: 'AAA', brokerContractId: 1, quantity, averageCost: '100.02' };
  return compared(it.db, it.ready.accountId, shown, options);
};

const difference = (
  change: Partial<Extract<Resolution, { kind: 'difference' }>> = {},
): Resolution => ({
  ...{ kind: 'difference', tradeId: entry.tradeId, quantity: null, price: '99', ...change },
});

async function declare(change: Parameters<typeof difference>[0] = {}) {
  const { code } = await proposeResolution(it.app, difference(change));
  const { proposal, told: hearing } = await confirmResolution(it.app, difference(change), code);
  await hearing;
  return proposal;
}

const refused = (change: Parameters<typeof difference>[0], words: string) =>
  expect(proposeResolution(it.app, difference(change))).rejects.toThrow(words);

async function books() {
  const trade = (await loadTrade(it.app, entry.tradeId))!;
  const rows = await it.db.position.findMany({ where: { accountId: it.ready.accountId } });
  const of = (isExternal: boolean) =>
    rows
      .filter(({ strategyId }) => (strategyId === null) === isExternal)
      .reduce((total, { quantity }) => total + Number(quantity), 0);
  const { held_quantity: held, state, doubt } = trade;
  return { held, state, doubt, own: of(false), external: of(true) };
}

/** What a hand did, told by its execution only now. */
const byHand = (side: 'BUY' | 'SELL', quantity: string, agoMs = 20_000) => {
  const executionKey = `0000hand.${entry.id.slice(0, 8)}.${side}`;
  return told(
    execution(entry, 9, {
      ...{ executionId: `${executionKey}.01`, executionKey, clientOrderId: null },
      ...{ side, quantity, price: '98', executedAtMs: Date.now() - agoMs },
    }).report,
  );
};

test('[REC-2] shares that a hand sold untold are booked as closed outside, and the books match', async () => {
  await shows('7');
  const { does, evidence } = await declare();
  expect(does.join()).toContain('3 AAA of the trade count as sold outside at 99');
  expect(does.join()).toContain('trimmed to the 7');
  expect(evidence.join()).toContain('the broker holds 7, the books say 10 of trades');
  expect(await books()).toEqual({ held: '7', state: 'OPEN', doubt: null, own: 7, external: 0 });
  expect(await shows('7')).toEqual([]);
  const [audited] = await listAudit(it.app, 1);
  expect(audited).toMatchObject({ actor: 'test', action: 'resolve.difference' });
  await refused({}, 'nothing differed');
});

test('[REC-2] a difference is its contract’s, though the books name it by an earlier symbol', async () => {
  await it.db.position.updateMany({ data: { symbol: 'OLD' } });
  await shows('7');
  expect((await declare()).does.join()).toContain('3 AAA of the trade count as sold outside');
  expect(await books()).toMatchObject({ held: '7', own: 7 });
  const [listed] = await listPositions(it.db, it.ready.ownerId, Date.now());
  expect(listed!.trades.map(({ trade_id: id }) => id)).toEqual([entry.tradeId]);
});

test('[REC-2] no part of a share is left to a trade, for no stop protects it', async () => {
  await shows('7');
  await refused({ quantity: '2.5' }, 'it would leave the trade 7.5 AAA');
  expect((await declare({ quantity: '2' })).does.join()).toContain('trimmed to the 8');
});

test('[REC-2] its execution comes after all: it takes the place, and counts once', async () => {
  await shows('7');
  await declare();
  await byHand('SELL', '3');
  expect(await books()).toMatchObject({ held: '7', own: 7, external: 0 });
  const { executions } = (await loadTrade(it.app, entry.tradeId))!;
  expect(executions.filter(({ side }) => side === 'SELL').at(-1)).toMatchObject({
    ...{ quantity: '3', price: '98', is_inferred: false },
  });
  expect(await shows('7')).toEqual([]);
});

test('[REC-2] a position that is gone: the trade ends as external, its unknown price shown as in doubt', async () => {
  await shows('0');
  expect((await declare({ price: null })).does.join()).toContain('their price is unknown');
  const ended = await books();
  expect(ended).toMatchObject({ held: '0', state: 'CLOSED', own: 0, external: 0 });
  expect(ended.doubt).toContain('10 of its shares were closed outside at a price that nobody told');
  const trade = (await loadTrade(it.app, entry.tradeId))!;
  expect(trade).toMatchObject({ exit_reason: 'external', average_exit: '100.02' });
  await byHand('SELL', '10');
  expect(await books()).toEqual({ ...ended, doubt: null });
  expect(await loadTrade(it.app, entry.tradeId)).toMatchObject({ average_exit: '98' });
});

test('[REC-2] what was declared gone was the own stop’s fill: it takes the place, and counts once', async () => {
  await shows('0');
  await declare({ price: null });
  const where = { tradeId: entry.tradeId, role: 'STOP' };
  const stop = await it.db.order.findFirstOrThrow({ where });
  const sold = { side: 'SELL', price: '94.9', executedAtMs: Date.now() - 20_000 } as const;
  for (const n of [1, 2]) {
    await told(execution(stop, n, { ...sold, quantity: '5' }).report);
    expect(await books()).toMatchObject({ held: '0', own: 0, external: 0 });
  }
  expect(await books()).toMatchObject({ doubt: null });
  expect(await loadTrade(it.app, entry.tradeId)).toMatchObject({ average_exit: '94.9' });
});

test('[REC-2] more than the books: it counts as external, beside the trade, until its execution comes', async () => {
  await shows('12');
  const { does } = await declare();
  expect(does.join()).toContain('2 AAA count as external, traded outside at 99');
  const counted = { held: '10', state: 'OPEN', doubt: null, own: 10, external: 2 };
  expect(await books()).toEqual(counted);
  expect(await shows('12')).toEqual([]);
  await byHand('BUY', '2');
  expect(await books()).toEqual(counted);
  await byHand('SELL', '1', 0);
  expect(await books()).toMatchObject({ held: '10', own: 10, external: 1 });
});

test('[REC-2] never more than the picture shows, and a part only of what differs', async () => {
  await shows('7');
  await refused({ quantity: '4' }, "4 can't be it");
  await refused({ quantity: '0' }, "0 can't be it");
  await declare({ quantity: '2' });
  expect(await books()).toMatchObject({ held: '8', own: 8 });
  await refused({ quantity: '1' }, 'the books say 8 of AAA, and said 10');
  await shows('7');
  await declare();
  expect(await books()).toMatchObject({ held: '7', own: 7 });
});

test('[REC-2] without a complete and fresh comparison, or while something is on its way, nothing is declared', async () => {
  await refused({}, 'were never compared');
  await shows('7', { atMs: Date.now() - 6 * 60_000 });
  await refused({}, 'give "ballast reconcile" first');
  await shows('7');
  await comparedInVain(it.db, it.ready.accountId);
  await refused({}, 'no complete picture');
  await shows('7', { done: 'nothing: what the broker told could not be booked yet' });
  await refused({}, 'wait until that is settled');
  await shows('10');
  await refused({}, 'nothing differed');
  await shows('7');
  const { code } = await proposeResolution(it.app, difference());
  await told(execution(entry, 2, { quantity: '1' }).report);
  await expect(confirmResolution(it.app, difference(), code)).rejects.toThrow('the books say 11');
});

test('[REC-2] before a comparison has seen it: when the last one was, and what to do first', async () => {
  const atMs = Date.now() - 60_000;
  await shows('10', { atMs });
  const at = new Date(atMs).toISOString();
  await refused({}, `nothing differed in AAA when it was compared last, at ${at}`);
  await refused({}, 'give "ballast reconcile" first');
});

test('[REC-2] a price far from what is known here is shown with both numbers, before it is taken', async () => {
  const warned = async (price: string | null) =>
    (await proposeResolution(it.app, difference({ price }))).evidence.join('\n');
  await shows('7');
  expect(await warned('68')).toContain(
    '68 is 32 % below 100.01, the price of AAA that is known here',
  );
  expect(await warned('132.1')).toContain('132.1 is 32 % above 100.01');
  for (const price of ['81', '119', null]) expect(await warned(price)).not.toContain('known here');
});

test('[REC-5] what looks like a reverse split may have been a hand: then it is declared so', async () => {
  const shown = { symbol: 'AAA', brokerContractId: 1, quantity: '5', averageCost: '200.04' };
  const [found] = await compared(it.db, it.ready.accountId, shown);
  expect(found?.kind).toBe('corporate_action');
  await declare();
  expect(await books()).toMatchObject({ held: '5', own: 5, external: 0 });
});

test('[REC-2] [TRD-13] shares that two trades count, and others as sold: one of the trades gives them up', async () => {
  const { db, ready } = it;
  const tradeId = await plannedTrade(db, ready);
  const second = await db.order.findFirstOrThrow({ where: { tradeId, role: 'ENTRY' } });
  await told(execution(second, 1, { quantity: '10' }).report);
  const holder = { userId: ready.ownerId, accountId: ready.accountId, strategyId: null };
  const twice = { symbol: 'AAA', brokerContractId: 1, change: '-10', price: '100' };
  await plainTransact(db, (tx) => movePosition(tx, holder, twice));
  const { book, keys } = await loadBook(db, tradeId);
  const holders = await holdersOf(db, book, keys);
  expect(holders.map(({ booked, held, isClosing }) => [booked, held, isClosing])).toEqual([
    ...[
      ['10', '10', false],
      ['10', '10', false],
    ],
  ]);
  const [found] = await shows('10');
  expect(found).toMatchObject({ kind: 'closed_outside', difference: '0' });
  expect(found!.summary).toContain('the broker holds 10, the books say 20 of trades');
  expect(found!.summary).toContain('together the trades count 10 more than there are');
  expect(found!.why).toContain('in the books twice: "ballast resolve difference TRADE"');
  await refused({ quantity: '11' }, '11 can');
  expect((await declare()).does.join()).toContain(
    '10 AAA of the trade count as sold outside at 99',
  );
  expect(await books()).toMatchObject({ held: '0', own: 10, external: 0 });
  expect(await shows('10')).toEqual([]);
  await refused({}, 'nothing differed');
});
