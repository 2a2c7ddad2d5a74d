import { afterEach, expect, test } from '@jest/globals';
import { startGateway } from '../support/gateway.js';
import type { TestGateway } from '../support/gateway.js';
import { connectTrader, ledgerOf, orderIn, sendBracket, until } from './support/trader.js';

let gateway: TestGateway | undefined;
afterEach(() => gateway?.stop());

test('[GWY-7] a stop cancelled by hand goes with its group, and its client is told', async () => {
  gateway = await startGateway({ flags: ['--paused'] });
  const running = gateway;
  await running.control('/prices', { AAPL: 100, IBM: 100 });
  const trader = await connectTrader(running.port, 1);
  const { stop } = sendBracket(trader, { symbol: 'AAPL', stop: 95, target: 110, ref: 'h-1' });
  const other = sendBracket(trader, { symbol: 'IBM', stop: 95, target: 110, ref: 'h-2' });
  await until(async () => orderIn(await ledgerOf(running), stop)?.armed === true, 'its arming');
  await until(async () => orderIn(await ledgerOf(running), other.stop)?.armed === true, 'its own');
  await running.control('/faults', { name: 'manual-cancel', role: 'stop', symbol: 'AAPL' });
  await until(() => trader.statuses.includes(`${stop} Cancelled`), 'the word of it');
  const { contracts } = await ledgerOf(running);
  expect(contracts).toMatchObject([
    { symbol: 'AAPL', armedStops: { SELL: '0' }, unprotectedShares: '100' },
    { symbol: 'IBM', armedStops: { SELL: '100' }, unprotectedShares: '0' },
  ]);
  trader.ib.disconnect();
});

test('[GWY-7] a cancel by hand that nothing fits waits for what does', async () => {
  gateway = await startGateway({ flags: ['--paused'] });
  const running = gateway;
  await running.control('/prices', { AAPL: 100 });
  await running.control('/faults', { name: 'manual-cancel', role: 'target', symbol: 'AAPL' });
  const trader = await connectTrader(running.port, 1);
  const { stop } = sendBracket(trader, { symbol: 'AAPL', stop: 95, target: 110, ref: 'h-3' });
  await until(() => trader.statuses.includes(`${stop + 1} Cancelled`), 'the target');
  trader.ib.disconnect();
});

test('[GWY-7] orders by hand have no id of a client: each is an order of its own in the ledger', async () => {
  gateway = await startGateway({ flags: ['--paused'] });
  const running = gateway;
  await running.control('/prices', { AAPL: 100, IBM: 100 });
  const byHand = (order: object) =>
    running.control('/faults', { name: 'external-order', action: 'BUY', ...order });
  await byHand({ symbol: 'AAPL', quantity: 5, limit: 50 });
  await byHand({ symbol: 'IBM', quantity: 7 });
  const { orders } = await ledgerOf(running);
  const seen = orders.map(({ symbol, quantity, status, role }) => [symbol, quantity, status, role]);
  expect(seen).toEqual([
    ['AAPL', '5', 'Submitted', 'external'],
    ['IBM', '7', 'Filled', 'external'],
  ]);
});
