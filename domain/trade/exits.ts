/** What the exits should be once the entry is finished: anchored to the fill, and read back as wanted. */
import { decimal, text } from '../money.js';
import { hasEnded } from '../orders/table.js';
import { reanchorExits } from '../sizing/exits.js';
import type { Quote } from '../vocabulary.js';
import { entryOf, type Book, type Change } from './book.js';
import { isOpen } from './incarnation.js';
import { differencesOf } from './leg.js';
import { viewOf } from './view.js';
import { entryMayFill } from './wishes.js';

const LIVE = new Set(['ACCEPTED', 'PARTIAL', 'HELD']);

/**
 * Moves percent exits to the average fill, once, when the entry is finished (SIZ-6). Without a live
 * quote it stays due: whether a price would trigger at once can't be told.
 */
export function reanchor(book: Book, quote: Quote | null, increment: string): Change {
  const { plan, exits } = book;
  const view = viewOf(book);
  const isDue = !exits.reanchored && entryOf(book) !== undefined && !entryMayFill(book);
  if (!isDue || plan === null || view.averageEntry === null || view.awaitsExecutions) {
    return { book, events: [] };
  }
  const isByPercent = plan.stopLossPct !== null || plan.takeProfitPct !== null;
  if (plan.trailing !== null || !isByPercent) return anchored(book);
  if (quote?.kind !== 'live') return { book, events: [] };
  // An exit that somebody has moved stays where it was moved to.
  const { moves } = book.wishes;
  const isMoved = { stop: moves.stop !== null, target: moves.target !== null };
  const target = isMoved.target ? exits.targetPrice : plan.targetPrice;
  const wanted = reanchorExits({
    side: plan.side,
    averageFill: decimal(view.averageEntry),
    filledQuantity: decimal(view.entryFilled),
    stopPct: plan.stopLossPct === null || isMoved.stop ? null : decimal(plan.stopLossPct),
    targetPct: plan.takeProfitPct === null || isMoved.target ? null : decimal(plan.takeProfitPct),
    increment: decimal(increment),
    approvedRisk: decimal(plan.approvedRisk),
    stopPrice: decimal((isMoved.stop ? exits.stopPrice : null) ?? plan.stopPrice),
    targetPrice: target === null ? null : decimal(target),
    quote,
  });
  if (!wanted.changed) return anchored(book);
  const stopPrice = text(wanted.stopPrice);
  const targetPrice = wanted.targetPrice && text(wanted.targetPrice);
  const andTarget = targetPrice ? `, target ${targetPrice}` : '';
  const summary = `exits re-anchored to the fill at ${view.averageEntry}: stop ${stopPrice}${andTarget}`;
  const detail = { stopPrice, targetPrice };
  return {
    book: { ...book, exits: { ...exits, reanchored: true, stopPrice, targetPrice } },
    events: [{ kind: 'reanchored', summary, detail }],
  };
}

function anchored(book: Book): Change {
  return { book: { ...book, exits: { ...book.exits, reanchored: true } }, events: [] };
}

/** The exits are to be moved to the fill, and only a live quote is missing. */
export function awaitsAnchor({ plan, exits, fills }: Book, mayStillFill: boolean): boolean {
  if (plan === null || plan.trailing !== null || exits.reanchored || fills.length === 0)
    return false;
  return !mayStillFill && (plan.stopLossPct !== null || plan.takeProfitPct !== null);
}

/**
 * Notes that nothing has to be moved. Where prices change they do so with the claim of the modification
 * (needs.ts), so that the stop which stands at its old, approved price counts all the while.
 */
export function noteAnchored(book: Book, quote: Quote | null, increment: string): Change {
  const change = reanchor(book, quote, increment);
  return change.events.length === 0 ? change : { book, events: [] };
}

/** The entry is finished with shares held, and nobody has read the exits back and compared them. */
export function isUnverified(book: Book): boolean {
  const entry = entryOf(book);
  if (entry === undefined || !hasEnded(entry.status) || book.exits.verified) return false;
  const view = viewOf(book);
  return view.heldQuantity !== '0' && !view.awaitsExecutions;
}

/**
 * Marks the trade verified once every live exit was read back as sent. A difference is told and stays a
 * need: the planner replaces what can't be modified (T13). A modification or a repair that comes later
 * is read back by itself.
 */
export function verify(book: Book): Change {
  if (!isUnverified(book) || !viewOf(book).isProtected) return { book, events: [] };
  const exits = book.legs.filter((leg) => leg.role !== 'ENTRY' && LIVE.has(leg.status));
  const isSettled = exits.every((leg) => leg.readBack !== null && !leg.incarnations.some(isOpen));
  if (!isSettled) return { book, events: [] };
  const differences = exits.flatMap((leg) =>
    differencesOf(leg).map((difference) => `${leg.role} ${difference}`),
  );
  if (differences.length > 0) return notAsSent(book, differences);
  const next = { ...book, exits: { ...book.exits, verified: true } };
  const summary = 'exits read back: as sent';
  return { book: next, events: [{ kind: 'verified', summary, detail: { differences } }] };
}

function notAsSent(book: Book, differences: readonly string[]): Change {
  const summary = `exits read back, but different: ${differences.join('; ')}`;
  if (book.failure === summary) return { book, events: [] };
  return {
    book: { ...book, failure: summary },
    events: [{ kind: 'exits_differ', summary, detail: { differences } }],
  };
}
