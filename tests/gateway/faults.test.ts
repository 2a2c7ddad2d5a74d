/** The fault book: what is armed, when it is taken, and that the menu is closed. */
import { expect, jest, test } from '@jest/globals';
import { faultNamed } from '../../gateway/fault-names.js';
import { FAULT_MENU, FAULT_NAMES, FaultBook, durationMs, fieldsOf } from '../../gateway/faults.js';

/** A placeOrder, and a status of it. */
const EVENT = {
  ...{ clientId: 3, orderId: 7, account: 'DU1', symbol: 'IBM', action: 'BUY', orderType: 'STP' },
  ...{ orderRef: 'a', leg: ['stop', 'child'], status: 'Submitted' },
};

test('[GWY-5] once by default, n times, and never more', () => {
  const book = new FaultBook();
  book.arm({ name: 'order-dropped' });
  book.arm({ name: 'duplicate-status', count: 3 });
  const taken = (name: 'order-dropped' | 'duplicate-status'): number =>
    Array.from({ length: 10 }, () => book.take(name, EVENT)).filter(Boolean).length;
  expect(taken('order-dropped')).toBe(1);
  expect(taken('duplicate-status')).toBe(3);
  const hits = book.list().find(({ name }) => name === 'duplicate-status')?.hits;
  expect(hits).toBe(3);
});

test('[GWY-5] a probability with a seed repeats itself exactly', () => {
  const draw = (seed: number): string => {
    const book = new FaultBook();
    book.arm({ name: 'order-dropped', probability: 0.3, seed });
    return Array.from({ length: 200 }, () => (book.take('order-dropped', EVENT) ? 'x' : '.')).join(
      '',
    );
  };
  expect(draw(7)).toBe(draw(7));
  expect(draw(7)).not.toBe(draw(8));
  const hits = [...draw(7)].filter((mark) => mark === 'x').length;
  expect(hits).toBeGreaterThan(35);
  expect(hits).toBeLessThan(85);
  const counted = new FaultBook();
  counted.arm({ name: 'order-dropped', probability: 0.5, count: 2 });
  const times = Array.from({ length: 100 }, () => counted.take('order-dropped', EVENT)).filter(
    Boolean,
  );
  expect(times.length).toBe(2);
});

test('[GWY-5] params narrow a fault to the event that they name', () => {
  const book = new FaultBook();
  book.arm({ name: 'order-dropped', symbol: 'IBM', clientId: 3 });
  const take = (event: object) => book.take('order-dropped', { ...EVENT, ...event });
  expect(take({ symbol: 'AAPL' })).toBeUndefined();
  expect(take({ clientId: 4 })).toBeUndefined();
  expect(take({})?.params['symbol']).toBe('IBM');
  // Of an event whose symbol nobody knows it can't be said that it is meant.
  book.arm({ name: 'order-dropped', symbol: 'IBM' });
  expect(take({ symbol: undefined })).toBeUndefined();
  book.arm({ name: 'order-dropped', leg: 'child', clientId: '3' });
  expect(take({ symbol: 'F', leg: ['parent'] })).toBeUndefined();
  expect(take({ symbol: 'F' })?.params).toMatchObject({ leg: 'child', clientId: 3 });
});

test.each([
  [{ name: 'stall', seconds: -5 }, /^"seconds" of stall must be a number from 0 to 86400, not -5$/],
  [{ name: 'stall', seconds: 'x' }, /"seconds" of stall must be a number .* not "x"/],
  [{ name: 'stall', seconds: 1e12 }, /from 0 to 86400, not 1000000000000/],
  [{ name: 'stall', seconds: null }, /"seconds".* not null/],
  [{ name: 'stall', everyMs: 0 }, /"everyMs" of stall must be a number from 1/],
  [{ name: 'stall', count: 1e12 }, /"count" must be a whole number from 0 to 1000000/],
  [
    { name: 'execution-correction', ticks: 'abc' },
    /"ticks" .* a whole number from -10000 to 10000/,
  ],
  [{ name: 'execution-correction', ticks: 1.5 }, /"ticks"/],
  [{ name: 'order-id-rollback', by: 0 }, /"by" .* from 1 to 1000000, not 0/],
  [{ name: 'cut-before-ack', lost: 'yes' }, /"lost" of cut-before-ack must be true or false/],
  [{ name: 'halt', symbol: 'NOPE' }, /"symbol" of halt must be a listed symbol, not "NOPE"/],
  [{ name: 'order-dropped', leg: 'head' }, /"leg" .* one of "parent", "stop", "target", "child"/],
  [{ name: 'order-dropped', clientId: -1 }, /"clientId" .* a whole number from 0/],
  [{ name: 'external-order', quantity: '-7' }, /"quantity" .* a decimal from 0.0001/],
  [{ name: 'external-order', limit: '1e5' }, /"limit" .* a decimal from 0.01/],
  [{ name: 'missing-end-marker', of: 'orders' }, /"of" .* one of "openOrders", "executions"/],
  [
    { name: 'stall', second: 5 },
    /^stall has no field "second"; it takes count, probability, seed, sec/,
  ],
  [
    { name: 'day-expiry', symbol: 'IBM' },
    /day-expiry has no field "symbol"; it takes count, .*every/,
  ],
  [{ name: 'order-dropped', everyMs: 5 }, /order-dropped has no field "everyMs"/],
  [{ name: 'stall', constructor: 5 }, /stall has no field "constructor"/],
])('[GWY-5] %j is refused with the field and what it takes', (body, message) => {
  const book = new FaultBook((symbol) => symbol !== 'NOPE');
  expect(() => book.arm(body)).toThrow(message);
  expect(() => book.arm(body)).toThrow(RangeError);
  expect(book.list().every(({ armed }) => armed.length === 0)).toBe(true);
});

