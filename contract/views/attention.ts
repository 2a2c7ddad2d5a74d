/** What waits for a person, as it is read. */

export interface AttentionView {
  /** `trade`, `approval`, `executions_missing`, `in_doubt`, `external_opposite`, `daily_loss`, or the kind of a pause: `quarantine` … */
  readonly kind: string;
  readonly account_id: string | null;
  /** Null: the whole account. */
  readonly symbol: string | null;
  readonly trade_id: string | null;
  /** Of a quarantine for a split: the open trades that it holds back, the oldest first. Absent: of nothing else. */
  readonly trade_ids?: readonly string[];
  /** Of a pause of a strategy, or of a symbol or side in it; absent: it is not about one. */
  readonly strategy_id?: string;
  readonly side?: string;
  /** When it ends by itself; absent: it doesn't. */
  readonly until?: string;
  /** For people. Of a quarantine the newest cause, and how many came before it. */
  readonly reason: string;
  readonly since: string;
  /** The very command that settles it; absent: none is known. */
  readonly command?: string;
  /** What a person does about it, where no command settles it. */
  readonly advice?: string;
}
