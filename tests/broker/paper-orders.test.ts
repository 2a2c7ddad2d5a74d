/** Orders over TCP against the paper gateway: sent, read back, filled, changed, cancelled. */
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { BrokerEvent, OrderReport } from '../../broker/port.js';
import type { OrderStatus } from '../../domain/vocabulary.js';
import { bracketGroup, bracketing, bracketOf, cancelling } from './support/harness.js';
import { clientOf, modifying, ofKind, orderOf, pause, placing } from './support/harness.js';
import { ready, SPY, until, write } from './support/harness.js';
import type { Client } from './support/harness.js';
import { startPaper } from './support/paper.js';
import type { Paper } from './support/paper.js';

let paper: Paper;
let client: Client;

beforeEach(async () => {
  paper = await startPaper();
  await paper.setPrice('SPY', '100');
  client = await ready(clientOf(paper.port));
});

afterEach(async () => {
  await client.broker.close();
  await paper.stop();
});

function reportsOf(events: readonly BrokerEvent[], clientOrderId: string): OrderReport[] {
  return ofKind(events, 'order')
    .map(({ report }) => report)
    .filter((report) => report.clientOrderId === clientOrderId);
}

async function untilStatus(
  clientOrderId: string,
  ...statuses: OrderStatus[]
): Promise<OrderReport> {
  const last = () => reportsOf(client.events, clientOrderId).at(-1);
  await until(`${clientOrderId} to be ${statuses.join(' or ')}`, () =>
    statuses.some((status) => last()?.status === status),
  );
  return last() as OrderReport;
}

const RESTING = { entry: '90', stop: '80', target: '120' };
const MARKETABLE = { entry: '105', stop: '80', target: '120' };

test('[BRK-6] a bracket reads back as it was sent: ids, parent, OCA type 2, GTC, trigger method', async () => {
  const bracket = bracketOf(1, 'b1', RESTING);
  await write(client.broker, bracketGroup(bracket));
  await untilStatus('b1-entry', 'ACCEPTED');
  await untilStatus('b1-stop', 'HELD');
  await untilStatus('b1-target', 'HELD');
  const { orders, isComplete } = await client.broker.snapshot();
  expect(isComplete).toBe(true);
  const byRef = new Map(orders.map((item) => [item.clientOrderId, item]));
  expect(byRef.size).toBe(3);
  for (const leg of [bracket.entry, ...bracket.exits]) {
    expect(byRef.get(leg.clientOrderId)).toMatchObject({
      sessionOrderId: leg.sessionOrderId,
      sessionClientId: 7,
      account: 'DU1234567',
      symbol: 'SPY',
      filledQuantity: '0',
      remainingQuantity: '10',
      terms: leg.terms,
    });
  }
  expect(byRef.get('b1-stop')?.parentSessionOrderId).toBe(1);
  expect(byRef.get('b1-entry')?.brokerOrderId).toMatch(/^\d+$/);
});

test('[BRK-3] a fill arms the exits; execution and commission name the leg', async () => {
  await write(client.broker, bracketing(1, 'b2', MARKETABLE));
  await untilStatus('b2-entry', 'EXECUTED');
  const stop = await untilStatus('b2-stop', 'ACCEPTED');
  expect(stop.whyHeld).toContain('trigger');
  await untilStatus('b2-target', 'ACCEPTED');
  await until('the commissions', () => ofKind(client.events, 'commission').length > 0);
  const fills = ofKind(client.events, 'execution').map(({ report }) => report);
  const filled = fills.reduce((sum, fill) => sum + Number(fill.quantity), 0);
  expect(filled).toBe(10);
  expect(fills[0]).toMatchObject({
    clientOrderId: 'b2-entry',
    side: 'BUY',
    symbol: 'SPY',
    account: 'DU1234567',
    correction: 1,
    sessionOrderId: 1,
  });
  expect(Math.abs((fills[0]?.executedAtMs ?? 0) - Date.now())).toBeLessThan(10_000);
  const paid = ofKind(client.events, 'commission').map(({ report }) => report);
  expect(paid.every(({ currency }) => currency === 'USD')).toBe(true);
  expect(fills.map(({ executionId }) => executionId)).toContain(paid[0]?.executionId);
  const { executions, positions, completed, isComplete } = await client.broker.snapshot();
  expect(isComplete).toBe(true);
  expect(new Set(executions.map((item) => item.executionId))).toEqual(
    new Set(fills.map((item) => item.executionId)),
  );
  expect(positions).toMatchObject([{ symbol: 'SPY', quantity: '10' }]);
  expect(completed.find((item) => item.clientOrderId === 'b2-entry')).toMatchObject({
    status: 'EXECUTED',
    filledQuantity: '10',
    remainingQuantity: '0',
    sessionOrderId: 1,
  });
});

