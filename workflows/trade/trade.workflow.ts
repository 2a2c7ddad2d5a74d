/**
 * One trade, from a signal to a closed and accounted position.
 *
 *   receive → plan (validate, size, reserve) → enter (bracket) → await fill
 *           → protect (verify, re-anchor, repair) → monitor until an exit fills → settle
 *
 * Facts come as snapshots of the trade's rows; decisions and effects are activities that read those
 * rows first. So any step may run again, and the workflow may be reset anywhere.
 */
import {
  allHandlersFinished,
  ApplicationFailure,
  condition,
  continueAsNew,
  log,
  setCurrentDetails,
  setHandler,
  upsertSearchAttributes,
  workflowInfo,
} from '@temporalio/workflow';
import type { CommandInput, TradeInput, TradeResult } from '../../contract/workflows.js';
import { ledger, local, protectActivities } from '../activities.js';
import { failpoints } from '../failpoints.js';
import { planAndEnter } from './entry.js';
import {
  cancelEntry,
  closeTrade,
  protectedAttribute,
  statusAttribute,
  storyQuery,
  tradeChanged,
} from './messages.js';
import { Progress } from './progress.js';

export async function trade(input: TradeInput): Promise<TradeResult> {
  const progress = new Progress(input);
  bindHandlers(progress);
  if (workflowInfo().continuedFromExecutionRunId) {
    failpoints.pass('run.continue.after', input.tradeId);
  }

  const isAtBroker = input.resumed !== null || (await planAndEnter(progress));
  if (isAtBroker) {
    await watchOver(progress);
    await settle(progress);
  }
  tellPeople(progress);
  await condition(allHandlersFinished);
  return resultOf(progress);
}

/** Await fill, protect, monitor: until nothing is held and nothing works at the broker any more. */
async function watchOver(progress: Progress): Promise<void> {
  while (!progress.snapshot.isOver) {
    if (workflowInfo().continueAsNewSuggested) await goOnInNewRun(progress);
    if (progress.snapshot.needsWork) {
      await pursue(progress);
      continue;
    }
    progress.step = progress.snapshot.heldQuantity === '0' ? 'awaiting fill' : 'monitoring';
    tellPeople(progress);
    const closeDue = await somethingHappens(progress);
    if (closeDue) await closeByItself(progress);
  }
}

/** Brings the orders at the broker to what the trade wants: verify, re-anchor, repair, cancel, close. */
async function pursue(progress: Progress): Promise<void> {
  progress.step = 'protecting';
  const { input, snapshot } = progress;
  const broker = protectActivities(input, `protect ${snapshot.heldQuantity} ${input.symbol}`);
  progress.adopt(await broker.pursue({ tradeId: input.tradeId }));
  const pauseMs = progress.pauseAfterPursuit(snapshot.seq);
  if (pauseMs === null) return;
  // Nothing could be done now (a market that is closed, a person to be waited for): look again later.
  progress.step = 'waiting to protect';
  tellPeople(progress);
  await condition(() => progress.snapshot.seq > snapshot.seq, pauseMs, { summary: 'look again' });
}

/** Waits for a change, or for the time to close; true when it is time. */
async function somethingHappens(progress: Progress): Promise<boolean> {
  const known = progress.snapshot.seq;
  const changed = () => progress.snapshot.seq > known;
  const dueAtMs = progress.snapshot.heldQuantity === '0' ? null : progress.closeDueAtMs();
  if (dueAtMs === null) {
    await condition(changed);
    return false;
  }
  // eslint-disable-next-line no-restricted-syntax -- inside a workflow this is the task's recorded time
  const waitMs = Math.max(1, dueAtMs - Date.now());
  return !(await condition(changed, waitMs, { summary: `close by ${progress.closeCause()}` }));
}

/** The holding time or the session is over: the same command that a person would give. */
async function closeByItself(progress: Progress): Promise<void> {
  const cause = progress.closeCause();
  const outcome = await local.recordCommand({
    tradeId: progress.input.tradeId,
    kind: 'close',
    key: cause,
    actor: 'trade',
    cause,
  });
  progress.adopt(outcome.snapshot);
}

/** Lots, P&L, release, notify. */
async function settle(progress: Progress): Promise<void> {
  progress.step = 'settling';
  const settled = await ledger.settle({ tradeId: progress.input.tradeId });
  progress.adopt(settled.snapshot);
  progress.summary = settled.summary;
  progress.realizedPnl = settled.realizedPnl;
  progress.step = 'done';
}

/** Keeps the history of a weeks-long trade bounded; no message may be lost, so handlers end first. */
async function goOnInNewRun(progress: Progress): Promise<void> {
  await condition(allHandlersFinished);
  const { snapshot, summary, closeByMs, input } = progress;
  failpoints.pass('run.continue.before', input.tradeId);
  await continueAsNew<typeof trade>({ ...input, resumed: { snapshot, summary, closeByMs } });
}

function bindHandlers(progress: Progress): void {
  const { tradeId } = progress.input;
  setHandler(tradeChanged, (snapshot) => progress.adopt(snapshot));
  setHandler(storyQuery, () => ({ snapshot: progress.snapshot, step: progress.step }));

  const command = (kind: 'close' | 'cancel_entry') => async (input: CommandInput) => {
    const outcome = await local.recordCommand({ tradeId, kind, ...input, cause: 'manual' });
    progress.adopt(outcome.snapshot);
    return { verdict: outcome.verdict, reason: outcome.reason };
  };
  setHandler(closeTrade, command('close'), { validator: hasKey });
  setHandler(cancelEntry, command('cancel_entry'), { validator: hasKey });
}

function hasKey(input: CommandInput): void {
  if (input?.key && input.actor) return;
  throw ApplicationFailure.nonRetryable('a command needs a key and an actor');
}

/** One combined update per change of status or protection, and the details beside it. */
function tellPeople(progress: Progress): void {
  setCurrentDetails(progress.details());
  const change = progress.takeChange();
  if (!change) return;
  log.info('trade changed', { tradeId: progress.input.tradeId, ...change });
  upsertSearchAttributes([
    { key: statusAttribute, value: change.status },
    { key: protectedAttribute, value: change.isProtected },
  ]);
}

function resultOf(progress: Progress): TradeResult {
  const { state, exitReason } = progress.snapshot;
  return {
    state,
    exitReason,
    realizedPnl: progress.realizedPnl,
    denialCodes: progress.denialCodes,
  };
}
