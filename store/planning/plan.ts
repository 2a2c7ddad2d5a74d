/**
 * Plan: validate, size and reserve in one transaction (RSK-2). The account's row is locked from the
 * first read to the commit, so no two plans see the same money. Idempotent by trade: a plan that was
 * committed is returned, never made again.
 */
import type { PlanOutcome } from '../../contract/activities.js';
import type { TradeSnapshot } from '../../contract/workflows.js';
import {
  approvalGate,
  asksUntilMs,
  asOfApproval,
  shownOf,
  waitCause,
  type ApprovalGate,
  type Shown,
} from '../../domain/risk/approval.js';
import type { PlanContext } from '../../domain/risk/context.js';
import {
  asOfOpen,
  crowdedAtOpen,
  lateAtOpen,
  queuedFor,
  type Queued,
} from '../../domain/risk/closed-market.js';
import { isAccountLost } from '../../domain/risk/check-book.js';
import { isBeginning } from '../../domain/risk/day-loss.js';
import { decidePlan } from '../../domain/risk/decide.js';
import { findingCodes, findingsText, type Finding } from '../../domain/risk/finding.js';
import { isFollowing, oppositeStep, type OppositeStep } from '../../domain/risk/opposite.js';
import { outageOf } from '../../domain/risk/outage.js';
import type { BracketPlan, PlanDecision } from '../../domain/risk/plan.js';
import { bracketLegs } from '../../domain/trade/bracket.js';
import { FINAL_STATES, type BeforeEntryState } from '../../domain/trade/states.js';
import type { Instrument } from '../../domain/vocabulary.js';
import { abandon } from '../../domain/trade/wishes.js';
import { latchLoss } from '../account-days.js';
import { auditExpiry, expireApproval } from '../approvals.js';
import { changeBook } from '../book/change.js';
import type { Database, Transaction } from '../database.js';
import { hasBegun } from '../day-facts.js';
import { referenceOf } from '../reference.js';
import { transact } from '../transact.js';
import { contextOf, type PlanSettings } from './context.js';
import { withCorrelations } from './correlations.js';
import { readWithOpposites, wantEnds } from './opposite.js';
import { lockForPlan, type PlanRows } from './read.js';
import { writeApproval, writeDenial, writeParking } from './write.js';

export interface PlanRequest {
  readonly tradeId: string;
  /** Decide with what there is, even if the market's rows are old. */
  readonly final: boolean;
  /** Until when the trade may wait for the link, once a plan of it has said so. */
  readonly parkedUntilMs?: number | null;
  /** That was for what parks entries, not for the link. */
  readonly isOfParking?: boolean;
  readonly nowMs: number;
  readonly installationId: string;
}

/** With a clock: the plan may wait for its account, and what it decides from grows old meanwhile. */
export type PlanAsked = Omit<PlanRequest, 'nowMs'> & { readonly nowMs: () => number };

/** What a plan came to, for whoever sends the order right behind it. */
export interface Planned {
  readonly outcome: PlanOutcome;
  /** The bracket, when this very call approved it and it is the first of its trade; else the book tells. */
  readonly first: FirstBracket | null;
  /** Other trades that it wants to end (TRD-7): their workflows are to be told. */
  readonly woken: readonly string[];
}

export interface FirstBracket {
  readonly plan: BracketPlan;
  readonly symbol: string;
  /** As the broker resolved it. */
  readonly instrument: Instrument;
  /** Messages that write it: nothing of an earlier one is to be cleared away. */
  readonly messages: number;
}

/** Decides on a trade as at one instant, or gives the decision that was committed before. */
export async function planTrade(
  db: Database,
  settings: PlanSettings,
  { nowMs, ...rest }: PlanRequest,
): Promise<PlanOutcome> {
  return (await planToSend(db, settings, { ...rest, nowMs: () => nowMs })).outcome;
}

