/** A hand closes a trade's shares in TWS while another strategy's entry rests in the same contract (TRD-13, REC-2). */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { untilTrue } from '../support/workers.js';
import { liveLink, type LiveLink } from './support/live-link.js';

const OTHERS_STOP = '85';

let live: LiveLink;
beforeAll(async () => {
  live = await liveLink({ GUARD_INTERVAL_MS: '2000' });
}, 60_000);
afterAll(() => live?.close(), 30_000);

async function exitsOfFirst(): Promise<number> {
  const { orders } = await live.link.deps.link.port.snapshot();
  return orders.filter(
    ({ symbol, terms }) =>
      symbol === 'IBM' && terms?.side === 'SELL' && terms.stopPrice !== OTHERS_STOP,
  ).length;
}

test('[TRD-13] [REC-2] its exits go, and the entry stays', async () => {
  const first = await live.openTrade('IBM', { take_profit: '110' });
  const resting = { order_type: 'LMT', entry_price: '90', stop_loss: OTHERS_STOP };
  const second = await live.enterTrade('IBM', resting);
  expect(await exitsOfFirst()).toBe(2);
  const sold = { name: 'external-order', symbol: 'IBM', action: 'SELL', quantity: 10 };
  await live.gateway.control('/faults', sold);
  await untilTrue('its exits are gone', async () => (await exitsOfFirst()) === 0);
  const stateOf = async (id: string) =>
    (await live.db.trade.findUniqueOrThrow({ where: { id } })).state;
  await untilTrue('it is closed', async () => (await stateOf(first)) === 'CLOSED');
  expect(await stateOf(second)).toBe('ENTERING');
}, 90_000);
