/** Orders and callbacks across the border: words, numbers, times. */
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { OrderStatus } from '@stoqey/ib';
import type { Order } from '@stoqey/ib';
import { parseApiTime } from '../../broker/ibkr/api-time.js';
import { ClockSkew } from '../../broker/ibkr/clock-skew.js';
import { decodeCommission, decodeTerms, numberText } from '../../broker/ibkr/decode.js';
import { executionParts } from '../../domain/broker/execution-id.js';
import { encodeBracket, encodeOrder, exactNumber } from '../../broker/ibkr/encode.js';
import { OrderMemory } from '../../broker/ibkr/order-memory.js';
import { OrderReports } from '../../broker/ibkr/order-reports.js';
import { settingsFrom } from '../../broker/ibkr/options.js';
import type { BracketToSend, OrderTerms } from '../../broker/port.js';
import { bracketOf, orderOf } from './support/harness.js';

const ALONE = { transmit: true, parentId: 0 };
const PRICES = { entry: '100', stop: '95', target: '110' };

test('[BRK-6] a bracket is one chain: only its last leg, the stop, transmits', () => {
  const [entry, target, stop] = encodeBracket(bracketOf(41, 'chain', PRICES));
  expect(entry?.order).toMatchObject({
    transmit: false,
    parentId: 0,
    tif: 'DAY',
    account: 'DU1234567',
  });
  expect(entry?.order.ocaGroup).toBeUndefined();
  expect(stop?.order).toMatchObject({
    transmit: true,
    parentId: 41,
    tif: 'GTC',
    orderType: 'STP',
    auxPrice: 95,
    ocaType: 2,
    triggerMethod: 4,
    orderRef: 'chain-stop',
  });
  expect(target?.order).toMatchObject({ transmit: false, parentId: 41, lmtPrice: 110 });
  expect(target?.order.ocaGroup).toBe(stop?.order.ocaGroup);
  for (const { order } of encodeBracket(bracketOf(41, 'chain', PRICES))) {
    expect(order).not.toHaveProperty('orderMiscOptions');
    expect(order.outsideRth).toBe(false);
  }
});

test.each<[string, (bracket: BracketToSend) => BracketToSend]>([
  ['without a stop', ({ entry }) => ({ entry, exits: [] })],
  ['whose stop is not last', ({ entry, exits }) => ({ entry, exits: [...exits].reverse() })],
  [
    'whose ids fall: the later message would get 103',
    ({ entry, exits }) => ({ entry: { ...entry, sessionOrderId: 99 }, exits }),
  ],
])('[BRK-2] [TRD-2] a bracket is not sent %s', (_title, change) => {
  const bracket = change(bracketOf(41, 'chain', PRICES));
  expect(() => encodeBracket(bracket)).toThrow(expect.objectContaining({ reason: 'invalid' }));
});

test('[BRK-6] every order type survives the way out and back', () => {
  const cases: Partial<OrderTerms>[] = [
    { orderType: 'MKT', limitPrice: null },
    { orderType: 'LMT', limitPrice: '0.0001', quantity: '0.5' },
    { orderType: 'STP', limitPrice: null, stopPrice: '95.05', triggerMethod: 'last' },
    { orderType: 'STP LMT', limitPrice: '94.9', stopPrice: '95', triggerMethod: 'midpoint' },
    { orderType: 'TRAIL', limitPrice: null, trailAmount: '1.25', stopPrice: '98.75' },
    { orderType: 'TRAIL', limitPrice: null, trailFraction: '0.015' },
    { timeInForce: 'GTD', goodTillMs: Date.UTC(2026, 3, 6, 20, 0, 0) },
    { timeInForce: 'GTC', ocaGroup: 'g', ocaType: 2, outsideRegularHours: true, side: 'SELL' },
  ];
  for (const change of cases) {
    const { terms } = orderOf(1, 'round-trip', change);
    expect(decodeTerms(encodeOrder(orderOf(1, 'round-trip', change), ALONE).order)).toEqual(terms);
  }
});

test('[BRK-6] good-till is sent as UTC', () => {
  const order = orderOf(1, 'gtd', {
    timeInForce: 'GTD',
    goodTillMs: Date.UTC(2026, 3, 6, 20, 5, 9),
  });
  expect(encodeOrder(order, ALONE).order.goodTillDate).toBe('20260406-20:05:09');
});

