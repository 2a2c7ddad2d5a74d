import { afterEach, describe, expect, test } from '@jest/globals';
import { decimal, text } from '../../domain/money.js';
import { createRig, placeBracket, request } from './support/exchange.js';
import type { Rig, RigOptions } from './support/exchange.js';

let rig: Rig;
afterEach(() => rig.close());
const open = (options?: RigOptions) => (rig = createRig(options));

describe('one order', () => {
  test('[GWY-2] MKT: PreSubmitted, execution, Filled, commission', () => {
    const { exchange, story } = open();
    exchange.place(1, 1, request());
    expect(story()).toEqual([
      '1 PreSubmitted 0+100',
      '1 BOT 100@100.02',
      '1 Filled 100+0',
      'commission 1',
      'position IBM 100',
    ]);
    expect(rig.order(1).completedStatus).toBe('Filled Size: 100');
  });

  test('[GWY-2] LMT rests as Submitted; a cancel gives PendingCancel, Cancelled, then 202', () => {
    const { exchange, story } = open();
    exchange.place(1, 1, request({ lmt: '99.00' }));
    expect(story()).toEqual(['1 PreSubmitted 0+100', '1 Submitted 0+100']);
    exchange.cancel(1, 1);
    expect(story()).toEqual(['1 PendingCancel 0+100', '1 Cancelled 0+100', '1 error 202']);
    expect(exchange.openOrders()).toEqual([]);
  });

  test('[GWY-2] STP waits PreSubmitted for its trigger, then is Submitted and fills', () => {
    const { exchange, market, story } = open();
    exchange.place(1, 1, request());
    exchange.place(1, 2, request({ action: 'SELL', aux: '99.00' }));
    expect(story().slice(5)).toEqual(['2 PreSubmitted/trigger 0+100']);
    market.quoteText('IBM', '99.00x30 99.02x100');
    expect(story()).toEqual([
      '2 Submitted 0+100',
      '2 SLD 30@99',
      '2 Submitted 30+70',
      'commission 1 pnl -31.9',
      'position IBM 70',
    ]);
    market.quoteText('IBM', '98.50x100 99.02x100');
    expect(story().slice(0, 2)).toEqual(['2 SLD 70@98.5', '2 Filled 100+0']);
  });

  test('[GWY-2] a stop already through the market triggers at once', () => {
    const { exchange, story } = open();
    exchange.place(1, 1, request({ action: 'SELL', aux: '100.00' }));
    expect(story().slice(0, 3)).toEqual([
      '1 PreSubmitted/trigger 0+100',
      '1 Submitted 0+100',
      '1 SLD 100@100',
    ]);
  });

  test('[GWY-2] IOC: the rest is cancelled; FOK unfilled is Inactive', () => {
    const { exchange, story } = open();
    exchange.place(1, 1, request({ quantity: '1500', lmt: '100.02', tif: 'IOC' }));
    expect(story().slice(2)).toEqual([
      '1 Submitted 1000+500',
      'commission 5',
      'position IBM 1000',
      '1 PendingCancel 1000+500',
      '1 Cancelled 1000+500',
      '1 error 202',
    ]);
    exchange.place(1, 2, request({ quantity: '2000', lmt: '100.05', tif: 'FOK' }));
    expect(story()).toEqual(['2 PreSubmitted 0+2000', '2 Submitted 0+2000', '2 Inactive 0+2000']);
  });

  test('[GWY-2] IOC unfilled: PendingCancel, then Cancelled', () => {
    const { exchange, story } = open();
    exchange.place(1, 1, request({ lmt: '99.00', tif: 'IOC' }));
    expect(story().slice(-3)).toEqual([
      '1 PendingCancel 0+100',
      '1 Cancelled 0+100',
      '1 error 202',
    ]);
  });

  test('[GWY-2] an empty TIF is DAY; an opening trade has no realized P&L', () => {
    const { exchange } = open();
    exchange.place(1, 1, request({ tif: '' }));
    expect(rig.order(1).request.tif).toBe('DAY');
    const [first] = exchange.executions();
    expect(first?.commission).not.toHaveProperty('realizedPnl');
    expect(first?.execution.execId).toMatch(/^[0-9a-f]{8}\.[0-9a-f]{8}\.01\.01$/);
  });

  test('[GWY-2] STP LMT triggers into a limit order', () => {
    const { exchange, market, story } = open();
    const stop = request({ action: 'SELL', aux: '99.00' });
    exchange.place(1, 1, { ...stop, orderType: 'STP LMT', lmtPrice: decimal('98.90') });
    market.quoteText('IBM', '98.50x500 98.60x100');
    expect(story()).toEqual(['1 PreSubmitted/trigger 0+100', '1 Submitted 0+100']);
    market.quoteText('IBM', '98.95x500 98.97x100');
    expect(story().slice(0, 2)).toEqual(['1 SLD 100@98.95', '1 Filled 100+0']);
  });

  test('[GWY-2] TRAIL follows favourable moves only', () => {
    const { exchange, market, story } = open();
    exchange.place(1, 1, request());
    const trail = request({ action: 'SELL', orderType: 'TRAIL', tif: 'GTC' });
    exchange.place(1, 2, { ...trail, auxPrice: decimal('1.00') });
    const stop = () => text(rig.order(2).trailStopPrice ?? decimal('0'));
    expect(stop()).toBe('99');
    market.quoteText('IBM', '102.00x500 102.02x500');
    expect(stop()).toBe('101');
    market.quoteText('IBM', '101.50x500 101.52x500');
    expect(stop()).toBe('101');
    story();
    market.quoteText('IBM', '100.90x500 101.02x500');
    expect(story().slice(0, 3)).toEqual(['2 Submitted 0+100', '2 SLD 100@100.9', '2 Filled 100+0']);
  });

  test('[GWY-2] TRAIL: the stop price that the exchange chose is told', () => {
    const { exchange, events } = open();
    exchange.place(1, 1, {
      ...request({ action: 'SELL', orderType: 'TRAIL' }),
      auxPrice: decimal('1.00'),
    });
    const stops = events.map((event) => event.kind === 'order' && event.order.trailStopPrice);
    expect(stops.map((stop) => stop && text(stop)).at(-1)).toBe('99');
  });

  test('[GWY-2] TRAIL by percent is rounded to the tick; without an amount it is 158', () => {
    const { exchange } = open();
    const trail = request({ action: 'SELL', orderType: 'TRAIL' });
    exchange.place(1, 1, { ...trail, trailingPercent: decimal('1.5') });
    expect(text(rig.order(1).trailStopPrice ?? decimal('0'))).toBe('98.5');
    exchange.place(1, 2, trail);
    expect(rig.story().at(-1)).toBe('2 error 158');
  });
});

