import { afterEach, describe, expect, test } from '@jest/globals';
import { text } from '../../domain/money.js';
import { createRig, placeBracket, request } from './support/exchange.js';
import type { Rig, RigOptions } from './support/exchange.js';

let rig: Rig;
afterEach(() => rig.close());
const open = (options?: RigOptions) => (rig = createRig(options));

/** How the exits stand: `2 Submitted 0+100`, or why they are held. */
function exits(): string[] {
  return [2, 3].map((id) => {
    const { status, whyHeld, filled, remaining } = rig.order(id);
    return `${status}${whyHeld ? `/${whyHeld}` : ''} ${text(filled)}+${text(remaining)}`;
  });
}

const LIVE_PAIR = (size: number) => [`Submitted 0+${size}`, `PreSubmitted/trigger 0+${size}`];
const HELD_PAIR = ['PreSubmitted/child 0+100', 'PreSubmitted/child,trigger 0+100'];
const DEAD_PAIR = ['Cancelled 0+100', 'Cancelled 0+100'];

describe('the transmit chain', () => {
  test('[GWY-2] nothing is seen before the last child; then all, and the parent fills last', () => {
    const { exchange, story } = open();
    exchange.place(1, 1, request({ transmit: false }));
    exchange.place(1, 2, request({ action: 'SELL', lmt: '110.00', parentId: 1, transmit: false }));
    expect(story()).toEqual([]);
    exchange.place(1, 3, request({ action: 'SELL', aux: '95.00', parentId: 1 }));
    expect(story()).toEqual([
      '1 PreSubmitted 0+100',
      '2 PreSubmitted/child 0+100',
      '3 PreSubmitted/child,trigger 0+100',
      '1 BOT 100@100.02',
      '1 Filled 100+0',
      'commission 1',
      'position IBM 100',
      '2 Submitted 0+100',
      '3 PreSubmitted/trigger 0+100',
    ]);
  });

  test('[GWY-2] children get a group named after the permId of their parent, type 3', () => {
    const { exchange } = open();
    placeBracket(exchange, { entry: { lmt: '99.00' } });
    const { permId } = rig.order(1);
    for (const id of [2, 3]) {
      expect(rig.order(id)).toMatchObject({
        parentPermId: permId,
        request: { ocaGroup: String(permId), ocaType: 3 },
      });
    }
  });

  test('[GWY-2] a given group and type are kept', () => {
    const { exchange } = open();
    const group = { ocaGroup: 'mine', ocaType: 2 };
    placeBracket(exchange, { stop: group, target: group });
    expect(rig.order(2).request).toMatchObject(group);
    expect(rig.order(3).request).toMatchObject(group);
  });

  test('[GWY-2] a child before its parent is 10006; the parent sent later is not touched by it', () => {
    const { exchange, story } = open();
    exchange.place(1, 2, request({ action: 'SELL', aux: '95.00', parentId: 1 }));
    expect(story()).toEqual(['2 error 10006']);
  });

  test('[GWY-2] two families of one client are released apart', () => {
    const { exchange } = open();
    exchange.place(1, 1, request({ lmt: '99.00', transmit: false }));
    exchange.place(1, 2, request({ lmt: '98.00', transmit: false }));
    exchange.place(1, 3, request({ action: 'SELL', aux: '95.00', parentId: 1 }));
    expect(exchange.openOrders().map((order) => order.orderId)).toEqual([1, 3]);
    expect(exchange.counts().staged).toBe(1);
  });
});

describe('while the parent works', () => {
  test('[GWY-2] the children sleep, whatever the market does', () => {
    const { exchange, market } = open();
    placeBracket(exchange, { entry: { lmt: '90.00' } });
    market.quoteText('IBM', '94.00x500 94.02x500');
    market.quoteText('IBM', '111.00x500 111.02x500');
    expect(exits()).toEqual(HELD_PAIR);
  });

  test('[GWY-2] parent cancelled: children cancelled, 202 each', () => {
    const { exchange, story } = open();
    placeBracket(exchange, { entry: { lmt: '90.00' } });
    story();
    exchange.cancel(1, 1);
    expect(story().filter((line) => line.includes('202'))).toHaveLength(3);
    expect(exits()).toEqual(DEAD_PAIR);
  });

  test('[GWY-2] a child modified with an empty group stays in its group', () => {
    const { exchange, market } = open();
    placeBracket(exchange);
    exchange.place(1, 3, request({ action: 'SELL', aux: '96.00', tif: 'GTC', parentId: 1 }));
    expect(rig.order(3).request.ocaGroup).toBe(rig.order(2).request.ocaGroup);
    market.quoteText('IBM', '96.00x500 96.02x500');
    expect(rig.order(2).status).toBe('Cancelled');
  });

  test('[GWY-2] modifying one child does not change the other', () => {
    const { exchange, story } = open();
    placeBracket(exchange);
    story();
    exchange.place(1, 2, request({ action: 'SELL', lmt: '111.00', tif: 'GTC', parentId: 1 }));
    expect(story()).toEqual(['2 Submitted 0+100']);
  });
});

