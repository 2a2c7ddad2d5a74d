import { afterEach, expect, test } from '@jest/globals';
import { decimal, text } from '../../domain/money.js';
import { createRig, placeBracket, request } from './support/exchange.js';
import type { Rig, RigOptions } from './support/exchange.js';

let rig: Rig;
afterEach(() => rig.close());
const open = (options?: RigOptions) => (rig = createRig(options));

const holding = (): string[] => rig.exchange.positions().map((each) => text(each.position));
const cash = (): string =>
  rig.exchange.accountValues('DU1000001').find((each) => each.tag === 'TotalCashValue')?.value ??
  '';
function later(seconds: number): void {
  rig.clock.nowMs += seconds * 1_000;
  rig.exchange.tick();
}

test('[GWY-5] order-id-rollback: the next id is lower, and those ids are accepted again', () => {
  const { exchange, faults, story } = open();
  for (let id = 1; id <= 5; id += 1) exchange.place(1, id, request());
  faults.arm({ name: 'order-id-rollback', by: 3 });
  expect(exchange.nextValidId(1)).toBe(3);
  story();
  exchange.place(1, 3, request());
  expect(story()).toContain('3 Filled 100+0');
  expect(exchange.nextValidId(1)).toBe(4);
});

test('[GWY-5] a rolled back id that still lives is a modification, or 105', () => {
  const { exchange, faults, story } = open();
  exchange.place(1, 1, request({ lmt: '90.00' }));
  faults.arm({ name: 'order-id-rollback' });
  expect(exchange.nextValidId(1)).toBe(1);
  story();
  exchange.place(1, 1, request({ lmt: '90.00', symbol: 'AAPL' }));
  expect(story()).toEqual(['1 error 105']);
});

test('[GWY-5] late-commission: the report comes later, the money is gone at once', () => {
  const { exchange, faults, story } = open();
  faults.arm({ name: 'late-commission', seconds: 2 });
  exchange.place(1, 1, request());
  expect(story().filter((line) => line.startsWith('commission'))).toEqual([]);
  expect(cash()).toBe('89997.00');
  later(1);
  expect(story()).toEqual([]);
  later(1);
  expect(story()).toEqual(['commission 1']);
});

test('[GWY-5] execution-correction: .02 with another price; cash and cost follow', () => {
  const { exchange, faults, story } = open();
  faults.arm({ name: 'execution-correction', ticks: 5 });
  exchange.place(1, 1, request());
  later(1);
  const [first, second] = exchange.executions().map(({ execution }) => execution);
  expect(first?.execId.endsWith('.01')).toBe(true);
  expect(second?.execId).toBe(first?.execId.replace(/\.01$/, '.02'));
  expect(story().slice(5)).toEqual(['1 BOT 100@100.07', 'commission 1', 'position IBM 100']);
  expect(cash()).toBe('89992.00');
  expect(exchange.positions().map((each) => text(each.avgCost))).toEqual(['100.08']);
  exchange.place(1, 2, request({ action: 'SELL' }));
  expect(text(exchange.pnl('DU1000001').realized)).toBe('-9');
  expect(cash()).toBe('99991.00');
});

test('[GWY-5] a corrected closing trade changes the result', () => {
  const { exchange, faults } = open();
  exchange.place(1, 1, request());
  faults.arm({ name: 'execution-correction', ticks: -10 });
  exchange.place(1, 2, request({ action: 'SELL' }));
  expect(text(exchange.pnl('DU1000001').realized)).toBe('-4');
  later(1);
  expect(text(exchange.pnl('DU1000001').realized)).toBe('-14');
  expect(cash()).toBe('99986.00');
  const report = exchange.executions().at(-1)?.commission;
  expect(text(report?.realizedPnl ?? decimal('0'))).toBe('-14');
});

test('[GWY-5] execution-bust: .02 without shares; all is as before it', () => {
  const { exchange, faults, story } = open();
  exchange.place(1, 1, request());
  faults.arm({ name: 'execution-bust' });
  exchange.place(1, 2, request({ action: 'SELL' }));
  expect(holding()).toEqual([]);
  story();
  later(1);
  expect(story()).toEqual(['2 SLD 0@100', 'commission 0', 'position IBM 100']);
  expect(holding()).toEqual(['100']);
  expect(cash()).toBe('89997.00');
  expect(exchange.positions().map((each) => text(each.avgCost))).toEqual(['100.03']);
  expect(text(exchange.pnl('DU1000001').realized)).toBe('0');
});