describe('what is refused', () => {
  const refused: [string, ReturnType<typeof request>, number][] = [
    ['size zero', request({ quantity: '0' }), 160],
    ['off the grid', request({ lmt: '99.005' }), 110],
    ['no limit price', request({ orderType: 'LMT' }), 463],
    ['unknown symbol', request({ symbol: 'NOSUCH' }), 200],
    ['unknown account', request({ account: 'DU9' }), 321],
    ['unknown type', request({ orderType: 'HOPE' }), 321],
    ['foreign type', request({ orderType: 'MOC' }), 387],
    ['IOC stop', request({ aux: '99.00', tif: 'IOC' }), 111],
    ['GTD without date', request({ tif: 'GTD' }), 391],
    ['child of nobody', request({ parentId: 77 }), 10006],
    ['a condition', request({ echoed: { conditions: '1' } }), 321],
    ['fractional stop', request({ aux: '99.00', quantity: '1.5' }), 10318],
  ];
  test.each(refused)('[GWY-2] %s: error only, the order never exists', (_what, wrong, code) => {
    const { exchange, story } = open();
    exchange.place(1, 1, wrong);
    expect(story()).toEqual([`1 error ${code}`]);
    expect(exchange.openOrders()).toEqual([]);
    expect(exchange.completedOrders()).toEqual([]);
    expect(exchange.nextValidId(1)).toBe(1);
  });

  test('[GWY-2] beyond buying power: 201, then Inactive; buying power is four times the equity', () => {
    const { exchange, story } = open();
    exchange.place(1, 1, request({ quantity: '4000', lmt: '100.01' }));
    expect(story()).toEqual(['1 error 201', '1 Inactive 0+4000']);
    exchange.place(1, 2, request({ quantity: '3990', lmt: '100.00' }));
    expect(story()).toEqual(['2 PreSubmitted 0+3990', '2 Submitted 0+3990']);
  });

  test('[GWY-2] children of a refused parent: 135', () => {
    const { exchange, story } = open();
    placeBracket(exchange, { entry: { quantity: '5000' } });
    expect(story()).toEqual(['1 error 201', '1 Inactive 0+5000', '2 error 135', '3 error 135']);
  });

  test('[GWY-2] outsideRth on MKT is ignored with the notice 2109', () => {
    const { exchange, story } = open();
    exchange.place(1, 1, request({ outsideRth: true }));
    expect(story().slice(0, 3)).toEqual([
      '1 error 2109',
      '1 PreSubmitted 0+100',
      '1 BOT 100@100.02',
    ]);
    expect(rig.order(1).request.outsideRth).toBe(false);
  });
});

