/** Reconciliations as they are read. */

export interface ReconciliationView {
  readonly reconciliation_id: string;
  readonly account_id: string;
  /** What made it run: `start`, `reconnect`, `schedule`, `demand`. */
  readonly trigger: string;
  readonly started_at: string;
  /** When the picture was begun that was compared last; null before one. */
  readonly picture_at: string | null;
  /** Null while it runs. */
  readonly finished_at: string | null;
  /** `clean`, `found`, `recovery`, `incomplete`; null while it runs. */
  readonly outcome: string | null;
  /** Why it is incomplete, or the account in recovery mode; null when it is neither. */
  readonly reason: string | null;
  /** How many of each were compared; null when nothing was. */
  readonly compared: ComparedView | null;
  /** Value of what nothing explains; null when a price is unknown, or nothing was compared. */
  readonly unexplained_value: string | null;
  readonly findings: readonly DifferenceView[];
  /** Findings beyond those that are listed. */
  readonly more_findings: number;
}

export interface ComparedView {
  readonly contracts: number;
  /** Of them, those in which strategies hold something, and those in which others do. */
  readonly held_contracts: number;
  readonly external_contracts: number;
  readonly trades: number;
  readonly orders_in_books: number;
  readonly own_orders_at_broker: number;
  readonly foreign_orders: number;
  readonly executions: number;
  /** Orders that are over, that the database lacks, and after which a person has resumed: told then, and no findings. */
  readonly unknown_orders_over: number;
}

export interface DifferenceView {
  readonly kind: string;
  readonly symbol: string | null;
  readonly trade_ids: readonly string[];
  /** What each side says, in its own terms; null: nothing. */
  readonly books: string | null;
  readonly broker: string | null;
  /** Signed shares that the broker holds more than the books; null when it isn't about a position. */
  readonly difference: string | null;
  readonly value: string | null;
  readonly summary: string;
  /** What was to be done, why, and what became of it. */
  readonly step: string;
  readonly why: string;
  readonly done: string;
}
