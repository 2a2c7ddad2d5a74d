/** A close of a position whose exits can't be moved: they have vanished, or the broker refuses (TRD-6). */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { commandTrade } from '../../client/trades.js';
import type { LedgerReport } from '../../gateway/ledger/report.js';
import { isAtRest } from '../support/at-rest.js';
import { startStack, type TestStack } from '../support/stack.js';
import { untilTrue } from '../support/workers.js';

/** An unanswered write, a look, the order and its fill; the proof that the stop is gone takes longer than 17 s. */
const BARE_MAX_MS = 10_000;

let stack: TestStack;
beforeAll(async () => {
  stack = await startStack({ env: { ACK_TIMEOUT_MS: '2000' } });
}, 60_000);
afterAll(() => stack?.stop(), 60_000);

const breachesOf = async (symbol: string) => {
  const { breaches } = await stack.gateway.control<LedgerReport>('/ledger');
  return breaches.filter((breach) => breach.symbol === symbol && breach.kind === 'unprotected');
};

test('[TRD-6] a vanished stop is not moved for long: the shares are sold in its group', async () => {
  const { tradeId } = await stack.submit({
    ...{ id: 'vanished', strategy_id: 's', symbol: 'AAPL', side: 'BUY' },
    ...{ quantity: '10', stop_loss_pct: '0.05' },
  });
  await stack.waitFor(tradeId, isAtRest);
  await stack.gateway.control('/faults', { name: 'order-vanished', role: 'stop', symbol: 'AAPL' });
  const isBare = async () => (await breachesOf('AAPL')).length > 0;
  await untilTrue('the stop is gone', isBare, 20_000);
  await commandTrade(stack.temporal, tradeId, 'close', { key: 'test', actor: 'test' });
  await stack.waitFor(tradeId, (trade) => trade.state === 'CLOSED', 40_000);
  const lastedMs = (await breachesOf('AAPL')).map(({ fromMs, toMs }) => toMs! - fromMs);
  console.log({ lastedMs });
  expect(Math.max(...lastedMs)).toBeLessThan(BARE_MAX_MS);
}, 90_000);

test('[TRD-3] [TRD-6] exits that both refuse to be moved stay until the shares are sold in their group', async () => {
  const { tradeId } = await stack.submit({
    ...{ id: 'refused', strategy_id: 's', symbol: 'MSFT', side: 'BUY' },
    ...{ quantity: '10', stop_loss_pct: '0.05', take_profit_pct: '0.05' },
  });
  await stack.waitFor(tradeId, isAtRest);
  await stack.gateway.control('/faults', { name: 'modify-110', symbol: 'MSFT', count: 2 });
  await commandTrade(stack.temporal, tradeId, 'close', { key: 'refused', actor: 'test' });
  const closed = await stack.waitFor(tradeId, (trade) => trade.state === 'CLOSED', 40_000);
  const sold = closed.orders.filter(({ role }) => role === 'CLOSE');
  expect(sold.map(({ status }) => status)).toEqual(['EXECUTED']);
  const { breaches } = await stack.gateway.control<LedgerReport>('/ledger');
  expect(breaches.filter(({ symbol }) => symbol === 'MSFT')).toEqual([]);
}, 90_000);
