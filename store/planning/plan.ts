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
import type { LegRole } from '../../domain/vocabulary.js';
import { toJson, type Database, type Transaction } from '../database.js';
import { orderRowWithLeg } from '../book/add-leg.js';
import { lockBook, type TradeBook } from '../book/load.js';
import { saveBook } from '../book/save.js';
import { addTradeEvent } from '../timeline.js';
import { loadContext, type PlanSettings } from './context.js';
import { lockAccount } from './read.js';
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
    await lockAccount(tx, request.tradeId);
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
  const legs = bracketLegs(plan, `oca-${trade.id.slice(-12)}`);
  const planned = await keepIntents(
    tx,
    book,
    legs.map(({ role, terms }) => ({ role, terms, clientOrderId: idOf(role) })),
  );
  const summary = summaryOf(trade.symbol, plan);
  await addTradeEvent(tx, keyOf(book), 'approved', summary, {
    sizing: decision.sizing,
    applied_defaults: decision.appliedDefaults,
  });
  const { snapshot } = await saveBook(tx, planned, request.nowMs, {
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

interface Intent {
  readonly role: LegRole;
  readonly clientOrderId: string;
  readonly terms: OrderTerms;
}

/** The intents of the legs. Planned again before anything was sent, they take the new terms. */
async function keepIntents(
  tx: Transaction,
  book: TradeBook,
  intents: readonly Intent[],
): Promise<TradeBook> {
  const { id: tradeId, userId, accountId } = book.trade;
  if (book.rows.size > 0) {
    for (const { clientOrderId, terms } of intents) {
      await tx.order.update({ where: { clientOrderId }, data: { terms: toJson(terms) } });
    }
    return lockBook(tx, tradeId);
  }
  const created = await tx.order.createManyAndReturn({
    data: intents.map(({ role, clientOrderId, terms }) => ({
      userId,
      accountId,
      tradeId,
      role,
      clientOrderId,
      terms: toJson(terms),
    })),
  });
  for (const row of created) orderRowWithLeg(book, row);
  return book;
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
