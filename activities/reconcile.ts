/**
 * The broker's side of a reconciliation (REC-2): a picture, the comparison, and the steps of what two looks
 * show. Every step goes the way that the guard and the trades go too; nothing is written to what belongs to
 * somebody else.
 */
import {
  ASKED_LATER,
  FINDINGS_MAX,
  type ActedFinding,
  type BegunRun,
  type Look,
  type ReconcileActivities,
  type ReconcileLedgerActivities,
  type Settled,
  type SettleInput,
} from '../contract/reconcile.js';
import type { Snapshot } from '../domain/broker/snapshot.js';
import { compare } from '../domain/reconcile/compare.js';
import type { AccountBooks } from '../domain/reconcile/books.js';
import { isToldAtOnce, lasting, type Finding } from '../domain/reconcile/finding.js';
import { recoveryOf, unexplainedValue, type Recovery } from '../domain/reconcile/recovery.js';
import { RATIO_HIDDEN, splitReason } from '../domain/trade/corporate-action.js';
import type { GuardedTrade } from '../domain/trade/guard.js';
import type { EpochMs } from '../domain/vocabulary.js';
import { around } from '../failpoints/failpoint.js';
import { pauseOnce } from '../store/account-pauses.js';
import type { Database } from '../store/database.js';
import type { Limits } from '../store/protections.js';
import { addCause } from '../store/quarantine.js';
import { askPerson, countExternal, noteInTrade, recoveryEvidence } from '../store/reconcile/act.js';
import { accountOf, loadAccountBooks } from '../store/reconcile/books.js';
import { beginRun, endRun } from '../store/reconcile/runs.js';
import { loadReserved, mendReserved } from '../store/reconcile/reservations.js';
import { evidenceOf } from '../store/reconcile/since.js';
import { withHeartbeat } from './heartbeat.js';

/** What a reconciliation asks of the link that it runs on. */
export interface ReconcileDeps {
  readonly db: Database;
  /** Takes a picture that is compared with all open trades; its facts are committed when this resolves. */
  readonly picture: () => Promise<Snapshot>;
  /** Facts of the account wait that can't be booked: what its books lack may be in them. */
  readonly hasStuck: (brokerAccountId: string) => boolean;
  /** Books what of a trade was closed outside, as far as it is proven, and quarantines its symbol. */
  readonly explain: (unexplained: {
    readonly tradeId: string;
    readonly snapshot: Snapshot;
    readonly trades: readonly GuardedTrade[];
    readonly sinceMs: EpochMs;
  }) => Promise<void>;
  /** Tells a trade's workflow how the trade stands, so that it looks what is needed. */
  readonly remind: (tradeId: string) => void;
  /** Unexplained value beyond which the account goes into recovery mode. */
  readonly recoveryDifference: string;
  /** The installation's: a result that is booked here is judged by them (RSK-4). */
  readonly limits: Limits;
  readonly nowMs: () => EpochMs;
}

/** Makes the activities of `broker-<account>-protect`. */
export function createReconcileActivities(deps: ReconcileDeps): ReconcileActivities {
  return {
    lookForReconcile: (run) => withHeartbeat(async () => lookOf(await lookNow(deps, run))),
    settleReconcile: (input) => withHeartbeat(() => settle(deps, input)),
  };
}

/** Makes the activities of the trades queue. */
export function createReconcileLedger(db: Database): ReconcileLedgerActivities {
  return {
    beginReconcile: (input) => beginRun(db, input),
    endReconcile: (input) => endRun(db, input),
  };
}

interface Seen {
  readonly snapshot: Snapshot;
  readonly books: AccountBooks;
  readonly findings: readonly Finding[];
  readonly compared: Look['compared'];
}

async function lookNow(
  { db, picture }: ReconcileDeps,
  { accountId, sinceMs }: BegunRun,
): Promise<Seen> {
  const account = await accountOf(db, accountId);
  const snapshot = await picture();
  if (!snapshot.isComplete) {
    throw new Error(`nothing to compare with: ${snapshot.problem ?? 'the picture is incomplete'}`);
  }
  const booked = await loadAccountBooks(db, account, snapshot, sinceMs);
  const books = { ...booked, reserved: await loadReserved(db, accountId) };
  return { snapshot, books, ...compare(books, snapshot) };
}

function lookOf({ snapshot, compared, findings }: Seen): Look {
  return {
    ...{ atMs: snapshot.startedAtMs, compared, findings: findings.slice(0, FINDINGS_MAX) },
    more: Math.max(0, findings.length - FINDINGS_MAX),
  };
}

