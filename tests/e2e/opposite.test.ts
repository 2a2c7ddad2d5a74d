/** Signals against a trade of their own strategy on the whole stack, with both workers killed in between. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { arm, untilTaken } from '../../failpoints/arm.js';
import type { LedgerReport } from '../../gateway/ledger/report.js';
import { startPointedStack, type PointedStack } from '../failpoints/support/pointed-stack.js';
import { isAtRest } from '../support/at-rest.js';
import type { TradeFacts } from '../support/stack.js';
import { expectNothingJudged } from '../support/verdicts.js';

/** Two restarts of both workers, on a machine that others use too. */
const PATIENCE_MS = 90_000;

let pointed: PointedStack;

beforeAll(async () => {
  pointed = await startPointedStack({
    ...{ LEASE_TTL_MS: '2000', LEASE_RENEW_MS: '500', ACK_TIMEOUT_MS: '1000' },
    // A reversal outlives the restarts.
    ...{ OUTAGE_WAIT_MS: '300000', SIGNAL_MAX_AGE_MS: '300000' },
  });
}, 120_000);
afterAll(async () => {
  await pointed?.stop();
}, 60_000);

let count = 0;
let deaths = 0;
async function submit(symbol: string, change: Record<string, unknown> = {}): Promise<string> {
  count += 1;
  const { tradeId } = await pointed.stack.submit({
    ...{ id: `opposite-${count}`, strategy_id: `of-${symbol}`, symbol, side: 'BUY' },
    ...{ quantity: '10', stop_loss_pct: '0.05', ...change },
  });
  return tradeId;
}

const waitFor = (tradeId: string, holds: (trade: TradeFacts) => boolean) =>
  pointed.stack.waitFor(tradeId, holds, PATIENCE_MS);
const isSettled = ({ realizedPnl }: TradeFacts) => realizedPnl !== null;
const isDenied = ({ state }: TradeFacts) => state === 'DENIED';
const ledger = () => pointed.stack.gateway.control<LedgerReport>('/ledger');
const toldOf = ({ events }: TradeFacts) => events.map(({ summary }) => summary).join('\n');

async function positionAt(symbol: string): Promise<number> {
  const { positions } = await ledger();
  return Number(positions.find((each) => each.symbol === symbol)?.position ?? 0);
}

/** Submits it; the worker that plans it dies right behind its commit, and the other one with it. */
async function submitIntoDeath(symbol: string, change: Record<string, unknown>): Promise<string> {
  const before = await pointed.stack.db.command.count();
  arm(pointed.points, 'plan.commit.after', { action: 'exit' });
  const tradeId = await submit(symbol, change);
  deaths += 1;
  const timing = { timeoutMs: PATIENCE_MS, count: deaths };
  await untilTaken(pointed.points, 'plan.commit.after', timing);
  await pointed.stack.killWorker('broker-worker');
  await pointed.stack.killWorker('trade-worker');
  expect(await pointed.stack.db.command.count()).toBe(before + 1);
  await Promise.all([
    pointed.stack.startWorker('broker-worker'),
    pointed.stack.startWorker('trade-worker'),
  ]);
  return tradeId;
}

test('[TRD-7] an opposite signal closes the trade, once, whoever dies behind the decision', async () => {
  const longId = await submit('KO');
  await waitFor(longId, isAtRest);
  const bare = { side: 'SELL', stop_loss_pct: undefined, quantity: undefined };
  const againstId = await submitIntoDeath('KO', bare);
  const long = await waitFor(longId, isSettled);
  expect(long).toMatchObject({ state: 'CLOSED', exitReason: 'opposite_signal' });
  const against = await waitFor(againstId, isDenied);
  expect(against.denialCodes).toEqual(['CLOSED_OPPOSITE']);
  expect(toldOf(long)).toContain(againstId);
  expect(toldOf(against)).toContain(longId);
  expect(await positionAt('KO')).toBe(0);
  expect(await pointed.stack.db.order.count({ where: { tradeId: againstId } })).toBe(0);
}, 240_000);

test('[TRD-7] a reversal enters once the other trade is over, and never beside it', async () => {
  const longId = await submit('IBM');
  const { strategyId } = await waitFor(longId, isAtRest);
  const settings = { allowShort: true };
  await pointed.stack.db.strategy.update({ where: { id: strategyId }, data: { settings } });
  const shortId = await submitIntoDeath('IBM', { side: 'SELL', on_opposite: 'reverse' });
  const short = await waitFor(shortId, isAtRest);
  const long = await waitFor(longId, isSettled);
  expect(long).toMatchObject({ state: 'CLOSED', exitReason: 'opposite_signal' });
  expect(short.heldQuantity.toFixed()).toBe('10');
  const [entry] = await pointed.stack.db.order.findMany({
    where: { tradeId: shortId, role: 'ENTRY' },
  });
  expect(entry!.createdAt.getTime()).toBeGreaterThan(long.settledAt!.getTime());
  expect(await positionAt('IBM')).toBe(-10);
  expect(toldOf(short)).toContain(`reverses trade ${longId} (BUY)`);
}, 240_000);

test('[TRD-7] it is told at once: no sweep, and no broker worker, is needed for it', async () => {
  const longId = await submit('PEP');
  await waitFor(longId, isAtRest);
  // Whose sweep would find what was not told.
  await pointed.stack.killWorker('broker-worker');
  const againstId = await submit('PEP', { side: 'SELL' });
  const { denialCodes } = await waitFor(againstId, isDenied);
  expect(denialCodes).toEqual(['CLOSED_OPPOSITE']);
  await waitFor(longId, ({ wakeSeq, deliveredSeq }) => deliveredSeq >= wakeSeq);
  await pointed.stack.startWorker('broker-worker');
  const long = await waitFor(longId, isSettled);
  expect(long.exitReason).toBe('opposite_signal');
  expect(await positionAt('PEP')).toBe(0);
}, 240_000);

test('[GWY-7] and the referee saw nothing to judge, in any verdict', async () => {
  expectNothingJudged(await ledger());
});
