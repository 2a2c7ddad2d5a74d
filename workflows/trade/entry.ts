/** The first half of the story: plan (validate, size, reserve), then enter with the bracket. */
import { TimeoutType } from '@temporalio/common';
import { ActivityFailure, ApplicationFailure, TimeoutFailure } from '@temporalio/workflow';
import type { EntryOutcome, PlanOutcome } from '../../contract/activities.js';
import { entryActivities, ledger, local, protectActivities } from '../activities.js';
import type { Progress } from './progress.js';

/**
 * How often an entry that never left this system is planned again. Each round passes every check with
 * fresh numbers; after that many the market has moved on and the trade is abandoned.
 */
const ENTRY_ROUNDS_MAX = 3;

/** True when something of the trade is, or was, at the broker; false when it ended without. */
export async function planAndEnter(progress: Progress): Promise<boolean> {
  const { tradeId } = progress.input;
  let reason = 'never sent';
  for (let round = 1; round <= ENTRY_ROUNDS_MAX; round += 1) {
    const plan = await decide(progress);
    progress.adopt(plan.snapshot);
    if (plan.kind === 'denied') {
      progress.denialCodes = plan.codes;
      progress.step = 'denied';
      return false;
    }
    progress.summary = plan.summary;
    progress.closeByMs = plan.closeByMs;
    const entry = await enter(progress);
    progress.adopt(entry.snapshot);
    if (entry.kind !== 'not_sent') return true;
    if (entry.snapshot.isOver) break;
    reason = entry.reason;
  }
  if (!progress.snapshot.isOver) progress.adopt(await ledger.abandon({ tradeId, reason }));
  progress.step = 'abandoned';
  // Not over: the row was taken for a send after all, and the rest of the story looks it up.
  return !progress.snapshot.isOver;
}

type Decided = Exclude<PlanOutcome, { kind: 'needs_market' }>;

/** One transaction decides; a market that nobody has looked at lately is fetched first. */
async function decide(progress: Progress): Promise<Decided> {
  const { tradeId, symbol } = progress.input;
  progress.step = 'planning';
  const first = await local.plan({ tradeId, final: false });
  if (first.kind !== 'needs_market') return first;
  try {
    await entryActivities(progress.input, `quote ${symbol}`).warmMarket({ tradeId });
  } catch (error) {
    if (!isUnstarted(error)) throw error;
  }
  const second = await local.plan({ tradeId, final: true });
  if (second.kind === 'needs_market') {
    throw ApplicationFailure.nonRetryable('a final plan may not ask for the market');
  }
  return second;
}

/** Sends the bracket; an unknown outcome is looked up until it is known. */
async function enter(progress: Progress): Promise<EntryOutcome> {
  const { input, summary } = progress;
  progress.step = 'entering';
  let outcome = await sendBracket(progress);
  while (outcome.kind === 'unknown') {
    progress.adopt(outcome.snapshot);
    progress.step = 'looking up an unanswered send';
    outcome = await protectActivities(input, `look up ${summary}`).lookUpEntry({
      tradeId: input.tradeId,
    });
  }
  return outcome;
}

async function sendBracket(progress: Progress): Promise<EntryOutcome> {
  const { input, summary } = progress;
  try {
    return await entryActivities(input, summary).enter({ tradeId: input.tradeId });
  } catch (error) {
    if (!isUnstarted(error)) throw error;
    // An earlier attempt may have died in the middle of the send: only the row knows.
    return local.withdrawEntry({ tradeId: input.tradeId });
  }
}

/** No worker took the activity, or its retry, in time. */
function isUnstarted(error: unknown): boolean {
  return (
    error instanceof ActivityFailure &&
    error.cause instanceof TimeoutFailure &&
    error.cause.timeoutType === TimeoutType.SCHEDULE_TO_START
  );
}
