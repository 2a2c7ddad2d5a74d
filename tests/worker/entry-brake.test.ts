/** Switches that let no unfilled entry stand, on a real gateway, with Temporal away (RSK-5). */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { dateColumn } from '../../store/account-days.js';
import { dayAt } from '../../store/day-facts.js';
import { bookOf, liveLink, type LiveLink } from './support/live-link.js';
import { untilTrue } from '../support/workers.js';

const folder = mkdtempSync(join(tmpdir(), 'ballast-brake-'));
const HALT_FILE = join(folder, 'HALT');
/** Below the market of 100: it rests. */
const RESTING = { order_type: 'LMT', entry_price: '97', take_profit: '110' };
/** "Within seconds" of the switch. */
const BRAKED_MS = 20_000;
/** Two looks of the brake. */
const LOOKED_MS = 4_500;

let live: LiveLink;
beforeAll(async () => {
  live = await liveLink({ HALT_FILE, GUARD_INTERVAL_MS: '300000' });
}, 60_000);
afterEach(async () => {
  rmSync(HALT_FILE, { force: true });
  await live.db.installation.updateMany({ data: { mode: 'ACTIVE' } });
  await live.db.account.updateMany({ data: { mode: 'ACTIVE' } });
  await live.db.pause.updateMany({ data: { liftedAt: new Date() } });
  await live.db.accountDay.deleteMany();
});
afterAll(async () => {
  await live?.close();
  rmSync(folder, { recursive: true, force: true });
}, 60_000);

interface AtBroker {
  readonly orderRef: string;
  readonly status: string;
}

/** The statuses of the trade's orders at the broker, by role. */
async function atBroker(tradeId: string): Promise<Record<string, string | undefined>> {
  const { orders } = await live.gateway.control<{ orders: AtBroker[] }>('/ledger');
  const { legs } = await bookOf(live.db, tradeId);
  const statusOf = (ref: string) => orders.find(({ orderRef }) => orderRef === ref)?.status;
  return Object.fromEntries(legs.map(({ role, clientOrderId }) => [role, statusOf(clientOrderId)]));
}

const isEntryGone = async (tradeId: string) => (await atBroker(tradeId))['ENTRY'] === 'Cancelled';
const tradeOf = (id: string) => live.db.trade.findUniqueOrThrow({ where: { id } });

test('[RSK-5] the halt file cancels a resting entry within seconds; a position keeps its exits', async () => {
  const open = await live.openTrade('AAPL', { take_profit: '110' });
  const resting = await live.enterTrade('MSFT', RESTING);
  const before = await atBroker(open);
  await sleep(LOOKED_MS);
  expect((await atBroker(resting))['ENTRY']).toBe('Submitted'); // nothing is in force yet
  writeFileSync(HALT_FILE, 'a test\n');
  await untilTrue('it is cancelled', () => isEntryGone(resting), BRAKED_MS);
  await untilTrue('it is over', async () => (await tradeOf(resting)).state === 'CANCELLED');
  expect((await tradeOf(resting)).failure).toBe('entry cancelled: halted by the halt file');
  await sleep(LOOKED_MS);
  expect(await atBroker(open)).toEqual(before);
  expect((await tradeOf(open)).isProtected).toBe(true);
}, 60_000);

test('[RSK-5] so does REDUCING, of what it is set for alone', async () => {
  const reduced = await live.enterTrade('IBM', RESTING);
  const other = await live.enterTrade('KO', RESTING);
  const { strategyId } = await tradeOf(reduced);
  await live.db.strategy.update({ where: { id: strategyId }, data: { mode: 'REDUCING' } });
  await untilTrue('it is cancelled', () => isEntryGone(reduced), BRAKED_MS);
  await sleep(LOOKED_MS);
  expect((await atBroker(other))['ENTRY']).toBe('Submitted');
  await live.db.installation.updateMany({ data: { mode: 'REDUCING' } });
  await untilTrue('the other too', () => isEntryGone(other), BRAKED_MS);
  const isOver = async (id: string) => (await tradeOf(id)).state === 'CANCELLED';
  await untilTrue('both are over', async () => (await isOver(reduced)) && (await isOver(other)));
  expect((await tradeOf(reduced)).failure).toMatch(/^entry cancelled: strategy .* is REDUCING$/);
  expect((await tradeOf(other)).failure).toBe('entry cancelled: the installation is REDUCING');
}, 60_000);

test('[RSK-5] so does a pause, but not one that has ended', async () => {
  const tradeId = await live.enterTrade('NKE', RESTING);
  const { userId, accountId } = await tradeOf(tradeId);
  const pause = { userId, accountId, kind: 'manual', reason: 'a test' };
  await live.db.pause.create({ data: { ...pause, endsAt: new Date(Date.now() - 1_000) } });
  await sleep(LOOKED_MS);
  expect((await atBroker(tradeId))['ENTRY']).toBe('Submitted');
  await live.db.pause.create({ data: pause });
  await untilTrue('it is cancelled', () => isEntryGone(tradeId), BRAKED_MS);
  await untilTrue('it is over', async () => (await tradeOf(tradeId)).state === 'CANCELLED');
  expect((await tradeOf(tradeId)).failure).toMatch(
    /^entry cancelled: account .* is paused: a test$/,
  );
}, 60_000);

test('[RSK-8] so does the loss of the day, with the values that show it; a position keeps its exits', async () => {
  const open = await live.openTrade('GE', { take_profit: '110' });
  const resting = await live.enterTrade('PFE', RESTING);
  const before = await atBroker(open);
  const { userId, accountId } = await tradeOf(resting);
  const { brokerAccountId } = await live.db.account.findUniqueOrThrow({ where: { id: accountId } });
  const day = dateColumn(dayAt(Date.now()));
  const key = { userId, accountId, day, startSource: 'close', begunAt: new Date() };
  // The first values of the link have begun one.
  await live.db.accountDay.deleteMany();
  await live.db.accountDay.create({ data: { ...key, startEquity: '10100000' } });
  await live.link.deps.market.refreshAccount(brokerAccountId);
  await sleep(LOOKED_MS);
  expect((await atBroker(resting))['ENTRY']).toBe('Submitted'); // 1 % is no limit
  await live.db.accountDay.updateMany({ data: { startEquity: '20000000' } });
  await live.link.deps.market.refreshAccount(brokerAccountId);
  await untilTrue('it is cancelled', () => isEntryGone(resting), BRAKED_MS);
  await untilTrue('it is over', async () => (await tradeOf(resting)).state === 'CANCELLED');
  expect((await tradeOf(resting)).failure).toBe(
    `entry cancelled: the loss of the day of account ${brokerAccountId} has reached its limit`,
  );
  expect(await atBroker(open)).toEqual(before);
  expect((await tradeOf(open)).isProtected).toBe(true);
}, 60_000);

test('[TRD-14] one that the broker ends at its good-till date says that it expired', async () => {
  const expires_at = new Date(Math.ceil(Date.now() / 1_000) * 1_000 + 12_000).toISOString();
  const tradeId = await live.enterTrade('CVX', { ...RESTING, expires_at });
  await untilTrue('it is over', async () => (await tradeOf(tradeId)).closedAt !== null, 40_000);
  expect((await tradeOf(tradeId)).failure).toBe(`expired at ${expires_at}`);
}, 60_000);
