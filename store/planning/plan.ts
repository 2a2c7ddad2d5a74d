/**
 * Plan: validate, size and reserve in one transaction (RSK-2). The account's row is locked from the
 * first read to the commit, so no two plans see the same money. Idempotent by trade: a plan that was
 * committed is returned, never made again.
 */
import { createHash } from 'node:crypto';
import type { PlanOutcome } from '../../contract/activities.js';
import type { OrderTerms } from '../../contract/orders.js';
import type { TradeSnapshot } from '../../contract/workflows.js';
import { clientOrderId } from '../../domain/ids.js';
import { decidePlan } from '../../domain/risk/decide.js';
import type { BracketPlan, PlanDecision } from '../../domain/risk/plan.js';
import { toJson, type Database, type Transaction } from '../database.js';
import { lockBook, type TradeBook } from '../book/load.js';
import { saveBook } from '../book/save.js';
import { addTradeEvent } from '../timeline.js';
import { loadContext, lockAccount, type PlanSettings } from './context.js';
import { bracketLegs } from './legs.js';

export interface PlanRequest {
  readonly tradeId: string;
  /** Decide with what there is, even if the market's rows are old. */
  readonly final: boolean;
  readonly nowMs: number;
  readonly installationId: string;
}

/** Decides on a trade, or gives the decision that was committed before. */
export async function planTrade(
  db: Database,
  settings: PlanSettings,
  request: PlanRequest,
): Promise<PlanOutcome> {
  return db.$transaction(async (tx) => {
    const { accountId } = await tx.trade.findUniqueOrThrow({
      where: { id: request.tradeId },
      select: { accountId: true },
    });
    await lockAccount(tx, accountId);
    const book = await lockBook(tx, request.tradeId);
    const known = await committedPlan(tx, book);
    if (known) return known;
    const { context, missing } = await loadContext(tx, book, settings, request.nowMs);
    if (missing.length > 0 && !request.final) return { kind: 'needs_market', missing };
    const decision = decidePlan(context);
    const decisionId = await keepDecision(tx, book, decision, context);
    return decision.verdict === 'denied'
      ? deny(tx, book, decision, decisionId, request.nowMs)
      : reserve(tx, book, decision, decisionId, request);
  });
}

async function committedPlan(tx: Transaction, book: TradeBook): Promise<PlanOutcome | null> {
  const { trade } = book;
  const snapshot = trade.snapshot as unknown as TradeSnapshot | null;
  if (trade.decisionId === null || snapshot === null) return null;
  const row = await tx.decision.findUniqueOrThrow({ where: { id: trade.decisionId } });
  if (row.verdict === 'denied') return { kind: 'denied', codes: row.codes, snapshot };
  const plan = row.plan as unknown as BracketPlan;
  return approvedOutcome(trade.symbol, plan, row.id, snapshot);
}

async function keepDecision(
  tx: Transaction,
  book: TradeBook,
  decision: PlanDecision,
  context: unknown,
): Promise<string> {
  const { trade } = book;
  const { id } = await tx.decision.create({
    data: {
      userId: trade.userId,
      accountId: trade.accountId,
      tradeId: trade.id,
      kind: 'plan',
      verdict: decision.verdict,
      codes: decision.findings.map((finding) => finding.code),
      findings: toJson(decision.findings),
      inputs: toJson(context),
      ...(decision.sizing ? { sizing: toJson(decision.sizing) } : {}),
      ...(decision.verdict === 'approved'
        ? { plan: toJson({ ...decision.plan, appliedDefaults: decision.appliedDefaults }) }
        : {}),
    },
  });
  return id;
}

async function deny(
  tx: Transaction,
  book: TradeBook,
  decision: Extract<PlanDecision, { verdict: 'denied' }>,
  decisionId: string,
  nowMs: number,
): Promise<PlanOutcome> {
  const codes = [...new Set(decision.findings.map((finding) => finding.code))];
  const details = decision.findings.map((f) => `${f.code}: ${f.measured}, ${f.limit}`).join('; ');
  await addTradeEvent(tx, keyOf(book), 'denied', details, { findings: decision.findings });
  const { snapshot } = await saveBook(tx, book, nowMs, {
    beforeEntry: 'DENIED',
    decisionId,
    denialCodes: codes,
    failure: details,
  });
  return { kind: 'denied', codes, snapshot };
}

async function reserve(
  tx: Transaction,
  book: TradeBook,
  decision: Extract<PlanDecision, { verdict: 'approved' }>,
  decisionId: string,
  request: PlanRequest,
): Promise<PlanOutcome> {
  const { plan } = decision;
  const { trade } = book;
  await keepReservation(tx, book, plan);
  const idOf = (role: 'ENTRY' | 'STOP' | 'TARGET') =>
    clientOrderId(request.installationId, trade.id, role, 1, sha256Hex);
  for (const { role, terms } of bracketLegs(plan, `oca-${trade.id.slice(-12)}`)) {
    await keepIntent(tx, book, role, idOf(role), terms);
  }
  const summary = summaryOf(trade.symbol, plan);
  await addTradeEvent(tx, keyOf(book), 'approved', summary, {
    sizing: decision.sizing,
    applied_defaults: decision.appliedDefaults,
  });
  const fresh = await lockBook(tx, trade.id);
  const { snapshot } = await saveBook(tx, fresh, request.nowMs, {
    decisionId,
    plannedQuantity: plan.quantity,
    referencePrice: plan.referencePrice,
    stopPrice: plan.stopPrice,
    targetPrice: plan.targetPrice,
    failure: null,
  });
  return approvedOutcome(trade.symbol, plan, decisionId, snapshot);
}

async function keepReservation(tx: Transaction, book: TradeBook, plan: BracketPlan): Promise<void> {
  const { trade } = book;
  const data = { phase: 'CASH', releasedAt: null, filledAt: null, ...plan.reservation };
  await tx.reservation.upsert({
    where: { tradeId: trade.id },
    create: {
      ...data,
      tradeId: trade.id,
      userId: trade.userId,
      accountId: trade.accountId,
      strategyId: trade.strategyId,
      symbol: trade.symbol,
      side: plan.side,
    },
    update: data,
  });
}

/** The intent of a leg. Planned again before anything was sent, it takes the new terms. */
async function keepIntent(
  tx: Transaction,
  book: TradeBook,
  role: string,
  id: string,
  terms: OrderTerms,
): Promise<void> {
  const { trade } = book;
  await tx.order.upsert({
    where: { clientOrderId: id },
    create: {
      userId: trade.userId,
      accountId: trade.accountId,
      tradeId: trade.id,
      role,
      clientOrderId: id,
      terms: toJson(terms),
    },
    update: { terms: toJson(terms), status: 'PENDING', errorCode: null, errorText: null },
  });
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

function sha256Hex(value: string): string {
  return createHash('sha256').update(value).digest('hex');
}

function keyOf(book: TradeBook) {
  return { userId: book.trade.userId, tradeId: book.trade.id };
}
