/** The snapshot of a trade that its workflow is told, and what of it matters to the workflow. */
import type { TradeSnapshot } from '../../contract/workflows.js';
import { canonical } from '../../domain/canonical.js';
import { decimal, text } from '../../domain/money.js';
import type { Book } from '../../domain/trade/book.js';
import { isWork, needsOf, NOTHING_KNOWN } from '../../domain/trade/needs.js';
import type { BookView } from '../../domain/trade/view.js';

/** Makes the snapshot that carries the number `seq`. */
export function snapshotOf(book: Book, view: BookView, seq: number, nowMs: number): TradeSnapshot {
  return {
    seq,
    state: view.state,
    heldQuantity: view.heldQuantity,
    averageEntry: view.averageEntry && columnText(view.averageEntry),
    openedAtMs: book.openedAtMs,
    stopPrice: book.exits.stopPrice,
    targetPrice: book.exits.targetPrice,
    isProtected: view.isProtected,
    needsWork: isWork(needsOf(book, NOTHING_KNOWN, nowMs)),
    isOver: view.isOver,
    exitReason: view.exitReason,
    failure: book.failure,
  };
}

/** Fills that change neither state nor protection wake nobody: histories stay short. */
export function mattersToWorkflow(before: TradeSnapshot | null, after: TradeSnapshot): boolean {
  return (
    before === null ||
    before.state !== after.state ||
    before.isProtected !== after.isProtected ||
    before.needsWork !== after.needsWork ||
    before.isOver !== after.isOver
  );
}

/** Whether two snapshots say the same, whatever their numbers. */
export function sameContent(before: TradeSnapshot | null, after: TradeSnapshot): boolean {
  if (before === null) return false;
  // The column keeps members in an order of its own.
  return canonical({ ...before, seq: 0 }) === canonical({ ...after, seq: 0 });
}

/** 8 decimals: what a NUMERIC(24,8) column keeps of an average. */
const COLUMN_DECIMALS = 8;

/** An average as its column keeps it. */
export function columnText(value: string): string {
  return text(decimal(value).toDecimalPlaces(COLUMN_DECIMALS));
}
