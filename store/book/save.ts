/**
 * Writing a changed book back: the order rows, the trade as derived from them, and the snapshot that its
 * workflow will be told. Everything is derived anew each time, so there is no second truth to drift.
 */
import { deriveTrade, type TradeView } from '../../domain/trade/derive.js';
import type { BeforeEntryState } from '../../domain/trade/states.js';
import type { TradeLeg } from '../../domain/trade/leg.js';
import { decimal, text } from '../../domain/money.js';
import type { Side } from '../../domain/vocabulary.js';
import type { TradeSnapshot } from '../../contract/workflows.js';
import { Prisma, textFromRow, toJson, type Transaction } from '../database.js';
import type { OrderRow, TradeBook, TradeRow } from './load.js';
import { needsWork } from './needs-work.js';

/** Columns of the trade that a caller changes on purpose; the rest is derived. */
export type TradeChanges = Partial<
  Pick<
    TradeRow,
    | 'beforeEntry'
    | 'decisionId'
    | 'denialCodes'
    | 'closeRequested'
    | 'cancelRequested'
    | 'reanchored'
    | 'verified'
    | 'failure'
  >
> & {
  readonly stopPrice?: string | null;
  readonly targetPrice?: string | null;
  readonly plannedQuantity?: string | null;
  readonly referencePrice?: string | null;
};

export interface SavedBook {
  readonly snapshot: TradeSnapshot;
  readonly view: TradeView;
  /** The workflow must be told (unless it is the one that asked). */
  readonly wakes: boolean;
  /** False when nothing had changed and nothing was written. */
  readonly changed: boolean;
}

/** Saves legs and trade; `nowMs` stamps what becomes true now. Call under the trade's lock. */
export async function saveBook(
  tx: Transaction,
  book: TradeBook,
  nowMs: number,
  changes: TradeChanges = {},
): Promise<SavedBook> {
  const legs = [...book.legs.values()];
  await saveLegs(tx, book, legs, nowMs);
  const trade = { ...book.trade, ...asRow(changes) };
  const view = deriveTrade(legs, flagsOf(trade));
  const before = book.trade.snapshot as unknown as TradeSnapshot | null;
  const after = snapshotOf(trade, view, legs, nowMs);
  if (before && Object.keys(changes).length === 0 && sameContent(before, after)) {
    return { snapshot: before, view, wakes: false, changed: false };
  }
  const wakes = before === null || mattersToWorkflow(before, after);
  await tx.trade.update({
    where: { id: trade.id },
    data: {
      ...changes,
      ...tradeColumns(trade, view, after, nowMs),
      snapshot: toJson(after),
      seq: after.seq,
      ...(wakes ? { wakeSeq: after.seq } : {}),
    },
    select: { id: true },
  });
  return { snapshot: after, view, wakes, changed: true };
}

/** Legs that changed alike, as the legs of a bracket do when it is sent, are one statement. */
async function saveLegs(
  tx: Transaction,
  book: TradeBook,
  legs: readonly TradeLeg[],
  nowMs: number,
): Promise<void> {
  const alike = new Map<string, { ids: string[]; data: ReturnType<typeof orderColumns> }>();
  for (const leg of legs) {
    const row = book.rows.get(leg.legId);
    if (!row || !differs(row, leg)) continue;
    const data = orderColumns(row, leg, nowMs);
    const key = JSON.stringify(data);
    const group = alike.get(key) ?? { ids: [], data };
    group.ids.push(row.id);
    alike.set(key, group);
  }
  for (const { ids, data } of alike.values()) {
    await tx.order.updateMany({ where: { id: { in: ids } }, data });
  }
}

/** The trade as derived from rows, without writing. */
export function viewOf(book: TradeBook): TradeView {
  return deriveTrade([...book.legs.values()], flagsOf(book.trade));
}

function flagsOf(trade: TradeRow) {
  return {
    side: trade.side as Side,
    beforeEntry: trade.beforeEntry as BeforeEntryState,
    closeRequested: trade.closeRequested,
    stopPrice: textFromRow(trade.stopPrice),
    targetPrice: textFromRow(trade.targetPrice),
  };
}

