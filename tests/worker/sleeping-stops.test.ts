/** Stops that sleep on when their entries have come to rest, of so many trades that none may be sold for it (TRD-3). */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { REPAIR_AGAIN_MAX_MS } from '../../worker/broker/guard.js';
import { BreachCount } from '../../worker/broker/breach-count.js';
import { untilTrue } from '../support/workers.js';
import { liveLink, type LiveLink } from './support/live-link.js';

const SYMBOLS = ['CSCO', 'ORCL', 'ADBE', 'QCOM', 'KO'];
/** Six seconds on idle cores: the grace of a sleeping stop, its cancel, another one. */
const COVERED_MAX_MS = 40_000;

let live: LiveLink;
beforeAll(async () => {
  live = await liveLink({}, undefined, ['--children', 'on_complete_fill']);
}, 60_000);
afterAll(() => live?.close(), 30_000);

async function bareShares(): Promise<number> {
  const { contracts } = await live.gateway.control<{ contracts: { unprotectedShares: string }[] }>(
    '/ledger',
  );
  return contracts.reduce((sum, row) => sum + Number(row.unprotectedShares), 0);
}

test("[TRD-3] are replaced after a worker's death, all of them, and nothing is sold", async () => {
  const planned: string[] = [];
  for (const symbol of SYMBOLS) {
    const lost = { name: 'cancel-dropped', action: 'BUY', symbol, count: 1_000 };
    await live.gateway.control('/faults', lost);
    planned.push(await live.planTrade(symbol));
  }
  for (const symbol of SYMBOLS)
    await live.gateway.control('/prices', { [symbol]: { price: 100, size: 5 } });
  await Promise.all(planned.map((tradeId) => live.enter(tradeId)));
  await sleep(700);
  await live.link.close();
  expect(await bareShares()).toBeGreaterThan(0);
  await live.restart();
  await untilTrue('all are covered', async () => (await bareShares()) === 0, COVERED_MAX_MS);
  expect(await live.db.order.count({ where: { role: 'CLOSE' } })).toBe(0);
  // Nothing is left to be done when the test ends.
  for (const symbol of SYMBOLS)
    await live.gateway.control('/prices', { [symbol]: { price: 100, size: 1_000 } });
  // On a busy machine the rest of an entry is cancelled where its stop came late (TRD-3).
  const ended = { role: 'ENTRY', status: { in: ['EXECUTED', 'CANCELLED'] } };
  const haveEnded = async () => (await live.db.order.count({ where: ended })) === SYMBOLS.length;
  await untilTrue('the entries have ended', haveEnded, COVERED_MAX_MS);
  await untilTrue('all of it is covered', async () => (await bareShares()) === 0, COVERED_MAX_MS);
}, 150_000);

test('[TRD-3] a mass breach that lasts counts as one all along, however seldom it is repaired', () => {
  let nowMs = 0;
  const count = new BreachCount(() => nowMs);
  const trades = ['a', 'b', 'c', 'd'];
  const tick = 500;
  for (let round = 0; round < 20; round += 1) {
    for (const [index, tradeId] of trades.entries()) {
      nowMs = round * (REPAIR_AGAIN_MAX_MS + tick) + index * 1_500;
      const shares = { tradeId, kind: 'unprotected', shares: '10' } as const;
      count.take(tradeId, [shares], 0);
      if (round > 0) expect(count.isMass(trades.length)).toBe(true);
    }
    nowMs = (round + 1) * (REPAIR_AGAIN_MAX_MS + tick) - 1;
    expect(count.isMass(trades.length)).toBe(true);
  }
});