describe('order ids', () => {
  test('[GWY-2] an id at or below an earlier one is 103, of a filled order 104', () => {
    const { exchange, story } = open();
    exchange.place(1, 5, request());
    story();
    exchange.place(1, 5, request());
    exchange.place(1, 4, request());
    expect(story()).toEqual(['5 error 104', '4 error 103']);
    expect(exchange.nextValidId(1)).toBe(6);
    expect(exchange.nextValidId(2)).toBe(1);
  });

  test('[GWY-2] ids count per client, permIds per account', () => {
    const { exchange } = open();
    exchange.place(1, 1, request({ lmt: '90.00' }));
    exchange.place(2, 1, request({ lmt: '91.00' }));
    const [one, two] = [rig.order(1, 1), rig.order(1, 2)];
    expect(two.permId).toBeGreaterThan(one.permId);
    expect(exchange.openOrders(2)).toHaveLength(1);
    expect(exchange.openOrders()).toHaveLength(2);
  });

  test('[GWY-2] cancel: unknown 10147, finished 10148, another client never finds it', () => {
    const { exchange, story } = open();
    exchange.place(1, 1, request());
    exchange.place(1, 2, request({ lmt: '90.00' }));
    story();
    exchange.cancel(1, 9);
    exchange.cancel(1, 1);
    exchange.cancel(2, 2);
    expect(story()).toEqual(['9 error 10147', '1 error 10148', '2 error 10147']);
    exchange.globalCancel();
    expect(exchange.openOrders()).toEqual([]);
  });
});

describe('modification', () => {
  test('[GWY-2] the same id with a new price moves the order', () => {
    const { exchange, story } = open();
    exchange.place(1, 1, request({ lmt: '99.00' }));
    const { permId } = rig.order(1);
    exchange.place(1, 1, request({ lmt: '99.50', quantity: '120' }));
    expect(story().at(-1)).toBe('1 Submitted 0+120');
    expect(rig.order(1)).toMatchObject({ permId, request: { lmtPrice: decimal('99.50') } });
    exchange.place(1, 1, request({ lmt: '100.02', quantity: '120' }));
    expect(story()).toContain('1 Filled 120+0');
  });

  const bad: [string, ReturnType<typeof request>, number][] = [
    ['other side', request({ lmt: '99.00', action: 'SELL' }), 105],
    ['other symbol', request({ lmt: '99.00', symbol: 'AAPL' }), 105],
    ['other type', request({ aux: '101.00' }), 329],
    ['off the grid', request({ lmt: '99.001' }), 110],
    ['into a group', request({ lmt: '99.00', ocaGroup: 'G' }), 10326],
    ['size zero', request({ lmt: '99.00', quantity: '0' }), 160],
    ['beyond buying power', request({ lmt: '99.00', quantity: '9999' }), 201],
  ];
  test.each(bad)('[GWY-2] %s: error, the old order works on', (_what, wrong, code) => {
    const { exchange, story, market } = open();
    exchange.place(1, 1, request({ lmt: '99.00' }));
    story();
    exchange.place(1, 1, wrong);
    expect(story()).toEqual([`1 error ${code}`]);
    market.quoteText('IBM', '98.90x100 99.00x100');
    expect(story()).toContain('1 BOT 100@99');
  });

  test('[GWY-2] transmit=0 changes nothing', () => {
    const { exchange, story } = open();
    exchange.place(1, 1, request({ lmt: '99.00' }));
    story();
    exchange.place(1, 1, request({ lmt: '98.00', transmit: false }));
    expect(story()).toEqual([]);
    expect(rig.order(1).request.lmtPrice).toEqual(decimal('99.00'));
  });
});

describe('staged orders', () => {
  test('[GWY-2] transmit=0: nothing at all is seen, nor after a restart', () => {
    const { exchange, story } = open();
    exchange.place(1, 1, request({ transmit: false }));
    expect(story()).toEqual([]);
    expect(exchange.openOrders()).toEqual([]);
    rig.restart();
    expect(rig.exchange.openOrders()).toEqual([]);
    expect(rig.exchange.nextValidId(1)).toBe(2);
    rig.exchange.place(1, 1, request());
    expect(rig.order(1).status).toBe('Filled');
  });

  test('[GWY-2] the id again with transmit=1 releases it', () => {
    const { exchange, story } = open();
    exchange.place(1, 1, request({ lmt: '99.00', transmit: false }));
    exchange.place(1, 1, request({ lmt: '98.00' }));
    expect(story()).toEqual(['1 PreSubmitted 0+100', '1 Submitted 0+100']);
    expect(rig.order(1).request.lmtPrice).toEqual(decimal('98.00'));
  });

  test('[GWY-2] cancelled, it is 202 and gone with its children', () => {
    const { exchange, story } = open();
    exchange.place(1, 1, request({ transmit: false }));
    exchange.place(1, 2, request({ lmt: '110.00', action: 'SELL', parentId: 1, transmit: false }));
    exchange.cancel(1, 1);
    expect(story()).toEqual(['2 error 202', '1 error 202']);
    expect(exchange.counts().staged).toBe(0);
  });
});