/** What the account gained, by its cash and what it holds: realized and unrealized must come to it. */
function expectGain(): void {
  const { realized, unrealized, value } = rig.exchange.pnl('DU1000001');
  expect(text(realized.add(unrealized))).toBe(text(decimal(cash()).add(value).sub('100000')));
}

test('[GWY-5] execution-bust: results come to what the money shows, whichever trade is busted', () => {
  const { exchange, faults, market } = open();
  exchange.place(1, 1, request({ quantity: '150' }));
  faults.arm({ name: 'execution-bust' });
  exchange.place(1, 2, request({ action: 'SELL', quantity: '70' }));
  later(1);
  expectGain();
  expect(text(exchange.pnl('DU1000001').unrealized)).toBe('-2.5');
  // The opening trade is busted after its shares were sold: nothing held, and a result all the same.
  market.quoteText('IBM', '104.99x1000 105.01x1000');
  faults.arm({ name: 'execution-bust', orderRef: 'second', seconds: 5 });
  exchange.place(1, 3, request({ quantity: '150', orderRef: 'second' }));
  exchange.place(1, 4, request({ action: 'SELL', quantity: '150' }));
  expectGain();
  later(5);
  expect(holding()).toEqual([]);
  expectGain();
});

test('[GWY-5] tif-preset-10349: a notice, a changed TIF, and the order lives', () => {
  const { exchange, faults, story } = open();
  faults.arm({ name: 'tif-preset-10349' });
  exchange.place(1, 1, request({ tif: 'GTC' }));
  expect(story().slice(0, 3)).toEqual([
    '1 error 10349',
    '1 PreSubmitted 0+100',
    '1 BOT 100@100.02',
  ]);
  expect(rig.order(1).request.tif).toBe('DAY');
});

test('[GWY-5] rejected-201-inactive: 201, then Inactive; its cancel is 10148', () => {
  const { exchange, faults, story } = open();
  faults.arm({ name: 'rejected-201-inactive', symbol: 'IBM' });
  exchange.place(1, 1, request());
  exchange.cancel(1, 1);
  expect(story()).toEqual(['1 error 201', '1 Inactive 0+100', '1 error 10148']);
});

test('[GWY-5] child-refused: its parent lives', () => {
  const { exchange, faults } = open();
  faults.arm({ name: 'child-refused', orderType: 'STP' });
  placeBracket(exchange, { entry: { lmt: '99.00' } });
  expect([1, 2, 3].map((id) => rig.order(id).status)).toEqual([
    'Submitted',
    'PreSubmitted',
    'Inactive',
  ]);
});

test.each([
  ['cancel-10147', 10147],
  ['cancel-10148', 10148],
])('[GWY-5] %s: refused, and the order lives', (name, code) => {
  const { exchange, faults, story } = open();
  exchange.place(1, 1, request({ lmt: '99.00' }));
  faults.arm({ name });
  story();
  exchange.cancel(1, 1);
  expect(story()).toEqual([`1 error ${code}`]);
  expect(rig.order(1).status).toBe('Submitted');
  exchange.cancel(1, 1);
  expect(rig.order(1).status).toBe('Cancelled');
});

test('[GWY-5] modify-110: the old order lives', () => {
  const { exchange, faults, story } = open();
  exchange.place(1, 1, request({ lmt: '99.00' }));
  faults.arm({ name: 'modify-110' });
  story();
  exchange.place(1, 1, request({ lmt: '98.00' }));
  expect(story()).toEqual(['1 error 110']);
  expect(text(rig.order(1).request.lmtPrice ?? decimal('0'))).toBe('99');
});

test('[GWY-5] second-perm-id: the modified order goes on under another permId', () => {
  const { exchange, faults } = open();
  exchange.place(1, 1, request({ lmt: '99.00' }));
  const { permId } = rig.order(1);
  faults.arm({ name: 'second-perm-id' });
  exchange.place(1, 1, request({ lmt: '98.00' }));
  expect(rig.order(1).permId).not.toBe(permId);
  expect(exchange.openOrders()).toHaveLength(1);
});

test('[GWY-5] fill-beats-cancel: PendingCancel, filled, and the cancel is too late', () => {
  const { exchange, faults, story } = open();
  exchange.place(1, 1, request({ lmt: '99.00' }));
  faults.arm({ name: 'fill-beats-cancel' });
  story();
  exchange.cancel(1, 1);
  expect(story()).toEqual([
    '1 PendingCancel 0+100',
    '1 BOT 100@99',
    '1 Filled 100+0',
    'commission 1',
    'position IBM 100',
    '1 error 161',
  ]);
});

