/** Two trades in one contract, and a hand that sells shares of it: neither takes what is left for its own. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { worldOf } from '../../activities/world.js';
import { requestClose } from '../../domain/trade/wishes.js';
import { loadBook } from '../../store/book/load.js';
import { expectedPosition } from '../../store/positions.js';
import { liveLink, type LiveLink } from './support/live-link.js';
import { untilTrue } from '../support/workers.js';

/** The guard would book the sale to one of the trades: it looks only after this test. */
let live: LiveLink;
beforeAll(async () => {
  live = await liveLink({ GUARD_INTERVAL_MS: '300000' });
}, 60_000);
afterAll(() => live?.close(), 60_000);

/** What the planner is told for a close of the trade. */
async function worldFor(tradeId: string) {
  const { book, keys } = await loadBook(live.db, tradeId);
  return worldOf(live.link.deps, requestClose(book, 'manual').book, keys);
}

test('[TRD-6] [TRD-13] a close takes what others hold neither before nor after a hand sold', async () => {
  const trades = [await live.openTrade('ORCL'), await live.openTrade('ORCL')];
  for (const tradeId of trades) {
    expect((await worldFor(tradeId)).brokerNet).toBe('10');
  }
  await live.gateway.control('/faults', {
    ...{ name: 'external-order', symbol: 'ORCL', action: 'SELL', quantity: 14 },
  });
  const { book, keys } = await loadBook(live.db, trades[0]!);
  const { brokerContractId } = book.instrument;
  await untilTrue('the sale is booked', async () => {
    const { db, link } = live;
    await link.deps.link.picture();
    const sum = await expectedPosition(db, keys.accountId, book.account, brokerContractId!);
    return sum.quantity === '6';
  });
  // Six are left of twenty, and each share is one trade's alone: two sales of six would be six too many.
  const shares = await Promise.all(trades.map((id) => worldFor(id)));
  expect(shares.map(({ brokerNet }) => brokerNet).sort()).toEqual(['0', '6']);
}, 60_000);
