import { afterEach, expect, test } from '@jest/globals';
import { ZERO, decimal, text } from '../../domain/money.js';
import type { OrderRequest } from '../../gateway/exchange/api.js';
import { createRig, placeBracket, request } from './support/exchange.js';
import type { Rig, RigOptions } from './support/exchange.js';

let rig: Rig;
afterEach(() => rig.close());
const open = (options?: RigOptions) => (rig = createRig(options));

function values(...tags: string[]): string[] {
  const all = rig.exchange.accountValues('DU1000001');
  return tags.map((tag) => all.find((each) => each.tag === tag)?.value ?? '');
}

test('[GWY-2] a new account: all cash, four times the buying power', () => {
  open();
  expect(values('NetLiquidation', 'TotalCashValue', 'BuyingPower', 'InitMarginReq')).toEqual([
    '100000.00',
    '100000.00',
    '400000.00',
    '0.00',
  ]);
});

test('[GWY-2] [SIZ-8] an account in another currency: figures in it, a ledger of dollars with their rate', () => {
  open({ base: { currency: 'EUR', perDollar: decimal('0.92') } });
  const all = rig.exchange.accountValues('DU1000001');
  const told = (tag: string) =>
    all.filter((each) => each.tag === tag).map(({ currency, value }) => `${value} ${currency}`);
  expect(told('NetLiquidation')).toEqual(['92000.00 EUR']);
  expect(told('AvailableFunds')).toEqual(['92000.00 EUR']);
  expect(told('ExchangeRate')).toEqual(['0.9200000 USD', '1.00 EUR', '1.00 BASE']);
  expect(told('CashBalance')).toEqual(['100000.00 USD', '0.00 EUR', '92000.00 BASE']);
});

test('[GWY-2] an account in dollars has one currency in its ledger', () => {
  open();
  const all = rig.exchange.accountValues('DU1000001');
  const rates = all.filter(({ tag }) => tag === 'ExchangeRate');
  expect(rates.map(({ currency, value }) => `${value} ${currency}`)).toEqual([
    '1.00 USD',
    '1.00 BASE',
  ]);
});

test('[GWY-2] a long position is marked to the market, its cost includes the commission', () => {
  const { exchange, market } = open();
  exchange.place(1, 1, request());
  market.quoteText('IBM', '109.99x100 110.01x100');
  expect(values('NetLiquidation', 'TotalCashValue', 'GrossPositionValue', 'UnrealizedPnL')).toEqual(
    ['100997.00', '89997.00', '11000.00', '997.00'],
  );
  expect(values('InitMarginReq', 'AvailableFunds', 'BuyingPower')).toEqual([
    '2750.00',
    '98247.00',
    '392988.00',
  ]);
  const [position] = exchange.positions();
  expect(position && [position.avgCost, position.marketValue].map(text)).toEqual([
    '100.03',
    '11000',
  ]);
});

test('[GWY-2] a short position owes its value', () => {
  const { exchange, market } = open();
  exchange.place(1, 1, request({ action: 'SELL' }));
  market.quoteText('IBM', '89.99x100 90.01x100');
  expect(values('NetLiquidation', 'GrossPositionValue', 'InitMarginReq')).toEqual([
    '100999.00',
    '9000.00',
    '2700.00',
  ]);
  exchange.place(1, 2, request());
  expect(text(exchange.pnl('DU1000001').realized)).toBe('997');
});

test('[GWY-2] a trade through zero closes one side and opens the other', () => {
  const { exchange, story } = open();
  exchange.place(1, 1, request());
  story();
  exchange.place(1, 2, request({ action: 'SELL', quantity: '150' }));
  // (100.00 − 100.03) × 100 less two thirds of the commission of 1.00
  expect(story()).toContain('commission 1 pnl -3.6667');
  const [position] = exchange.positions();
  expect(position && [position.position, position.avgCost].map(text)).toEqual(['-50', '99.993334']);
});

test('[GWY-2] P&L of the day, of the account and of one contract', () => {
  const { exchange, market, clock } = open();
  exchange.place(1, 1, request());
  const [position] = exchange.positions();
  const conId = position?.contract.conId ?? 0;
  market.quoteText('IBM', '109.99x1000 110.01x1000');
  expect(text(exchange.pnl('DU1000001', conId).daily)).toBe('997');
  expect(text(exchange.pnl('DU1000001').daily)).toBe('997');
  clock.nowMs = Date.parse('2026-11-24T00:00:01-05:00');
  exchange.tick();
  expect(text(exchange.pnl('DU1000001').daily)).toBe('0');
  market.quoteText('IBM', '104.99x1000 105.01x1000');
  exchange.place(1, 2, request({ action: 'SELL', quantity: '40' }));
  const single = exchange.pnl('DU1000001', conId);
  expect([single.daily, single.realized, single.unrealized, single.position].map(text)).toEqual([
    '-501.4',
    '197.4',
    '298.2',
    '60',
  ]);
  expect(text(exchange.pnl('DU1000001').daily)).toBe('-501.4');
});

