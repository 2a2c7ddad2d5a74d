/** What a person may declare of an order (TRD-11). */
import { expect, test } from '@jest/globals';
import { misnamed } from '../../../domain/trade/resolve.js';
import { claimedBook } from './books.js';
import { legOf, openBook } from './open-book.js';

test('[TRD-11] [BRK-3] an order is declared present under a number, and under the one it has', () => {
  const unknown = claimedBook().book.legs[0]!;
  expect(misnamed(unknown, '700000204')).toBeNull();
  for (const text of ['abc', '0', '-1', '1.5', '', '12345678901234567890'])
    expect(misnamed(unknown, text)).toMatch(/is no permanent id/);
  const stop = legOf(openBook(), 'STOP');
  const known = { ...stop, incarnations: [{ ...stop.incarnations[0]!, brokerOrderIds: ['77'] }] };
  expect(misnamed(known, '77')).toBeNull();
  expect(misnamed(known, '78')).toMatch(/has shown the stop under 77, not 78/);
});