test('[BRK-6] the target fills and its group takes the stop along', async () => {
  await write(client.broker, bracketing(1, 'b3', MARKETABLE));
  await untilStatus('b3-target', 'ACCEPTED');
  await paper.setPrice('SPY', '125');
  await untilStatus('b3-target', 'EXECUTED');
  await untilStatus('b3-stop', 'CANCELLED');
  const { positions, isComplete } = await client.broker.snapshot();
  expect(isComplete).toBe(true);
  expect(positions.filter(({ quantity }) => quantity !== '0')).toEqual([]);
});

test('[BRK-6] a modification changes the same order; a child stays a child', async () => {
  const bracket = bracketOf(1, 'b4', RESTING);
  await write(client.broker, bracketGroup(bracket));
  const before = await untilStatus('b4-stop', 'HELD');
  const stop = bracket.exits.at(-1);
  if (!stop) throw new Error('the bracket has a stop');
  const moved = { ...stop, terms: { ...stop.terms, stopPrice: '85' } };
  await write(client.broker, modifying(moved));
  await until('the new price', () =>
    reportsOf(client.events, 'b4-stop').some(({ terms }) => terms?.stopPrice === '85'),
  );
  const { orders: listed } = await client.broker.snapshot();
  expect(listed).toHaveLength(3);
  expect(listed.find((item) => item.clientOrderId === 'b4-stop')).toMatchObject({
    brokerOrderId: before.brokerOrderId,
    parentSessionOrderId: 1,
    status: 'HELD',
    terms: moved.terms,
  });
});

test('[BRK-4] a refused modification is about the modification; the order lives as it was', async () => {
  const order = orderOf(1, 'm1', { limitPrice: '90' });
  await write(client.broker, placing(order));
  await untilStatus('m1', 'ACCEPTED');
  const offGrid = { ...order, terms: { ...order.terms, limitPrice: '90.001' } };
  await write(client.broker, modifying(offGrid));
  await until('the refusal', () => ofKind(client.events, 'order_error').length > 0);
  expect(ofKind(client.events, 'order_error')[0]?.error).toMatchObject({
    code: 110,
    clientOrderId: 'm1',
    errorClass: 'rejection',
    about: 'modification',
  });
  const { orders: listed } = await client.broker.snapshot();
  expect(listed[0]).toMatchObject({ status: 'ACCEPTED', terms: { limitPrice: '90' } });
});

test('[BRK-4] a new order off the grid is refused; a cancel of nothing leaves no mark', async () => {
  const offGrid = orderOf(1, 'm2', { limitPrice: '90.001' });
  await write(client.broker, placing(offGrid));
  await until('the refusal', () => ofKind(client.events, 'order_error').length > 0);
  expect(ofKind(client.events, 'order_error')[0]?.error).toMatchObject({
    code: 110,
    about: 'order',
    errorClass: 'rejection',
  });
  await write(client.broker, cancelling(77));
  await until('the verdict', () => ofKind(client.events, 'order_error').length > 1);
  expect(ofKind(client.events, 'order_error')[1]?.error).toMatchObject({ about: 'cancel' });
});

