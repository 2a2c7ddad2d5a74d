/** A sizing as it is kept and shown. */
import { describe, expect, test } from '@jest/globals';
import { decimal } from '../../../domain/money.js';
import { sizingRecord } from '../../../domain/sizing/record.js';
import { sizePosition } from '../../../domain/sizing/size.js';
import type { SizingInput } from '../../../domain/sizing/types.js';

const BASE: SizingInput = {
  ...{ side: 'BUY', onCap: 'reduce', quantity: null, worstEntryPrice: null },
  ...{ equity: decimal('100000'), riskPct: decimal('0.01'), entryPrice: decimal('150') },
  ...{ stopPrice: decimal('145'), targetPrice: decimal('160') },
  ...{ availableCash: null, buyingPower: null, maxPositionPct: decimal('0.2') },
  ...{ strategyExposure: decimal('0'), maxStrategyPct: decimal('0.5'), openRisk: decimal('0') },
  ...{ maxOpenRiskPct: decimal('0.1'), minQuantity: decimal('1'), maxQuantity: null },
  quantityStep: decimal('1'),
};

function ratioOf(side: SizingInput['side'], stop: string, target: string | null) {
  const exits = { stopPrice: decimal(stop), targetPrice: target === null ? null : decimal(target) };
  const input = { ...BASE, side, ...exits };
  return sizingRecord(input, sizePosition(input)).rewardRisk;
}

describe('[SIZ-5] reward to risk', () => {
  test.each([
    ['BUY', '145', '160', '2'],
    ['SELL', '155', '140', '2'],
    ['BUY', '145', null, null],
    ['SELL', '155', null, null],
    // A stop above the entry of a long loses nothing: there is no ratio.
    ['BUY', '155', '160', null],
    ['BUY', '145', '140', null],
    ['SELL', '145', '140', null],
    ['SELL', '155', '160', null],
  ] as const)('%s with a stop at %s and a target at %s: %s', (side, stop, target, ratio) => {
    expect(ratioOf(side, stop, target)).toBe(ratio);
  });
});
