/**
 * The only activity proxies, by kind of effect. Retries have no end, so that an activity stays pending
 * and can be paused, reset or watched in the Temporal UI; what may not be repeated is guarded by its
 * database row, not by a count of attempts.
 *
 * Local activities run one at a time, through one lock. Their ends come one by one to a worker that runs
 * them, and all at once to one that replays them: two side by side may go on in another order then, and
 * the history can't be replayed (TMPRL1100). This file alone may make them: a lint rule keeps it so.
 */
import { proxyActivities, proxyLocalActivities } from '@temporalio/workflow';
import type {
  AccountActivities,
  DayActivities,
  EntryActivities,
  LedgerActivities,
  LocalActivities,
  ProtectActivities,
} from '../contract/activities.js';
import type { ScheduledInput } from '../contract/schedules.js';
import { PREVIEW_WITHIN_MS, type PreviewActivities } from '../contract/preview.js';
import type { ReconcileActivities, ReconcileLedgerActivities } from '../contract/reconcile.js';
import { brokerQueue, type TradeInput } from '../contract/workflows.js';

/** First try again soon, then patiently: a database or broker that is away for an hour comes back. */
const RETRY = {
  initialInterval: '250 ms',
  backoffCoefficient: 2,
  maximumInterval: '15 s',
} as const;

/** When the local activities that were asked for so far have ended; each workflow has its own. */
let allEnded: Promise<unknown> = Promise.resolve();

function inTurn<T>(run: () => Promise<T>): Promise<T> {
  const mine = allEnded.then(run);
  allEnded = mine.catch(() => undefined);
  return mine;
}

/** Temporal refuses a workflow task with a summary beyond 400 bytes: what other people wrote may be long. */
const SUMMARY_CHARACTERS_MAX = 100;

function brief(summary: string): string {
  return summary.slice(0, SUMMARY_CHARACTERS_MAX);
}

/**
 * One database transaction each; anything slower is a lock or an outage, and is tried again. `summary` is
 * what the Temporal UI shows beside the step, here and below.
 */
export function localActivities(summary: string): LocalActivities {
  const local = proxyLocalActivities<LocalActivities>({
    startToCloseTimeout: '10 s',
    // Beyond this a timer is used instead of keeping the workflow task open.
    localRetryThreshold: '3 s',
    retry: RETRY,
    summary: brief(summary),
  });
  return {
    plan: (input) => inTurn(() => local.plan(input)),
    decideApproval: (input) => inTurn(() => local.decideApproval(input)),
    recordCommand: (input) => inTurn(() => local.recordCommand(input)),
    withdrawEntry: (input) => inTurn(() => local.withdrawEntry(input)),
  };
}

/** Settling waits up to a minute for commissions, so it must be given longer than that. */
export function ledgerActivities(summary: string): LedgerActivities {
  return proxyActivities<LedgerActivities>({
    startToCloseTimeout: '2 minutes',
    heartbeatTimeout: '10 s',
    retry: RETRY,
    summary: brief(summary),
  });
}

/** A dead worker is noticed after this; its activities heartbeat every 2 s. */
const BROKER_HEARTBEAT_TIMEOUT = '6 s';

/** Looks a send's fate up twice, 15 s apart, with deadlines on every list. */
const ENTRY_START_TO_CLOSE = '2 minutes';

/** An entry that waited longer for a worker is stale: it is planned again from the start. */
const ENTRY_SCHEDULE_TO_START = '15 s';

/** Work that opens risk. */
export function entryActivities(input: TradeInput, summary: string): EntryActivities {
  return proxyActivities<EntryActivities>({
    taskQueue: brokerQueue(input.queuePrefix, input.brokerAccountId, 'work'),
    scheduleToStartTimeout: ENTRY_SCHEDULE_TO_START,
    startToCloseTimeout: ENTRY_START_TO_CLOSE,
    heartbeatTimeout: BROKER_HEARTBEAT_TIMEOUT,
    retry: RETRY,
    summary: brief(summary),
  });
}

