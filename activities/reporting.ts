/** Activities whose answer carries the trade's newest snapshot to its workflow. */
import { Context } from '@temporalio/activity';
import type { TradeSnapshot } from '../contract/workflows.js';
import { markDelivered } from '../store/delivery.js';
import type { BrokerDeps } from './deps.js';
import { withHeartbeat } from './heartbeat.js';

/**
 * Runs `work` with heartbeats. What it gives tells the workflow of the snapshot in it, so nobody signals
 * that one. An attempt that Temporal has given up tells nobody: its snapshot stays to be delivered.
 */
export function reporting<T>(
  { db, delivery }: Pick<BrokerDeps, 'db' | 'delivery'>,
  tradeId: string,
  work: () => Promise<T>,
  snapshotOf: (given: T) => TradeSnapshot,
): Promise<T> {
  const { cancellationSignal } = Context.current();
  return withHeartbeat(() =>
    delivery.whileHeld(tradeId, async () => {
      const given = await work();
      if (!cancellationSignal.aborted) {
        await markDelivered(db, tradeId, snapshotOf(given).seq, 'outcome.mark');
      }
      return given;
    }),
  );
}
