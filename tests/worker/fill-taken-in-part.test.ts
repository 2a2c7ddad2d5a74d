/** A person attributes an execution of which a trade has taken a part already (TRD-13). Real gateway and database. */
import { afterEach, expect, test } from '@jest/globals';
import type { App } from '../../app/app.js';
import { confirmResolution, proposeResolution, type Resolution } from '../../app/resolve.js';
import { untilTrue } from '../support/workers.js';
import { bookOf, liveLink, type LiveLink } from './support/live-link.js';

let live: LiveLink;
afterEach(() => live?.close(), 60_000);

const netAtBroker = async () => {
  const { items } = await live.link.deps.link.port.positions();
  return items
    .filter(({ symbol }) => symbol === 'TSLA')
    .reduce((sum, { quantity }) => sum + Number(quantity), 0);
};

test('[TRD-13] an execution of which a trade has taken a part is not attributed whole: no share is bought for it', async () => {
  live = await liveLink({ GUARD_INTERVAL_MS: '2000' });
  const id = await live.openTrade('TSLA');
  const sold = { name: 'external-order', symbol: 'TSLA', action: 'SELL', quantity: 13 };
  await live.gateway.control('/faults', sold);
  const isClosed = async () =>
    (await live.db.trade.findUniqueOrThrow({ where: { id } })).state === 'CLOSED';
  await untilTrue('the trade is closed by hand', isClosed, 60_000);
  expect(await netAtBroker()).toBe(-3);
  const { legs } = await bookOf(live.db, id);
  const stop = legs.find(({ role }) => role === 'STOP')!;
  const { executionId } = await live.db.execution.findFirstOrThrow({
    where: { tradeId: null, side: 'SELL' },
  });
  const { id: userId } = await live.db.user.findFirstOrThrow();
  const temporal = () => Promise.reject(new Error('away'));
  const app = { db: live.db, userId, actor: 'anna', temporal } as unknown as App;
  const resolution: Resolution = { kind: 'fill', executionId, clientOrderId: stop.clientOrderId };
  const refused = await (async () => {
    const { code } = await proposeResolution(app, resolution);
    await confirmResolution(app, resolution, code);
    return null;
  })().catch((error: unknown) => String(error));
  expect(refused).toContain('count as closes of trades already');
  expect(await netAtBroker()).toBe(-3);
}, 120_000);