test('[GWY-2] what-if: margins and commission, and nothing happens', () => {
  const { exchange } = open();
  const answer = exchange.whatIf(request({ quantity: '300', whatIf: true }));
  if ('error' in answer) throw new Error('refused');
  expect(text(answer.initMarginChange)).toBe('7501.5');
  expect(text(answer.initMarginAfter)).toBe('7501.5');
  expect(text(answer.commission)).toBe('1.5');
  expect(exchange.openOrders()).toEqual([]);
  expect(exchange.nextValidId(1)).toBe(1);
  expect(exchange.whatIf(request({ transmit: false }))).toMatchObject({ error: { code: 413 } });
  expect(exchange.whatIf(request({ symbol: 'NOSUCH' }))).toMatchObject({ error: { code: 200 } });
});

/** What-if's change of the initial margin. */
function marginChange(asked: OrderRequest): string {
  const answer = rig.exchange.whatIf({ ...asked, whatIf: true });
  if ('error' in answer) throw new Error(`refused: ${answer.error.message}`);
  return text(answer.initMarginChange);
}

test('[GWY-2] what-if: held shares stay at their mark, only new ones take the order’s price', () => {
  const { exchange, market } = open();
  exchange.place(1, 1, request());
  market.quoteText('IBM', '99.99x1000 100.01x1000');
  // 100 × 50 × 25 %, whatever the market says of the 100 that are there
  expect(marginChange(request({ lmt: '50.00' }))).toBe('1250');
  expect(marginChange(request({ lmt: '120.00' }))).toBe('3000');
  expect(marginChange(request())).toBe('2500.25');
  // 60 close: 60 × 100 × 25 % come free
  expect(marginChange(request({ action: 'SELL', quantity: '60', lmt: '150.00' }))).toBe('-1500');
  // 100 close, 50 open short: 50 × 150 × 30 % less 100 × 100 × 25 %
  expect(marginChange(request({ action: 'SELL', quantity: '150', lmt: '150.00' }))).toBe('-250');
});

test('[GWY-2] what-if: a price that the market is through is reckoned at the quote', () => {
  open();
  const short = { action: 'SELL', quantity: '10' } as const;
  expect(marginChange(request({ ...short, lmt: '1.00' }))).toBe('300');
  expect(marginChange(request({ ...short, lmt: '110.00' }))).toBe('330');
  expect(marginChange(request({ ...short, aux: '105.00' }))).toBe('300');
  expect(marginChange(request({ ...short, aux: '90.00' }))).toBe('270');
  expect(marginChange(request({ quantity: '10', aux: '90.00' }))).toBe('250.05');
  expect(marginChange(request({ quantity: '10', aux: '110.00' }))).toBe('275');
});

test('[GWY-2] a low limit on top of a full account is refused, also by way of a modification', () => {
  const { exchange, market } = open();
  market.quoteText('IBM', '99.99x9000 100.01x9000');
  exchange.place(1, 1, request({ quantity: '3900' }));
  exchange.place(1, 2, request({ lmt: '60.00', quantity: '300' }));
  expect(rig.order(2).status).toBe('Inactive');
  exchange.place(1, 3, request({ lmt: '1.00', quantity: '300' }));
  expect(rig.order(3).status).toBe('Submitted');
  rig.story();
  exchange.place(1, 3, request({ lmt: '60.00', quantity: '300' }));
  expect(rig.story()).toEqual(['3 error 201']);
  expect(rig.order(3).status).toBe('Submitted');
  expect(rig.order(3).request.lmtPrice?.toString()).toBe('1');
});

test('[GWY-2] a larger size is checked without the shares that filled already', () => {
  const { exchange, market } = open();
  market.quoteText('IBM', '99.99x9000 100.00x3000');
  exchange.place(1, 1, request({ lmt: '100.00', quantity: '3500' }));
  expect(text(rig.order(1).filled)).toBe('3000');
  exchange.place(1, 1, request({ lmt: '100.00', quantity: '3800' }));
  expect(text(rig.order(1).request.totalQuantity)).toBe('3800');
  rig.story();
  exchange.place(1, 1, request({ lmt: '100.00', quantity: '4200' }));
  expect(rig.story()).toEqual(['1 error 201']);
});

test('[GWY-2] closing never costs buying power', () => {
  const { exchange, market } = open();
  market.quoteText('IBM', '100.00x9000 100.02x9000');
  exchange.place(1, 1, request({ quantity: '3900' }));
  market.quoteText('IBM', '80.00x9000 80.02x9000');
  exchange.place(1, 2, request({ quantity: '100' }));
  expect(rig.order(2).status).toBe('Inactive');
  exchange.place(1, 3, request({ quantity: '3900', action: 'SELL' }));
  expect(rig.order(3).status).toBe('Filled');
});

