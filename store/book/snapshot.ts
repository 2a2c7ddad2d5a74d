/** The snapshot of a trade that its workflow is told, and what of it matters to the workflow. */
import type { TradeSnapshot } from '../../contract/workflows.js';
import { canonical } from '../../domain/canonical.js';
import { decimal, text } from '../../domain/money.js';
import type { NextStep } from '../../domain/trade/actions.js';
import type { Book } from '../../domain/trade/book.js';
import { isWork, needsOf, NOTHING_KNOWN } from '../../domain/trade/needs.js';
import type { BookView } from '../../domain/trade/view.js';

/** Makes the snapshot that carries the number `seq`. */
export function snapshotOf(book: Book, view: BookView, seq: number, nowMs: number): TradeSnapshot {
  const needs = needsOf(book, NOTHING_KNOWN, nowMs);
  return {
    seq,
    state: view.state,
    heldQuantity: view.heldQuantity,
    averageEntry: view.averageEntry && columnText(view.averageEntry),
    openedAtMs: book.openedAtMs,
    stopPrice: book.exits.stopPrice,
    targetPrice: book.exits.targetPrice,
    isProtected: view.isProtected,
    needsWork: isWork(needs),
    isOver: view.isOver,
    cancelRequested: book.wishes.cancelEntry,
    ...movesOf(book),
    wait: needs.wait && { ...needs.wait, then: NEXT_STEPS[needs.wait.then] },
    exitReason: view.exitReason,
    failure: book.failure,
  };
}

/** Left out while nobody moved an exit: snapshots go into histories. */
function movesOf({ wishes: { moves } }: Book): Pick<TradeSnapshot, 'moves'> {
  return Object.values(moves).some((move) => move !== null) ? { moves } : {};
}

/** What comes after a wait, for people. */
const NEXT_STEPS: Readonly<Record<NextStep, string>> = {
  plan: 'look what is needed',
  look_up: 'look it up at the broker',
  facts: 'ask for the executions',
  person: 'ask a person',
};

/** Fills that change neither state nor protection wake nobody: histories stay short. */
export function mattersToWorkflow(before: TradeSnapshot | null, after: TradeSnapshot): boolean {
  return (
    before === null ||
    before.state !== after.state ||
    before.isProtected !== after.isProtected ||
    before.needsWork !== after.needsWork ||
    (before.cancelRequested ?? false) !== (after.cancelRequested ?? false) ||
    before.isOver !== after.isOver
  );
}

/** Whether two snapshots say the same, whatever their numbers and whenever it was first said. */
export function sameContent(before: TradeSnapshot | null, after: TradeSnapshot): boolean {
  if (before === null) return false;
  // The column keeps members in an order of its own.
  return canonical(timeless(before)) === canonical(timeless(after));
}

/** A wait goes on from when it began: being reckoned again makes no change of it. */
function timeless(snapshot: TradeSnapshot): object {
  const wait = snapshot.wait ?? null;
  return { ...snapshot, seq: 0, wait: wait && { ...wait, untilMs: null } };
}

/** 8 decimals: what a NUMERIC(24,8) column keeps of an average. */
const COLUMN_DECIMALS = 8;

/** An average as its column keeps it. */
export function columnText(value: string): string {
  return text(decimal(value).toDecimalPlaces(COLUMN_DECIMALS));
}
