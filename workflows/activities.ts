/**
 * The only activity proxies, by kind of effect. Retries have no end, so that an activity stays pending
 * and can be paused, reset or watched in the Temporal UI; what may not be repeated is guarded by its
 * database row, not by a count of attempts.
 */
import { proxyActivities, proxyLocalActivities } from '@temporalio/workflow';
import type {
  EntryActivities,
  LedgerActivities,
  LocalActivities,
  ProtectActivities,
} from '../contract/activities.js';
import { brokerQueue, type TradeInput } from '../contract/workflows.js';

/** First try again soon, then patiently: a database or broker that is away for an hour comes back. */
const RETRY = {
  initialInterval: '250 ms',
  backoffCoefficient: 2,
  maximumInterval: '15 s',
} as const;

/** One database transaction; anything slower is a lock or an outage, and is tried again. */
export const local = proxyLocalActivities<LocalActivities>({
  startToCloseTimeout: '10 s',
  // Beyond this a timer is used instead of keeping the workflow task open.
  localRetryThreshold: '3 s',
  retry: RETRY,
});

/** Waits up to a minute for commissions, so it must be given longer than that. */
export const ledger = proxyActivities<LedgerActivities>({
  startToCloseTimeout: '2 minutes',
  heartbeatTimeout: '10 s',
  retry: RETRY,
});

/** A dead worker is noticed after this; its activities heartbeat every 2 s. */
const BROKER_HEARTBEAT_TIMEOUT = '6 s';

/** Looks a send's fate up twice, 15 s apart, with deadlines on every list. */
const ENTRY_START_TO_CLOSE = '2 minutes';

/** An entry that waited longer for a worker is stale: it is planned again from the start. */
const ENTRY_SCHEDULE_TO_START = '15 s';

/** Work that opens risk; `summary` is what the Temporal UI shows beside the step. */
export function entryActivities(input: TradeInput, summary: string): EntryActivities {
  return proxyActivities<EntryActivities>({
    taskQueue: brokerQueue(input.queuePrefix, input.brokerAccountId, 'work'),
    scheduleToStartTimeout: ENTRY_SCHEDULE_TO_START,
    startToCloseTimeout: ENTRY_START_TO_CLOSE,
    heartbeatTimeout: BROKER_HEARTBEAT_TIMEOUT,
    retry: RETRY,
    summary,
  });
}

/** Work that only reduces risk: it waits for a worker as long as it takes. */
export function protectActivities(input: TradeInput, summary: string): ProtectActivities & LookUp {
  return proxyActivities<ProtectActivities & LookUp>({
    taskQueue: brokerQueue(input.queuePrefix, input.brokerAccountId, 'protect'),
    startToCloseTimeout: '2 minutes',
    heartbeatTimeout: BROKER_HEARTBEAT_TIMEOUT,
    retry: RETRY,
    summary,
  });
}

/** A look-up may not time out unstarted: what may be at the broker must be found. */
type LookUp = Pick<EntryActivities, 'lookUpEntry'>;