describe('after the fill', () => {
  test('[GWY-2] target filled: stop cancelled with 202', () => {
    const { exchange, market, story } = open();
    placeBracket(exchange);
    story();
    market.quoteText('IBM', '110.00x500 110.02x500');
    expect(story()).toEqual([
      '2 SLD 100@110',
      '2 Filled 100+0',
      'commission 1 pnl 996',
      'position IBM 0',
      '3 PendingCancel/trigger 0+100',
      '3 Cancelled 0+100',
      '3 error 202',
    ]);
  });

  test('[GWY-2] one child cancelled: its sibling goes too', () => {
    const { exchange, story } = open();
    placeBracket(exchange);
    story();
    exchange.cancel(1, 3);
    expect(exits()).toEqual(DEAD_PAIR);
    expect(story().filter((line) => line.includes('202'))).toEqual(['3 error 202', '2 error 202']);
  });

  test('[GWY-2] the sibling of a cancelled child goes while the market is closed, too', () => {
    const { exchange, clock } = open({ hours: 'exchange' });
    placeBracket(exchange);
    clock.nowMs = Date.parse('2026-11-24T05:00:00-05:00');
    exchange.tick();
    expect(exits()).toEqual(LIVE_PAIR(100));
    exchange.cancel(1, 2);
    expect(exits()).toEqual(DEAD_PAIR);
  });

  test('[GWY-2] a stop already through the market triggers on the quote that filled its parent', () => {
    const { exchange } = open();
    placeBracket(exchange, { stop: { aux: '100.01' } });
    expect(rig.order(3).status).toBe('Filled');
    expect(exchange.positions()).toEqual([]);
  });
});

/** A parent of 100 filled by 40, then cancelled: what the exits are before and after. */
function partFill(switches: RigOptions['switches']): [before: string[], after: string[]] {
  const { exchange, market } = open(switches ? { switches } : {});
  market.quoteText('IBM', '99.98x1000 100.00x40');
  placeBracket(exchange, { entry: { lmt: '100.00' } });
  const before = exits();
  exchange.cancel(1, 1);
  return [before, exits()];
}

describe('the six switches: a parent of 100, filled by 40, then cancelled', () => {
  test('[GWY-2] scaled × keeps (default): exits of 40 before and after', () => {
    expect(partFill(undefined)).toEqual([LIVE_PAIR(40), LIVE_PAIR(40)]);
  });
  test('[GWY-2] scaled × kills', () => {
    const [before, after] = partFill({ children: 'scaled', parentCancel: 'kills' });
    expect(before).toEqual(LIVE_PAIR(40));
    expect(after).toEqual(['Cancelled 0+40', 'Cancelled 0+40']);
  });
  test('[GWY-2] full_size_on_first_fill × keeps: exits of 100 over 40 shares', () => {
    const [before, after] = partFill({ children: 'full_size_on_first_fill' });
    expect([before, after]).toEqual([LIVE_PAIR(100), LIVE_PAIR(100)]);
  });
  test('[GWY-2] full_size_on_first_fill × kills', () => {
    const switches = { children: 'full_size_on_first_fill', parentCancel: 'kills' } as const;
    expect(partFill(switches)).toEqual([LIVE_PAIR(100), DEAD_PAIR]);
  });
  test('[GWY-2] on_complete_fill × keeps: asleep over 40 shares, then exits of 40', () => {
    expect(partFill({ children: 'on_complete_fill' })).toEqual([HELD_PAIR, LIVE_PAIR(40)]);
  });
  test('[GWY-2] on_complete_fill × kills', () => {
    const switches = { children: 'on_complete_fill', parentCancel: 'kills' } as const;
    expect(partFill(switches)).toEqual([HELD_PAIR, DEAD_PAIR]);
  });

  test('[GWY-2] scaled exits grow with their parent, and keep what a client set meanwhile', () => {
    const { exchange, market } = open();
    market.quoteText('IBM', '99.98x1000 100.00x40');
    placeBracket(exchange, { entry: { lmt: '100.00' } });
    const stop = { action: 'SELL', aux: '96.00', tif: 'GTC', parentId: 1, quantity: '40' } as const;
    exchange.place(1, 3, request(stop));
    expect(exits()).toEqual(LIVE_PAIR(40));
    market.quoteText('IBM', '99.98x1000 100.00x35');
    expect(exits()).toEqual(LIVE_PAIR(75));
    market.quoteText('IBM', '99.98x1000 100.00x50');
    expect(exits()).toEqual(LIVE_PAIR(100));
    expect(text(rig.order(3).request.auxPrice ?? rig.order(3).filled)).toBe('96');
  });

  test('[GWY-2] a parent cut to what it has filled is filled, and its children work', () => {
    const { exchange, market } = open({ switches: { children: 'on_complete_fill' } });
    market.quoteText('IBM', '99.98x1000 100.00x40');
    placeBracket(exchange, { entry: { lmt: '100.00' } });
    exchange.place(1, 1, request({ lmt: '100.00', quantity: '40' }));
    expect(rig.order(1).status).toBe('Filled');
    expect(exits()).toEqual(LIVE_PAIR(100));
  });

  test('[GWY-2] a child that joins a part-filled parent works at once for its part', () => {
    const { exchange, market } = open();
    market.quoteText('IBM', '99.98x1000 100.00x40');
    exchange.place(1, 1, request({ lmt: '100.00' }));
    exchange.place(1, 2, request({ action: 'SELL', lmt: '110.00', tif: 'GTC', parentId: 1 }));
    exchange.place(1, 3, request({ action: 'SELL', aux: '95.00', tif: 'GTC', parentId: 1 }));
    expect(exits()).toEqual(LIVE_PAIR(40));
  });
});