/** Waiting for the broker: as long as is said, whoever starts or dies meanwhile. */
export function waitingActivities(
  input: TradeInput,
  summary: string,
  waitMs: number,
): Pick<EntryActivities, 'warmMarket'> {
  return proxyActivities<Pick<EntryActivities, 'warmMarket'>>({
    taskQueue: brokerQueue(input.queuePrefix, input.brokerAccountId, 'work'),
    scheduleToCloseTimeout: waitMs,
    heartbeatTimeout: BROKER_HEARTBEAT_TIMEOUT,
    retry: RETRY,
    summary: brief(summary),
  });
}

/** Work that only reduces risk: it waits for a worker as long as it takes. */
export function protectActivities(input: TradeInput, summary: string): ProtectActivities & LookUp {
  return proxyActivities<ProtectActivities & LookUp>({
    taskQueue: brokerQueue(input.queuePrefix, input.brokerAccountId, 'protect'),
    startToCloseTimeout: '2 minutes',
    heartbeatTimeout: BROKER_HEARTBEAT_TIMEOUT,
    retry: RETRY,
    summary: brief(summary),
  });
}

/** A look-up may not time out unstarted: what may be at the broker must be found. */
type LookUp = Pick<EntryActivities, 'lookUpEntry'>;

/** A row of an account's day: quick, and tried until the run's own end. */
export function dayActivities(summary: string): DayActivities {
  return proxyActivities<DayActivities>({
    startToCloseTimeout: '1 minute',
    retry: RETRY,
    summary: brief(summary),
  });
}

/** What is asked of an account's broker worker by the clock; given up after `waitMs`, whatever it waits for. */
export function accountActivities(
  input: ScheduledInput,
  summary: string,
  waitMs: number,
): AccountActivities {
  return proxyActivities<AccountActivities>({
    taskQueue: brokerQueue(input.queuePrefix, input.brokerAccountId, 'protect'),
    scheduleToCloseTimeout: waitMs,
    heartbeatTimeout: BROKER_HEARTBEAT_TIMEOUT,
    retry: RETRY,
    summary: brief(summary),
  });
}

/** The row of a reconciliation: one transaction each. */
export function reconcileLedgerActivities(summary: string): ReconcileLedgerActivities {
  return proxyActivities<ReconcileLedgerActivities>({
    startToCloseTimeout: '30 s',
    retry: RETRY,
    summary: brief(summary),
  });
}

/** Two minutes without a link, or without a complete picture: the run says so, and the next one tries. */
const RECONCILE_WITHIN = '2 minutes';

/** A reconciliation's looks at the broker. */
export function reconcileActivities(
  { queuePrefix, brokerAccountId }: Pick<TradeInput, 'queuePrefix' | 'brokerAccountId'>,
  summary: string,
): ReconcileActivities {
  return proxyActivities<ReconcileActivities>({
    taskQueue: brokerQueue(queuePrefix, brokerAccountId, 'protect'),
    scheduleToCloseTimeout: RECONCILE_WITHIN,
    heartbeatTimeout: BROKER_HEARTBEAT_TIMEOUT,
    retry: RETRY,
    summary: brief(summary),
  });
}

/** A preview: it is given up when nobody has made it in time, whatever it waited for. */
export function previewActivities(
  { queuePrefix, brokerAccountId }: Pick<TradeInput, 'queuePrefix' | 'brokerAccountId'>,
  summary: string,
): PreviewActivities {
  return proxyActivities<PreviewActivities>({
    taskQueue: brokerQueue(queuePrefix, brokerAccountId, 'work'),
    scheduleToCloseTimeout: PREVIEW_WITHIN_MS,
    heartbeatTimeout: BROKER_HEARTBEAT_TIMEOUT,
    retry: RETRY,
    summary: brief(summary),
  });
}
