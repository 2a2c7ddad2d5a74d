/** Hands in another program sell what a trade holds: the guard looks at once, not in its own time (TRD-3, REC-2). */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { bookOf, liveLink, type LiveLink } from './support/live-link.js';
import { untilTrue } from '../support/workers.js';

/** The guard's own look comes after the test is over. */
let live: LiveLink;
beforeAll(async () => {
  live = await liveLink({ GUARD_INTERVAL_MS: '120000' });
}, 60_000);
afterAll(() => live?.close(), 60_000);

const tradeOf = (id: string) => live.db.trade.findUniqueOrThrow({ where: { id } });

/** A settling time, a second picture 3 s later, 3 s for the workflow that isn't there; and a busy machine. */
const AT_ONCE_MS = 25_000;

test('[TRD-3] [REC-2] after a close by hand the exits go at once, though the guard looks rarely', async () => {
  const tradeId = await live.openTrade('IBM', { take_profit: '110' });
  await live.gateway.control('/faults', { name: 'manual-close', symbol: 'IBM' });
  const isOver = async () => (await tradeOf(tradeId)).state === 'CLOSED';
  await untilTrue('it is over', isOver, AT_ONCE_MS);
  expect(await tradeOf(tradeId)).toMatchObject({ exitReason: 'external' });
  const { legs } = await bookOf(live.db, tradeId);
  expect(legs.filter(({ status }) => status === 'ACCEPTED' || status === 'HELD')).toEqual([]);
}, 60_000);

test('[TRD-3] fills of our own call for no picture, and those of others for one a second at most', async () => {
  let pictures = 0;
  const { port } = live.link.deps.link;
  const before = port.snapshot;
  port.snapshot = () => {
    pictures += 1;
    return before();
  };
  // A picture may be due for another reason; if fills of our own called for one, each trade would show it.
  const ofOwn: number[] = [];
  for (const symbol of ['KO', 'PEP', 'WMT']) {
    pictures = 0;
    await live.openTrade(symbol, { take_profit: '110' });
    await sleep(2_500);
    ofOwn.push(pictures);
  }
  expect(Math.min(...ofOwn)).toBe(0);
  pictures = 0;
  for (let part = 0; part < 20; part += 1) {
    await live.gateway.control('/faults', {
      ...{ name: 'external-order', symbol: 'KO', action: 'BUY', quantity: 1 },
    });
    await sleep(100);
  }
  await sleep(2_000);
  expect(pictures).toBeGreaterThan(0);
  expect(pictures).toBeLessThan(8);
}, 60_000);
