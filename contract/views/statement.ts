/** A statement of the broker's beside the books: what was found, and what was done (REC-6). */

export interface StatementFindingView {
  /** `commission_missing`, `execution_missing` …: docs/flex.md has all of them. */
  readonly kind: string;
  readonly trade_id: string | null;
  readonly symbol: string | null;
  /** With the numbers of both. */
  readonly summary: string;
  readonly done: string;
  /** A person has to look at it. */
  readonly open: boolean;
}

export interface StatementReportView {
  readonly account_id: string;
  /** First and last day. */
  readonly from: string;
  readonly to: string;
  readonly generated_at: string | null;
  readonly imported_at: string;
  /** `file`, or `service`: Flex web service. */
  readonly origin: string;
  readonly actor: string;
  readonly executions: {
    readonly rows: number;
    readonly agreed: number;
    /** Of before this installation knew the account. */
    readonly before: number;
    readonly corrected: number;
    /** Commissions of the statement's executions that the books count, by currency: before, and after the import. */
    readonly commissions: readonly {
      readonly currency: string;
      readonly before: string;
      readonly after: string;
    }[];
  };
  readonly cash: {
    readonly rows: number;
    readonly recorded: number;
    /** Of those recorded: told by a person before, so they don't count twice. */
    readonly matched: number;
    /** Recorded sums by kind, in the base currency. */
    readonly sums: readonly { readonly kind: string; readonly amount: string }[];
  };
  /** How many need a person; also those that are not listed any more. */
  readonly open: number;
  readonly findings: readonly StatementFindingView[];
  readonly more_findings: number;
  /** What nothing was compared with. */
  readonly left_out: readonly string[];
}

/** What came of a file. */
export interface StatementImportView {
  readonly reports: readonly StatementReportView[];
  /** Accounts of the file that are none of this installation's: nothing of them was used. */
  readonly unknown_accounts: readonly string[];
}
