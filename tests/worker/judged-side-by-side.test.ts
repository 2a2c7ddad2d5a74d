/** Two trades of one contract judged by one picture (REC-2, TRD-13). Real gateway and database. */
import { afterEach, expect, test } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { untilTrue } from '../support/workers.js';
import { liveLink, type LiveLink } from './support/live-link.js';

/** Two pictures, at the guard's pace here. */
const LATER_MS = 5_000;

let live: LiveLink;
afterEach(() => live?.close(), 60_000);

test('[REC-2] [TRD-13] a night in which a hand cancelled two stops and sold the shares of one: one fill explains it, not two', async () => {
  live = await liveLink({ GUARD_INTERVAL_MS: '2000' });
  const ids = [await live.openTrade('TSLA'), await live.openTrade('TSLA')];
  const restarted = live.restart.bind(live);
  await live.gateway.control('/faults', { name: 'nightly-restart', seconds: 4 });
  for (let n = 0; n < 2; n += 1)
    await live.gateway.control('/faults', { name: 'manual-cancel', symbol: 'TSLA', role: 'stop' });
  await live.gateway.control('/faults', {
    name: 'external-order',
    symbol: 'TSLA',
    action: 'SELL',
    quantity: 10,
  });
  await sleep(1_500);
  await live.gateway.control('/faults', { name: 'midnight-execution-loss' });
  await sleep(4_000);
  await restarted();
  const states = async () =>
    (await live.db.trade.findMany({ where: { id: { in: ids } } })).map(({ state }) => state);
  const isJudged = async () => (await states()).includes('CLOSED');
  await untilTrue('the fill that nobody told is inferred', isJudged, 120_000);
  // The next picture judges what was missing beside it.
  await sleep(LATER_MS);
  const { items } = await live.link.deps.link.port.positions();
  const atBroker = items.reduce((sum, { quantity }) => sum + Number(quantity), 0);
  const rows = await live.db.position.findMany();
  const inBooks = rows.reduce((sum, { quantity }) => sum + Number(quantity), 0);
  expect({ inBooks, closed: (await states()).filter((state) => state === 'CLOSED') }).toEqual({
    ...{ inBooks: atBroker, closed: ['CLOSED'] },
  });
}, 250_000);