test.each<[string, Partial<OrderTerms>]>([
  ['a limit order without its price', { limitPrice: null }],
  ['a market order with a price', { orderType: 'MKT' }],
  ['a stop without its price', { orderType: 'STP', limitPrice: null }],
  ['no quantity', { quantity: '0' }],
  [
    'two trailing values',
    { orderType: 'TRAIL', limitPrice: null, trailAmount: '1', trailFraction: '0.1' },
  ],
  ['GTD without a date', { timeInForce: 'GTD' }],
  ['a date without GTD', { goodTillMs: 1 }],
  ['a group without a type', { ocaGroup: 'g' }],
  ['a price beyond exact numbers', { limitPrice: '123456789.123456789123' }],
  ['a quantity that would be sent with an exponent', { quantity: '0.00000001' }],
])('[BRK-2] %s is refused before anything is written', (_title, change) => {
  const encode = () => encodeOrder(orderOf(1, 'bad', change), ALONE);
  expect(encode).toThrow(expect.objectContaining({ name: 'NotSentError', reason: 'invalid' }));
});

test.each([
  ['a NUL in the reference', { clientOrderId: 'a\0b' }],
  ['a line break', { clientOrderId: 'a\nb' }],
  ['a long reference', { clientOrderId: 'x'.repeat(41) }],
  ['no account', { account: '' }],
  ['letters beyond ASCII', { account: 'DÜ123' }],
  ["an id in the requests' range", { sessionOrderId: 1_000_000_000 }],
  ['the id 0', { sessionOrderId: 0 }],
])('[BRK-2] %s would shift or confuse the message: refused', (_title, change) => {
  const encode = () => encodeOrder({ ...orderOf(1, 'ok'), ...change }, ALONE);
  expect(encode).toThrow(expect.objectContaining({ name: 'NotSentError', reason: 'invalid' }));
});

test('prices up to 8 decimals and a million cross the border exactly', () => {
  const price = fc
    .tuple(fc.integer({ min: 0, max: 999_999 }), fc.integer({ min: 0, max: 9_999 }))
    .map(([whole, fraction]) => `${whole}.${String(fraction).padStart(4, '0')}`);
  fc.assert(
    fc.property(price, (text) => {
      const shortest = text.replace(/\.?0+$/, '');
      expect(numberText(exactNumber('price', text))).toBe(shortest);
    }),
  );
});

test('unset numbers of the API, in all their spellings, are no numbers', () => {
  const unset = [undefined, NaN, Infinity, Number.MAX_VALUE, Number('1.79769313486232E308')];
  for (const value of unset) expect(numberText(value)).toBeNull();
  expect(numberText(0)).toBe('0');
  expect(decodeCommission({ execId: 'e', commission: 1, realizedPNL: Number.MAX_VALUE })).toEqual({
    executionId: 'e',
    commission: '1',
    currency: '',
    brokerRealizedPnl: null,
  });
});

test('[BRK-3] corrections of an execution share what comes before the last dot', () => {
  expect(executionParts('0000e0d5.69dd7411.01.01')).toEqual({
    key: '0000e0d5.69dd7411.01',
    correction: 1,
  });
  expect(executionParts('0000e0d5.69dd7411.01.02')).toEqual({
    key: '0000e0d5.69dd7411.01',
    correction: 2,
  });
  expect(executionParts('foreign')).toEqual({ key: 'foreign', correction: 1 });
});

test.each([
  ['20260406 09:31:05 US/Eastern', '2026-04-06T13:31:05Z'],
  ['20260105 09:31:05 America/New_York', '2026-01-05T14:31:05Z'],
  ['20260406 15:31:05 Central European Standard Time', '2026-04-06T13:31:05Z'],
  ['20260406-13:31:05', '2026-04-06T13:31:05Z'],
  ['20260406  09:31:05', '2026-04-06T13:31:05Z'],
  ['20261101 01:30:00 America/New_York', '2026-11-01T05:30:00Z'],
])('the time text %s is %s', (value, iso) => {
  expect(parseApiTime(value, 'America/New_York')).toBe(Date.parse(iso));
});

test('a text that is no time is no time, and an unknown zone is not New York', () => {
  expect(parseApiTime('yesterday', 'UTC')).toBeNull();
  expect(parseApiTime('20260406 09:31:05 Nowhere/Town', 'America/New_York')).toBeNull();
});

