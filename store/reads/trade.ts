/** One trade, whole: its signal, decisions, orders, executions, commands and timeline (TRD-8). */
import { decimal, text } from '../../domain/money.js';
import { signOf, type LegRole, type Side, type TimeInForce } from '../../domain/vocabulary.js';
import type { Database } from '../database.js';
import { executionView, orderView, type ExecutionView, type OrderView } from './orders.js';
import { instant, snakeJson, type Json, type JsonObject } from './shape.js';
import { SUMMARY_INCLUDE, tradeSummary, type TradeSummary } from './trades.js';

export interface TradeDetail extends TradeSummary {
  /** The signal as parsed, before defaults. */
  readonly signal: JsonObject;
  readonly decisions: readonly DecisionView[];
  readonly orders: readonly OrderView[];
  readonly executions: readonly ExecutionView[];
  readonly commands: readonly CommandView[];
  readonly timeline: readonly TimelineEntry[];
  /** What the entry cost against the price that was sized with; positive is worse. */
  readonly entry_slippage: string | null;
}

export interface DecisionView {
  readonly id: string;
  readonly kind: string;
  readonly verdict: 'approved' | 'denied';
  readonly codes: readonly string[];
  readonly findings: readonly FindingView[];
  readonly sizing: SizingView | null;
  readonly plan: PlanView | null;
  /** Everything the decision was made from. */
  readonly inputs: Json;
  readonly decided_at: string;
}

/** The bracket as it was approved. */
export interface PlanView {
  readonly side: Side;
  readonly quantity: string;
  readonly entry: {
    readonly order_type: 'MKT' | 'LMT';
    readonly limit_price: string | null;
    /** The limit is a collar around a market entry. */
    readonly collared: boolean;
    readonly time_in_force: TimeInForce;
    /** With GTD. */
    readonly good_till_ms: number | null;
  };
  readonly stop_price: string;
  readonly target_price: string | null;
  /** What sizing took as the entry. */
  readonly reference_price: string;
  readonly stop_loss_pct: string | null;
  readonly take_profit_pct: string | null;
  readonly approved_risk: string;
  readonly reservation: {
    readonly cash: string;
    readonly exposure: string;
    readonly open_risk: string;
  };
  readonly close_by_ms: number | null;
  /** What stood in for something the signal left open. */
  readonly applied_defaults: readonly { readonly field: string; readonly value: string }[];
}

export interface FindingView {
  readonly code: string;
  readonly measured: string;
  readonly limit: string;
}

export interface SizingView {
  readonly inputs: Readonly<Record<string, string | null>>;
  readonly raw_quantity: string;
  /** In the order in which they are taken. */
  readonly caps: Readonly<Record<string, string>>;
  readonly bound_by: string | null;
  readonly approved: boolean;
  readonly quantity: string;
  readonly refusal: string | null;
  readonly risk_amount: string | null;
  readonly risk_percent: string | null;
  readonly position_value: string | null;
  readonly reward_risk: string | null;
}

export interface CommandView {
  readonly key: string;
  readonly kind: string;
  readonly verdict: 'pending' | 'accepted' | 'refused';
  readonly reason: string | null;
  readonly actor: string;
  readonly created_at: string;
  readonly done_at: string | null;
}

export interface TimelineEntry {
  readonly id: string;
  readonly at: string;
  readonly kind: string;
  readonly summary: string;
  readonly detail: Json;
}

/** The newest events of a timeline that are read: a trade of weeks has a few hundred. */
const TIMELINE_MAX = 2_000;

const oldestFirst = { orderBy: { id: 'asc' } } as const;

/** The whole trade, or null when the user has none with this id. */
export async function loadTrade(
  db: Database,
  userId: string,
  tradeId: string,
): Promise<TradeDetail | null> {
  const row = await db.trade.findFirst({
    where: { id: tradeId, userId },
    include: {
      ...SUMMARY_INCLUDE,
      signal: true,
      decisions: { orderBy: { serial: 'asc' } },
      orders: {
        orderBy: [{ createdAt: 'asc' }, { id: 'asc' }],
        include: { incarnations: { orderBy: { n: 'asc' } } },
      },
      executions: oldestFirst,
      commands: { orderBy: { createdAt: 'asc' } },
      events: { orderBy: { id: 'desc' }, take: TIMELINE_MAX },
    },
  });
  if (row === null) return null;
  const roles = new Map(row.orders.map((order) => [order.id, order.role as LegRole]));
  const summary = tradeSummary(row);
  return {
    ...summary,
    signal: row.signal.body as JsonObject,
    decisions: row.decisions.map(decisionView),
    orders: inStoryOrder(row.orders.map(orderView)),
    executions: row.executions.map((execution) =>
      executionView(execution, roles.get(execution.orderRowId ?? '') ?? null),
    ),
    commands: row.commands.map(commandView),
    timeline: row.events.reverse().map(timelineEntry),
    entry_slippage: slippageOf(summary),
  };
}

