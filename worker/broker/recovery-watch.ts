/**
 * Looks with each picture of the broker whether so much is unexplained that the account must go into recovery
 * mode (REC-3). It needs no Temporal. Positions and references alone are looked at as a rule, in one query;
 * only what looks bad there is compared whole.
 *
 * What a picture shows once may be a fill on its way, so only what lasts pauses the account. After a start or
 * a reconnect nobody knows what happened meanwhile: there entries wait until it is clear, or until a person
 * has looked (REC-1).
 */
import type { Logger } from '../../config/logger.js';
import type { Parked } from '../../domain/broker/parking.js';
import type { Snapshot } from '../../domain/broker/snapshot.js';
import { compare, type Comparison } from '../../domain/reconcile/compare.js';
import { lasting, type Finding } from '../../domain/reconcile/finding.js';
import { mayNeedRecovery, recoveryOf, type Recovery } from '../../domain/reconcile/recovery.js';
import { pausedBefore, pauseOnce } from '../../store/account-pauses.js';
import type { Database } from '../../store/database.js';
import { recoveryEvidence } from '../../store/reconcile/act.js';
import { loadAccountBooks, loadPositions, type AccountOf } from '../../store/reconcile/books.js';

/** Longer than the proof that an order is gone takes (15 s and two pictures): that may explain it. */
const LASTING_MS = 30_000;
/** Between the looks that find out whether it lasts. */
const LOOK_AGAIN_MS = 5_000;
/**
 * For so long no two looks agreed, or none could compare, while entries waited: then it is no fill on its way, and
 * a person is told.
 */
const HELD_MAX_MS = 60_000;

const NOT_COMPARED = {
  reason: 'books and broker differed, and no further look could tell whether they still do',
} as const;

export interface RecoveryWatchOptions {
  readonly db: Database;
  readonly accounts: () => readonly AccountOf[];
  /** Facts of the account wait that can't be booked: what its books lack may be in them. */
  readonly hasStuck: (brokerAccountId: string) => boolean;
  /** Value of unexplained positions that is still no reason. */
  readonly limit: string;
  /** Another picture is wanted. */
  readonly lookAgain: () => void;
  readonly log: Logger;
}

interface Suspicion {
  readonly sinceMs: number;
  /** Since when entries have waited, for this suspicion and those before it; null: they don't. */
  readonly heldSinceMs: number | null;
  readonly findings: readonly Finding[];
}

export class RecoveryWatch {
  private readonly suspicions = new Map<string, Suspicion>();
  private timer: NodeJS.Timeout | null = null;
  private isStopped = false;

  constructor(private readonly options: RecoveryWatchOptions) {}

  /** Looks at a complete picture whose facts are booked; `isSync`: the link isn't READY before. Never rejects. */
  async look(snapshot: Snapshot, isSync: boolean): Promise<void> {
    const { hasStuck, log } = this.options;
    const accounts = this.options.accounts();
    this.forgetOthers(accounts);
    for (const account of accounts) {
      try {
        if (hasStuck(account.brokerAccountId)) await this.keepHeld(account, snapshot, isSync);
        else await this.lookAt(account, snapshot, isSync);
      } catch (error) {
        log.warn({ account: account.brokerAccountId, error: String(error) }, 'not compared');
        await this.keepHeld(account, snapshot, isSync).catch((problem: unknown) =>
          log.error(
            { account: account.brokerAccountId, error: String(problem) },
            'entries wait on: their account could not be paused',
          ),
        );
      }
    }
    if (this.suspicions.size > 0) this.again();
  }

  /** Why entries must wait; null when they may go. */
  parked(): Parked | null {
    const isHeld = [...this.suspicions.values()].some(({ heldSinceMs }) => heldSinceMs !== null);
    if (!isHeld) return null;
    const reason = 'books and broker differ: a further look will tell whether it lasts';
    return { reason, untilMs: null };
  }

