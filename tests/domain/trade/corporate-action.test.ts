/** A split as the broker's position shows it, told from what people and fills do. */
import { describe, expect, test } from '@jest/globals';
import { splitRatio } from '../../../domain/trade/corporate-action.js';

const books = { quantity: '100', averageCost: '50' };

describe('the ratio of a split', () => {
  test.each([
    ['two for one', '200', '25', '2'],
    ['three for two', '150', '33.33', '1.5'],
    ['one for ten', '10', '500', '0.1'],
    ['ten for one, cost with commissions', '1000', '5.02', '10'],
  ])('[REC-5] %s', (_, quantity, averageCost, ratio) => {
    expect(splitRatio(books, { quantity, averageCost })).toBe(ratio);
  });

  test('[REC-5] of a short position', () => {
    const short = { quantity: '-100', averageCost: '50' };
    expect(splitRatio(short, { quantity: '-200', averageCost: '25' })).toBe('2');
  });

  test('[REC-5] without a cost the quantity decides', () => {
    expect(splitRatio(books, { quantity: '200', averageCost: null })).toBe('2');
  });

  test.each<[string, string, string, string | null, string]>([
    ['lots that cost more, 10:1', '1000', '7.5', null, '10'],
    ['the books lack half of the cost, 10:1', '1000', '12', null, '10'],
    ['a price that has followed, whatever the cost, 2:1', '200', '48', '26', '2'],
    ['lots that cost less, 1:10', '10', '300', null, '0.1'],
    ['a part of a share was paid out, 3:2', '149', '33.33', null, '1.49'],
  ])('[REC-5] %s', (_, quantity, averageCost, price, ratio) => {
    expect(splitRatio(books, { quantity, averageCost }, price)).toBe(ratio);
  });

  test.each([
    ['half was sold by hand after the price had doubled', '50', '50', '100'],
    ['as much again was bought by hand, a little lower', '200', '48', '46'],
    ['some more were bought by hand', '110', '49', '40'],
    ['a part was sold by hand, and the price has risen', '60', '50', '83'],
  ])('[REC-5] none when %s', (_, quantity, averageCost, price) => {
    expect(splitRatio(books, { quantity, averageCost }, price)).toBeNull();
  });

  test.each([
    ['nothing has changed', '100', '50'],
    ['as much again was bought by hand', '200', '50.4'],
    ['a part was sold by hand', '70', '50'],
    ['half was sold by hand', '50', '50'],
    ['it is flat', '0', '0'],
    ['it is short', '-100', '50'],
  ])('[REC-5] none when %s', (_, quantity, averageCost) => {
    expect(splitRatio(books, { quantity, averageCost })).toBeNull();
  });
});