/** The same, with what the send needs to know of a bracket that was approved just now. */
export async function planToSend(
  db: Database,
  settings: PlanSettings,
  asked: PlanAsked,
): Promise<Planned> {
  const { tradeId } = asked;
  return transact(db, 'plan.commit', { tradeId }, async (tx) => {
    await lockForPlan(tx, tradeId);
    const request = { ...asked, nowMs: asked.nowMs() };
    const rows = await readWithOpposites(tx, tradeId, request.nowMs);
    if (rows.trade.decisionId !== null) return only(await committedPlan(tx, rows));
    const settled = (await alreadySettled(tx, rows)) ?? (await cancelled(tx, rows, request));
    if (settled !== null) return only(settled);
    const loaded = contextOf(rows, settings, request.nowMs);
    const { context, missing } = await withCorrelations(tx, loaded, rows.account.id);
    const gate = approvalGate(context, rows.approval, rows.databaseNowMs);
    if (gate.kind === 'closed') return only(await unapproved(tx, rows, gate, context));
    if (gate.kind === 'wait') return only(await park(tx, rows, awaitingApproval(gate)));
    const mayFetch = !request.final && !isFollowing(context);
    if (missing.length > 0 && mayFetch) return only({ kind: 'needs_market', missing });
    const decision = decidePlan(context);
    const since = asOfApproval(context, rows.approval);
    const step = oppositeStep(since, decision.findings, settings.outageWaitMs);
    const shown = gate.kind === 'ask' ? shownOf(context, decision, step !== null) : null;
    if (shown !== null) return only(await park(tx, rows, asking(context, rows, shown)));
    if (decision.verdict === 'approved') {
      return reserve(tx, rows, decision, context, request.installationId);
    }
    if (step !== null) return against(tx, rows, step, decision, context);
    const isAwaiting = rows.trade.beforeEntry === 'AWAITING_OPEN';
    const waiting = waitingFor(
      { context: since, isAwaiting },
      decision.findings,
      settings,
      request,
    );
    const isDenied = waiting === null;
    return only(isDenied ? await deny(tx, rows, decision, context) : await park(tx, rows, waiting));
  });
}

/** What a plan that can't be approved now waits for. */
interface Waiting {
  readonly state: 'AWAITING_APPROVAL' | 'AWAITING_OPEN' | 'PARKED';
  /** For people: what is missing. */
  readonly cause: string;
  readonly untilMs: number;
  readonly isOfParking: boolean;
  /** Only that hour ends the wait; absent: whatever is missing may. */
  readonly opensMs?: number;
  /** It waits for another trade to be over. */
  readonly awaitsOther?: true;
  /** It waits for a person, who is asked by it for this. */
  readonly asks?: Shown;
}

type Gate<Kind> = Extract<ApprovalGate, { kind: Kind }>;

function awaitingApproval({ cause, untilMs }: Omit<Gate<'wait'>, 'kind'>): Waiting {
  return { state: 'AWAITING_APPROVAL', cause, untilMs, isOfParking: false };
}

/** It passes everything else: a person is asked, and nothing is reserved until the word is there (SIG-3). */
function asking(context: PlanContext, { databaseNowMs }: PlanRows, asks: Shown): Waiting {
  const cause = waitCause(asks);
  return { ...awaitingApproval({ cause, untilMs: asksUntilMs(context, databaseNowMs) }), asks };
}

/** A person has said no, or nobody said anything in time; with an expiry the row says so from now on. */
async function unapproved(
  tx: Transaction,
  rows: PlanRows,
  { isDue, finding }: Gate<'closed'>,
  context: PlanContext,
): Promise<PlanOutcome> {
  const { trade } = rows;
  if (isDue) await expireApproval(tx, trade.id);
  const record = { sizing: null, appliedDefaults: [] };
  const denied = { verdict: 'denied', findings: [finding], ...record } as const;
  const outcome = await deny(tx, rows, denied, context);
  if (isDue) await auditExpiry(tx, trade);
  return outcome;
}

/** The trades that it is opposite to are to end, by the very commit that denies it or has it wait (TRD-7). */
async function against(
  tx: Transaction,
  rows: PlanRows,
  step: OppositeStep,
  decision: Denied,
  context: PlanContext,
): Promise<Planned> {
  const woken = await wantEnds(tx, rows, context);
  if (step.kind === 'close') {
    await latchIfLost(tx, rows, findingCodes(decision.findings), context);
    const { findings } = step;
    return only(await deny(tx, rows, { ...decision, findings }, context), woken);
  }
  const { cause } = step;
  const waiting: Waiting =
    step.kind === 'queue'
      ? awaitingOpen(step)
      : { state: 'PARKED', cause, untilMs: step.untilMs, isOfParking: false, awaitsOther: true };
  return only(await park(tx, rows, waiting), woken);
}

