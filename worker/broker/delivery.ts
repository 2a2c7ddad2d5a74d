/**
 * Tells trades' workflows what was committed for them (BRK-5): at least once, in order, at most one
 * signal in flight per trade. What a signal carries is the newest snapshot, so waiting changes collapse.
 */
import { performance } from 'node:perf_hooks';
import type { Client } from '@temporalio/client';
import { tellTrade } from '../../client/trades.js';
import type { Logger } from '../../config/logger.js';
import type { TradeSnapshot } from '../../contract/workflows.js';
import { around } from '../../failpoints/failpoint.js';
import type { Database } from '../../store/database.js';
import {
  markDelivered,
  newestSnapshot,
  snapshotToDeliver,
  undeliveredTrades,
} from '../../store/delivery.js';
import { takeUp } from './take-up.js';

/** After a failed delivery (Temporal away) the next try waits this long. */
const RETRY_AFTER_MS = 500;
/** What a crash left undelivered is looked for this often; each look is one indexed query. */
const SWEEP_EVERY_MS = 2_000;
const SWEEP_BATCH = 200;

export interface DeliveryOptions {
  readonly db: Database;
  readonly temporal: Client;
  readonly queuePrefix: string;
  /** Account rows whose trades are told from here. */
  readonly accountIds: () => readonly string[];
  readonly log: Logger;
  /** Told how long after its notice a workflow knew, for metrics. */
  readonly told?: (lagMs: number) => void;
}

export class Delivery {
  private readonly inFlight = new Set<string>();
  private readonly again = new Set<string>();
  /** Trades whose own activity is running here: it reports their newest snapshot itself. */
  private readonly held = new Map<string, number>();
  private timer: NodeJS.Timeout;
  private stopped = false;

  constructor(private readonly options: DeliveryOptions) {
    this.timer = setTimeout(() => void this.sweepForEver(), SWEEP_EVERY_MS);
  }

  /** A change of this trade was committed and its workflow must be told. */
  notify(tradeId: string): void {
    if (this.stopped || this.held.has(tradeId)) return;
    if (this.inFlight.has(tradeId)) {
      this.again.add(tradeId);
      return;
    }
    this.inFlight.add(tradeId);
    void this.deliver(tradeId, performance.now());
  }

  /**
   * Runs an activity that ends by returning the trade's snapshot to the workflow: signals meanwhile
   * would only repeat it. Afterwards, whatever is newer than the returned snapshot is delivered.
   */
  async whileHeld<T>(tradeId: string, work: () => Promise<T>): Promise<T> {
    this.held.set(tradeId, (this.held.get(tradeId) ?? 0) + 1);
    try {
      return await work();
    } finally {
      const left = this.held.get(tradeId)! - 1;
      if (left > 0) this.held.set(tradeId, left);
      else this.held.delete(tradeId);
      this.notify(tradeId);
    }
  }

  /** Tells the trade's workflow how the trade stands, also what it was told before. */
  remind(tradeId: string): void {
    const { db, temporal, log } = this.options;
    const tell = async (): Promise<void> => {
      const snapshot = await newestSnapshot(db, tradeId);
      if (snapshot) await tellTrade(temporal, tradeId, snapshot);
    };
    tell().catch((error: unknown) => log.info({ tradeId, error: String(error) }, 'not reminded'));
  }

  stop(): void {
    this.stopped = true;
    clearTimeout(this.timer);
  }

  private async deliver(tradeId: string, noticedAtMs: number): Promise<void> {
    const { db, temporal, log, told } = this.options;
    try {
      const snapshot = await snapshotToDeliver(db, tradeId);
      if (snapshot) {
        const tell = () => tellTrade(temporal, tradeId, snapshot);
        const running = await around('delivery.signal', { tradeId }, tell);
        if (!running) await this.takeUpAgain(tradeId, snapshot);
        told?.(performance.now() - noticedAtMs);
        await markDelivered(db, tradeId, snapshot.seq, 'delivery.mark');
      }
    } catch (error) {
      log.warn({ tradeId, error: String(error) }, 'a trade could not be told; trying again');
      this.again.add(tradeId);
      await new Promise((resolve) => setTimeout(resolve, RETRY_AFTER_MS));
    } finally {
      this.inFlight.delete(tradeId);
      if (this.again.delete(tradeId)) this.notify(tradeId);
    }
  }

  /** Shares, or an order that works, after the story had ended: it goes on from here (TRD-12). */
  private async takeUpAgain(tradeId: string, snapshot: TradeSnapshot): Promise<void> {
    const { log } = this.options;
    log.warn({ tradeId, seq: snapshot.seq, state: snapshot.state }, 'a change after the end');
    if (!snapshot.isOver) await takeUp(this.options, tradeId, snapshot);
  }

  private async sweepForEver(): Promise<void> {
    const { db, accountIds, log } = this.options;
    try {
      const tradeIds = await undeliveredTrades(db, accountIds(), SWEEP_BATCH);
      for (const tradeId of tradeIds) this.notify(tradeId);
    } catch (error) {
      log.warn({ error: String(error) }, 'the sweep for undelivered changes failed');
    }
    if (!this.stopped) this.timer = setTimeout(() => void this.sweepForEver(), SWEEP_EVERY_MS);
  }
}
