/** A strategy as it is read. */
import type { Mode } from '../../domain/risk/modes.js';
import type { ApprovalPolicy } from '../../domain/vocabulary.js';

export interface StrategyView {
  readonly strategy_id: string;
  readonly account_id: string;
  readonly mode: Mode;
  /** Whether its signals wait for a person; null: as APPROVAL says for all. */
  readonly approval: ApprovalPolicy | null;
  readonly created_at: string;
}
