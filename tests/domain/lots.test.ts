/** Lots and P&L by hand, and the numbered invariants in the header of lots.ts. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { adjustmentOf, bookLots, rMultiple, type Fill } from '../../domain/lots.js';
import { decimal, sum, text } from '../../domain/money.js';
import { dayPnl } from '../../domain/pnl.js';
import type { Side } from '../../domain/vocabulary.js';

const fill = (
  executionId: string,
  side: Side,
  quantity: string,
  price: string,
  commission: string | null = '1',
): Fill => ({
  executionId,
  side,
  quantity,
  price,
  commission,
});

describe('[TRD-8] lots reckoned by hand', () => {
  test('IBM bought at 181.62 and stopped at 180.60: −104.00 after commissions', () => {
    const book = bookLots([fill('a', 'BUY', '100', '181.62'), fill('b', 'SELL', '100', '180.60')]);
    expect(book).toMatchObject({
      openQuantity: '0',
      grossPnl: '-102',
      commission: '2',
      realizedPnl: '-104',
    });
  });

  test('first in, first out over two buys and a sale of more than the first', () => {
    const { lots, openQuantity, realizedPnl } = bookLots([
      fill('a', 'BUY', '60', '10', '0.60'),
      fill('b', 'BUY', '40', '11', '0.40'),
      fill('c', 'SELL', '80', '12', '0.80'),
    ]);
    expect(
      lots.map((lot) => [lot.openExecutionId, lot.quantity, lot.grossPnl, lot.commission]),
    ).toStrictEqual([
      ['a', '60', '120', '1.2'],
      ['b', '20', '20', '0.4'],
      ['b', '20', null, null],
    ]);
    expect([openQuantity, realizedPnl]).toStrictEqual(['20', '138.4']);
  });

  test('a short gains when it is bought back lower', () => {
    const book = bookLots([fill('a', 'SELL', '10', '50'), fill('b', 'BUY', '10', '45')]);
    expect(book).toMatchObject({ grossPnl: '50', realizedPnl: '48' });
  });

  test('[TRD-12] beyond flat the excess is a lot of the other side', () => {
    const book = bookLots([fill('a', 'BUY', '10', '50'), fill('b', 'SELL', '15', '51')]);
    expect(book.openQuantity).toBe('-5');
    expect(book.lots.at(-1)).toMatchObject({ side: 'SELL', quantity: '5', openExecutionId: 'b' });
  });

  test('commissions still to come are told', () => {
    const buy = fill('a', 'BUY', '10', '50', null);
    expect(bookLots([buy]).commissionsComplete).toBe(false);
    expect(bookLots([{ ...buy, commission: '1' }]).commissionsComplete).toBe(true);
  });

  test('[TRD-12] a late commission and a bust are adjustments', () => {
    const fills = [fill('a', 'BUY', '10', '50', null), fill('b', 'SELL', '10', '51')];
    const before = bookLots(fills);
    expect(adjustmentOf(before, before)).toBeNull();
    const withCommission = bookLots([fill('a', 'BUY', '10', '50', '1'), fills[1]!]);
    expect(adjustmentOf(before, withCommission)).toStrictEqual({
      grossPnl: '0',
      commission: '1',
      realizedPnl: '-1',
      openQuantity: '0',
    });
    const busted = bookLots([fills[0]!, fill('b', 'SELL', '0', '51')]);
    expect(adjustmentOf(before, busted)).toMatchObject({ realizedPnl: '-9', openQuantity: '10' });
  });

  test('R multiple', () => {
    expect(rMultiple('-104', '102')).toBe('-1.0196');
    expect(rMultiple('10', '0')).toBeNull();
  });
});

const fills = fc
  .array(
    fc.record({
      side: fc.constantFrom<Side>('BUY', 'SELL'),
      quantity: fc.integer({ min: 0, max: 500 }).map(String),
      price: fc.integer({ min: 1, max: 100_000 }).map((cents) => (cents / 100).toFixed(2)),
      commission: fc.integer({ min: 0, max: 999 }).map((mills) => (mills / 1000).toFixed(3)),
    }),
    { maxLength: 15 },
  )
  .map((list): Fill[] => list.map((one, index) => ({ ...one, executionId: `x${index}` })));

const signed = (list: readonly Fill[]) =>
  sum(
    list.map(({ side, quantity }) =>
      side === 'BUY' ? decimal(quantity) : decimal(quantity).neg(),
    ),
  );

test('[PRF-4] invariant 1: first in, first out, and every share in one lot', () => {
  fc.assert(
    fc.property(fills, (list) => {
      const { lots } = bookLots(list);
      for (const { executionId, quantity } of list) {
        const inLots = lots.filter(
          (lot) => lot.openExecutionId === executionId || lot.closeExecutionId === executionId,
        );
        expect(text(sum(inLots.map((lot) => decimal(lot.quantity))))).toBe(quantity);
      }
      const order = (id: string | null) => Number(id!.slice(1));
      const opened = lots.map((lot) => order(lot.openExecutionId));
      expect(opened).toStrictEqual([...opened].sort((a, b) => a - b));
    }),
  );
});

test('[PRF-4] invariant 2: flat, the result is what came in less what went out, to the last decimal', () => {
  fc.assert(
    fc.property(fills, (list) => {
      const open = signed(list);
      const flattening: Fill = fill(
        'last',
        open.gt(0) ? 'SELL' : 'BUY',
        text(open.abs()),
        '33.33',
        '0.777',
      );
      const all = open.eq(0) ? list : [...list, flattening];
      const book = bookLots(all);
      const flows = all.map(({ side, quantity, price }) =>
        decimal(quantity)
          .mul(price)
          .mul(side === 'BUY' ? -1 : 1),
      );
      const paid = all
        .filter(({ quantity }) => quantity !== '0')
        .map(({ commission }) => decimal(commission!));
      expect(book.openQuantity).toBe('0');
      expect(book.realizedPnl).toBe(text(sum(flows).sub(sum(paid))));
    }),
  );
});

test('[PRF-4] invariant 3: open lots agree with the open quantity', () => {
  fc.assert(
    fc.property(fills, (list) => {
      const { lots, openQuantity } = bookLots(list);
      const open = lots.filter((lot) => lot.closeExecutionId === null);
      const total = sum(
        open.map(({ side, quantity }) =>
          side === 'BUY' ? decimal(quantity) : decimal(quantity).neg(),
        ),
      );
      expect(text(total)).toBe(openQuantity);
      expect(openQuantity).toBe(text(signed(list)));
      expect(new Set(open.map(({ side }) => side)).size).toBeLessThanOrEqual(1);
    }),
  );
});

test('[PRF-4] invariant 4: a bust leaves what would be without it', () => {
  fc.assert(
    fc.property(fills, fc.nat(), (list, index) => {
      if (list.length === 0) return;
      const at = index % list.length;
      const busted = list.map((one, i) => (i === at ? { ...one, quantity: '0' } : one));
      const without = list.filter((_, i) => i !== at);
      expect(bookLots(busted)).toStrictEqual(bookLots(without));
    }),
  );
});

test('[RSK-8] a deposit is no gain, a withdrawal no loss', () => {
  expect(dayPnl('105000', '100000', '5000')).toBe('0');
  expect(dayPnl('95000', '100000', '-5000')).toBe('0');
  expect(dayPnl('97000', '100000', '0')).toBe('-3000');
});
