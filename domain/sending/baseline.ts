/**
 * The baseline of an account: shares that it held before this system first looked, which are in no book.
 * They are counted in what the broker is expected to hold, and never touched (REC-2).
 *
 * What the books lack could as well be a lost fill of ours. So a difference becomes a baseline only in a
 * contract in which this database had never sent an order when a complete picture first showed it, and
 * only when a later picture shows the same difference: a trade of others that was told in halves does not
 * last. Everything else waits for a person.
 */
import { decimal, text, type DecimalText } from '../money.js';
import type { EpochMs } from '../vocabulary.js';
import { APART_MS } from './picture.js';

/** What a picture and the books say of one contract of an account. */
export interface ContractFacts {
  /** Signed: what the broker shows. */
  readonly shown: DecimalText;
  /** Signed: what the books expect, every holder together. */
  readonly expected: DecimalText;
  /** This database has sent an order in it, whenever. */
  readonly hasOwnOrders: boolean;
  /** What an earlier picture showed that no book had; null before one did. */
  readonly candidate: Candidate | null;
}

export interface Candidate {
  /** Signed. */
  readonly quantity: DecimalText;
  readonly seenAtMs: EpochMs;
}

export type BaselineStep =
  | { readonly kind: 'nothing' }
  /** First seen, or seen otherwise than before. */
  | { readonly kind: 'propose'; readonly quantity: DecimalText }
  | { readonly kind: 'confirm'; readonly quantity: DecimalText }
  /** It was gone again before it was confirmed, or the books have it: nothing is left to prove. */
  | { readonly kind: 'drop' }
  /** It may be a fill of ours: a person must look. */
  | { readonly kind: 'unproven'; readonly quantity: DecimalText };

/** A fill of ours on its way explains itself within seconds. */
const ON_ITS_WAY_MS = 60_000;

/** What follows from a complete picture that was begun at `pictureAtMs`. */
export function baselineStep(facts: ContractFacts, pictureAtMs: EpochMs): BaselineStep {
  const { candidate, hasOwnOrders } = facts;
  const difference = decimal(facts.shown).sub(decimal(facts.expected));
  const quantity = text(difference);
  if (candidate === null) {
    if (difference.isZero()) return { kind: 'nothing' };
    return { kind: hasOwnOrders ? 'unproven' : 'propose', quantity };
  }
  const ageMs = pictureAtMs - candidate.seenAtMs;
  if (difference.eq(decimal(candidate.quantity))) {
    return ageMs < APART_MS ? { kind: 'nothing' } : { kind: 'confirm', quantity };
  }
  if (hasOwnOrders && ageMs < ON_ITS_WAY_MS) return { kind: 'nothing' };
  if (difference.isZero()) return { kind: 'drop' };
  return { kind: hasOwnOrders ? 'unproven' : 'propose', quantity };
}
