/** The first half of the story: plan (validate, size, reserve), then enter with the bracket. */
import { TimeoutType } from '@temporalio/common';
import {
  ActivityFailure,
  CancellationScope,
  condition,
  patched,
  TimeoutFailure,
} from '@temporalio/workflow';
import type { EnterOutcome, EntryOutcome, PlanOutcome } from '../../contract/activities.js';
import {
  entryActivities,
  ledgerActivities,
  localActivities,
  protectActivities,
  waitingActivities,
} from '../activities.js';
import { pauseAfterMs } from './patience.js';
import type { TradeSnapshot, TradeWait } from '../../contract/workflows.js';
import type { Progress } from './progress.js';
import { begin, forNews, forTime, nowMs } from './waiting.js';

/** One transaction decides; what is missing for it is fetched, or waited for, first. */
export async function plan(progress: Progress): Promise<void> {
  // An older worker beside this one knows nothing of the hint, whoever gives it.
  if (isAskable(progress) && patched('plan-where-sent')) await visit(progress);
  else await planBefore(progress, firstDecision(progress));
}

/** Plan and entry in one visit; what it could not decide is planned as ever. */
async function visit(progress: Progress): Promise<void> {
  progress.step = 'planning and entering';
  const outcome = await planAndSend(progress);
  // One that no worker took would have fetched what is missing.
  if (outcome === null) return planBefore(progress, decide(progress, false));
  if (outcome.kind === 'parked') return planBefore(progress, outcome);
  if (outcome.kind === 'denied') return progress.planned(outcome);
  if (outcome.planned) progress.planned(outcome.planned);
  progress.entered(outcome);
}

/** The front door saw that a broker can be asked. */
function isAskable({ round, input }: Progress): boolean {
  return round === 1 && input.isAskable === true;
}

/**
 * Plan and entry in one visit to the broker worker. @returns null when no worker took it in time; whether an
 * earlier attempt of it has planned or sent, the rows tell.
 */
async function planAndSend({ input, summary }: Progress): Promise<EnterOutcome | null> {
  const { tradeId, isCold } = input;
  const market = isCold === true ? 'cold' : 'warm';
  try {
    return await entryActivities(input, summary).enter({ tradeId, plan: market });
  } catch (error) {
    if (!isUnstarted(error)) throw error;
    return null;
  }
}

/** The plan by itself, without the broker worker; `first`: what was decided, or is about to be. */
async function planBefore(
  progress: Progress,
  first: PlanOutcome | Promise<PlanOutcome>,
): Promise<void> {
  progress.step = 'planning';
  let outcome = await first;
  let looks = 0;
  for (let waits = 0; ;) {
    const follows = outcome.kind === 'parked' && outcome.awaitsOther === true;
    const isAsked = outcome.kind === 'parked' && outcome.awaitsApproval === true;
    if (outcome.kind === 'needs_market') await fetchMarket(progress);
    else if (outcome.kind !== 'parked') return progress.planned(outcome);
    else if (follows) await waitForOther(progress, outcome, (looks += 1));
    else if (isAsked) await waitForApproval(progress, outcome, (looks += 1));
    else await waitParked(progress, outcome, (waits += 1));
    // The market is fetched once the other trade is over, or a person has said yes, not at each look.
    outcome = await decide(progress, !follows && !isAsked);
  }
}

async function firstDecision(progress: Progress): Promise<PlanOutcome> {
  const { isCold } = progress.input;
  let isFetched = true;
  if (progress.round > 1 && patched('fetch-before-planning-again')) {
    // What an entry was not sent for may still be so: the link, or the price, that it is planned at.
    await fetchMarket(progress);
  } else if (progress.round === 1 && isCold === true) {
    // A first plan in a market that nobody knows would only ask for it.
    await fetchMarket(progress);
  } else {
    isFetched = false;
  }
  return decide(progress, isFetched);
}

/** `final`: with what there is of the market. */
function decide(progress: Progress, final: boolean): Promise<PlanOutcome> {
  const { input, summary, parkedUntilMs, isOfParking } = progress;
  const { plan: inOneTransaction } = localActivities(`plan ${summary}`);
  return inOneTransaction({ tradeId: input.tradeId, final, parkedUntilMs, isOfParking });
}