/** The market's open, its turn or first quotes there, or the link to the broker; null when it is denied. */
function waitingFor(
  { context, isAwaiting }: { readonly context: PlanContext; readonly isAwaiting: boolean },
  findings: readonly Finding[],
  { outageWaitMs: waitMs }: PlanSettings,
  { parkedUntilMs = null, isOfParking = false }: PlanRequest,
): Waiting | null {
  const queued = queuedFor(context, isAwaiting);
  if (queued) return awaitingOpen(queued);
  const crowded = crowdedAtOpen(context, findings);
  if (crowded) {
    const { cause, untilMs, againMs: opensMs } = crowded;
    return { state: 'PARKED', cause, untilMs, isOfParking: false, opensMs };
  }
  const outage =
    lateAtOpen(context, findings) ??
    outageOf(asOfOpen(context), findings, { waitMs, parkedUntilMs, isOfParking });
  return outage && { state: 'PARKED', ...outage };
}

function awaitingOpen({ cause, opensMs }: Queued): Waiting {
  return { state: 'AWAITING_OPEN', cause, untilMs: opensMs, isOfParking: false, opensMs };
}

function only(outcome: PlanOutcome, woken: readonly string[] = []): Planned {
  return { outcome, first: null, woken };
}

/** Somebody wants it gone, and nothing of it was sent: it ends here, and not after its send. */
async function cancelled(
  tx: Transaction,
  { trade }: PlanRows,
  { tradeId, nowMs }: PlanRequest,
): Promise<PlanOutcome | null> {
  if (!trade.cancelRequested || trade.wasTaken) return null;
  const { snapshot } = await changeBook(tx, tradeId, nowMs, (book) =>
    abandon(book, 'cancelled before it was sent'),
  );
  return { kind: 'denied', codes: [], snapshot };
}

/** Keeps it for later; nothing is decided, nothing reserved. Told once for each cause. */
async function park(
  tx: Transaction,
  rows: PlanRows,
  { state, cause, untilMs, isOfParking, opensMs, awaitsOther, asks }: Waiting,
): Promise<PlanOutcome> {
  const { trade } = rows;
  const known = trade.snapshot;
  const open = opensMs === undefined ? {} : { opensMs };
  const awaitsApproval = state === 'AWAITING_APPROVAL' ? { awaitsApproval: true as const } : {};
  const told = { ...open, ...(awaitsOther && { awaitsOther }), ...awaitsApproval };
  if (known?.state === state && known.failure === cause) {
    return { kind: 'parked', cause, untilMs, isOfParking, ...told, snapshot: known };
  }
  const wait = { what: cause, untilMs, then: state === 'AWAITING_APPROVAL' ? 'deny' : 'plan' };
  const snapshot = { ...snapshotOf(rows, state, null), failure: cause, wait };
  await writeParking(tx, trade, { snapshot, state, cause, untilMs, ...(asks && { asks }) });
  return { kind: 'parked', cause, untilMs, isOfParking, ...told, snapshot };
}

async function committedPlan(tx: Transaction, { trade }: PlanRows): Promise<PlanOutcome> {
  const row = await tx.decision.findUniqueOrThrow({ where: { id: trade.decisionId! } });
  const snapshot = trade.snapshot!;
  if (row.verdict === 'denied') return { kind: 'denied', codes: row.codes, snapshot };
  return approvedOutcome(trade.symbol, row.plan as unknown as BracketPlan, row.id, snapshot);
}

/**
 * A trade that ended before it was sent is not planned again, whoever resets its story; nor is one whose
 * send was taken back although the broker has it: its last plan is what stands at the broker.
 */
