/**
 * Tells a trade's workflow of a change that this process committed for it. What comes to nothing here, the broker
 * worker's delivery finds by its sweep.
 */
import type { Client } from '@temporalio/client';
import { tellTrade } from '../client/trades.js';
import type { Logger } from '../config/logger.js';
import { around } from '../failpoints/failpoint.js';
import type { Database } from '../store/database.js';
import { markDelivered, snapshotToDeliver } from '../store/delivery.js';

/** A Temporal that takes longer is away: the sweep goes on trying. */
const TELL_TIMEOUT_MS = 3_000;

export interface WakeOptions {
  readonly db: Database;
  readonly temporal: Client;
  readonly log: Logger;
}

/** Makes the call that wakes a trade; it returns at once, and never fails. */
export function createWake({ db, temporal, log }: WakeOptions): (tradeId: string) => void {
  const tell = async (tradeId: string): Promise<void> => {
    const snapshot = await snapshotToDeliver(db, tradeId);
    if (snapshot === null) return;
    const isRunning = await around('delivery.signal', { tradeId }, () =>
      temporal.withDeadline(Date.now() + TELL_TIMEOUT_MS, () =>
        tellTrade(temporal, tradeId, snapshot),
      ),
    );
    if (isRunning) await markDelivered(db, tradeId, snapshot.seq, 'delivery.mark');
  };
  return (tradeId) => {
    tell(tradeId).catch((error: unknown) =>
      log.info({ tradeId, error: String(error) }, 'a trade could not be told; the sweep will'),
    );
  };
}