async function settle(deps: ReconcileDeps, input: SettleInput): Promise<Settled> {
  const seen = await lookNow(deps, input);
  const told = input.first.findings.filter(isToldAtOnce);
  const last = lasting(input.first.findings, seen.findings).filter((found) => !isToldAtOnce(found));
  // What the broker told and nobody could book yet may be the very difference.
  const { brokerAccountId } = await accountOf(deps.db, input.accountId);
  const isStuck = deps.hasStuck(brokerAccountId);
  const recovery = isStuck
    ? null
    : recoveryOf({ ...seen, findings: last }, deps.recoveryDifference);
  const paused = recovery && (await enterRecovery(deps, input.accountId, recovery, last));
  const acted: ActedFinding[] = told.map((found) => ({ ...found, done: 'nothing' }));
  for (const found of last) {
    const isOpen = isStuck && found.difference !== null;
    const done = isOpen ? ASKED_LATER : await act(deps, { input, seen, recovery }, found);
    acted.push({ ...found, done });
  }
  return {
    ...{ atMs: seen.snapshot.startedAtMs, compared: seen.compared, findings: acted },
    ...{ more: input.first.more, unexplained: unexplainedValue(last), recovery: paused },
  };
}

/** Pauses the account; gives why, or null when a person has looked at all of it before. */
async function enterRecovery(
  { db }: ReconcileDeps,
  accountId: string,
  { reason }: Recovery,
  findings: readonly Finding[],
): Promise<string | null> {
  const evidence = recoveryEvidence(findings);
  const wanted = { accountId, kind: 'recovery', symbol: null, reason, evidence } as const;
  const paused = await pauseOnce(db, 'reconcile.pause.commit', wanted);
  return paused === 'seen' ? null : reason;
}

interface Scene {
  readonly input: SettleInput;
  readonly seen: Seen;
  readonly recovery: Recovery | null;
}

/** Takes the step of a finding; gives what became of it, for people. */
async function act(deps: ReconcileDeps, scene: Scene, found: Finding): Promise<string> {
  const { db } = deps;
  const { accountId } = scene.input;
  switch (found.step) {
    case 'none':
    case 'wait':
      return 'nothing';
    case 'count_external':
      return countExternal(db, accountId, found);
    case 'ask':
      await note(deps, found);
      return askPerson(db, accountId, found);
    case 'repair':
      return repair(deps, accountId, found);
    case 'mend_reservation':
      return mendReserved(db, found, deps.nowMs(), deps.limits);
    case 'quarantine':
      await note(deps, found);
      return quarantine(deps, accountId, found);
    case 'book_outside':
      return bookOutside(deps, scene, found);
  }
}

async function repair(deps: ReconcileDeps, accountId: string, found: Finding): Promise<string> {
  await note(deps, found);
  for (const tradeId of found.tradeIds) deps.remind(tradeId);
  if (found.kind === 'order_without_trade') return askPerson(deps.db, accountId, found);
  return 'its trade is told, and the guard looks at it within seconds';
}

/** Shares are booked as closed only where that is proven; the symbol waits for a person either way. */
async function bookOutside(deps: ReconcileDeps, scene: Scene, found: Finding): Promise<string> {
  const { seen, input, recovery } = scene;
  await note(deps, found);
  const done = await quarantine(deps, input.accountId, found);
  // The same numbers proved nothing more before a person lifted it.
  if (done === SEEN) return done;
  if (recovery?.isMassVanish) return `nothing is booked: ${recovery.reason}; ${done}`;
  const { snapshot, books } = seen;
  for (const tradeId of found.tradeIds) {
    const sinceMs = input.first.atMs;
    await deps.explain({ tradeId, snapshot, trades: books.trades, sinceMs });
  }
  return `what is proven is booked to its trades, but for orders that await executions ("ballast resolve missing-fill"); ${done}`;
}

const SEEN = 'nothing more: a person has released the symbol at these very numbers';

async function quarantine(
  { db }: ReconcileDeps,
  accountId: string,
  found: Finding,
): Promise<string> {
  const evidence = [evidenceOf(found)];
  const { symbol } = found;
  const reason = reasonOf(found);
  const wanted = { accountId, symbol, reason, evidence } as const;
  const paused = await pauseOnce(db, 'reconcile.pause.commit', { ...wanted, kind: 'quarantine' });
  if (paused === 'seen') return SEEN;
  if (paused === 'in_force' && symbol !== null) {
    // What it was quarantined for before need not be this.
    const cause = { accountId, symbol, reason, evidence: evidence[0]! };
    const about = { account: accountId };
    await around('reconcile.pause.commit', about, () => addCause(db, cause));
  }
  return 'the symbol is quarantined';
}

/** A quarantine for a split holds exits back, too. */
function reasonOf({ kind, mayBeSplit = false, summary }: Finding): string {
  if (kind === 'corporate_action') return splitReason(summary);
  return mayBeSplit ? splitReason(`${summary}, ${RATIO_HIDDEN}`) : summary;
}

async function note({ db, nowMs, remind }: ReconcileDeps, found: Finding): Promise<void> {
  for (const tradeId of found.tradeIds) {
    // A workflow that was told of the same need not hear it every five minutes.
    if (await noteInTrade(db, tradeId, found, nowMs())) remind(tradeId);
  }
}
