/** What trades of one contract may exit together is what there is, whatever their books say (TRD-3, TRD-13). */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { dealtShares, type Holder } from '../../../domain/trade/dealt-shares.js';
import { dealtShare, isShort, shareOf } from '../../../domain/trade/own-share.js';
import { decimal, sum, text } from '../../../domain/money.js';
import type { Side } from '../../../domain/vocabulary.js';

const holder = (change: Partial<Holder> & Pick<Holder, 'tradeId'>): Holder => ({
  ...{ held: '10', exits: '0', isClosing: false, ...change },
});

const trades = fc.uniqueArray(
  fc.record({
    tradeId: fc.stringMatching(/^[0-9a-f]{8}$/),
    held: fc.integer({ min: 0, max: 200 }).map(String),
    exits: fc.integer({ min: 0, max: 250 }).map(String),
    isClosing: fc.boolean(),
  }),
  { selector: ({ tradeId }) => tradeId, minLength: 1, maxLength: 6 },
);

/** The share of each, asked for alone, as the planner of each trade asks. */
function sharesOf(holders: readonly Holder[], side: Side, net: string, external: string): string[] {
  return holders.map(({ tradeId, held }) => {
    const others = holders.filter((other) => other.tradeId !== tradeId);
    const byTrades = text(sum(others.map((other) => decimal(other.held))));
    const undisputed = shareOf({ side, held }, net, { byTrades, external });
    const share = isShort({ side, held }, undisputed)
      ? dealtShare(tradeId, side, holders, net, external).share
      : held;
    return side === 'BUY' || share === held ? share : text(decimal(share).neg());
  });
}

describe('[TRD-3] [TRD-13] of all trades of a contract', () => {
  test('the shares come to what books and broker both hold, and none is more than its own', () => {
    fc.assert(
      fc.property(
        trades,
        fc.constantFrom<Side>('BUY', 'SELL'),
        fc.integer({ min: -100, max: 900 }),
        fc.integer({ min: -300, max: 0 }),
        (holders, side, there, outside) => {
          const sign = side === 'BUY' ? 1 : -1;
          const [net, external] = [String(sign * there), String(sign * outside)];
          const shares = sharesOf(holders, side, net, external).map(Number);
          const books = holders.map(({ held }) => Number(held));
          const total = books.reduce((all, one) => all + one, 0);
          expect(shares.reduce((all, one) => all + one, 0)).toBe(
            Math.min(total, Math.max(0, there)),
          );
          shares.forEach((share, index) => expect(share).toBeLessThanOrEqual(books[index]!));
        },
      ),
    );
  });

  test('exits that stand are not dealt to another, as far as there is so much', () => {
    fc.assert(
      fc.property(trades, fc.integer({ min: 0, max: 900 }), (holders, there) => {
        const dealt = dealtShares(holders, decimal(String(there)));
        const own = holders.map(({ held, exits }) => Math.min(Number(held), Number(exits)));
        if (own.reduce((all, one) => all + one, 0) > there) return;
        holders.forEach(({ tradeId }, index) =>
          expect(Number(text(dealt.get(tradeId)!))).toBeGreaterThanOrEqual(own[index]!),
        );
      }),
    );
  });

  test.each<[string, Holder[], string, string[]]>([
    [
      'one position that was adopted twice: the one with the stop keeps it',
      [holder({ tradeId: 'a', exits: '10' }), holder({ tradeId: 'b' })],
      '10',
      ['10', '0'],
    ],
    [
      'neither has a stop: one of them gets one',
      [holder({ tradeId: 'a' }), holder({ tradeId: 'b' })],
      '10',
      ['0', '10'],
    ],
    [
      'the one that is closed sells them',
      [holder({ tradeId: 'a', isClosing: true }), holder({ tradeId: 'b' })],
      '10',
      ['10', '0'],
    ],
    [
      'a hand sold 50 of 200 and 100: 250 keep their exits',
      [holder({ tradeId: 'a', held: '200' }), holder({ tradeId: 'b', held: '100' })],
      '250',
      ['150', '100'],
    ],
    [
      'what the first has placed of them changes nothing of the other’s',
      [holder({ tradeId: 'a', held: '200', exits: '150' }), holder({ tradeId: 'b', held: '100' })],
      '250',
      ['150', '100'],
    ],
  ])('%s', (_name, holders, there, expected) => {
    const dealt = dealtShares(holders, decimal(there));
    expect(holders.map(({ tradeId }) => text(dealt.get(tradeId)!))).toEqual(expected);
  });
});
