/** What came of a flatten, as it is read. */
import type { Mode } from '../../domain/risk/modes.js';

/** An open trade, and what became of the command to end it. */
export interface FlattenedTrade {
  readonly trade_id: string;
  readonly account_id: string;
  readonly symbol: string;
  readonly side: string;
  /** As it was read before. */
  readonly held_quantity: string;
  /** `refused`: it is over, or its key is another command's. `failed`: nobody took it; it may be tried again. */
  readonly outcome: 'ending' | 'refused' | 'failed';
  /** Why, or what there is to know of it. */
  readonly reason: string | null;
}

export interface FlattenView {
  /** With their modes: one that is still ACTIVE could not be set, and opens what it may. */
  readonly accounts: readonly { readonly account_id: string; readonly mode: Mode }[];
  readonly trades: readonly FlattenedTrade[];
  /** Shares that no trade holds: they stay. */
  readonly untouched: readonly {
    readonly account_id: string;
    readonly symbol: string;
    readonly quantity: string;
  }[];
}
