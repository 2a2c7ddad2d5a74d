/** Faults in which a guess about an order or an account is wrong: it is over, gone, or not yet shown. */
import { afterEach, expect, test } from '@jest/globals';
import { text } from '../../domain/money.js';
import { createRig, placeBracket, request } from './support/exchange.js';
import type { Rig, RigOptions } from './support/exchange.js';

let rig: Rig;
afterEach(() => rig.close());
const open = (options?: RigOptions) => (rig = createRig(options));

const listed = (): number[] => rig.exchange.openOrders().map((order) => order.orderId);
const over = (): string[] =>
  rig.exchange.completedOrders().map((order) => `${order.orderId} ${order.status}`);
const holding = (): string[] => rig.exchange.positions().map((each) => text(each.position));
function value(tag: string): string {
  const values = rig.exchange.accountValues('DU1000001');
  return values.find((each) => each.tag === tag)?.value ?? '';
}
function later(seconds: number): void {
  rig.clock.nowMs += seconds * 1_000;
  rig.exchange.tick();
}

test('[GWY-5] cancel-10147 dead: the order had vanished, no word but the error, nowhere listed', () => {
  const { exchange, faults, story } = open();
  exchange.place(1, 1, request({ lmt: '99.00' }));
  faults.arm({ name: 'cancel-10147', dead: true });
  story();
  exchange.cancel(1, 1);
  expect(story()).toEqual(['(1 Cancelled)', '1 error 10147']);
  expect([listed(), over()]).toEqual([[], []]);
  rig.market.quoteText('IBM', '98.00x500 98.02x500');
  expect(holding()).toEqual([]);
  exchange.cancel(1, 1);
  expect(story()).toEqual(['1 error 10147']);
  exchange.place(1, 1, request({ lmt: '99.00' }));
  expect(story()).toEqual(['1 error 103']);
});

test('[GWY-5] a vanished order stays vanished over a restart', () => {
  const on = open();
  on.exchange.place(1, 1, request({ lmt: '99.00' }));
  on.faults.arm({ name: 'order-vanished' });
  on.restart();
  on.restart();
  expect([listed(), over()]).toEqual([[], []]);
  on.story();
  on.exchange.cancel(1, 1);
  expect(on.story()).toEqual(['1 error 10147']);
});

test('[GWY-5] cancel-10148 dead: cancelled before, of which only the completed orders tell', () => {
  const { exchange, faults, story } = open();
  placeBracket(exchange, { entry: { lmt: '99.00' } });
  faults.arm({ name: 'cancel-10148', dead: true });
  story();
  exchange.cancel(1, 1);
  expect(story().filter((line) => line.startsWith('1 ') || line.startsWith('('))).toEqual([
    '(1 Cancelled)',
    '1 error 10148',
  ]);
  expect([listed(), over()]).toEqual([[], ['1 Cancelled', '2 Cancelled', '3 Cancelled']]);
});

test('[GWY-5] cancel-10148 dead and filled: the fill is told, then the cancel is too late', () => {
  const { exchange, faults, story } = open();
  placeBracket(exchange, { entry: { lmt: '99.00' } });
  faults.arm({ name: 'cancel-10148', dead: true, state: 'Filled' });
  story();
  exchange.cancel(1, 1);
  const told = story();
  expect(told.slice(0, 2)).toEqual(['1 BOT 100@99', '1 Filled 100+0']);
  expect(told.at(-1)).toBe('1 error 10148');
  expect(holding()).toEqual(['100']);
  expect(listed()).toEqual([2, 3]);
});

test('[GWY-5] cancel-10148 filled of a child that waits for its parent: cancelled, it can’t fill', () => {
  const { exchange, faults } = open();
  placeBracket(exchange, { entry: { lmt: '99.00' } });
  faults.arm({ name: 'cancel-10148', dead: true, state: 'Filled' });
  exchange.cancel(1, 3);
  expect(holding()).toEqual([]);
  expect(over()).toContain('3 Cancelled');
});

test('[GWY-5] modify-104: the order fills just before its modification', () => {
  const { exchange, faults, story } = open();
  exchange.place(1, 1, request({ lmt: '99.00' }));
  faults.arm({ name: 'modify-104' });
  story();
  exchange.place(1, 1, request({ lmt: '98.00' }));
  const told = story();
  expect(told.slice(0, 2)).toEqual(['1 BOT 100@99', '1 Filled 100+0']);
  expect(told.at(-1)).toBe('1 error 104');
  expect(holding()).toEqual(['100']);
});

test('[GWY-5] order-vanished: one working order by its role, nothing else is touched', () => {
  const { exchange, faults, story } = open();
  placeBracket(exchange);
  story();
  faults.arm({ name: 'order-vanished', role: 'stop', symbol: 'IBM' });
  expect(story()).toEqual(['(3 Cancelled)']);
  expect(listed()).toEqual([2]);
  expect(holding()).toEqual(['100']);
  rig.market.quoteText('IBM', '90.00x500 90.02x500');
  expect(holding()).toEqual(['100']);
  faults.arm({ name: 'order-vanished', role: 'parent', count: 1 });
  expect(listed()).toEqual([2]);
  faults.arm({ name: 'order-vanished', action: 'SELL' });
  expect(listed()).toEqual([]);
});

test('[GWY-5] order-vanished waits, armed, until an order fits', async () => {
  const { exchange, faults } = open();
  faults.arm({ name: 'order-vanished', role: 'target', everyMs: 10 });
  placeBracket(exchange);
  const armed = () => faults.list().find(({ name }) => name === 'order-vanished');
  for (let round = 0; round < 200 && listed().includes(2); round += 1) {
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  expect(listed()).toEqual([3]);
  expect(armed()).toMatchObject({ armed: [], hits: 1 });
});

test('[GWY-5] account-values-lag: values stay as they were, positions are told, then all is right', () => {
  const { exchange, faults, market, story } = open();
  faults.arm({ name: 'account-values-lag', seconds: 60 });
  exchange.place(1, 1, request());
  expect(story().at(-1)).toBe('position IBM 100');
  expect([value('TotalCashValue'), value('GrossPositionValue')]).toEqual(['100000.00', '0.00']);
  market.quoteText('IBM', '109.99x1000 110.01x1000');
  later(30);
  exchange.place(1, 2, request({ action: 'SELL' }));
  later(29);
  expect([value('TotalCashValue'), value('NetLiquidation')]).toEqual(['100000.00', '100000.00']);
  story();
  later(1);
  // The position again, so that who follows the account looks at its values.
  expect(story()).toEqual(['position IBM 0']);
  expect(value('TotalCashValue')).toBe('100995.00');
  exchange.place(1, 3, request());
  expect(value('TotalCashValue')).not.toBe('100995.00');
});
