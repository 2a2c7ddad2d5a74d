/** What a resolution would do, read under lock: shown first, and done only while it still holds. */
import type { TradeSnapshot } from '../../contract/workflows.js';
import type { Transaction } from '../database.js';

/** Who resolves, and in whose rows. */
export interface Resolver {
  readonly userId: string;
  readonly actor: string;
  readonly nowMs: number;
}

export interface Resolved {
  readonly tradeId: string;
  readonly snapshot: TradeSnapshot;
  /** Other trades that were changed with it. */
  readonly also?: readonly Omit<Resolved, 'also'>[];
}

export interface Prepared {
  /** For the audit log: `order stop of trade 6a1b…`. */
  readonly subject: string;
  /** What it will do, one sentence each. */
  readonly does: readonly string[];
  /** What is known of it. */
  readonly evidence: readonly string[];
  /** What it rests on: once any of it has changed, a person must look again. */
  readonly basis: unknown;
  /** Does it, in the transaction that prepared it; gives the trade whose workflow must hear of it. */
  apply(): Promise<Resolved | null>;
}

/** Makes it, in the transaction given. @throws CannotResolveError */
export type Prepare = (tx: Transaction, who: Resolver) => Promise<Prepared>;

/** There is nothing to resolve, or not in this way. */
export class CannotResolveError extends Error {
  override readonly name = 'CannotResolveError';
}
