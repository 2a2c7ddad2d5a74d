/** What was closed by hand is corrected or busted later: it reaches the trade that it was given to. Real PostgreSQL. */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import type { ExecutionReport } from '../../domain/broker/fact.js';
import { bookClosedOutside } from '../../store/closed-outside.js';
import type { Database } from '../../store/database.js';
import type { Committed } from '../../store/inbox.js';
import type { Inbox } from '../../worker/broker/inbox.js';
import { useAccountDatabase } from '../store/support/account-database.js';
import type { ReadyAccount } from '../store/support/ready-account.js';
import { entryOfPlan, execution, inboxOf, type EntryRow } from './support/inbox.js';

const opened = useAccountDatabase(['AAA'], '1000000');
let db: Database;
let ready: ReadyAccount;
let entry: EntryRow;
let inbox: Inbox;
let commits: Committed[];

beforeAll(() => {
  ({ db, ready } = opened());
});

/** The trade's shares were bought so long ago. */
async function bought(agoMs: number): Promise<void> {
  const data = { executedAt: new Date(Date.now() - agoMs) };
  await db.execution.updateMany({ where: { tradeId: entry.tradeId }, data });
}

/** A trade of ten shares at the broker. */
beforeEach(async () => {
  commits = [];
  inbox = inboxOf({ db, ready, spillFolder: mkdtempSync(join(tmpdir(), 'ballast-in-')) }, commits);
  entry = await entryOfPlan(db, ready);
  await told(execution(entry, 1, { quantity: '10' }).report);
});
/** Nothing of one test stands in the way of the next. */
afterEach(async () => {
  await inbox.stop(0);
  await db.$executeRaw`DELETE FROM pauses`;
  await db.$executeRaw`DELETE FROM positions`;
  await db.$executeRaw`DELETE FROM executions WHERE trade_id IS NULL`;
});

async function told(report: ExecutionReport): Promise<void> {
  inbox.accept({ kind: 'execution', report, receivedAtMs: Date.now() });
  await inbox.drained();
}

/** The nth report of what a hand sold. */
const sold = (correction: number, quantity: string, change: Partial<ExecutionReport> = {}) => {
  const executionKey = `0000hand.${entry.id.slice(0, 8)}`;
  const executionId = `${executionKey}.0${correction}`;
  return execution(entry, 9, {
    ...{ executionId, executionKey, correction, quantity, side: 'SELL', clientOrderId: null },
    ...{ price: '99', executedAtMs: Date.now() + 1_000, ...change },
  }).report;
};

const closedOutside = (net = '0', isGone = false) =>
  bookClosedOutside(db, entry.tradeId, {
    ...{ tradeIds: [entry.tradeId], net, isGone, nowMs: Date.now() },
  });

async function books() {
  const { heldQuantity, state } = await db.trade.findUniqueOrThrow({
    where: { id: entry.tradeId },
  });
  const rows = await db.position.findMany({ where: { accountId: ready.accountId } });
  const of = (isExternal: boolean) =>
    rows
      .filter(({ strategyId }) => (strategyId === null) === isExternal)
      .reduce((total, { quantity }) => total + Number(quantity), 0);
  return { held: heldQuantity.toFixed(), state, own: of(false), external: of(true) };
}

test('[TRD-12] a bust of a close by hand gives the trade its shares back, and it is told', async () => {
  await told(sold(1, '10'));
  await closedOutside();
  expect(await books()).toMatchObject({ held: '0', own: 0, external: 0 });
  await told(sold(2, '0'));
  expect(await books()).toEqual({ held: '10', state: 'OPEN', own: 10, external: 0 });
  expect(commits.at(-1)).toMatchObject({ tradeId: entry.tradeId, wakes: true });
  await told(sold(2, '0'));
  expect(await books()).toMatchObject({ held: '10', own: 10, external: 0 });
});

test('[TRD-12] a bust of which the trade had a part gives back that part', async () => {
  await told(sold(1, '13'));
  await closedOutside('-3');
  expect(await books()).toMatchObject({ held: '0', own: 0, external: -3 });
  await told(sold(2, '0'));
  expect(await books()).toEqual({ held: '10', state: 'OPEN', own: 10, external: 0 });
  expect(commits.at(-1)).toMatchObject({ tradeId: entry.tradeId, wakes: true });
});