async function alreadySettled(tx: Transaction, { trade }: PlanRows): Promise<PlanOutcome | null> {
  const snapshot = trade.snapshot;
  if (snapshot === null) return null;
  if (FINAL_STATES.has(trade.beforeEntry)) return { kind: 'denied', codes: [], snapshot };
  if (!trade.wasTaken) return null;
  const row = await tx.decision.findFirstOrThrow({
    where: { tradeId: trade.id, verdict: 'approved' },
    orderBy: { serial: 'desc' },
  });
  return approvedOutcome(trade.symbol, row.plan as unknown as BracketPlan, row.id, snapshot);
}

type Denied = Extract<PlanDecision, { verdict: 'denied' }>;

async function deny(
  tx: Transaction,
  rows: PlanRows,
  decision: Denied,
  context: PlanContext,
): Promise<PlanOutcome> {
  const codes = findingCodes(decision.findings);
  const details = findingsText(decision.findings);
  const snapshot = { ...snapshotOf(rows, 'DENIED', null), failure: details };
  await writeDenial(tx, rows.trade, { decision, context, snapshot, codes, details });
  await latchIfLost(tx, rows, codes, context);
  return { kind: 'denied', codes, snapshot };
}

/** A day whose loss has reached the account's limit stays so, once it has said what that is measured from. */
async function latchIfLost(
  tx: Transaction,
  { trade, day: newest }: PlanRows,
  codes: readonly string[],
  context: PlanContext,
): Promise<void> {
  const { nowMs } = context;
  const { day } = context.account;
  if (day === null || day.latched || !codes.includes('DAILY_LOSS_LIMIT')) return;
  if (!isAccountLost(context)) return;
  if (isBeginning(hasBegun(newest, nowMs), nowMs)) return;
  await latchLoss(tx, trade, day, nowMs);
}

async function reserve(
  tx: Transaction,
  rows: PlanRows,
  decision: Extract<PlanDecision, { verdict: 'approved' }>,
  context: PlanContext,
  installationId: string,
): Promise<Planned> {
  const { plan } = decision;
  const { trade } = rows;
  const intents = bracketLegs(plan, `oca-${trade.id.slice(-12)}`).map(({ role, terms }) => ({
    role,
    terms,
    clientOrderId: referenceOf(installationId, trade.id, role, 1),
  }));
  const summary = summaryOf(trade.symbol, plan);
  const snapshot = snapshotOf(rows, 'RECEIVED', plan);
  const instrument = rows.contract?.body.instrument ?? trade.instrument;
  const write = { decision, context, snapshot, intents, summary, instrument };
  const decisionId = await writeApproval(tx, trade, write);
  // A trade without a snapshot never had a decision before, so nothing of it was ever sent.
  const isFirst = trade.snapshot === null;
  const bracket = { plan, symbol: trade.symbol, instrument, messages: intents.length };
  const outcome = approvedOutcome(trade.symbol, plan, decisionId, snapshot);
  return { outcome, first: isFirst ? bracket : null, woken: [] };
}

/** A trade of which nothing was sent: its state follows from the decision alone. */
function snapshotOf(
  { trade }: PlanRows,
  state: BeforeEntryState,
  plan: BracketPlan | null,
): TradeSnapshot {
  return {
    seq: trade.seq + 1,
    state,
    heldQuantity: '0',
    averageEntry: null,
    openedAtMs: null,
    stopPrice: plan?.stopPrice ?? null,
    targetPrice: plan?.targetPrice ?? null,
    isProtected: false,
    needsWork: false,
    isOver: FINAL_STATES.has(state),
    cancelRequested: trade.cancelRequested,
    wait: null,
    exitReason: null,
    failure: null,
  };
}

function approvedOutcome(
  symbol: string,
  plan: BracketPlan,
  decisionId: string,
  snapshot: TradeSnapshot,
): PlanOutcome {
  return {
    kind: 'approved',
    decisionId,
    snapshot,
    summary: summaryOf(symbol, plan),
    quantity: plan.quantity,
    closeByMs: plan.closeByMs,
  };
}

function summaryOf(symbol: string, plan: BracketPlan): string {
  const target = plan.targetPrice ? ` target ${plan.targetPrice}` : '';
  return `${plan.side} ${plan.quantity} ${symbol} @ ${plan.referencePrice} stop ${plan.stopPrice}${target}`;
}
