import { afterEach, expect, test } from '@jest/globals';
import { startGateway } from '../support/gateway.js';
import type { TestGateway } from '../support/gateway.js';
import { connectTrader, ledgerOf, orderIn, sendBracket, until } from './support/trader.js';

let gateway: TestGateway | undefined;
afterEach(() => gateway?.stop());

test('[GWY-7] a stop that vanished protects nothing: the referee sees it though no client is told', async () => {
  gateway = await startGateway({ flags: ['--paused'] });
  const running = gateway;
  await running.control('/prices', { AAPL: 100 });
  const trader = await connectTrader(running.port, 1);
  const { stop } = sendBracket(trader, { symbol: 'AAPL', stop: 95, target: 110, ref: 'v-1' });
  await until(() => trader.statuses.includes(`${stop} PreSubmitted`), 'the stop');
  await until(async () => orderIn(await ledgerOf(running), stop)?.armed === true, 'its arming');
  const heard = trader.statuses.length;
  await running.control('/faults', { name: 'order-vanished', role: 'stop', symbol: 'AAPL' });
  const { contracts } = await ledgerOf(running);
  expect(contracts).toMatchObject([{ armedStops: { SELL: '0' }, unprotectedShares: '100' }]);
  const ids: number[] = [];
  trader.ib.on('openOrder' as never, ((id: number) => ids.push(id)) as never);
  const ended = new Promise((resolve) => trader.ib.once('openOrderEnd' as never, resolve as never));
  trader.ib.reqAllOpenOrders();
  await ended;
  expect(ids).toEqual([stop + 1]);
  expect(trader.statuses.slice(heard).filter((each) => each.startsWith(`${stop} `))).toEqual([]);
  trader.ib.disconnect();
});
