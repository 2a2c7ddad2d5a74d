/**
 * The invented past of a symbol: a price for any instant, the same whenever it is asked for, without
 * keeping anything. Noise of every time scale from a minute to a year is summed, so that it moves like
 * a random walk; a common and an industry part correlate the symbols.
 */
import { hashText, mix, unit } from './random.js';

const MINUTE_MS = 60_000;
/** 2^19 minutes are a year. */
const OCTAVES = 20;
/** Per square root of a minute: about 1.9 % a day. */
const VOLATILITY = 0.0005;

/** Looked up once: these run hundreds of times for each bar. */
const { floor, imul, sqrt } = Math;
const AMPLITUDES = Array.from({ length: OCTAVES }, (_, octave) => VOLATILITY * sqrt(2 ** octave));

/** How much of a symbol's movement comes from the whole market and from its industry. */
export interface Kinship {
  industry: string;
  symbol: string;
  isFund: boolean;
}

/** Value noise in about [-1, 1]: hashed values at whole steps, straight lines between. */
function noise(key: number, position: number): number {
  const step = floor(position);
  const at = (index: number): number => unit(mix(key + imul(index, 0x9e3779b9))) * 2 - 1;
  return at(step) + (at(step + 1) - at(step)) * (position - step);
}

function walk(key: number, timeMs: number): number {
  let total = 0;
  for (let octave = 0; octave < OCTAVES; octave += 1) {
    const position = timeMs / (2 ** octave * MINUTE_MS);
    total += (AMPLITUDES[octave] as number) * noise(mix(key + octave), position);
  }
  return total;
}

/** Relative price (log scale, about 0 on average) of a symbol at an instant. */
function level(seed: number, kin: Kinship, timeMs: number): number {
  const market = walk(hashText('the market', seed), timeMs);
  const own = walk(hashText(`own ${kin.symbol}`, seed), timeMs);
  if (kin.isFund) return 0.9 * market + 0.15 * own;
  const industry = walk(hashText(`industry ${kin.industry}`, seed), timeMs);
  return 0.5 * market + 0.5 * industry + 0.7 * own;
}

/** Factor between the price at `timeMs` and the one at `anchorMs`. */
export function pastFactor(seed: number, kin: Kinship, anchorMs: number, timeMs: number): number {
  const difference = level(seed, kin, timeMs) - level(seed, kin, anchorMs);
  // (1 + x/2) / (1 - x/2) is e^x to within the noise, from exact arithmetic only.
  const half = Math.max(-0.9, Math.min(0.9, difference / 2));
  return (1 + half) / (1 - half);
}
