/** A close is wanted while a hand's sale of the same shares is being booked: they are not sold twice. */
import { expect, test } from '@jest/globals';
import { worldOf } from '../../activities/world.js';
import { requestClose } from '../../domain/trade/wishes.js';
import { arm, untilTaken } from '../../failpoints/arm.js';
import { loadBook } from '../../store/book/load.js';
import { useLinkWithPoints } from './support/link-with-points.js';

const shared = useLinkWithPoints();
/** Far longer than the question what is held takes. */
const BOOKING_S = 2;

test('[TRD-6] [TRD-13] what a hand sold is known to a close that asks while it is booked', async () => {
  const { live, points } = shared();
  const tradeId = await live.openTrade('KO');
  const { book, keys } = await loadBook(live.db, tradeId);
  const point = 'inbox.foreign.commit.before';
  arm(points, point, { action: 'delay', seconds: BOOKING_S });
  await live.gateway.control('/faults', { name: 'manual-close', symbol: 'KO' });
  const pictured = live.link.deps.link.picture();
  await untilTaken(points, point);
  const world = await worldOf(live.link.deps, requestClose(book, 'manual').book, keys);
  expect(world.brokerNet).toBe('0');
  await pictured;
}, 60_000);