test('[BRK-1] several answers narrow the clock difference, a set clock starts anew', () => {
  const skew = new ClockSkew();
  const differenceMs = 1_600;
  for (const askedAtMs of [10_000, 20_250, 30_500, 40_750]) {
    const brokerSecond = Math.floor((askedAtMs + differenceMs) / 1_000) * 1_000;
    skew.add(brokerSecond, askedAtMs, askedAtMs);
  }
  expect(skew.valueMs()).toBeGreaterThan(1_300);
  expect(skew.valueMs()).toBeLessThanOrEqual(differenceMs);
  skew.add(50_000, 60_000, 60_000);
  expect(skew.valueMs()).toBe(-9_000);
});

test('[BRK-3] an order is known by its reference again after a restart, own ids by what was learnt', () => {
  const memory = new OrderMemory(7);
  const reports = new OrderReports(memory);
  memory.recallOwn(12).clientOrderId = 'learnt';
  const bare = { filled: 0, remaining: 10, averageFillPrice: 0, parentId: 0, whyHeld: '' };
  const status = { ...bare, orderId: 12, status: 'Submitted', permId: 900, clientId: 7 };
  expect(reports.status(status)).toMatchObject({ clientOrderId: 'learnt', brokerOrderId: '900' });
  const foreign = { ...status, clientId: 3, permId: 901 };
  expect(reports.status(foreign).clientOrderId).toBeNull();
  const order: Order = { ...encodeOrder(orderOf(12, 'on the order'), ALONE).order, orderId: 12 };
  const read = reports.openOrder(
    {},
    { ...order, clientId: 7, permId: 900 },
    {
      status: OrderStatus.Submitted,
    },
  );
  expect(read.clientOrderId).toBe('on the order');
  const done = reports.completedOrder(
    {},
    { ...order, permId: 900, orderRef: '' },
    {
      status: OrderStatus.Filled,
    },
  );
  expect(done).toMatchObject({ clientOrderId: 'on the order', sessionOrderId: 12 });
});

test('[BRK-4] after a rejecting code Inactive is a rejection, a bad change leaves the order alone', () => {
  const reports = new OrderReports(new OrderMemory(7));
  const status = (orderId: number, word: string) =>
    reports.status({
      orderId,
      status: word,
      filled: 0,
      remaining: 10,
      averageFillPrice: 0,
      permId: 900 + orderId,
      parentId: 0,
      clientId: 7,
      whyHeld: '',
    }).status;
  expect(status(1, 'Inactive')).toBe('HELD');
  expect(reports.error(1, 201, 'margin')).toMatchObject({ about: 'order' });
  expect(status(1, 'Inactive')).toBe('REJECTED');
  expect(status(2, 'Submitted')).toBe('ACCEPTED');
  reports.noteSent(orderOf(2, 'two', { limitPrice: '100.001' }), {
    kind: 'modification',
    parentId: 0,
  });
  expect(reports.error(2, 110, 'tick')).toMatchObject({ about: 'modification' });
  // The broker breaks its lines, also by their mark in HTML: people read one.
  const broken = 'Order Message:\nBUY 1 AAA\r\nWarning: it rests<br>until the open.\n';
  expect(reports.error(2, 399, broken).message).toBe(
    'Order Message: BUY 1 AAA Warning: it rests until the open.',
  );
  expect(status(2, 'Inactive')).toBe('HELD');
});

test('[BRK-10] remembered orders are bounded, the oldest go first', () => {
  const memory = new OrderMemory(7, 3);
  for (const id of [1, 2, 3, 4]) {
    memory.recall({ sessionOrderId: id, sessionClientId: 7, brokerOrderId: String(900 + id) });
  }
  expect(memory.size).toBe(3);
  expect(memory.findByBrokerId('901')).toBeNull();
  expect(memory.findByBrokerId('904')?.sessionOrderId).toBe(4);
});

test('options that could never work are refused by name', () => {
  const logger = { info: () => undefined, warn: () => undefined, error: () => undefined };
  const options = {
    host: 'localhost',
    port: 4002,
    clientId: 7,
    allowLive: false,
    authorizedAccounts: [],
    logger,
  };
  expect(() => settingsFrom({ ...options, port: 0 })).toThrow(/port/);
  expect(() => settingsFrom({ ...options, clientId: -1 })).toThrow(/client id/);
  for (const maxMessagesPerSecond of [9, 51]) {
    const limits = { maxMessagesPerSecond };
    expect(() => settingsFrom({ ...options, limits })).toThrow(/from 10 to 50/);
  }
  expect(() => settingsFrom({ ...options, limits: { keepAliveMs: 0 } })).toThrow(/keepAliveMs/);
});