test('[GWY-5] what was not given has its default; decimals are kept as text', () => {
  const book = new FaultBook();
  const armed = (body: { name: string }) => book.arm(body)[0]?.params;
  expect(armed({ name: 'late-commission' })).toEqual({ seconds: 5 });
  expect(armed({ ...{ name: 'external-order', quantity: 7, limit: 100.5 } })).toEqual({
    ...{ action: 'BUY', quantity: '7', limit: '100.5', everyMs: 1000 },
  });
  book.close();
  const commission = book.list().find(({ name }) => name === 'late-commission');
  expect(commission?.fields).toMatchObject({
    seconds: 'a number from 0 to 86400, otherwise 5',
    symbol: 'a listed symbol',
  });
});

test('[GWY-5] every field of every fault is described, and no two mean the same name', () => {
  for (const name of FAULT_NAMES) {
    const { params, narrowedBy } = FAULT_MENU[name];
    const names = [...Object.keys(params), ...narrowedBy];
    expect(new Set(names).size).toBe(names.length);
    expect(Object.keys(fieldsOf(name)).filter((field) => field !== 'everyMs')).toEqual(names);
  }
});

test('[GWY-5] count 0 disarms; wrong bodies say what is wrong and what there is', () => {
  const book = new FaultBook();
  book.arm({ name: 'stall', probability: 0 });
  expect(book.arm({ name: 'stall', count: 0 })).toEqual([]);
  book.close();
  expect(() => book.arm({ name: 'nonsense' })).toThrow(/no fault "nonsense"; known: order-dropped/);
  expect(() => book.arm({})).toThrow(RangeError);
  expect(() => book.arm({ name: 'stall', count: -1 })).toThrow(/"count"/);
  expect(() => book.arm({ name: 'stall', count: 'x' })).toThrow(/"count"/);
  expect(() => book.arm({ name: 'stall', probability: 2 })).toThrow(/"probability"/);
  expect(() => book.arm({ name: 'stall', seed: 1.5 })).toThrow(/"seed"/);
  for (let n = 0; n < 1000; n += 1) book.arm({ name: 'order-dropped' });
  expect(() => book.arm({ name: 'order-dropped' })).toThrow(/1000 faults are armed/);
});

test('[GWY-5] a name may be written otherwise, as long as it fits one fault only', () => {
  const meant: Record<string, string> = {
    order_dropped: 'order-dropped',
    'order dropped without a callback': 'order-dropped',
    'socket cut after receipt and before the acknowledgement': 'cut-before-ack',
    'order id roll-back': 'order-id-rollback',
    '326': 'client-id-in-use',
    '1100 then 1101': 'connection-lost-1101',
    '1102': 'connection-lost-1102',
    'connection cut': 'connection-cut',
    'order vanished': 'order-vanished',
    'missing execDetails': 'missing-exec-details',
    OUT_OF_ORDER_STATUS: 'out-of-order-status',
    bust: 'execution-bust',
    '10349 then fill': 'tif-preset-10349',
    '201 then Inactive': 'rejected-201-inactive',
    '10148 on cancel': 'cancel-10148',
    '110 on modify while the order lives': 'modify-110',
    'second permId after modify': 'second-perm-id',
    'OCA overfill under type 3': 'oca-overfill',
    'DAY expiry': 'day-expiry',
    'split overnight': 'overnight-split',
    'midnight loss of executions': 'midnight-execution-loss',
    'stall (port open, no answers)': 'stall',
  };
  const found = Object.keys(meant).map((asked) => [asked, faultNamed(asked)]);
  expect(Object.fromEntries(found)).toEqual(meant);
  expect(FAULT_NAMES.map((name) => faultNamed(name.replaceAll('-', ' ')))).toEqual(FAULT_NAMES);
  expect(() => faultNamed('1100')).toThrow(/"1100"; could be connection-lost-1101 or connection-/);
  for (const asked of ['', 'the', 'order dropped again', 5, undefined]) {
    expect(() => faultNamed(asked)).toThrow(/known: order-dropped/);
  }
});

test('[GWY-5] a fault that happens when armed announces itself, n times with pauses', () => {
  jest.useFakeTimers();
  const book = new FaultBook();
  let happened = 0;
  book.onDue(['halt', 'stall'], (name) => {
    if (book.take(name, { ...EVENT, of: 'positions', role: 'stop', side: 'BOT' })) happened += 1;
  });
  book.arm({ name: 'halt' });
  expect(happened).toBe(1);
  book.arm({ name: 'stall', count: 3, everyMs: 50 });
  expect(happened).toBe(2);
  jest.advanceTimersByTime(49);
  expect(happened).toBe(2);
  jest.advanceTimersByTime(1000);
  expect(happened).toBe(4);
  book.close();
  jest.useRealTimers();
});

test('[GWY-5] the menu holds every fault of the specification, each with a sentence', () => {
  expect(FAULT_NAMES.length).toBe(39);
  for (const name of FAULT_NAMES) {
    expect(name).toMatch(/^[a-z0-9]+(-[a-z0-9]+)+$|^stall$|^halt$/);
    expect(FAULT_MENU[name].sentence).toMatch(/\.$/);
  }
  expect(new FaultBook().list().map(({ name }) => name)).toEqual(FAULT_NAMES);
});

test('durations are milliseconds', () => {
  expect(durationMs({ seconds: 0.25 })).toBe(250);
});
