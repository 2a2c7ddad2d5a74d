/**
 * Pursuing what a trade wants: one operation that verifies, re-anchors, repairs, cancels and closes.
 *
 * Each round reads the trade's book under its lock, asks the pure planner what to do next, commits those
 * intents, and only then writes. It ends when nothing is left to do and nothing is unanswered, so it may
 * run any number of times, in any process, from any point.
 */
import type { ProtectActivities, TradeRef } from '../contract/activities.js';
import type { TradeSnapshot } from '../contract/workflows.js';
import { markDelivered } from '../store/delivery.js';
import { abandonTrade } from '../store/settling.js';
import { transact } from '../store/transact.js';
import type { BrokerDeps } from './deps.js';
import { withHeartbeat } from './heartbeat.js';
import { lookUp, lookUpExits } from './look-up.js';
import { closingFacts } from './protect/facts.js';
import { nextRound } from './protect/round.js';
import { send } from './protect/send.js';

/** Longer without a link, the attempt fails visibly and Temporal tries again. */
const LINK_WAIT_MS = 15_000;
/** A round of waiting for evidence; something unanswered is looked at again after it. */
const ROUND_WAIT_MS = 1_000;
/** After that the workflow takes a breath (and may be paused, or told to do something else). */
const PURSUE_MAX_MS = 45_000;

/** Makes the activities of `broker-<account>-protect`. */
export function createProtectActivities(deps: BrokerDeps): ProtectActivities {
  return {
    pursue: ({ tradeId }: TradeRef) =>
      withHeartbeat(() =>
        deps.delivery.whileHeld(tradeId, async () => {
          const snapshot = await pursue(deps, tradeId);
          await markDelivered(deps.db, tradeId, snapshot.seq, 'outcome.mark');
          return snapshot;
        }),
      ),
  };
}

/** Works until the orders at the broker are as wanted; gives the trade's newest snapshot. */
export async function pursue(deps: BrokerDeps, tradeId: string): Promise<TradeSnapshot> {
  const { link, commits, nowMs } = deps;
  const startedAtMs = nowMs();
  await link.ready(LINK_WAIT_MS);
  for (;;) {
    const facts = await closingFacts(deps, tradeId);
    const round = await nextRound(deps, tradeId, facts);
    if (round.entryUnknown) return endUnknown(deps, tradeId);
    if (round.sends.length === 0 && !round.waits) return round.snapshot;
    if (nowMs() - startedAtMs > PURSUE_MAX_MS) return round.snapshot;
    if (round.exitsUnknown) {
      await lookUpExits(deps, tradeId);
      continue;
    }
    const changed = commits.next(tradeId, () => true, ROUND_WAIT_MS);
    for (const step of round.sends) await send(deps, tradeId, step);
    await changed;
  }
}

/** The story is past its entry: one that is proven absent now is not planned again but given up. */
async function endUnknown(deps: BrokerDeps, tradeId: string): Promise<TradeSnapshot> {
  const found = await lookUp(deps, tradeId);
  if (found.kind !== 'not_sent') return found.snapshot;
  return transact(deps.db, 'pursue.abandon.commit', { tradeId }, (tx) =>
    abandonTrade(tx, tradeId, found.reason, deps.nowMs()),
  );
}