test('[BRK-6] cancelling the entry takes its children along', async () => {
  await write(client.broker, bracketing(1, 'b5', RESTING));
  await untilStatus('b5-target', 'HELD');
  await write(client.broker, cancelling(1));
  await untilStatus('b5-entry', 'CANCELLED');
  await untilStatus('b5-stop', 'CANCELLED');
  await untilStatus('b5-target', 'CANCELLED');
  const errors = ofKind(client.events, 'order_error').map(({ error }) => error);
  expect(errors.every(({ errorClass }) => errorClass === 'terminal')).toBe(true);
  const { completed } = await client.broker.snapshot();
  expect(completed.map((item) => item.status)).toEqual(['CANCELLED', 'CANCELLED', 'CANCELLED']);
});

test('[BRK-6] every order type, good-till and outside-hours reads back as sent', async () => {
  const goodTillMs = Math.floor(Date.now() / 1_000) * 1_000 + 3_600_000;
  const orders = [
    orderOf(1, 't-lmt', { limitPrice: '90', timeInForce: 'GTD', goodTillMs }),
    orderOf(2, 't-stp', {
      orderType: 'STP',
      limitPrice: null,
      stopPrice: '120',
      triggerMethod: 'last',
    }),
    orderOf(3, 't-stp-lmt', {
      orderType: 'STP LMT',
      limitPrice: '121',
      stopPrice: '120',
      timeInForce: 'GTC',
      outsideRegularHours: true,
    }),
    orderOf(4, 't-trail', {
      orderType: 'TRAIL',
      limitPrice: null,
      trailAmount: '5',
      stopPrice: '105',
    }),
    orderOf(5, 't-trail-pct', {
      orderType: 'TRAIL',
      limitPrice: null,
      trailFraction: '0.05',
      stopPrice: '105',
    }),
  ];
  await write(client.broker, placing(...orders));
  for (const order of orders) await untilStatus(order.clientOrderId, 'ACCEPTED');
  const { orders: listed } = await client.broker.snapshot();
  for (const order of orders) {
    const found = listed.find((item) => item.clientOrderId === order.clientOrderId);
    expect({ ref: order.clientOrderId, terms: found?.terms }).toEqual({
      ref: order.clientOrderId,
      terms: order.terms,
    });
  }
});

test('[BRK-6] a market order fills at the quote', async () => {
  const order = orderOf(1, 'mkt', { orderType: 'MKT', limitPrice: null, quantity: '3' });
  await write(client.broker, placing(order));
  await untilStatus('mkt', 'EXECUTED');
  const fill = ofKind(client.events, 'execution')[0]?.report;
  expect(Math.abs(Number(fill?.price) - 100)).toBeLessThan(1);
});

test('[BRK-6] a what-if tells margin and commission and places nothing', async () => {
  const report = await client.broker.whatIf(orderOf(1, 'w', { limitPrice: '100' }));
  expect(Number(report.initialMarginChange)).toBeGreaterThan(0);
  expect(Number(report.commission)).toBeGreaterThan(0);
  expect(await client.broker.snapshot()).toMatchObject({ isComplete: true, orders: [] });
  expect(ofKind(client.events, 'order')).toEqual([]);
});

test('[BRK-4] refused with 201, then Inactive: rejected; held for a locate: held', async () => {
  await paper.fault({ name: 'rejected-201-inactive' });
  await write(client.broker, placing(orderOf(1, 'r1', { limitPrice: '90' })));
  await untilStatus('r1', 'REJECTED');
  expect(ofKind(client.events, 'order_error')[0]?.error).toMatchObject({
    code: 201,
    about: 'order',
  });
  await paper.fault({ name: 'locate-hold' });
  const short = orderOf(2, 'r2', { side: 'SELL', limitPrice: '110' });
  await write(client.broker, placing(short));
  expect((await untilStatus('r2', 'HELD')).brokerStatus).toBe('Inactive');
});

