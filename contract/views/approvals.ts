/** What waits for a person's word (SIG-3), as it is read. */
import type { Side } from '../../domain/vocabulary.js';

export interface ApprovalView {
  readonly trade_id: string;
  readonly signal_id: string;
  readonly strategy_id: string;
  readonly account_id: string;
  readonly symbol: string;
  readonly side: Side;
  /** As it was when it was asked for; 0: it only ends another trade. */
  readonly quantity: string;
  readonly price: string | null;
  readonly stop_price: string | null;
  readonly target_price: string | null;
  /** What may be lost at the stop, in the contract's currency. */
  readonly risk: string | null;
  /** All of that in a sentence. */
  readonly summary: string;
  readonly asked_at: string;
  readonly expires_at: string;
  /** By the database's clock, which decides. */
  readonly seconds_left: number;
}