  stop(): void {
    this.isStopped = true;
    if (this.timer) clearTimeout(this.timer);
    this.suspicions.clear();
  }

  private async lookAt(account: AccountOf, snapshot: Snapshot, isSync: boolean): Promise<void> {
    const { limit } = this.options;
    const comparison = await this.compareIfNeeded(account, snapshot);
    const before = this.suspicions.get(account.id);
    const suspected = comparison && recoveryOf(comparison, limit);
    if (!comparison || !suspected || (await this.isKnown(account, comparison))) {
      this.suspicions.delete(account.id);
      return;
    }
    const lasts = before && {
      ...comparison,
      findings: lasting(before.findings, comparison.findings),
    };
    const recovery = lasts && recoveryOf(lasts, limit);
    const { startedAtMs: nowMs } = snapshot;
    const heldSinceMs = before?.heldSinceMs ?? (isSync ? nowMs : null);
    if (before && recovery) {
      this.suspicions.set(account.id, { ...before, heldSinceMs, findings: lasts.findings });
      if (nowMs - before.sinceMs >= LASTING_MS) await this.pause(account, recovery, lasts);
      return;
    }
    const { findings } = comparison;
    this.suspicions.set(account.id, { sinceMs: nowMs, heldSinceMs, findings });
    if (heldSinceMs !== null && nowMs - heldSinceMs >= HELD_MAX_MS)
      await this.pause(account, suspected, comparison);
  }

  /** What was found last stands while nobody can compare; at the bound a person is waited for. */
  private async keepHeld(account: AccountOf, snapshot: Snapshot, isSync: boolean): Promise<void> {
    const before = this.suspicions.get(account.id);
    const { startedAtMs: nowMs } = snapshot;
    const heldSinceMs = before?.heldSinceMs ?? (isSync ? nowMs : null);
    if (!before || heldSinceMs === null) return;
    this.suspicions.set(account.id, { ...before, heldSinceMs });
    if (nowMs - heldSinceMs >= HELD_MAX_MS) await this.pause(account, NOT_COMPARED, before);
  }

  /** Of an account that the link has no more, no look tells anything. */
  private forgetOthers(accounts: readonly AccountOf[]): void {
    const ids = new Set(accounts.map(({ id }) => id));
    for (const id of this.suspicions.keys()) if (!ids.has(id)) this.suspicions.delete(id);
  }

  /** Null when positions and references alone already say that all is well. */
  private async compareIfNeeded(
    account: AccountOf,
    snapshot: Snapshot,
  ): Promise<Comparison | null> {
    const { db, limit } = this.options;
    const positions = await loadPositions(db, account, snapshot);
    if (!mayNeedRecovery(positions, snapshot, limit)) return null;
    return compare(await loadAccountBooks(db, account, snapshot, null), snapshot);
  }

  /** The account is paused for it already, or a person has lifted that pause. */
  private async isKnown({ id }: AccountOf, { findings }: Comparison): Promise<boolean> {
    const evidence = recoveryEvidence(findings);
    const wanted = { accountId: id, kind: 'recovery', symbol: null, evidence } as const;
    return (await pausedBefore(this.options.db, wanted)) !== null;
  }

  private async pause(
    { id: accountId, brokerAccountId }: AccountOf,
    { reason }: Pick<Recovery, 'reason'>,
    { findings }: Pick<Comparison, 'findings'>,
  ): Promise<void> {
    const evidence = recoveryEvidence(findings);
    const wanted = { accountId, kind: 'recovery', symbol: null, reason, evidence } as const;
    await pauseOnce(this.options.db, 'reconcile.pause.commit', wanted);
    this.suspicions.delete(accountId);
    this.options.log.error(
      { account: brokerAccountId, reason },
      'recovery mode: entries are paused',
    );
  }

  private again(): void {
    if (this.timer !== null || this.isStopped) return;
    this.timer = setTimeout(() => {
      this.timer = null;
      this.options.lookAgain();
    }, LOOK_AGAIN_MS);
  }
}
