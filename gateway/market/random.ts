/**
 * Repeatable randomness: the same seed gives the same market on every machine. Only integer and basic
 * arithmetic is used, since Math.log and its like may differ between engines.
 */

const GOLDEN_GAMMA = 0x9e3779b9;
/** Looked up once: it runs thousands of times for each request of bars. */
const { imul } = Math;
const UINT32_SPAN = 4_294_967_296;

/** A 32-bit hash of a text and a seed (FNV-1a, then mixed). */
export function hashText(text: string, seed: number): number {
  let hash = (0x811c9dc5 ^ seed) >>> 0;
  for (let index = 0; index < text.length; index += 1) {
    hash = imul(hash ^ text.charCodeAt(index), 0x01000193) >>> 0;
  }
  return mix(hash);
}

/** Spreads every input bit over all 32 output bits (the finalizer of splitmix32). */
export function mix(value: number): number {
  let bits = value >>> 0;
  bits = imul(bits ^ (bits >>> 16), 0x21f0aaad) >>> 0;
  bits = imul(bits ^ (bits >>> 15), 0x735a2d97) >>> 0;
  return (bits ^ (bits >>> 15)) >>> 0;
}

/** A number in [0, 1) from a 32-bit hash. */
export function unit(hash: number): number {
  return (hash >>> 0) / UINT32_SPAN;
}

/** A generator (splitmix32) whose whole state is one number, so that it can be saved. */
export class Random {
  constructor(public state: number) {}

  /** The next number in [0, 1). */
  next(): number {
    this.state = (this.state + GOLDEN_GAMMA) >>> 0;
    return unit(mix(this.state));
  }

  /** A whole number from 0 to `bound` - 1. */
  below(bound: number): number {
    return Math.floor(this.next() * bound);
  }

  /** Near-normal with mean 0 and variance 1 (sum of twelve uniforms). */
  normal(): number {
    let total = -6;
    for (let index = 0; index < 12; index += 1) total += this.next();
    return total;
  }
}
