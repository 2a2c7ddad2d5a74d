/** The reconciliation of an account, as it crosses processes: its workflow, its activities, its report. */
import type { Compared } from '../domain/reconcile/compare.js';
import type { Finding } from '../domain/reconcile/finding.js';
import type { DecimalText } from '../domain/money.js';
import type { EpochMs } from '../domain/vocabulary.js';

export const RECONCILE_WORKFLOW = 'reconcile';

/** One per account, so that it never runs twice at once: whoever asks while it runs, joins it. */
export function reconcileWorkflowId(accountId: string): string {
  return `reconcile-${accountId}`;
}

/** What made it run (REC-1). */
export type ReconcileTrigger = 'start' | 'reconnect' | 'schedule' | 'demand';

export interface ReconcileInput {
  /** The account's row. */
  readonly accountId: string;
  readonly trigger: ReconcileTrigger;
}

/**
 * `clean`: nothing found. `found`: each finding has its step. `recovery`: the account's entries are paused.
 * `incomplete`: nothing was compared. `joined`: another run of the account was under way.
 */
export type ReconcileOutcome = 'clean' | 'found' | 'recovery' | 'incomplete' | 'joined';

export interface ReconcileResult {
  /** The row with the report; null of one that joined. */
  readonly runId: string | null;
  readonly outcome: ReconcileOutcome;
  readonly findings: number;
  /** For people: why it is incomplete or in recovery; null when it is neither. */
  readonly reason: string | null;
}

// ── its activities ───────────────────────────────────────────────────────────────────────────────

export interface BeginInput extends ReconcileInput {
  readonly runId: string;
}

export interface BegunRun {
  readonly runId: string;
  readonly accountId: string;
  readonly brokerAccountId: string;
  /** When the run before this one was begun: what was told late since is a finding; null: the first. */
  readonly sinceMs: EpochMs | null;
}

/** One complete picture, compared. */
export interface Look {
  /** When the picture was begun. */
  readonly atMs: EpochMs;
  readonly compared: Compared;
  /** At most `FINDINGS_MAX`. */
  readonly findings: readonly Finding[];
  /** How many more there were. */
  readonly more: number;
}

/** A finding with what became of its step. */
export interface ActedFinding extends Finding {
  /** For people. */
  readonly done: string;
}

/** Done about a position, when facts of the account wait that can't be booked: they may be what differs. */
export const ASKED_LATER = 'nothing: what the broker told could not be booked yet';

export interface SettleInput extends BegunRun {
  readonly first: Look;
}

export interface Settled extends Omit<Look, 'findings'> {
  readonly findings: readonly ActedFinding[];
  /** Of what nothing explains, in the account's currency; null when a price is unknown. */
  readonly unexplained: DecimalText | null;
  /** Why the account's entries are paused; null when they aren't. */
  readonly recovery: string | null;
}

export type EndInput = Pick<BegunRun, 'runId'> &
  (
    | { readonly kind: 'settled'; readonly settled: Settled }
    | { readonly kind: 'incomplete'; readonly reason: string }
  );

/** More in one report nobody reads; what they say together is in the counts. Keeps payloads small. */
export const FINDINGS_MAX = 200;

/** On the trades queue: the run's row. */
export interface ReconcileLedgerActivities {
  beginReconcile(input: BeginInput): Promise<BegunRun>;
  endReconcile(input: EndInput): Promise<ReconcileResult>;
}

/** On `broker-<account>-protect`: what needs the broker. */
export interface ReconcileActivities {
  /** Takes a picture and compares. @throws while there is no complete one */
  lookForReconcile(input: BegunRun): Promise<Look>;
  /** Looks once more, and takes the steps of what both looks show. */
  settleReconcile(input: SettleInput): Promise<Settled>;
}