test('[TRD-12] a correction takes from others first, and never makes a trade sell more than it held', async () => {
  await told(sold(1, '13'));
  await closedOutside('-3');
  await told(sold(2, '11', { price: '98' }));
  expect(await books()).toMatchObject({ held: '0', own: 0, external: -1 });
  const { averageExit } = await db.trade.findUniqueOrThrow({ where: { id: entry.tradeId } });
  expect(averageExit?.toFixed()).toBe('98');
  await told(sold(3, '9'));
  expect(await books()).toMatchObject({ held: '1', own: 1, external: 0 });
  await told(sold(4, '14'));
  expect(await books()).toMatchObject({ held: '1', own: 1, external: -5 });
});

test('[TRD-12] a whole one that is corrected upwards leaves the surplus to others', async () => {
  await told(sold(1, '10'));
  await closedOutside();
  await told(sold(2, '12'));
  expect(await books()).toMatchObject({ held: '0', state: 'CLOSED', own: 0, external: -2 });
  await told(sold(2, '12'));
  expect(await books()).toMatchObject({ own: 0, external: -2 });
});

test('[TRD-6] what a hand sold before the trade had shares has closed none of them', async () => {
  const yesterday = Date.now() - 86_400_000;
  await told(sold(1, '10', { executedAtMs: yesterday }));
  expect(await closedOutside()).toBeNull();
  expect(await books()).toMatchObject({ held: '10', own: 10, external: -10 });
});

test('[TRD-6] a trade may take two parts of one execution, and each is booked once', async () => {
  await told(sold(1, '13'));
  await closedOutside('4');
  expect(await books()).toMatchObject({ held: '4', own: 4, external: -7 });
  await closedOutside('0');
  expect(await books()).toMatchObject({ held: '0', own: 0, external: -3 });
  const legs = { tradeId: entry.tradeId, role: 'CLOSE' };
  expect(await db.order.count({ where: legs })).toBe(2);
  expect(await closedOutside('0')).toBeNull();
  await told(sold(2, '0'));
  expect(await books()).toMatchObject({ held: '10', own: 10, external: 0 });
});

/** Executed when it was, told only now. */
const lateSale = (quantity: string, change: Partial<ExecutionReport> = {}) =>
  told(sold(1, quantity, { executedAtMs: Date.now() - 1_000, ...change }));

const fillsOf = async () => {
  const where = { tradeId: entry.tradeId, side: 'SELL', superseded: false };
  const rows = await db.execution.findMany({ where, orderBy: { id: 'asc' } });
  return rows.map(({ quantity, price }) => `${quantity.toFixed()} at ${price.toFixed()}`);
};

test('[REC-2] the execution of a close that the position told of takes its place, and counts once', async () => {
  await bought(10_000);
  await closedOutside('0', true);
  expect(await books()).toEqual({ held: '0', state: 'CLOSED', own: 0, external: 0 });
  expect(await fillsOf()).toEqual(['10 at 100.02']);
  await lateSale('10');
  expect(await books()).toEqual({ held: '0', state: 'CLOSED', own: 0, external: 0 });
  expect(await fillsOf()).toEqual(['10 at 99']);
  expect(await db.pause.count({ where: { kind: 'quarantine' } })).toBe(0);
  await lateSale('10');
  expect(await books()).toMatchObject({ own: 0, external: 0 });
});

test('[REC-2] of an execution that is larger the rest is others’, of a smaller one the rest stays concluded', async () => {
  await bought(10_000);
  await closedOutside('0', true);
  await lateSale('4', { executionId: 'part.01', executionKey: `part.${entry.id}`, price: '98' });
  expect(await books()).toMatchObject({ held: '0', own: 0, external: 0 });
  expect(await fillsOf()).toEqual(['4 at 98', '6 at 100.02']);
  await lateSale('9');
  expect(await books()).toMatchObject({ held: '0', own: 0, external: -3 });
  expect(await fillsOf()).toEqual(['4 at 98', '6 at 99']);
});

test('[REC-2] what a hand sells after a position was found gone takes nothing’s place', async () => {
  await bought(10_000);
  await closedOutside('0', true);
  await told(sold(1, '10', { executedAtMs: Date.now() + 5_000 }));
  expect(await books()).toMatchObject({ held: '0', own: 0, external: -10 });
});

