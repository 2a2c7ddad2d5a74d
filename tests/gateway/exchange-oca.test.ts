import { afterEach, expect, test } from '@jest/globals';
import { text } from '../../domain/money.js';
import { createRig, placeBracket, request } from './support/exchange.js';
import type { Rig, RigOptions } from './support/exchange.js';

let rig: Rig;
afterEach(() => rig.close());
const open = (options?: RigOptions) => (rig = createRig(options));

function sizes(...ids: number[]): string[] {
  return ids.map((id) => {
    const { status, filled, remaining } = rig.order(id);
    return `${status} ${text(filled)}+${text(remaining)}`;
  });
}

/** Two resting buys in one group; the first is then filled by 30. */
function partFilled(ocaType: number, second = '100'): void {
  const { exchange, market } = open();
  const group = { ocaGroup: 'G', ocaType };
  exchange.place(1, 1, request({ lmt: '99.00', ...group }));
  exchange.place(1, 2, request({ lmt: '98.00', quantity: second, ...group }));
  market.quoteText('IBM', '98.98x100 99.00x30');
}

test('[GWY-2] type 1 cancels the others at the first fill; the filled one works on', () => {
  partFilled(1);
  expect(sizes(1, 2)).toEqual(['Submitted 30+70', 'Cancelled 0+100']);
});

test.each([2, 3])('[GWY-2] type %i reduces the others in proportion', (type) => {
  partFilled(type);
  expect(sizes(1, 2)).toEqual(['Submitted 30+70', 'Submitted 0+70']);
  rig.market.quoteText('IBM', '98.98x100 99.00x100');
  expect(sizes(1, 2)).toEqual(['Filled 100+0', 'Cancelled 0+70']);
});

test('[GWY-2] proportion counts for legs of other sizes, rounded to fewer shares', () => {
  partFilled(2, '50');
  expect(sizes(2)).toEqual(['Submitted 0+35']);
  rig.market.quoteText('IBM', '98.98x100 99.00x1');
  expect(sizes(1, 2)).toEqual(['Submitted 31+69', 'Submitted 0+34']);
});

test('[GWY-2] no type given is type 3', () => {
  const { exchange } = open();
  exchange.place(1, 1, request({ lmt: '99.00', ocaGroup: 'G' }));
  expect(rig.order(1).request.ocaType).toBe(3);
});

test('[GWY-2] a later order may join, and counts from then on', () => {
  partFilled(2);
  rig.exchange.place(1, 3, request({ lmt: '97.00', quantity: '70', ocaGroup: 'G', ocaType: 2 }));
  rig.market.quoteText('IBM', '98.98x100 99.00x100');
  expect(sizes(1, 2, 3)).toEqual(['Filled 100+0', 'Cancelled 0+70', 'Cancelled 0+70']);
});

test('[GWY-2] one cancelled, all cancelled', () => {
  partFilled(2);
  rig.exchange.cancel(1, 2);
  expect(sizes(1, 2)).toEqual(['Cancelled 30+70', 'Cancelled 0+70']);
});

test('[GWY-2] a DAY leg takes its GTC sibling along at the close', () => {
  const { exchange, clock } = open({ hours: 'exchange' });
  const group = { ocaGroup: 'G', ocaType: 2 };
  exchange.place(1, 1, request({ lmt: '90.00', ...group }));
  exchange.place(1, 2, request({ lmt: '91.00', tif: 'GTC', ...group }));
  exchange.place(1, 3, request({ lmt: '92.00', tif: 'GTC' }));
  clock.nowMs = Date.parse('2026-11-23T15:59:59-05:00');
  exchange.tick();
  expect(exchange.openOrders()).toHaveLength(3);
  clock.nowMs = Date.parse('2026-11-23T16:00:00-05:00');
  exchange.tick();
  expect(sizes(1, 2, 3)).toEqual(['Cancelled 0+100', 'Cancelled 0+100', 'Submitted 0+100']);
});

test('[GWY-2] a refused leg leaves its sibling alone', () => {
  const { exchange, faults } = open();
  faults.arm({ name: 'child-refused', orderType: 'LMT' });
  placeBracket(exchange);
  expect(sizes(1, 2, 3)).toEqual(['Filled 100+0', 'Inactive 0+100', 'PreSubmitted 0+100']);
});

test('[GWY-2] a modification to another group or type is 10326', () => {
  partFilled(2);
  const wish = { lmt: '98.00', quantity: '70' };
  rig.story();
  rig.exchange.place(1, 2, request({ ...wish, ocaGroup: 'H' }));
  rig.exchange.place(1, 2, request({ ...wish, ocaGroup: 'G', ocaType: 1 }));
  expect(rig.story()).toEqual(['2 error 10326', '2 error 10326']);
  rig.exchange.place(1, 2, request({ ...wish, ocaGroup: 'G', ocaType: 2 }));
  expect(rig.story()).toEqual(['2 Submitted 0+70']);
});

test('[GWY-2] groups of the same name in other accounts are other groups', () => {
  const { exchange, market } = open({ accounts: ['DU1000001', 'DU1000002'] });
  exchange.place(1, 1, request({ lmt: '99.00', ocaGroup: 'G' }));
  exchange.place(1, 2, request({ lmt: '90.00', ocaGroup: 'G', account: 'DU1000002' }));
  market.quoteText('IBM', '98.98x100 99.00x100');
  expect(sizes(1, 2)).toEqual(['Filled 100+0', 'Submitted 0+100']);
});
