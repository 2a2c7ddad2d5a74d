/** Whose exit closed what a hand had closed before: its result is in doubt (TRD-12, TRD-13). */
import { expect, test } from '@jest/globals';
import { doubtOf, doubtText, type ContractFill } from '../../../domain/trade/doubt.js';
import type { Side } from '../../../domain/vocabulary.js';

const fill = (by: ContractFill['by'], side: Side, quantity: string, executedAtMs: number) => ({
  ...{ by, side, quantity, executedAtMs },
});
const entry = fill('trade', 'BUY', '10', 1);

test.each<[string, Side, string, ContractFill[], string | null]>([
  ['a stop', 'BUY', '0', [entry, fill('exit', 'SELL', '10', 5)], null],
  [
    'a stop after a hand',
    'BUY',
    '-10',
    [entry, fill('others', 'SELL', '10', 3), fill('exit', 'SELL', '10', 5)],
    '10',
  ],
  [
    'the same, bought back since',
    'BUY',
    '0',
    [
      entry,
      fill('others', 'SELL', '10', 3),
      fill('exit', 'SELL', '10', 5),
      fill('others', 'BUY', '10', 9),
    ],
    '10',
  ],
  [
    'a hand after the stop',
    'BUY',
    '-10',
    [entry, fill('exit', 'SELL', '10', 3), fill('others', 'SELL', '10', 5)],
    null,
  ],
  [
    'a part by hand, the rest by the stop',
    'BUY',
    '0',
    [entry, fill('others', 'SELL', '4', 3), fill('exit', 'SELL', '6', 5)],
    null,
  ],
  [
    'a part by hand, all by the stop',
    'BUY',
    '-4',
    [entry, fill('others', 'SELL', '4', 3), fill('exit', 'SELL', '10', 5)],
    '4',
  ],
  [
    'a hand after the stop, in the same second',
    'BUY',
    '-10',
    [entry, fill('exit', 'SELL', '10', 5), fill('others', 'SELL', '10', 5)],
    null,
  ],
  [
    'a stop after a hand, in the same second',
    'BUY',
    '-10',
    [entry, fill('others', 'SELL', '10', 5), fill('exit', 'SELL', '10', 5)],
    '10',
  ],
  ['others were short before', 'BUY', '-50', [entry, fill('exit', 'SELL', '10', 5)], null],
  [
    'a hand sold of other shares',
    'BUY',
    '30',
    [entry, fill('others', 'SELL', '10', 3), fill('exit', 'SELL', '10', 5)],
    null,
  ],
  [
    'a short trade, and a hand that bought',
    'SELL',
    '10',
    [fill('trade', 'SELL', '10', 1), fill('others', 'BUY', '10', 3), fill('exit', 'BUY', '10', 5)],
    '10',
  ],
  [
    'busted since',
    'BUY',
    '-10',
    [entry, fill('others', 'SELL', '10', 3), fill('exit', 'SELL', '0', 5)],
    null,
  ],
])('[TRD-12] %s', (_title, side, net, fills, shares) => {
  const found = doubtOf(side, net, fills);
  expect(found?.shares.toFixed() ?? null).toBe(shares);
  if (found) expect(doubtText(found)).toContain(`${shares} of the shares`);
});

test('[TRD-13] it says whose order closed them: a hand, or one of ours that the database does not know', () => {
  const exit = fill('exit', 'SELL', '10', 5);
  const lost = { ...fill('others', 'SELL', '10', 3), lostReference: 'abcdefgh-1' };
  const textOf = (...fills: ContractFill[]) =>
    doubtText(doubtOf('BUY', '-10', [entry, ...fills, exit])!);
  expect(textOf(fill('others', 'SELL', '10', 3))).toContain('closed by hand before');
  const own = 'by abcdefgh-1 of this installation, which the database does not know, before';
  expect(textOf(lost)).toContain(`closed ${own}`);
  expect(textOf({ ...lost, quantity: '4' }, { ...lost, quantity: '6' })).toContain(`closed ${own}`);
  const half = { ...fill('others', 'SELL', '5', 2), lostReference: null };
  expect(textOf(half, { ...lost, quantity: '5' })).toContain(`closed by hand and ${own}`);
  const many = [1, 2, 3, 4, 5].map((n) => ({ ...lost, quantity: '2', lostReference: `ref-${n}` }));
  expect(textOf(...many)).toContain('by ref-1, ref-2, ref-3 and 2 more of this installation');
});