test('[GWY-2] accounts are apart', () => {
  const { exchange } = open({ accounts: ['DU1000001', 'DU1000002'] });
  exchange.place(1, 1, request({ account: 'DU1000002' }));
  expect(values('TotalCashValue')).toEqual(['100000.00']);
  expect(exchange.positions().map((each) => each.account)).toEqual(['DU1000002']);
  exchange.place(1, 2, request({ account: '' }));
  expect(rig.story().at(-1)).toBe('2 error 321');
  expect(text(exchange.pnl('nobody').daily)).toBe(text(ZERO));
});

const CLOSED_MS = Date.parse('2026-11-23T18:00:00-05:00');

test('[GWY-2] outside hours: 399 and PreSubmitted; at the opening it goes to work', () => {
  const { exchange, market, clock, story } = open({ hours: 'exchange', at: CLOSED_MS });
  exchange.place(1, 1, request({ lmt: '99.00', tif: 'GTC' }));
  expect(story()).toEqual(['1 PreSubmitted 0+100', '1 error 399']);
  const told = rig.events.find((event) => event.kind === 'error');
  expect(told).toMatchObject({
    message: expect.stringContaining('until 2026-11-24 09:30:00 US/Eastern'),
  });
  market.quoteText('IBM', '98.00x100 98.02x100');
  expect(story()).toEqual([]);
  clock.nowMs = Date.parse('2026-11-24T09:30:00-05:00');
  market.quoteText('IBM', '99.00x100 99.50x100');
  expect(story()).toEqual(['1 Submitted 0+100']);
});

test('[GWY-2] outsideRth: a limit trades before the opening, its stop sleeps', () => {
  const { exchange, market } = open({ hours: 'exchange', at: CLOSED_MS });
  const entry = { lmt: '100.02', outsideRth: true };
  placeBracket(exchange, { entry });
  expect(rig.order(1).status).toBe('Filled');
  market.quoteText('IBM', '94.00x500 94.02x500');
  expect(rig.order(3).status).toBe('PreSubmitted');
});

test('[GWY-2] DAY orders end at the close, those for extended hours at its end', () => {
  const { exchange, clock } = open({ hours: 'exchange' });
  exchange.place(1, 1, request({ lmt: '90.00' }));
  exchange.place(1, 2, request({ lmt: '90.00', outsideRth: true }));
  clock.nowMs = CLOSED_MS;
  exchange.tick();
  expect([1, 2].map((id) => rig.order(id).status)).toEqual(['Cancelled', 'Submitted']);
  clock.nowMs = Date.parse('2026-11-23T20:00:00-05:00');
  exchange.tick();
  expect(rig.order(2).status).toBe('Cancelled');
});

test('[GWY-2] GTD dies at its time, in each of TWS’s notations', () => {
  const { exchange, clock } = open();
  const gtd = { lmt: '90.00', tif: 'GTD' };
  exchange.place(1, 1, request({ ...gtd, goodTillDate: '20261123 10:00:30 US/Eastern' }));
  exchange.place(1, 2, request({ ...gtd, goodTillDate: '20261123-15:00:30' }));
  exchange.place(1, 3, request({ ...gtd, goodTillDate: '20261123 10:00:31' }));
  exchange.place(1, 4, request({ ...gtd, goodTillDate: '20261123 09:00:00' }));
  expect(rig.order(4).status).toBe('Inactive');
  clock.nowMs = Date.parse('2026-11-23T10:00:30-05:00');
  exchange.tick();
  expect([1, 2, 3].map((id) => rig.order(id).status)).toEqual([
    'Cancelled',
    'Cancelled',
    'Submitted',
  ]);
});

test('[GWY-2] past its time an order does not fill, though nobody has looked at the clock', () => {
  const { exchange, market, clock } = open();
  const goodTillDate = '20261123 10:00:30 US/Eastern';
  exchange.place(1, 1, request({ lmt: '90.00', tif: 'GTD', goodTillDate }));
  clock.nowMs = Date.parse('2026-11-23T10:00:30-05:00');
  market.quoteText('IBM', '89.00x100 89.02x100');
  expect(exchange.executions()).toEqual([]);
  exchange.tick();
  expect(rig.order(1).status).toBe('Cancelled');
});

test('[GWY-2] goodAfterTime: it waits until then', () => {
  const { exchange, market, clock } = open();
  exchange.place(1, 1, request({ goodAfterTime: '20261123 10:05:00 US/Eastern' }));
  expect(rig.order(1).status).toBe('PreSubmitted');
  clock.nowMs = Date.parse('2026-11-23T10:05:00-05:00');
  market.quoteText('IBM', '100.00x100 100.02x100');
  expect(rig.order(1).status).toBe('Filled');
});

test('[GWY-2] orders survive their client: another session of it finds and cancels them', () => {
  const { exchange } = open();
  exchange.place(7, 1, request({ lmt: '90.00', orderRef: 'mine' }));
  expect(exchange.openOrders(7)[0]?.request.orderRef).toBe('mine');
  expect(exchange.openOrders(8)).toEqual([]);
  exchange.cancel(7, 1);
  expect(exchange.completedOrders()[0]).toMatchObject({
    completedStatus: 'Cancelled by Trader',
    request: { orderRef: 'mine', totalQuantity: decimal('100') },
  });
});
