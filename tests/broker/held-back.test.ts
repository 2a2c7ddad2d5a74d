/** The one message of code 399 that says something of the market's open. */
import { expect, test } from '@jest/globals';
import { heldBack } from '../../broker/ibkr/held-back.js';

const said = (until: string) =>
  `Order Message:\nBUY 5 AAPL NASDAQ.NMS\nWarning: your order will not be placed at the exchange until ${until}`;
const opens = (code: number, message: string) => {
  const { heldUntilOpen } = heldBack(code, message, 'America/New_York');
  const { opensMs } = heldUntilOpen ?? { opensMs: undefined };
  return opensMs === null || opensMs === undefined ? opensMs : new Date(opensMs).toISOString();
};

test.each([
  ['2026-11-24 09:30:00 US/Eastern', '2026-11-24T14:30:00.000Z'],
  ['2026-11-24 09:30:00 US/Eastern.', '2026-11-24T14:30:00.000Z'],
  ['2026-07-01 09:30:00 EST', '2026-07-01T13:30:00.000Z'],
  ['2026-11-24 09:30:00', '2026-11-24T14:30:00.000Z'],
  ['20261124 09:30:00 Europe/Berlin', '2026-11-24T08:30:00.000Z'],
  ['2026-11-24 09:30:00 Middle/Earth', null],
  ['the market opens', null],
])('[SIG-5] an order that waits until %s', (until, expected) => {
  expect(opens(399, said(until))).toBe(expected);
});

test('[SIG-5] other order messages, and other codes, say nothing of it', () => {
  expect(opens(399, 'Order Message:\nSELL 5 AAPL\nWarning: price was capped')).toBeUndefined();
  expect(opens(404, said('2026-11-24 09:30:00 US/Eastern'))).toBeUndefined();
});
