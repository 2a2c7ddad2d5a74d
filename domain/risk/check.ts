/** What a check sees, and how checks are run: all of them, always. */
import type { SizingInput, SizingResult } from '../sizing/types.js';
import type { PlanContext } from './context.js';
import type { Finding } from './finding.js';
import type { ResolvedTerms } from './terms.js';

export interface Sized {
  readonly input: SizingInput;
  readonly result: SizingResult;
}

export interface RiskContext {
  readonly plan: PlanContext;
  readonly terms: ResolvedTerms;
  /** Null when a price or an account value is missing; another check then says so. */
  readonly sized: Sized | null;
}

/** Gives every finding of its own subject; none when all is well. */
export type Check = (context: RiskContext) => readonly Finding[];
