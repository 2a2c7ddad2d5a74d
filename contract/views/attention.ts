/** What waits for a person, as it is read. */

export interface AttentionView {
  /** `trade`, `executions_missing`, or the kind of a pause: `quarantine`, `mass_breach` … */
  readonly kind: string;
  readonly account_id: string | null;
  /** Null: the whole account. */
  readonly symbol: string | null;
  readonly trade_id: string | null;
  /** For people. */
  readonly reason: string;
  readonly since: string;
  /** The very command that settles it; absent: none is known. */
  readonly command?: string;
}
