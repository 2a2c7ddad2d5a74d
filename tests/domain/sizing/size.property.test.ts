/** Properties of sizing; the numbers in brackets are the rules in the header of size.ts. */
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { decimal, type Decimal } from '../../../domain/money.js';
import {
  exceededCaps,
  sizePosition,
  worstNotionalPrice,
  worstRiskPerShare,
} from '../../../domain/sizing/size.js';
import { worstMarketPrice } from '../../../domain/sizing/quote.js';
import type { SizingInput } from '../../../domain/sizing/types.js';

const cents = (minimum: number, maximum: number): fc.Arbitrary<Decimal> =>
  fc.integer({ min: minimum, max: maximum }).map((value) => decimal(String(value)).div(100));
const permille = fc.integer({ min: 0, max: 1000 }).map((value) => decimal(String(value)).div(1000));
const some = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: null });

const input: fc.Arbitrary<SizingInput> = fc
  .record({
    side: fc.constantFrom('BUY', 'SELL'),
    equity: cents(1, 500_000_000),
    riskPct: permille,
    entryPrice: cents(100, 100_000),
    distance: cents(1, 99),
    reward: some(cents(1, 10_000)),
    quantity: some(fc.integer({ min: 1, max: 100_000 }).map((value) => decimal(String(value)))),
    availableCash: some(cents(0, 500_000_000)),
    buyingPower: some(cents(0, 500_000_000)),
    maxPositionPct: permille,
    strategyExposure: cents(0, 100_000_000),
    maxStrategyPct: permille,
    openRisk: cents(0, 10_000_000),
    maxOpenRiskPct: permille,
    minQuantity: fc.constantFrom(decimal('1'), decimal('0.0001'), decimal('10')),
    maxQuantity: some(cents(100, 1_000_000)),
    quantityStep: fc.constantFrom(decimal('1'), decimal('0.0001'), decimal('100')),
    onCap: fc.constantFrom('reduce', 'deny'),
    slippage: some(fc.constantFrom(decimal('0.005'), decimal('0.05'))),
  })
  .map(({ distance, reward, slippage, ...rest }) => {
    const up = rest.side === 'BUY' ? 1 : -1;
    return {
      ...rest,
      stopPrice: rest.entryPrice.sub(distance.mul(up)),
      targetPrice: reward && rest.entryPrice.add(reward.mul(up)),
      worstEntryPrice: slippage && worstMarketPrice(rest.side, rest.entryPrice, slippage),
    };
  });

const RUNS = { numRuns: 2_000 };

test('[SIZ-1] [PRF-4] rule 1: raw quantity is the largest multiple of the step within the risk', () => {
  fc.assert(
    fc.property(input, (given) => {
      const { rawQuantity } = sizePosition(given);
      if (given.quantity !== null) return expect(rawQuantity.eq(given.quantity)).toBe(true);
      const perShare = given.entryPrice.sub(given.stopPrice).abs();
      const budget = given.equity.mul(given.riskPct);
      expect(rawQuantity.mul(perShare).lte(budget)).toBe(true);
      expect(rawQuantity.add(given.quantityStep).mul(perShare).gt(budget)).toBe(true);
      expect(rawQuantity.mod(given.quantityStep).eq(0)).toBe(true);
    }),
    RUNS,
  );
});

test('[SIZ-2] [PRF-4] rules 2 and 3: what is approved holds every cap, slippage included', () => {
  fc.assert(
    fc.property(input, (given) => {
      const sized = sizePosition(given);
      const { quantity } = sized;
      const cash = given.availableCash ?? given.equity;
      const value = quantity.mul(worstNotionalPrice(given));
      for (const cap of sized.caps.values()) expect(cap.gte(0)).toBe(true);
      if (!sized.approved) return expect(quantity.eq(0)).toBe(true);
      expect(value.lte(given.equity.mul(given.maxPositionPct))).toBe(true);
      expect(value.add(given.strategyExposure).lte(given.equity.mul(given.maxStrategyPct))).toBe(
        true,
      );
      expect(value.lte(cash)).toBe(true);
      expect(value.lte(given.buyingPower ?? cash)).toBe(true);
      const risk = quantity.mul(worstRiskPerShare(given)).add(given.openRisk);
      expect(risk.lte(given.equity.mul(given.maxOpenRiskPct))).toBe(true);
      if (given.maxQuantity !== null) expect(quantity.lte(given.maxQuantity)).toBe(true);
    }),
    RUNS,
  );
});

test('[SIZ-2] [PRF-4] rule 4: the binding cap is the first of the smallest, and below the raw quantity', () => {
  fc.assert(
    fc.property(input, (given) => {
      const sized = sizePosition(given);
      const smallest = [...sized.caps].reduce((least, cap) => (cap[1].lt(least[1]) ? cap : least));
      const binds = smallest[1].lt(sized.rawQuantity);
      expect(sized.boundBy).toBe(binds ? smallest[0] : null);
      expect(exceededCaps(sized).length > 0).toBe(binds);
    }),
    RUNS,
  );
});

test('[SIZ-3] [PRF-4] rule 5: deny and explicit quantities are taken whole or not at all', () => {
  fc.assert(
    fc.property(input, (given) => {
      const sized = sizePosition(given);
      if (!sized.approved) return expect(sized.risk).toBeNull();
      expect(sized.quantity.gte(given.minQuantity)).toBe(true);
      if (given.quantity !== null || given.onCap === 'deny') {
        expect(sized.quantity.eq(sized.rawQuantity)).toBe(true);
      }
    }),
    RUNS,
  );
});
