/** Trades over SnapTrade's API, whole: the entry goes alone, its stop right after the fill, whoever dies between them. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { commandTrade } from '../../client/trades.js';
import { contractIdOf } from '../../broker/snaptrade/contract-ids.js';
import { DEFAULT_ACCOUNT, DEFAULT_CREDENTIALS } from '../../snaptrade-stub/options.js';
import { universalSymbol } from '../../snaptrade-stub/listings.js';
import { startStub, type Stub } from '../../snaptrade-stub/stub.js';
import { saveContract, saveQuotes } from '../../store/market.js';
import { loadTrade } from '../../store/reads.js';
import { isAtRest } from '../support/at-rest.js';
import { startStack, type TestStack, type TradeFacts } from '../support/stack.js';

const DAY_MS = 86_400_000;

let stub: Stub;
let stack: TestStack;

beforeAll(async () => {
  const prices = { AAPL: '200', SPY: '100', KO: '60', IBM: '150' };
  stub = await startStub({ requestsPerMinute: 100_000, prices });
  stack = await startStack({
    env: {
      BROKER: 'snaptrade',
      SNAPTRADE_URL: stub.basePath,
      SNAPTRADE_CLIENT_ID: DEFAULT_CREDENTIALS.clientId,
      SNAPTRADE_CONSUMER_KEY: DEFAULT_CREDENTIALS.consumerKey,
      SNAPTRADE_USER_ID: DEFAULT_CREDENTIALS.userId,
      SNAPTRADE_USER_SECRET: DEFAULT_CREDENTIALS.userSecret,
      SNAPTRADE_QUOTES: 'live',
      ...{ LEASE_TTL_MS: '2000', LEASE_RENEW_MS: '500' },
    },
  });
}, 90_000);
afterAll(async () => {
  await stack?.stop();
  await stub?.stop();
}, 60_000);

let count = 0;

/** A signal in a market that is open and quoted now, whatever the hour: SnapTrade tells New York's. */
async function submit(symbol: string, change: Record<string, unknown>): Promise<string> {
  const { db } = stack;
  const { id: connectionId } = await db.connection.findFirstOrThrow();
  const [nowMs, price] = [Date.now(), stub.book.priceOf(symbol).toFixed()];
  const brokerContractId = contractIdOf(universalSymbol(symbol).id);
  const instrument = {
    ...{ symbol, securityType: 'STK', exchange: 'SMART', currency: 'USD' },
    brokerContractId,
  };
  const [fromMs, untilMs] = [nowMs - DAY_MS, nowMs + DAY_MS];
  const hours = { sessions: [{ openMs: fromMs, closeMs: untilMs, liquid: true }], fromMs, untilMs };
  const contract = {
    ...{ instrument, longName: symbol, industry: '', primaryExchange: 'XNAS' },
    ...{ priceIncrement: '0.01', sizeIncrement: '1', hours, hoursProblem: null },
  };
  await saveContract(db, connectionId, contract, nowMs);
  const sizes = { bidSize: '1000', askSize: '1000', halted: false, kind: 'live' } as const;
  const quote = { bid: price, ask: price, ...sizes, atMs: nowMs };
  await saveQuotes(db, connectionId, [{ symbol, brokerContractId, quote }]);
  count += 1;
  const signal = { id: `snap-${nowMs}-${count}`, strategy_id: `strategy-${count}`, symbol };
  const answer = await stack.submit({ ...signal, side: 'BUY', quantity: '10', ...change });
  return answer.tradeId;
}

/** What the brokerage has of a ticker: `BUY Market 10 EXECUTED`, oldest first. */
const ordersOf = (ticker: string) =>
  stub.book.orders
    .filter((order) => order.ticker === ticker)
    .map(
      ({ action, orderType, units, status }) =>
        `${action} ${orderType} ${units.toFixed()} ${status}`,
    );

const legs = (trade: TradeFacts) => trade.orders.map((order) => `${order.role} ${order.status}`);

