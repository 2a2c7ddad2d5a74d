/** What a person has set in the terminal's windows keeps orders from the broker. */
import { afterEach, expect, test } from '@jest/globals';
import { decimal } from '../../domain/money.js';
import { openTerminal } from '../../gateway/exchange/terminal.js';
import { createRig, request, type Rig } from './support/exchange.js';

let rig: Rig;
afterEach(() => rig.close());

test('[GWY-2] a read-only API takes no order and no change of one, and cancels go on', () => {
  const terminal = openTerminal();
  rig = createRig({ terminal });
  rig.exchange.place(1, 1, request({ lmt: '99.00' }));
  terminal.readOnly = true;
  rig.exchange.place(1, 1, request({ lmt: '98.00' }));
  rig.exchange.place(1, 2, request());
  expect(rig.story().slice(2)).toEqual(['1 error 321', '2 error 321']);
  expect(String(rig.order(1).request.lmtPrice)).toBe('99');
  rig.exchange.cancel(1, 1);
  expect(rig.exchange.openOrders()).toEqual([]);
  terminal.readOnly = false;
  rig.exchange.place(1, 3, request());
  expect(rig.story()).toContain('3 Filled 100+0');
});

test('[GWY-2] a size limit of the order precautions refuses what is larger', () => {
  rig = createRig({ terminal: { readOnly: false, orderSizeMax: decimal('100') } });
  rig.exchange.place(1, 1, request({ quantity: '101' }));
  expect(rig.story()).toEqual(['1 error 383']);
  rig.exchange.place(1, 2, request({ quantity: '100' }));
  expect(rig.story()).toContain('2 Filled 100+0');
});