/** Shorter prefixes than this would match by accident. */
const PREFIX_MIN = 4;
/** More than one match is an ambiguity, however many there are. */
const MATCHES_MAX = 2;

export type TradeMatch =
  | { readonly kind: 'found'; readonly tradeId: string }
  | { readonly kind: 'none' }
  | { readonly kind: 'ambiguous' };

/** Finds a trade as people name it: its id, the beginning of its id, or its signal's id. */
export async function findTrade(db: Database, userId: string, name: string): Promise<TradeMatch> {
  const bySignal = await db.signal.findUnique({
    where: { userId_signalId: { userId, signalId: name } },
    select: { trade: { select: { id: true } } },
  });
  if (bySignal?.trade) return { kind: 'found', tradeId: bySignal.trade.id };
  if (name.length < PREFIX_MIN || !/^[0-9a-f-]+$/i.test(name)) return { kind: 'none' };
  const rows = await db.$queryRaw<{ id: string }[]>`
    SELECT id::text FROM trades
     WHERE user_id = ${userId}::uuid AND id::text LIKE ${`${name.toLowerCase()}%`}
     LIMIT ${MATCHES_MAX}`;
  const [first, second] = rows;
  if (!first) return { kind: 'none' };
  return second ? { kind: 'ambiguous' } : { kind: 'found', tradeId: first.id };
}

const ROLE_ORDER: readonly LegRole[] = ['ENTRY', 'STOP', 'TARGET', 'CLOSE'];

/** A bracket's rows are made in one instant: entry first, then its exits, then repairs. */
function inStoryOrder(orders: readonly OrderView[]): OrderView[] {
  const rank = (order: OrderView) => ROLE_ORDER.indexOf(order.role);
  return [...orders].sort((a, b) => a.sequence - b.sequence || rank(a) - rank(b));
}

function slippageOf(trade: TradeSummary): string | null {
  if (trade.average_entry === null || trade.reference_price === null) return null;
  const paid = decimal(trade.average_entry).sub(decimal(trade.reference_price));
  return text(paid.mul(signOf(trade.side)));
}

interface DecisionRow {
  readonly id: string;
  readonly kind: string;
  readonly verdict: string;
  readonly codes: string[];
  readonly findings: unknown;
  readonly sizing: unknown;
  readonly plan: unknown;
  readonly inputs: unknown;
  readonly decidedAt: Date;
}

function decisionView(row: DecisionRow): DecisionView {
  return {
    id: row.id,
    kind: row.kind,
    verdict: row.verdict as DecisionView['verdict'],
    codes: row.codes,
    findings: row.findings as FindingView[],
    sizing: row.sizing === null ? null : sizingView(row.sizing),
    plan: row.plan === null ? null : (snakeJson(row.plan) as unknown as PlanView),
    inputs: snakeJson(row.inputs),
    decided_at: instant(row.decidedAt),
  };
}

/** The order in which caps are taken; a JSON column keeps no order of its own. */
const CAP_ORDER = ['position', 'strategy', 'cash', 'buying_power', 'open_risk', 'max_quantity'];

function sizingView(stored: unknown): SizingView {
  const sizing = snakeJson(stored) as unknown as SizingView;
  const caps = CAP_ORDER.filter((name) => name in sizing.caps).map(
    (name) => [name, sizing.caps[name]!] as const,
  );
  return { ...sizing, caps: Object.fromEntries(caps) };
}

interface CommandRow {
  readonly key: string;
  readonly kind: string;
  readonly verdict: string;
  readonly reason: string | null;
  readonly actor: string;
  readonly createdAt: Date;
  readonly doneAt: Date | null;
}

function commandView(row: CommandRow): CommandView {
  return {
    key: row.key,
    kind: row.kind,
    verdict: row.verdict as CommandView['verdict'],
    reason: row.reason,
    actor: row.actor,
    created_at: instant(row.createdAt),
    done_at: instant(row.doneAt),
  };
}

interface EventRow {
  readonly id: bigint;
  readonly at: Date;
  readonly kind: string;
  readonly summary: string;
  readonly detail: unknown;
}

function timelineEntry(row: EventRow): TimelineEntry {
  return {
    id: String(row.id),
    at: instant(row.at),
    kind: row.kind,
    summary: row.summary,
    detail: snakeJson(row.detail),
  };
}