test('[BRK-9] [TRD-3] a signal, its entry alone, the fill, the stop, and the close', async () => {
  const tradeId = await submit('AAPL', { stop_loss: '190' });
  const open = await stack.waitFor(tradeId, isAtRest);
  expect(legs(open)).toEqual(['ENTRY EXECUTED', 'STOP ACCEPTED']);
  expect(open.isProtected).toBe(true);
  expect(ordersOf('AAPL')).toEqual(['BUY Market 10 EXECUTED', 'SELL Stop 10 ACCEPTED']);

  const account = await stack.db.account.findFirstOrThrow();
  expect([account.broker, account.brokerAccountId, account.isPaper]).toEqual([
    'snaptrade',
    DEFAULT_ACCOUNT.id,
    true,
  ]);
  const shown = await loadTrade(stack.db, stack.userId, tradeId);
  expect(shown!.stop_delay_ms).toBeGreaterThan(0);
  expect(shown!.timeline.map(({ kind }) => kind)).toContain('stop_stands');

  await commandTrade(stack.temporal, tradeId, 'close', { key: 'test', actor: 'test' });
  const closed = await stack.waitFor(tradeId, ({ state }) => state === 'CLOSED');
  expect(closed.exitReason).toBe('manual');
  expect(ordersOf('AAPL')).toEqual([
    'BUY Market 10 EXECUTED',
    'SELL Stop 10 CANCELED',
    'SELL Market 10 EXECUTED',
  ]);
}, 90_000);

test('[BRK-9] a target is refused, and nothing is sent', async () => {
  const tradeId = await submit('AAPL', { stop_loss: '190', take_profit: '230' });
  const denied = await stack.waitFor(tradeId, ({ state }) => state === 'DENIED');
  expect(denied.failure).toMatch(/^BROKER_CANNOT: a target at 230 beside the stop, at SnapTrade/);
}, 60_000);

test('[BRK-9] [TRD-3] the broker worker dies between the fill and its stop', async () => {
  const limit = { order_type: 'LMT', entry_price: '99', stop_loss: '94' };
  const tradeId = await submit('SPY', limit);
  await stack.waitFor(tradeId, ({ orders }) => orders[0]?.status === 'ACCEPTED');
  // A part is protected by a stop that grows.
  stub.book.setPrice('SPY', '99', '4');
  await stack.waitFor(tradeId, (trade) => trade.isProtected && trade.state === 'PARTIALLY_OPEN');
  expect(ordersOf('SPY')).toEqual(['BUY Limit 10 PARTIAL', 'SELL Stop 4 ACCEPTED']);

  await stack.killWorker('broker-worker');
  stub.book.setPrice('SPY', '98.5');
  await stack.startWorker('broker-worker');
  const open = await stack.waitFor(tradeId, isAtRest, 80_000);
  expect(legs(open)).toEqual(['ENTRY EXECUTED', 'STOP ACCEPTED']);
  expect(ordersOf('SPY')).toEqual([
    'BUY Limit 10 EXECUTED',
    'SELL Stop 4 REPLACED',
    'SELL Stop 10 ACCEPTED',
  ]);
}, 150_000);

test('[BRK-9] [TRD-3] the whole fill comes while no broker worker is there', async () => {
  const limit = { order_type: 'LMT', entry_price: '59.5', stop_loss: '57' };
  const tradeId = await submit('KO', limit);
  await stack.waitFor(tradeId, ({ orders }) => orders[0]?.status === 'ACCEPTED');
  await stack.killWorker('broker-worker');
  stub.book.setPrice('KO', '59.4');
  await stack.startWorker('broker-worker');
  await stack.waitFor(tradeId, isAtRest, 80_000);
  expect(ordersOf('KO')).toEqual(['BUY Limit 10 EXECUTED', 'SELL Stop 10 ACCEPTED']);
}, 150_000);

test('[BRK-9] [TRD-12] a stop whose answer was lost is found, and placed once', async () => {
  const limit = { order_type: 'LMT', entry_price: '149', stop_loss: '140' };
  const tradeId = await submit('IBM', limit);
  await stack.waitFor(tradeId, ({ orders }) => orders[0]?.status === 'ACCEPTED');
  // The next order that the brokerage takes is the stop.
  stub.faults.arm('cut-after-order', 1, 0);
  stub.book.setPrice('IBM', '148.5');
  const open = await stack.waitFor(tradeId, isAtRest, 80_000);
  expect(legs(open)).toEqual(['ENTRY EXECUTED', 'STOP ACCEPTED']);
  expect(ordersOf('IBM')).toEqual(['BUY Limit 10 EXECUTED', 'SELL Stop 10 ACCEPTED']);
}, 120_000);
