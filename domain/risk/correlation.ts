/**
 * How two contracts have moved together: Pearson's correlation of their daily returns. A statistic and no amount, so
 * it is reckoned in binary numbers and kept as text of four decimals, which is what a limit is compared with.
 */
import type { DecimalText } from '../money.js';

/** A trading day, `2026-11-20`, and the price of its close. */
export interface CloseOfDay {
  readonly day: string;
  readonly close: DecimalText;
}

export interface Correlation {
  /** From -1 to 1; null where it can't be told. */
  readonly rho: DecimalText | null;
  /** Returns that it was, or would be, made of. */
  readonly returns: number;
}

/** Returns that are looked at, the newest (RSK-1). */
export const RETURNS_MAX = 60;
/** With fewer, 0.8 and 0.65 can't be told apart (two standard errors): then nobody knows. */
export const RETURNS_MIN = 40;
const RHO_DECIMALS = 4;

/** The correlation of two series over the days that both have, each in its order; in any order of the two the same. */
export function correlationOf(
  one: readonly CloseOfDay[],
  other: readonly CloseOfDay[],
): Correlation {
  const [ofOne, ofOther] = returnsOf(one, other);
  const returns = ofOne.length;
  if (returns < RETURNS_MIN) return { rho: null, returns };
  const rho = pearson(ofOne, ofOther);
  return { rho: rho === null ? null : rho.toFixed(RHO_DECIMALS), returns };
}

/** From each common day to the next, so that a day which one lacks is one return over two days in both. */
function returnsOf(
  one: readonly CloseOfDay[],
  other: readonly CloseOfDay[],
): readonly [number[], number[]] {
  const closes = new Map(other.map(({ day, close }) => [day, Number(close)]));
  const common = one.flatMap(({ day, close }) => {
    const beside = closes.get(day);
    return beside === undefined ? [] : [[Number(close), beside] as const];
  });
  const newest = common.slice(-(RETURNS_MAX + 1));
  const after = newest.slice(1);
  return [
    after.map(([close], index) => close / newest[index]![0] - 1),
    after.map(([, close], index) => close / newest[index]![1] - 1),
  ];
}

/** Null when one of them did not move at all. */
function pearson(one: readonly number[], other: readonly number[]): number | null {
  const [meanOfOne, meanOfOther] = [mean(one), mean(other)];
  let [both, ofOne, ofOther] = [0, 0, 0];
  one.forEach((value, index) => {
    const [a, b] = [value - meanOfOne, other[index]! - meanOfOther];
    both += a * b;
    ofOne += a * a;
    ofOther += b * b;
  });
  const spread = Math.sqrt(ofOne) * Math.sqrt(ofOther);
  return spread > 0 ? both / spread : null;
}

function mean(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0) / values.length;
}