/** Contract, quote and account values; without a worker that takes it the plan sees what there is. */
async function fetchMarket({ input }: Progress): Promise<void> {
  try {
    const { tradeId, symbol } = input;
    await entryActivities(input, `quote ${symbol}`).warmMarket({ tradeId });
  } catch (error) {
    if (!isUnstarted(error)) throw error;
  }
}

type Parked = Extract<PlanOutcome, { kind: 'parked' }>;

/**
 * What the local plan says decides by itself, without a patch: right behind a local activity a replay may look for
 * the patch's marker in an earlier task than the one that wrote it, and the trade is stuck (TMPRL1100). An older worker
 * beside this one knows of no market that is waited for: it asks the broker until then.
 */
function waitParked(progress: Progress, outcome: Parked, waits: number): Promise<void> {
  const { opensMs, endsOnCancel } = outcome;
  if (opensMs === undefined) return waitForBroker(progress, outcome, waits);
  if (endsOnCancel === true || patched('wait-for-open')) {
    return waitForOpen(progress, outcome, opensMs, waits);
  } else {
    return waitForBroker(progress, outcome, waits);
  }
}

/** What is waited for is not the link: the time that a trade may be parked does not run. */
function beginUnparked(progress: Progress, snapshot: TradeSnapshot, step: string): void {
  progress.adopt(snapshot);
  progress.parkedUntilMs = null;
  progress.isOfParking = false;
  progress.step = step;
}

/**
 * The market is closed (SIG-5): waits for its open by a timer, for days maybe, so no worker is held for it. What
 * there is of the market is fetched then, its hours among it, and a closure that nobody foresaw is waited for anew.
 */
async function waitForOpen(
  progress: Progress,
  { cause, snapshot }: Parked,
  opensMs: number,
  waits: number,
): Promise<void> {
  beginUnparked(progress, snapshot, 'waiting for the market to open');
  const wait = { what: cause, untilMs: opensMs, then: 'plan again' };
  // A clock that is behind says again and again that it is not yet time.
  const leastMs = waits > 1 ? pauseAfterMs(waits - 1) : 0;
  const pauseMs = Math.max(opensMs - nowMs(), leastMs);
  if (pauseMs > 0) await untilCancelled(progress, () => forTime(progress, wait, pauseMs));
  progress.wait = null;
  if (progress.snapshot.cancelRequested !== true) await fetchMarket(progress);
}

/**
 * A person is to approve it (SIG-3): by a timer and by whatever is newer than the plan that asked, so that a word
 * which came right behind that plan ends the wait as well. What was said, the next plan reads in the row.
 */
async function waitForApproval(
  progress: Progress,
  { cause, untilMs, snapshot }: Parked,
  looks: number,
): Promise<void> {
  beginUnparked(progress, snapshot, 'waiting to be approved');
  // The database's clock says when it is over: one that is ahead of it here looks at growing pauses.
  const endMs = looks > 1 ? Math.max(untilMs, nowMs() + pauseAfterMs(looks - 1)) : untilMs;
  const wait = { what: cause, untilMs: endMs, then: 'deny' };
  await forNews(progress, wait, { since: snapshot.seq, timer: 'not approved in time' });
}

/** Another trade of its strategy is on its way out (TRD-7): looks, ever more seldom, whether that is over. */
async function waitForOther(
  progress: Progress,
  { cause, untilMs, snapshot }: Parked,
  looks: number,
): Promise<void> {
  beginUnparked(progress, snapshot, 'waiting for the opposite trade to be over');
  const wait = { what: cause, untilMs, then: 'plan again' };
  const leftMs = untilMs - nowMs();
  // One more look at the end; a clock that is ahead of the plan's looks at growing pauses all the same.
  const pauseMs = leftMs > 0 ? Math.min(pauseAfterMs(looks), leftMs) : pauseAfterMs(looks);
  await untilCancelled(progress, () => forTime(progress, wait, pauseMs));
  progress.wait = null;
}

