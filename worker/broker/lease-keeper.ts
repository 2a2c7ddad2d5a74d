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

export interface LeaseOptions {
  readonly db: Database;
  readonly connectionId: string;
  /** Names this process for people: host, pid, start. */
  readonly holder: string;
  readonly ttlMs: number;
  readonly renewMs: number;
  readonly log: Logger;
  /** Another worker holds the lease now: close the socket and stop. Called once. */
  readonly onLost: () => void;
}

export class LeaseKeeper {
  private lease: Lease | null = null;
  private believedUntilMs = 0;
  private timer: NodeJS.Timeout | null = null;

  constructor(private readonly options: LeaseOptions) {}

  /** The lease, once acquired. @throws before. */
  get current(): Lease {
    if (!this.lease) throw new Error('the connection lease was not acquired yet');
    return this.lease;
  }

  /** Waits until the lease is ours; a stand-by worker spends its life here. */
  async acquire(signal: AbortSignal): Promise<Lease> {
    const { db, connectionId, holder, ttlMs, renewMs, log } = this.options;
    let told = false;
    while (!signal.aborted) {
      const askedAtMs = performance.now();
      const ask = () => acquireLease(db, connectionId, holder, ttlMs);
      const lease = await around('lease.take', {}, ask).catch((error: unknown) => {
        log.warn({ error: String(error) }, 'the database does not answer; the lease waits');
        return null;
      });
      if (lease) {
        this.lease = lease;
        this.believedUntilMs = askedAtMs + ttlMs;
        this.timer = setTimeout(() => void this.renewForEver(), renewMs);
        return lease;
      }
      if (!told) log.info({ connectionId }, 'another worker holds the connection: standing by');
      told = true;
      await pause(renewMs / 2, signal);
    }
    throw new Error('stopped while waiting for the connection lease');
  }

  /** True while this process may send. */
  isHeld(): boolean {
    return this.lease !== null && performance.now() < this.believedUntilMs;
  }

  /** Gives the lease up, so that a stand-by can go on at once. */
  async release(): Promise<void> {
    const lease = this.lease;
    this.forget();
    if (!lease) return;
    await around('lease.release', {}, () => releaseLease(this.options.db, lease));
  }

  private forget(): void {
    this.lease = null;
    if (this.timer) clearTimeout(this.timer);
    this.timer = null;
  }

  private async renewForEver(): Promise<void> {
    const { db, ttlMs, renewMs, log, onLost } = this.options;
    const lease = this.lease;
    if (!lease) return;
    const askedAtMs = performance.now();
    try {
      if (await around('lease.renew', {}, () => renewLease(db, lease, ttlMs))) {
        this.believedUntilMs = askedAtMs + ttlMs;
      } else {
        log.error(
          { epoch: String(lease.epoch) },
          'the connection lease was lost to another worker',
        );
        this.forget();
        onLost();
        return;
      }
    } catch (error) {
      // With the database down nobody can take over: keep the socket, send nothing, try again.
      log.warn({ error: String(error) }, 'the connection lease could not be renewed');
    }
    if (this.lease) this.timer = setTimeout(() => void this.renewForEver(), renewMs);
  }
}

function pause(durationMs: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(done, durationMs);
    signal.addEventListener('abort', done, { once: true });
    function done() {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    }
  });
}
