/** The fault book: what is armed, when it is taken, and that the menu is closed. */
import { expect, jest, test } from '@jest/globals';
import { faultNamed } from '../../gateway/fault-names.js';
import { FAULT_MENU, FAULT_NAMES, FaultBook, secondsParamMs } from '../../gateway/faults.js';

test('[GWY-5] once by default, n times, and never more', () => {
  const book = new FaultBook();
  book.arm({ name: 'order-dropped' });
  book.arm({ name: 'duplicate-status', count: 3 });
  const taken = (name: 'order-dropped' | 'duplicate-status'): number =>
    Array.from({ length: 10 }, () => book.take(name)).filter(Boolean).length;
  expect(taken('order-dropped')).toBe(1);
  expect(taken('duplicate-status')).toBe(3);
  const hits = book.list().find(({ name }) => name === 'duplicate-status')?.hits;
  expect(hits).toBe(3);
});

test('[GWY-5] a probability with a seed repeats itself exactly', () => {
  const draw = (seed: number): string => {
    const book = new FaultBook();
    book.arm({ name: 'order-dropped', probability: 0.3, seed });
    return Array.from({ length: 200 }, () => (book.take('order-dropped') ? 'x' : '.')).join('');
  };
  expect(draw(7)).toBe(draw(7));
  expect(draw(7)).not.toBe(draw(8));
  const hits = [...draw(7)].filter((mark) => mark === 'x').length;
  expect(hits).toBeGreaterThan(35);
  expect(hits).toBeLessThan(85);
  const counted = new FaultBook();
  counted.arm({ name: 'order-dropped', probability: 0.5, count: 2 });
  const times = Array.from({ length: 100 }, () => counted.take('order-dropped')).filter(Boolean);
  expect(times.length).toBe(2);
});

test('[GWY-5] params narrow a fault to the event that they name', () => {
  const book = new FaultBook();
  book.arm({ name: 'order-dropped', symbol: 'IBM', clientId: 3 });
  expect(book.take('order-dropped', { symbol: 'AAPL', clientId: 3 })).toBeUndefined();
  expect(book.take('order-dropped', { symbol: 'IBM', clientId: 4 })).toBeUndefined();
  expect(book.take('order-dropped', { symbol: 'IBM', clientId: 3 })?.params['symbol']).toBe('IBM');
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
    if (book.take(name)) happened += 1;
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
  expect(FAULT_NAMES.length).toBe(32);
  for (const name of FAULT_NAMES) {
    expect(name).toMatch(/^[a-z0-9]+(-[a-z0-9]+)+$|^stall$|^halt$/);
    expect(FAULT_MENU[name].sentence).toMatch(/\.$/);
  }
  expect(new FaultBook().list().map(({ name }) => name)).toEqual(FAULT_NAMES);
});

test('durations are read within bounds', () => {
  expect(secondsParamMs({ seconds: 0.25 }, 2)).toBe(250);
  expect(secondsParamMs({ seconds: 'x' }, 2)).toBe(2000);
  expect(secondsParamMs({ seconds: -1 }, 2)).toBe(2000);
  expect(secondsParamMs({}, 5)).toBe(5000);
});
