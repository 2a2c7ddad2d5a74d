/** Percent exits, their re-anchoring, and which quote may be traded on. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { decimal, text, type Decimal } from '../../../domain/money.js';
import {
  percentExits,
  reanchorExits,
  triggersNow,
  type ReanchorInput,
} from '../../../domain/sizing/exits.js';
import { collaredLimit, executableQuote, worstMarketPrice } from '../../../domain/sizing/quote.js';
import type { Quote, Side } from '../../../domain/vocabulary.js';

const TICK = decimal('0.01');
const d = (value: string) => decimal(value);
const quoteOf = (bid: string, ask: string): Quote => ({
  bid,
  ask,
  bidSize: '1',
  askSize: '1',
  atMs: 1_000,
  kind: 'live',
  halted: false,
});
const shown = (price: Decimal | null) => price && text(price);

describe('[SIZ-6] percent exits', () => {
  test.each<[Side, string, string, string]>([
    ['BUY', '100', '98', '104'],
    ['SELL', '100', '102', '96'],
    ['BUY', '33.33', '32.67', '34.66'], // 32.6634 up, 34.6632 down: toward the entry
    ['SELL', '33.33', '33.99', '32'], // 33.9966 down, 31.9968 up
  ])('%s at %s: stop %s, target %s', (side, entry, stop, target) => {
    const exits = percentExits(side, d(entry), { stopPct: d('0.02'), targetPct: d('0.04') }, TICK);
    expect([shown(exits.stopPrice), shown(exits.targetPrice)]).toStrictEqual([stop, target]);
  });

  test('absent ones stay absent', () => {
    const none = percentExits('BUY', d('100'), { stopPct: null, targetPct: null }, TICK);
    expect(none).toStrictEqual({ stopPrice: null, targetPrice: null });
  });
});

const BASE: ReanchorInput = {
  side: 'BUY',
  averageFill: d('101'),
  filledQuantity: d('100'),
  stopPct: d('0.02'),
  targetPct: d('0.04'),
  increment: TICK,
  approvedRisk: d('1000'),
  stopPrice: d('98'),
  targetPrice: d('104'),
  quote: quoteOf('101', '101.02'),
};
const anchored = (change: Partial<ReanchorInput>) => {
  const { stopPrice, targetPrice, changed } = reanchorExits({ ...BASE, ...change });
  return [shown(stopPrice), shown(targetPrice), changed];
};

describe('[SIZ-6] re-anchoring to the average fill', () => {
  test.each<[string, Partial<ReanchorInput>, unknown[]]>([
    ['both move with the fill', {}, ['98.98', '105.04', true]],
    ['never beyond the approved risk', { approvedRisk: d('150') }, ['99.5', '105.04', true]],
    [
      'a part fill may use all of it',
      { approvedRisk: d('150'), filledQuantity: d('50') },
      ['98.98', '105.04', true],
    ],
    ['given prices stay', { stopPct: null, targetPct: null }, ['98', '104', false]],
    ['without a target', { targetPct: null, targetPrice: null }, ['98.98', null, true]],
    ['a target that the signal never had', { targetPrice: null }, ['98.98', null, true]],
    [
      'never to a stop that triggers now',
      { quote: quoteOf('98.98', '99') },
      ['98', '105.04', true],
    ],
    [
      'never to a target that fills now',
      { quote: quoteOf('105.04', '105.06') },
      ['98.98', '104', true],
    ],
    ['not without a quote', { quote: null }, ['98', '104', false]],
    [
      'not on a delayed quote',
      { quote: { ...quoteOf('101', '101.02'), kind: 'delayed' } },
      ['98', '104', false],
    ],
    ['not without fills', { filledQuantity: d('0') }, ['98', '105.04', true]],
    [
      'the same stop without a target is none either',
      { averageFill: d('100'), targetPct: null, targetPrice: null },
      ['98', null, false],
    ],
    ['the same prices are no change', { averageFill: d('100') }, ['98', '104', false]],
  ])('%s', (_name, change, expected) => {
    expect(anchored(change)).toStrictEqual(expected);
  });

  test('a short, mirrored', () => {
    const short = {
      side: 'SELL',
      averageFill: d('99'),
      stopPrice: d('102'),
      targetPrice: d('96'),
      quote: quoteOf('98.99', '99'),
    } as const;
    expect(anchored(short)).toStrictEqual(['100.98', '95.04', true]);
    expect(anchored({ ...short, approvedRisk: d('100') })).toStrictEqual(['100', '95.04', true]);
    expect(anchored({ ...short, quote: quoteOf('100.97', '100.98') })).toStrictEqual([
      '102',
      '95.04',
      true,
    ]);
    expect(anchored({ ...short, quote: quoteOf('95.03', '95.04') })).toStrictEqual([
      '100.98',
      '96',
      true,
    ]);
  });

  test('[PRF-4] a stop that moved risks no more than approved and does not trigger', () => {
    const cents = (min: number, max: number) =>
      fc.integer({ min, max }).map((c) => d(String(c)).div(100));
    fc.assert(
      fc.property(
        fc.constantFrom<Side>('BUY', 'SELL'),
        cents(5_000, 15_000),
        fc.integer({ min: 1, max: 500 }),
        fc.integer({ min: 1, max: 300 }),
        cents(0, 500_000),
        cents(4_000, 16_000),
        (side, averageFill, shares, permille, approvedRisk, bid) => {
          const stopPrice = side === 'BUY' ? d('1') : d('1000');
          const quote = quoteOf(text(bid), text(bid.add('0.02')));
          const filledQuantity = d(String(shares));
          const moved = reanchorExits({
            ...BASE,
            side,
            averageFill,
            filledQuantity,
            approvedRisk,
            stopPrice,
            quote,
            stopPct: d(String(permille)).div(1000),
          });
          if (moved.stopPrice.eq(stopPrice)) return;
          const risk = averageFill.sub(moved.stopPrice).abs().mul(filledQuantity);
          expect(risk.lte(approvedRisk)).toBe(true);
          expect(triggersNow(side, moved.stopPrice, quote)).toBe(false);
          expect(moved.stopPrice.mod(TICK).eq(0)).toBe(true);
        },
      ),
      { numRuns: 2_000 },
    );
  });
});

describe('[SIZ-7] the executable quote', () => {
  const limits = { quoteMaxAgeMs: 5_000, maxSpreadPct: '0.01' };

  test('the ask to buy, the bid to sell', () => {
    const buy = executableQuote(quoteOf('99.98', '100.02'), 'BUY', 2_000, limits);
    const sell = executableQuote(quoteOf('99.98', '100.02'), 'SELL', 2_000, limits);
    expect([buy, sell].map((verdict) => verdict.ok && text(verdict.price))).toStrictEqual([
      '100.02',
      '99.98',
    ]);
  });

  test('every reason against it, the first as the verdict', () => {
    const bad: Quote = { ...quoteOf('90', '110'), kind: 'delayed_frozen' };
    const verdict = executableQuote(bad, 'BUY', 20_000, limits);
    expect(!verdict.ok && verdict.findings.map(({ code }) => code)).toStrictEqual([
      'QUOTE_DELAYED',
      'QUOTE_STALE',
      'SPREAD_TOO_WIDE',
    ]);
  });

  test('an age that is no number is stale', () => {
    const verdict = executableQuote({ ...quoteOf('1', '1'), atMs: Number.NaN }, 'BUY', 1, limits);
    expect(verdict.ok).toBe(false);
  });

  test('allowance and collar go against the side, the collar never beyond itself', () => {
    expect(text(worstMarketPrice('BUY', d('100'), d('0.005')))).toBe('100.5');
    expect(text(worstMarketPrice('SELL', d('100'), d('0.005')))).toBe('99.5');
    expect(text(collaredLimit('BUY', d('33.33'), d('0.001'), TICK))).toBe('33.36');
    expect(text(collaredLimit('SELL', d('33.33'), d('0.001'), TICK))).toBe('33.3');
  });
});
