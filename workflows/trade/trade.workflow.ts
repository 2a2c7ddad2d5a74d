/**
 * One trade, from a signal to a closed and accounted position.
 *
 *   receive → plan (validate, size, reserve) → enter (bracket) → await fill
 *           → protect (verify, re-anchor, repair) → monitor until an exit fills → settle
 *
 * Facts come as snapshots of the trade's rows; decisions and effects are activities that read those
 * rows first. So any step may run again, and the workflow may be reset anywhere. One loop acts, until the
 * trade is over and settled; messages only record and wish.
 */
import {
  allHandlersFinished,
  ApplicationFailure,
  condition,
  continueAsNew,
  log,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import type {
  ApprovalInput,
  CommandInput,
  CommandKind,
  TradeInput,
  TradeResult,
} from '../../contract/workflows.js';
import { localActivities } from '../activities.js';
import { failpoints } from '../failpoints.js';
import { enter, giveUp, lookUp, plan } from './entry.js';
import {
  approveTrade,
  cancelEntry,
  closeTrade,
  moveStop,
  moveTarget,
  rejectTrade,
  storyQuery,
  tradeChanged,
  trailStop,
} from './messages.js';
import { Progress, type Stage } from './progress.js';
import { tellPeople } from './waiting.js';
import { settle, watch } from './watch.js';

const CHAPTERS: Record<Exclude<Stage, 'done'>, (progress: Progress) => Promise<void>> = {
  plan,
  enter,
  look_up: lookUp,
  give_up: giveUp,
  watch,
  settle,
};

/** The stages that may last: their history must stay bounded. */
const LASTING: ReadonlySet<Stage> = new Set<Stage>(['look_up', 'watch']);

export async function trade(input: TradeInput): Promise<TradeResult> {
  const progress = new Progress(input);
  bindHandlers(progress);
  if (workflowInfo().continuedFromExecutionRunId) {
    failpoints.pass('run.continue.after', input.tradeId);
  }

  do {
    for (let { stage } = progress; stage !== 'done'; { stage } = progress) {
      const isLong = workflowInfo().continueAsNewSuggested && LASTING.has(stage);
      if (isLong) await goOnInNewRun(progress);
      else await CHAPTERS[stage](progress);
    }
    tellPeople(progress);
    await condition(allHandlersFinished);
  } while (progress.goesOn());
  const result = resultOf(progress);
  log.info('the trade is over', { tradeId: input.tradeId, ...result });
  return result;
}

/** Keeps the history of a weeks-long trade bounded; no message may be lost, so handlers end first. */
async function goOnInNewRun(progress: Progress): Promise<void> {
  await condition(allHandlersFinished);
  const { input } = progress;
  failpoints.pass('run.continue.before', input.tradeId);
  await continueAsNew<typeof trade>({ ...input, resumed: progress.resumption() });
}

function bindHandlers(progress: Progress): void {
  const { tradeId } = progress.input;
  setHandler(tradeChanged, (snapshot) => progress.adopt(snapshot));
  setHandler(storyQuery, () => {
    const { snapshot, step, wait } = progress;
    return { snapshot, step, wait };
  });

  // The front door writes the row itself; from the Temporal UI the same row is recorded here.
  const command = (kind: CommandKind) => async (input: CommandInput) => {
    const { recordCommand } = localActivities(`${kind} by ${input.actor}`);
    const outcome = await recordCommand({ tradeId, kind, ...input, cause: 'manual' });
    progress.adopt(outcome.snapshot);
    return { verdict: outcome.verdict, reason: outcome.reason };
  };
  // The same of a person's word: the plan that waits for it reads the row.
  const decision = (verdict: 'approved' | 'rejected') => async (input: ApprovalInput) => {
    const { decideApproval } = localActivities(`${verdict} by ${input.actor}`);
    const outcome = await decideApproval({ tradeId, verdict, ...input });
    progress.adopt(outcome.snapshot);
    return { verdict: outcome.verdict, reason: outcome.reason };
  };
  setHandler(approveTrade, decision('approved'), { validator: hasKey });
  setHandler(rejectTrade, decision('rejected'), { validator: hasKey });
  setHandler(closeTrade, command('close'), { validator: hasKey });
  setHandler(cancelEntry, command('cancel_entry'), { validator: hasKey });
  setHandler(moveStop, command('move_stop'), { validator: hasPrice });
  setHandler(moveTarget, command('move_target'), { validator: hasPrice });
  setHandler(trailStop, command('trail'), { validator: hasTrail });
}

function hasKey(input: ApprovalInput): void {
  if (input?.key && input.actor) return;
  throw ApplicationFailure.nonRetryable('a command needs a key and an actor');
}

function hasPrice(input: CommandInput): void {
  hasKey(input);
  if (typeof input.terms?.price === 'string') return;
  throw ApplicationFailure.nonRetryable('a move needs its price, as text, in terms.price');
}

function hasTrail(input: CommandInput): void {
  hasKey(input);
  if (typeof input.terms?.trail === 'object') return;
  throw ApplicationFailure.nonRetryable('a trail needs its amount or fraction in terms.trail');
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
