/** Numbers for SnapTrade's symbols: they have UUIDs, and this system's contracts have numbers. */
import { createHash } from 'node:crypto';

/** Database ids of contracts are 32-bit numbers: the lower 31 bits of a digest, and never 0. */
const BITS = 0x7f_ff_ff_ff;

/** The same for the same symbol, in every process. */
export function contractIdOf(universalSymbolId: string): number {
  const digest = createHash('sha256').update(universalSymbolId).digest();
  return digest.readUInt32BE(0) & BITS || 1;
}
