/** One trade, whole: its signal, decisions, orders, executions, commands and timeline (TRD-8). */
import {
  hasEnded,
  type CommandView,
  type DecisionView,
  type FindingView,
  type JsonObject,
  type OrderView,
  type PlanView,
  type SizingView,
  type TimelineEntry,
  type TradeDetail,
  type TradeMatch,
  type TradeSummary,
} from '../../contract/views.js';
import { decimal, text } from '../../domain/money.js';
import { stopDelayMs } from '../../domain/trade/stop-delay.js';
import { signOf, type LegRole } from '../../domain/vocabulary.js';
import type { Database } from '../database.js';
import { executionView, orderView } from './orders.js';
import { instant, snakeJson } from './shape.js';
import { SUMMARY_INCLUDE, tradeSummary } from './trades.js';

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
    orders: inStoryOrder(row.orders.map((order) => orderView(order, hasEnded(summary.state)))),
    executions: row.executions.map((execution) =>
      executionView(execution, roles.get(execution.orderRowId ?? '') ?? null),
    ),
    commands: row.commands.map(commandView),
    timeline: row.events.reverse().map(timelineEntry),
    entry_slippage: slippageOf(summary),
    stop_delay_ms: delayOf(row),
  };
}

/** Whether the user has a trade of this id. */
export async function isTradeOf(db: Database, userId: string, tradeId: string): Promise<boolean> {
  return (await db.trade.count({ where: { id: tradeId, userId } })) === 1;
}

/** One character is a slip of the finger; of two or more, being unique decides. */
const PREFIX_MIN = 2;
/** More than one match is an ambiguity, however many there are. */
const MATCHES_MAX = 2;

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

interface DelayRows {
  readonly orders: readonly { id: string; role: string; acknowledgedAt: Date | null }[];
  readonly executions: readonly { orderRowId: string | null; executedAt: Date; receivedAt: Date }[];
}

function delayOf({ orders, executions }: DelayRows): number | null {
  const entries = new Set(orders.filter(({ role }) => role === 'ENTRY').map(({ id }) => id));
  const fills = executions.filter(({ orderRowId: id }) => id !== null && entries.has(id));
  const stops = orders.filter(({ role }) => role === 'STOP');
  return stopDelayMs(
    fills.map(({ executedAt, receivedAt }) => ({
      executedAtMs: executedAt.getTime(),
      receivedAtMs: receivedAt.getTime(),
    })),
    stops.map(({ acknowledgedAt }) => acknowledgedAt?.getTime() ?? null),
  );
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