test('[TRD-6] of an execution a second trade gets no more than the first has left', async () => {
  const [first, second] = [entry, await entryOfPlan(db, ready)];
  const older = { executionId: 'old.01', executionKey: `old.${entry.id}`, price: '97' };
  const atMs = Date.now();
  await told(sold(1, '20', { ...older, executedAtMs: atMs + 500 }));
  await told(sold(1, '13', { executedAtMs: atMs + 1_000 }));
  await closedOutside();
  expect(await books()).toMatchObject({ held: '0', external: -23 });
  entry = second;
  await told(execution(entry, 1, { quantity: '10' }).report);
  await bought(1_000);
  await closedOutside();
  const fills = await db.execution.findMany({
    where: { tradeId: entry.tradeId, side: 'SELL' },
    orderBy: { id: 'asc' },
  });
  expect(fills.map(({ quantity, price }) => `${quantity.toFixed()} at ${price.toFixed()}`)).toEqual(
    ['3 at 99', '7 at 97'],
  );
  expect(await books()).toMatchObject({ held: '0', external: -13 });
  expect(await db.execution.count({ where: { tradeId: first.tradeId, side: 'SELL' } })).toBe(1);
});

test('[REC-2] all of it is gone untold, shares of the hand beside it too: the trade is closed', async () => {
  const own = { executionKey: `own.${entry.id}`, executionId: `own.${entry.id}.01` };
  await told(sold(1, '5', { side: 'BUY', ...own }));
  expect(await books()).toMatchObject({ held: '10', external: 5 });
  // A night without the gateway, after which nothing lists the sale of all fifteen.
  await closedOutside('0', true);
  expect(await books()).toMatchObject({ held: '0', state: 'CLOSED' });
});

const doubtOf = async () =>
  (await db.trade.findUniqueOrThrow({ where: { id: entry.tradeId } })).doubt;

/** The stop sells all of it, so long from now. */
async function stopSold(inMs: number): Promise<void> {
  const { clientOrderId } = await db.order.findFirstOrThrow({
    where: { tradeId: entry.tradeId, role: 'STOP' },
  });
  const executionKey = `0000stop.${entry.id.slice(0, 8)}`;
  const report = { executionKey, executionId: `${executionKey}.01`, side: 'SELL' as const };
  await told(
    execution(entry, 7, {
      ...{ ...report, clientOrderId, quantity: '10', price: '95' },
      executedAtMs: Date.now() + inMs,
    }).report,
  );
}

test.each([
  ['told before the stop', true],
  ['told after the stop', false],
])(
  '[TRD-12] a hand sold what the stop sells then, %s: the result is in doubt, and it is told',
  async (_title, isToldFirst) => {
    const hand = () => told(sold(1, '10'));
    if (isToldFirst) await hand();
    await stopSold(2_000);
    if (!isToldFirst) {
      expect(await doubtOf()).toBeNull();
      await hand();
    }
    expect(await doubtOf()).toContain('10 of the shares');
    const events = { tradeId: entry.tradeId, kind: 'result_in_doubt' };
    expect(await db.tradeEvent.count({ where: events })).toBe(1);
    expect(await db.notification.count({ where: events })).toBe(1);
    // A bust of the hand's sale takes the doubt away.
    await told(sold(2, '0'));
    expect(await doubtOf()).toBeNull();
  },
);

test('[TRD-13] an own order that the database does not know is no hand: the doubt names it', async () => {
  const { id } = await db.installation.findFirstOrThrow();
  await told(sold(1, '10', { clientOrderId: `${id}-lost` }));
  await stopSold(2_000);
  // Hands of the tests before have sold in the contract too, within these seconds.
  expect(await doubtOf()).toMatch(
    new RegExp(`by ${id}-lost of this installation, which the database does not know, before`),
  );
});

test('[TRD-12] a hand that sells short after the stop leaves no doubt', async () => {
  await stopSold(500);
  await told(sold(1, '10'));
  expect(await doubtOf()).toBeNull();
});

test('[TRD-12] a hand that trades a crowded contract waits for no trade whose exits have not filled', async () => {
  let book: Promise<void> | undefined;
  // Somebody works at the trade meanwhile; were it waited for, the hand's trade would not be booked.
  await db.$transaction(async (tx) => {
    await tx.$executeRaw`SELECT id FROM trades WHERE id = ${entry.tradeId}::uuid FOR UPDATE`;
    book = told(sold(1, '1'));
    const isBooked = async (): Promise<boolean> =>
      (await db.execution.count({ where: { tradeId: null } })) > 0;
    for (let tries = 0; tries < 30 && !(await isBooked()); tries += 1) await sleep(100);
    expect(await isBooked()).toBe(true);
  });
  await book;
});
