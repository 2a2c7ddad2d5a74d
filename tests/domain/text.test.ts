import { expect, test } from '@jest/globals';
import { cut } from '../../domain/text.js';

test.each([
  ['short', 10, 'short'],
  ['longer', 4, 'long'],
  ['ab😀', 4, 'ab😀'],
  ['ab😀c', 3, 'ab'],
  ['😀', 1, ''],
  ['', 3, ''],
  ['anything', 0, ''],
])('[BRK-13] %j, %d at the most, is %j', (text, unitsMax, expected) => {
  expect(cut(text, unitsMax)).toBe(expected);
  expect(cut(text, unitsMax)).not.toMatch(/\p{Surrogate}/u);
});