test('[GWY-5] oca-overfill: both exits of a type 3 group fill', () => {
  const { exchange, faults, market } = open();
  placeBracket(exchange);
  faults.arm({ name: 'oca-overfill' });
  market.quoteText('IBM', '94.00x500 94.02x500');
  expect([2, 3].map((id) => rig.order(id).status)).toEqual(['Filled', 'Filled']);
  expect(holding()).toEqual(['-100']);
});

test('[GWY-5] oca-overfill spares groups of type 2', () => {
  const { exchange, faults, market } = open();
  placeBracket(exchange, { target: { ocaType: 2 }, stop: { ocaType: 2 } });
  faults.arm({ name: 'oca-overfill' });
  market.quoteText('IBM', '94.00x500 94.02x500');
  expect(holding()).toEqual([]);
});

test('[GWY-5] external-order: an order of nobody, under client 0 without an id', () => {
  const { exchange, faults } = open();
  faults.arm({ name: 'external-order', symbol: 'IBM', action: 'SELL', quantity: 7, limit: 105 });
  const [order] = exchange.openOrders();
  expect(order).toMatchObject({ clientId: 0, orderId: 0, status: 'Submitted' });
  expect(order?.request).toMatchObject({ action: 'SELL', orderRef: '' });
  faults.arm({ name: 'external-order', symbol: 'IBM', quantity: '5' });
  expect(holding()).toEqual(['5']);
});

test('[GWY-5] manual-close: the position goes, working exits stay', () => {
  const { exchange, faults } = open();
  placeBracket(exchange);
  faults.arm({ name: 'manual-close', symbol: 'IBM' });
  expect(holding()).toEqual([]);
  expect(exchange.openOrders()).toHaveLength(2);
});

test('[GWY-5] day-expiry: DAY orders are cancelled, GTC ones stay', () => {
  const { exchange, faults } = open();
  exchange.place(1, 1, request({ lmt: '90.00' }));
  exchange.place(1, 2, request({ lmt: '90.00', tif: 'GTC' }));
  faults.arm({ name: 'day-expiry' });
  expect([1, 2].map((id) => rig.order(id).status)).toEqual(['Cancelled', 'Submitted']);
});

test('[GWY-5] halt: nothing fills until its seconds are over', () => {
  const { exchange, faults } = open();
  faults.arm({ name: 'halt', symbol: 'IBM', seconds: 2 });
  exchange.place(1, 1, request());
  expect(rig.order(1).status).toBe('Submitted');
  later(2);
  expect(rig.order(1).status).toBe('Filled');
});

test('[GWY-5] locate-hold: Inactive, whyHeld locate, 404; it lives and can be cancelled', () => {
  const { exchange, faults, story } = open();
  faults.arm({ name: 'locate-hold', count: 2 });
  exchange.place(1, 1, request({ action: 'SELL' }));
  expect(story()).toEqual(['1 Inactive/locate 0+100', '1 error 404']);
  expect(exchange.openOrders()).toHaveLength(1);
  exchange.cancel(1, 1);
  expect(story().at(-1)).toBe('1 error 202');
  exchange.place(1, 2, request());
  story();
  exchange.place(1, 3, request({ action: 'SELL' }));
  expect(story()).toContain('3 Filled 100+0');
});

test('[GWY-5] locate-hold with seconds: found in the end', () => {
  const { exchange, faults } = open();
  faults.arm({ name: 'locate-hold', seconds: 5 });
  exchange.place(1, 1, request({ action: 'SELL' }));
  later(5);
  expect(rig.order(1).status).toBe('Filled');
});

test('[GWY-5] overnight-split: twice the shares at half the price, working orders cancelled', () => {
  const { exchange, faults, market } = open();
  placeBracket(exchange);
  faults.arm({ name: 'overnight-split', symbol: 'IBM' });
  expect(holding()).toEqual(['200']);
  expect(text(exchange.positions()[0]?.avgCost ?? decimal('0'))).toBe('50.015');
  expect(text(market.quote('IBM')?.bid ?? decimal('0'))).toBe('49.99');
  expect(exchange.openOrders()).toEqual([]);
});

test('[GWY-5] midnight-execution-loss: today’s lists are empty, positions and orders stay', () => {
  const { exchange, faults } = open();
  placeBracket(exchange);
  faults.arm({ name: 'midnight-execution-loss' });
  expect(exchange.executions()).toEqual([]);
  expect(exchange.completedOrders()).toEqual([]);
  expect(holding()).toEqual(['100']);
  expect(exchange.openOrders()).toHaveLength(2);
});
