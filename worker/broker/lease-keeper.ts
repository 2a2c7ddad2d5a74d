/**
 * Keeps the connection's lease: who may use the broker socket.
 *
 * Two clocks matter. The database decides who holds the lease; this process's monotonic clock decides
 * whether it may still believe so. A process that was paused wakes up with an old belief, so every send
 * asks `isHeld` first; the last fence is the broker's own (one fixed client id).
 */
import { performance } from 'node:perf_hooks';
import type { Logger } from '../../config/logger.js';
import { around } from '../../failpoints/failpoint.js';
import { acquireLease, releaseLease, renewLease, type Lease } from '../../store/connections.js';
import type { Database } from '../../store/database.js';
import { noteStandBy } from '../../store/stand-bys.js';
import { SilenceWatch } from '../awake.js';
import { unlessStopped } from '../process.js';
import { within } from '../within.js';

/** The reasons to give the socket up. */
export const LEASE_LOST = 'the connection lease was lost to another worker';
export const LEASE_UNRENEWABLE =
  'the connection lease could not be renewed for long: the database may be away for this worker alone';

/**
 * With the database down for everybody nobody can take over, so the socket is kept for a while; longer,
 * it may be down for this worker alone, and another waits for its client id (protocol R-9).
 */
export const GIVE_UP_AFTER_TTLS = 3;

export interface LeaseOptions {
  readonly db: Database;
  readonly connectionId: string;
  /** Names this process for people: host, pid, start. */
  readonly holder: string;
  readonly ttlMs: number;
  readonly renewMs: number;
  readonly log: Logger;
  /** Close the socket and stop. Called once, with the reason. */
  readonly onLost: (reason: string) => void;
}

export class LeaseKeeper {
  private lease: Lease | null = null;
  private believedUntilMs = 0;
  private timer: NodeJS.Timeout | null = null;
  private readonly unrenewed: SilenceWatch;
  private readonly losing = new AbortController();

  constructor(private readonly options: LeaseOptions) {
    this.unrenewed = new SilenceWatch(options.ttlMs * GIVE_UP_AFTER_TTLS, () =>
      this.lose(LEASE_UNRENEWABLE),
    );
  }

  /** Aborted when the socket must be given up, with the reason; not when the lease is released. */
  get lost(): AbortSignal {
    return this.losing.signal;
  }

  /** The lease, once acquired; it is named even after it was lost. @throws before. */
  get current(): Lease {
    if (!this.lease) throw new Error('the connection lease was not acquired yet');
    return this.lease;
  }

  /**
   * Waits until the lease is ours; a stand-by worker spends its life here.
   * @throws Stopped when the process is to stop
   */
  async acquire(signal: AbortSignal): Promise<Lease> {
    const { connectionId, ttlMs, renewMs, log } = this.options;
    let told = false;
    for (;;) {
      const askedAtMs = performance.now();
      const lease = await unlessStopped(signal, this.ask());
      if (lease) {
        this.lease = lease;
        this.believedUntilMs = askedAtMs + ttlMs;
        this.unrenewed.note();
        this.renewLater();
        return lease;
      }
      if (!told) log.info({ connectionId }, 'another worker holds the connection: standing by');
      told = true;
      await unlessStopped(signal, pause(renewMs / 2));
    }
  }

  /** True while this process may send. */
  isHeld(): boolean {
    return performance.now() < this.believedUntilMs;
  }

  /** Gives the lease up, so that a stand-by can go on at once. Nothing is sent from here on. */
  async release(): Promise<void> {
    const { lease } = this;
    const wasHeld = this.isHeld();
    this.end();
    if (!lease || !wasHeld) return;
    await around('lease.release', {}, () => releaseLease(this.options.db, lease));
  }

  /** Null while another has it, or nobody can tell. */
  private async ask(): Promise<Lease | null> {
    const { db, connectionId, holder, ttlMs, log } = this.options;
    const take = async () => {
      const lease = await acquireLease(db, connectionId, holder, ttlMs);
      if (!lease) await noteStandBy(db, connectionId, holder, ttlMs);
      return lease;
    };
    return within(ttlMs, around('lease.take', {}, take)).catch((error: unknown) => {
      log.warn({ error: String(error) }, 'the database does not answer; the lease waits');
      return null;
    });
  }

  private renewLater(): void {
    this.timer = setTimeout(() => void this.renew(), this.options.renewMs);
  }

  private async renew(): Promise<void> {
    const { db, ttlMs, log } = this.options;
    const lease = this.current;
    const askedAtMs = performance.now();
    try {
      // An answer that comes later than the lease lasts is worth nothing: a hanging one is left behind.
      const ask = around('lease.renew', {}, () => renewLease(db, lease, ttlMs));
      const isRenewed = await within(ttlMs, ask);
      if (this.timer === null) return;
      if (!isRenewed) return this.lose(LEASE_LOST);
      this.believedUntilMs = askedAtMs + ttlMs;
      this.unrenewed.note();
    } catch (error) {
      log.warn({ error: String(error) }, 'the connection lease could not be renewed');
    }
    if (this.timer !== null) this.renewLater();
  }

  private lose(reason: string): void {
    const { log, onLost } = this.options;
    if (this.timer === null) return;
    this.end();
    log.error({ epoch: String(this.current.epoch) }, reason);
    this.losing.abort(reason);
    onLost(reason);
  }

  private end(): void {
    this.believedUntilMs = 0;
    this.unrenewed.stop();
    if (this.timer) clearTimeout(this.timer);
    this.timer = null;
  }
}

function pause(durationMs: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, durationMs));
}