test('[BRK-4] notices and late verdicts kill no order: 10349, 110, 10147, 10148', async () => {
  await paper.fault({ name: 'tif-preset-10349' });
  const order = orderOf(1, 'n1', { limitPrice: '90' });
  await write(client.broker, placing(order));
  await untilStatus('n1', 'ACCEPTED');
  await paper.fault({ name: 'modify-110' });
  await write(client.broker, modifying({ ...order, terms: { ...order.terms, limitPrice: '91' } }));
  await until('110', () =>
    ofKind(client.events, 'order_error').some(({ error }) => error.code === 110),
  );
  for (const code of [10147, 10148]) {
    await paper.fault({ name: `cancel-${code}` });
    await write(client.broker, cancelling(1));
    await until(`${code}`, () =>
      ofKind(client.events, 'order_error').some(({ error }) => error.code === code),
    );
  }
  const about = ofKind(client.events, 'order_error').map(({ error }) => [error.code, error.about]);
  expect(about).toEqual(
    expect.arrayContaining([
      [10349, 'order'],
      [110, 'modification'],
      [10147, 'cancel'],
      [10148, 'cancel'],
    ]),
  );
  expect(
    ofKind(client.events, 'order_error').some(({ error }) => error.errorClass === 'terminal'),
  ).toBe(false);
  const { orders: listed } = await client.broker.snapshot();
  expect(listed[0]).toMatchObject({ clientOrderId: 'n1', terms: { limitPrice: '90' } });
});

test('[BRK-3] a correction keeps the key of the execution it corrects; a second permId finds its leg', async () => {
  await paper.fault({ name: 'execution-correction', ticks: 2 });
  const order = orderOf(1, 'c1', { orderType: 'MKT', limitPrice: null, quantity: '1' });
  await write(client.broker, placing(order));
  await until('the correction', () =>
    ofKind(client.events, 'execution').some(({ report }) => report.correction === 2),
  );
  const keys = ofKind(client.events, 'execution').map(({ report }) => report.executionKey);
  expect(new Set(keys).size).toBe(1);
  const resting = orderOf(2, 'c2', { limitPrice: '90' });
  await write(client.broker, placing(resting));
  await untilStatus('c2', 'ACCEPTED');
  await paper.fault({ name: 'second-perm-id' });
  const moved = { ...resting, terms: { ...resting.terms, limitPrice: '91' } };
  await write(client.broker, modifying(moved));
  const ids = () =>
    new Set(reportsOf(client.events, 'c2').map(({ brokerOrderId }) => brokerOrderId));
  await until('the second permId', () => ids().size === 2);
});

test('the market side: contract, account, time and quotes', async () => {
  const { broker, events } = client;
  const info = await broker.resolveContract(SPY);
  expect(info.instrument.brokerContractId).toBeGreaterThan(0);
  expect(info).toMatchObject({ priceIncrement: '0.01', hoursProblem: null });
  expect(info.hours?.sessions.some(({ liquid }) => liquid)).toBe(true);
  await expect(broker.resolveContract({ ...SPY, symbol: 'NOSUCH' })).rejects.toMatchObject({
    name: 'UnknownContractError',
  });
  const account = await broker.accountSnapshot('DU1234567');
  expect(account).toMatchObject({ baseCurrency: 'USD', netLiquidation: '100000' });
  expect(Math.abs((await broker.brokerTimeMs()) - Date.now())).toBeLessThan(2_000);
  const quote = await broker.quoteSnapshot(SPY);
  expect(quote).toMatchObject({ kind: 'live', halted: false });
  expect(Number(quote.bid)).toBeLessThanOrEqual(Number(quote.ask));
  expect(Number(quote.bidSize)).toBeGreaterThan(0);
  const release = broker.watchQuote(SPY);
  await until('a first quote', () => ofKind(events, 'quote').length > 0);
  await paper.setPrice('SPY', '111');
  await until('the new price', () =>
    ofKind(events, 'quote').some((event) => Math.abs(Number(event.quote.bid) - 111) < 1),
  );
  await paper.fault({ name: 'halt', symbol: 'SPY', seconds: 1 });
  await until('the halt', () => ofKind(events, 'quote').some((event) => event.quote.halted));
  release();
  await pause(20);
});
