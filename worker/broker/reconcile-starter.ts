/**
 * Has the accounts reconciled after the link has come into sync (REC-1): once after the start, and after each
 * reconnect. Temporal may be away just then, so it is tried again, a few times; after that the schedule is
 * soon enough.
 */
import type { Client } from '@temporalio/client';
import { startReconcile } from '../../client/reconcile.js';
import type { Logger } from '../../config/logger.js';
import type { ReconcileTrigger } from '../../contract/reconcile.js';
import { around } from '../../failpoints/failpoint.js';

/** After a start that did not succeed the next try waits this long, then twice as long, … */
const RETRY_FIRST_MS = 1_000;
/** … up to a minute in all: by then the schedule's own run is near. */
const TRIES_MAX = 6;

export interface StarterOptions {
  readonly temporal: Client;
  readonly queuePrefix: string;
  readonly accountIds: () => readonly string[];
  readonly log: Logger;
}

export class ReconcileStarter {
  private timer: NodeJS.Timeout | null = null;
  private stopped = false;
  /** Counts the syncs: what one of them began ends with the next. */
  private round = 0;

  constructor(private readonly options: StarterOptions) {}

  /** The link is in sync again. Never rejects, and nothing waits for it. */
  synced(): void {
    const trigger = this.round === 0 ? 'start' : 'reconnect';
    this.round += 1;
    this.clear();
    void this.startAll(trigger, this.round, 1);
  }

  stop(): void {
    this.stopped = true;
    this.clear();
  }

  private clear(): void {
    if (this.timer) clearTimeout(this.timer);
    this.timer = null;
  }

  private async startAll(trigger: ReconcileTrigger, round: number, tried: number): Promise<void> {
    const { temporal, queuePrefix, accountIds, log } = this.options;
    try {
      for (const accountId of accountIds()) {
        if (this.stopped) return;
        await around('reconcile.start', { account: accountId }, () =>
          startReconcile(temporal, { accountId, queuePrefix }, trigger),
        );
      }
    } catch (error) {
      log.info({ trigger, tried, error: String(error) }, 'no reconciliation started yet');
      if (this.stopped || round !== this.round || tried >= TRIES_MAX) return;
      const pauseMs = RETRY_FIRST_MS * 2 ** (tried - 1);
      this.timer = setTimeout(() => void this.startAll(trigger, round, tried + 1), pauseMs);
    }
  }
}
