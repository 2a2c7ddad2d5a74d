/** Daily closes and the hot path: a trade alone in its account waits for none, the next one is compared. */
import { beforeAll, expect, test } from '@jest/globals';
import { arm } from '../../failpoints/arm.js';
import { useLinkWithPoints } from './support/link-with-points.js';
import type { LiveLink } from './support/live-link.js';

// Ten shares at 100 each: two that move together, or that nobody can compare, are more; equity is 10,000,000.
const opened = useLinkWithPoints({ MAX_CORRELATED_EXPOSURE_PCT: '0.00015' });
let live: LiveLink;
let points: string;
beforeAll(() => {
  ({ live, points } = opened());
});

const closesOf = (symbol: string) => live.db.dailyCloses.count({ where: { symbol } });

test('[PRF-1] [RSK-1] the first trade waits for no closes, the second for those of both', async () => {
  arm(points, 'closes.save.before', { action: 'delay', seconds: 2, match: { symbol: 'AAPL' } });
  const alone = await live.acceptTrade('AAPL');
  const beside = await live.acceptTrade('KO');
  expect(await live.visit({ tradeId: alone, plan: 'cold' })).toMatchObject({
    kind: 'acknowledged',
  });
  expect(await closesOf('AAPL')).toBe(0);
  expect(await live.visit({ tradeId: beside, plan: 'cold' })).toMatchObject({
    kind: 'acknowledged',
  });
  expect([await closesOf('AAPL'), await closesOf('KO')]).toEqual([1, 1]);
}, 60_000);
