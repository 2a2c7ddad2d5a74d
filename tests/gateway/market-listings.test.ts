import { expect, test } from '@jest/globals';
import { createListings } from '../../gateway/market/listings.js';

/** ISO 6166: letters become two digits, then every second digit from the right counts double. */
function hasCheckDigit(isin: string): boolean {
  const digits = [...isin].map((char) => parseInt(char, 36)).join('');
  const weighed = [...digits].reverse().map((digit, index) => {
    const value = Number(digit) * (index % 2 === 1 ? 2 : 1);
    return value > 9 ? value - 9 : value;
  });
  return weighed.reduce((total, value) => total + value, 0) % 10 === 0;
}

/** A US ISIN holds a CUSIP, which has a check digit of its own. */
function hasCusipDigit(isin: string): boolean {
  const total = [...isin.slice(2, 10)].reduce((sum, char, index) => {
    const value = parseInt(char, 36) * (index % 2 === 1 ? 2 : 1);
    return sum + Math.floor(value / 10) + (value % 10);
  }, 0);
  return (10 - (total % 10)) % 10 === Number(isin[10]);
}

test('[GWY-2] every listed instrument has an ISIN of its own with right check digits', () => {
  const listings = createListings().all();
  const isins = listings.map((listing) => listing.isin ?? `none of ${listing.symbol}`);
  expect(isins.filter((isin) => !/^[A-Z]{2}[A-Z0-9]{9}\d$/.test(isin))).toEqual([]);
  expect(isins.filter((isin) => !hasCheckDigit(isin))).toEqual([]);
  expect(isins.filter((isin) => isin.startsWith('US') && !hasCusipDigit(isin))).toEqual([]);
  expect(new Set(isins).size).toBe(listings.length);
  expect(listings.find(({ symbol }) => symbol === 'AAPL')?.isin).toBe('US0378331005');
  expect(hasCheckDigit('US0378331004')).toBe(false);
});