/** Changes as they will stand in the row, for deriving before writing. */
function asRow(changes: TradeChanges): Partial<TradeRow> {
  const { stopPrice, targetPrice, plannedQuantity, referencePrice, ...plain } = changes;
  const decimals = { stopPrice, targetPrice, plannedQuantity, referencePrice };
  const converted = Object.entries(decimals)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => [name, value === null ? null : new Prisma.Decimal(value!)]);
  return { ...plain, ...(Object.fromEntries(converted) as Partial<TradeRow>) };
}

function snapshotOf(
  trade: TradeRow,
  view: TradeView,
  legs: readonly TradeLeg[],
  nowMs: number,
): TradeSnapshot {
  const openedAtMs = trade.openedAt?.getTime() ?? (view.entryFilled === '0' ? null : nowMs);
  return {
    seq: Number(trade.seq) + 1,
    state: view.state,
    heldQuantity: view.heldQuantity,
    averageEntry: view.averageEntry && columnText(view.averageEntry),
    openedAtMs,
    stopPrice: textFromRow(trade.stopPrice),
    targetPrice: textFromRow(trade.targetPrice),
    isProtected: view.isProtected,
    needsWork: needsWork(trade, view, legs, nowMs),
    isOver: view.isOver,
    exitReason: view.exitReason,
    failure: trade.failure,
  };
}

function tradeColumns(trade: TradeRow, view: TradeView, snapshot: TradeSnapshot, nowMs: number) {
  const covered = view.heldQuantity === '0' || view.isProtected;
  return {
    state: view.state,
    heldQuantity: view.heldQuantity,
    filledQuantity: view.entryFilled,
    averageEntry: view.averageEntry && columnText(view.averageEntry),
    averageExit: view.averageExit && columnText(view.averageExit),
    isProtected: view.isProtected,
    unarmedSince: covered ? null : (trade.unarmedSince ?? new Date(nowMs)),
    exitReason: view.exitReason,
    openedAt: snapshot.openedAtMs === null ? null : new Date(snapshot.openedAtMs),
    closedAt: view.isOver ? (trade.closedAt ?? new Date(nowMs)) : null,
  };
}

/** Fills that change neither state nor protection wake nobody: histories stay short. */
function mattersToWorkflow(before: TradeSnapshot, after: TradeSnapshot): boolean {
  return (
    before.state !== after.state ||
    before.isProtected !== after.isProtected ||
    before.needsWork !== after.needsWork ||
    before.isOver !== after.isOver
  );
}

function sameContent(before: TradeSnapshot, after: TradeSnapshot): boolean {
  return JSON.stringify({ ...before, seq: 0 }) === JSON.stringify({ ...after, seq: 0 });
}

function differs(row: OrderRow, leg: TradeLeg): boolean {
  const columns = orderColumns(row, leg, 0);
  return (
    row.status !== columns.status ||
    row.intent !== columns.intent ||
    row.whyHeld !== columns.whyHeld ||
    textFromRow(row.filledQuantity) !== columns.filledQuantity ||
    textFromRow(row.averagePrice) !== columns.averagePrice ||
    row.errorCode !== columns.errorCode ||
    row.errorText !== columns.errorText ||
    JSON.stringify(row.reported) !== JSON.stringify(leg.reported)
  );
}

const UNANSWERED = new Set(['PENDING', 'UNKNOWN', 'FAILED']);

function orderColumns(row: OrderRow, leg: TradeLeg, nowMs: number) {
  const answered = !UNANSWERED.has(leg.status);
  return {
    status: leg.status,
    intent: leg.intent,
    whyHeld: leg.whyHeld,
    filledQuantity: leg.filledQuantity,
    averagePrice: leg.averagePrice && columnText(leg.averagePrice),
    errorCode: leg.error?.code ?? null,
    errorText: leg.error?.message ?? null,
    reported: leg.reported ? toJson(leg.reported) : Prisma.DbNull,
    acknowledgedAt: row.acknowledgedAt ?? (answered ? new Date(nowMs) : null),
  };
}

/** 8 decimals: what a NUMERIC(24,8) column keeps of an average. */
const COLUMN_DECIMALS = 8;

function columnText(value: string): string {
  return text(decimal(value).toDecimalPlaces(COLUMN_DECIMALS));
}