/** The link is down, or was a moment ago (BRK-11): waits until it is back with its quotes. */
async function waitForBroker(
  progress: Progress,
  { cause, untilMs, isOfParking = false, snapshot, endsOnCancel }: Parked,
  waits: number,
): Promise<void> {
  const unlessCancelled = endsOnCancel === true ? untilCancelled : patchedUntilCancelled;
  const { input } = progress;
  const { tradeId, symbol } = input;
  progress.adopt(snapshot);
  progress.parkedUntilMs = untilMs;
  progress.isOfParking = isOfParking;
  progress.step = 'waiting for the broker';
  const wait = { what: cause, untilMs, then: 'plan again' };
  if (waits > 1) await unlessCancelled(progress, () => pauseBetween(progress, wait, waits));
  const leftMs = untilMs - nowMs();
  if (leftMs <= 0) return;
  const broker = waitingActivities(input, `wait for the broker to quote ${symbol}`, leftMs);
  begin(progress, wait);
  try {
    await unlessCancelled(progress, () => broker.warmMarket({ tradeId, untilMs, isOfParking }));
  } catch (error) {
    // The time is over, whatever it was that took so long.
    if (!(error instanceof ActivityFailure)) throw error;
  } finally {
    progress.wait = null;
  }
}

function pauseBetween(progress: Progress, wait: TradeWait, waits: number): Promise<void> {
  return forTime(progress, wait, pauseAfterMs(waits - 1));
}

/** Trades of older workers, and plans of the broker worker, say nothing of it. */
function patchedUntilCancelled(progress: Progress, wait: () => Promise<void>): Promise<void> {
  return patched('cancel-ends-wait') ? untilCancelled(progress, wait) : wait();
}

/** Whoever cancels is not kept waiting: the next plan ends the trade. */
async function untilCancelled(progress: Progress, wait: () => Promise<void>): Promise<void> {
  const scope = new CancellationScope();
  const isWanted = () => progress.snapshot.cancelRequested === true;
  // eslint-disable-next-line temporal/workflow-prefer-cancellation-scope-with-timeout -- no time-out: a command ends the wait
  await scope.run(() => Promise.race([wait(), condition(isWanted)])).finally(() => scope.cancel());
}

/** Sends the bracket; what no worker took in time is withdrawn, unless an earlier attempt sent it. */
export async function enter(progress: Progress): Promise<void> {
  progress.step = 'entering';
  progress.entered(await sendBracket(progress));
}

async function sendBracket({ input, summary }: Progress): Promise<EntryOutcome> {
  const { tradeId } = input;
  try {
    // Asked for no plan, it answers with none.
    return (await entryActivities(input, summary).enter({ tradeId })) as EntryOutcome;
  } catch (error) {
    if (!isUnstarted(error)) throw error;
    // An earlier attempt may have died in the middle of the send: only the row knows.
    return localActivities(`withdraw ${summary}`).withdrawEntry({ tradeId });
  }
}

/** Nobody knows what became of the send: looks it up, ever more seldom, for as long as it takes. */
export async function lookUp(progress: Progress): Promise<void> {
  const { input, summary } = progress;
  progress.step = 'looking up an unanswered send';
  const broker = protectActivities(input, `look up ${summary}`);
  const outcome = await broker.lookUpEntry({ tradeId: input.tradeId });
  progress.entered(outcome);
  if (outcome.kind !== 'unknown' || !patched('look-up-pauses')) return;
  const untilMs = nowMs() + progress.pauseAfterLookUp();
  const wait = { what: "the broker's word on the entry", untilMs, then: 'look it up again' };
  await forNews(progress, wait, { since: progress.snapshot.seq, timer: 'look up again' });
}

/** Nothing was sent, and won't be. */
export async function giveUp(progress: Progress): Promise<void> {
  const { input, notSent: reason } = progress;
  if (!progress.snapshot.isOver) {
    const { abandon } = ledgerActivities(`give up: ${reason}`);
    progress.adopt(await abandon({ tradeId: input.tradeId, reason }));
  }
  progress.givenUp();
}

/** No worker took the activity, or its retry, in time. */
function isUnstarted(error: unknown): boolean {
  return (
    error instanceof ActivityFailure &&
    error.cause instanceof TimeoutFailure &&
    error.cause.timeoutType === TimeoutType.SCHEDULE_TO_START
  );
}
