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
