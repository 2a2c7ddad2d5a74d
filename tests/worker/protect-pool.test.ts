/** Protection has connections of its own: what keeps all others busy holds up no stop (TRD-3). */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { liveLink, type LiveLink } from './support/live-link.js';
import { untilTrue } from '../support/workers.js';

let live: LiveLink;
beforeAll(async () => {
  live = await liveLink();
}, 60_000);
afterAll(() => live?.close(), 60_000);

/** As many as a pool has (store/database.ts). */
const COMMON = 10;
/** Longer than any step of protection may wait. */
const BUSY_S = 25;
/** The guard's wait before it repairs, and twice that for a busy machine. */
const COVERED_MS = 10_000;

const unprotected = async (): Promise<number> => {
  const { contracts } = await live.gateway.control<{ contracts: { unprotectedShares: string }[] }>(
    '/ledger',
  );
  return contracts.reduce((sum, row) => sum + Number(row.unprotectedShares), 0);
};

/**
 * Takes a connection of the common pool, and keeps it. The link has statements of its own there: whoever waits too
 * long behind one, or for a new connection on a busy machine, asks again.
 */
async function keepOneBusy(): Promise<void> {
  const endMs = performance.now() + BUSY_S * 1_000;
  for (;;) {
    try {
      await live.db.$executeRaw`SELECT pg_sleep(${BUSY_S}::int)`;
      return;
    } catch (error) {
      if (!/timeout exceeded/.test(String(error)) || performance.now() > endMs) throw error;
    }
  }
}

test('[TRD-3] a stop is placed while every connection of the common pool is taken', async () => {
  const tradeId = await live.openTrade('AAPL', { take_profit: '110' });
  await live.gateway.control('/faults', { name: 'manual-cancel', role: 'stop', symbol: 'AAPL' });
  const isUnarmed = async () =>
    (await live.db.trade.findUniqueOrThrow({ where: { id: tradeId } })).unarmedSince !== null;
  await untilTrue('the book knows that it is naked', isUnarmed);
  const began = performance.now();
  const busy = Promise.all(Array.from({ length: COMMON }, keepOneBusy));
  try {
    await untilTrue('it is covered', async () => (await unprotected()) === 0, COVERED_MS);
    console.info(`covered after ${Math.round(performance.now() - began)} ms`);
    await expect(live.db.$executeRaw`SELECT 1`).rejects.toThrow();
  } finally {
    await busy;
  }
  await untilTrue('the book has heard of it', async () => !(await isUnarmed()));
}, 90_000);
