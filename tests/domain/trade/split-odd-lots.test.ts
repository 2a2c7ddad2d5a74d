/** Splits of holdings that come to parts of a share: whole shares are held, the rest is paid out (REC-5). */
import { expect, test } from '@jest/globals';
import { splitRatio } from '../../../domain/trade/corporate-action.js';

const HOLDINGS = [
  ['5:4 of 100 (control)', '100', '100', '125', '80'],
  ['5:4 of 101', '101', '100', '126', '80'],
  ['5:4 of 50', '50', '100', '62', '80'],
  ['3:2 of 3', '3', '3000', '4', '2000'],
] as const;

test.each(HOLDINGS)('[REC-5] it is seen: %s', (_, was, cost, is, price) => {
  const books = { quantity: was, averageCost: cost };
  const broker = { quantity: is, averageCost: price };
  expect(splitRatio(books, broker, price)).not.toBeNull();
});
