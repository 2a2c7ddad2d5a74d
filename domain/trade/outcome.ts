/**
 * What became of a write, when no word of the broker's says it. Each verdict names incarnations, and is
 * applied only to those that are still what the verdict was made from: a late one changes nothing.
 */
import type { WriteRef } from '../sending/group.js';
import { isOver } from './is-over.js';
import {
  entryOf,
  inTurn,
  legOf,
  unchanged,
  withLeg,
  type Book,
  type Change,
  type Leg,
  type Unchanged,
} from './book.js';
import { noteRefusal } from './carry-moves.js';
import { ENTRY_PLACINGS_MAX, placingsOf } from './claim.js';
import { incarnationOf, isOpen, placing, type Incarnation } from './incarnation.js';
import { step, withIncarnation } from './leg.js';
import { abandon } from './wishes.js';

const NOT_CURRENT = 'the write has moved on: nothing is concluded';

/**
 * Nothing of these writes left this system, and their process never writes them later. A bracket is only
 * recorded again and its plan withdrawn; exits that stand alone are given up; changes never were.
 */
export function notWritten(
  book: Book,
  refs: readonly WriteRef[],
  reason: string,
): Change | Unchanged {
  const current = refs.filter((ref) => stateOf(book, ref) === 'CLAIMED');
  if (current.length === 0) return unchanged(book, NOT_CURRENT);
  const isBracket = current.some((ref) => isEntryPlacing(book, ref));
  let next = book;
  for (const { legId, n } of current) {
    next = withLeg(next, legId, (leg) => undo(leg, n, isBracket, reason));
  }
  return isBracket ? withdrawn(next, reason) : { book: next, events: [] };
}

/** No answer in time to what was, or may have been, written: from here on only evidence decides. */
export function unanswered(book: Book, refs: readonly WriteRef[]): Change | Unchanged {
  const current = refs.filter((ref) => stateOf(book, ref) === 'CLAIMED');
  if (current.length === 0) return unchanged(book, NOT_CURRENT);
  let next = book;
  for (const { legId, n } of current) {
    next = withLeg(next, legId, (leg) => {
      const isPlace = incarnationOf(leg, n)!.kind === 'place';
      const waiting = withIncarnation(leg, n, { state: 'UNKNOWN' });
      return isPlace ? step(waiting, { kind: 'outcomeUnknown', message: 'no answer' }) : waiting;
    });
  }
  return { book: next, events: [] };
}

/**
 * Writes that are waited for longer than the time given: they are unanswered. `writing`: groups that this
 * very process has claimed and not finished with; whether they were written it knows in a moment.
 */
export function overdueWrites(
  book: Book,
  nowMs: number,
  answerTimeoutMs: number,
  writing: ReadonlySet<string>,
): WriteRef[] {
  return book.legs.flatMap(({ legId, incarnations }) =>
    incarnations
      .filter(({ state, claimedAtMs, groupKey }) => {
        const isWaitedFor = state === 'CLAIMED' && !writing.has(groupKey);
        return isWaitedFor && nowMs - claimedAtMs >= answerTimeoutMs;
      })
      .map(({ n }) => ({ legId, n })),
  );
}

export const NEVER_ARRIVED = 'the broker never had it';

/**
 * Proven never to have arrived. An entry is planned anew, with every check, and given up after so many
 * placings; a leg of its group that the broker has shown is the parent's proof of life, and refutes it.
 */
export function absent(book: Book, refs: readonly WriteRef[]): Change | Unchanged {
  const current = refs.filter((ref) => isOpenRef(book, ref));
  if (current.length === 0) return unchanged(book, NOT_CURRENT);
  const isBracket = current.some((ref) => isEntryPlacing(book, ref));
  if (isBracket && isGroupShown(book)) return unchanged(book, 'a leg of the group was shown');
  let next = book;
  for (const { legId, n } of current) {
    next = withLeg(next, legId, (leg) => neverArrived(leg, n, isBracket));
  }
  if (!isBracket) return { book: next, events: [] };
  for (const { legId } of groupOfEntry(book).filter(isRefused)) {
    next = withLeg(next, legId, (leg) => step(leg, { kind: 'parentNeverArrived' }));
  }
  return inTurn(next, (now) => withdrawn(now, NEVER_ARRIVED), giveUpIfUnwanted);
}

/** The broker refused a write: the order itself, or a change that leaves it as it was. */
export function refused(book: Book, { legId, n }: WriteRef, code: number, message: string): Change {
  const incarnation = incarnationOf(legOf(book, legId), n);
  if (!incarnation || (!isOpen(incarnation) && incarnation.state !== 'SHOWN')) {
    return unchanged(book, NOT_CURRENT);
  }
  const said = { code, message };
  const noted =
    incarnation.kind === 'modify'
      ? noteRefusal(book, legOf(book, legId), incarnation.terms, said)
      : book;
  const next = withLeg(noted, legId, (leg) => {
    const marked = withIncarnation(leg, n, { state: 'REFUSED' });
    if (incarnation.kind === 'modify') return marked;
    if (incarnation.kind === 'cancel')
      return step(marked, { kind: 'cancelRejected', code, message });
    return placing(leg)?.n === n ? step(marked, { kind: 'rejected', code, message }) : marked;
  });
  return { book: next, events: [] };
}

/** The broker had shown the order, and it is gone from its lists without a word (BRK-12). */
export function vanished(book: Book, { legId, n }: WriteRef): Change | Unchanged {
  const leg = legOf(book, legId);
  if (stateOf(book, { legId, n }) !== 'SHOWN' || placing(leg)?.n !== n) {
    return unchanged(book, NOT_CURRENT);
  }
  const next = withLeg(book, legId, (now) => {
    const changes = now.incarnations.map((incarnation) =>
      incarnation.n > n && isOpen(incarnation)
        ? { ...incarnation, state: 'ABSENT' as const }
        : incarnation,
    );
    const gone = withIncarnation({ ...now, incarnations: changes }, n, { state: 'VANISHED' });
    return step(gone, { kind: 'vanished' });
  });
  const summary = `${leg.role}: gone from the broker's lists without a word`;
  return { book: next, events: [{ kind: 'vanished', summary }] };
}

/** Whoever sent the group says when its last byte was handed to the socket. */
export function written(book: Book, refs: readonly WriteRef[], atMs: number): Change {
  let next = book;
  for (const { legId, n } of refs) {
    next = withLeg(next, legId, (leg) => withIncarnation(leg, n, { writtenAtMs: atMs }));
  }
  return { book: next, events: [] };
}

// ── one leg ──────────────────────────────────────────────────────────────────────────────────────

function undo(leg: Leg, n: number, isBracket: boolean, message: string): Leg {
  const { kind } = incarnationOf(leg, n)!;
  const marked = withIncarnation(leg, n, { state: 'NOT_WRITTEN' });
  if (kind === 'modify') return marked;
  if (kind === 'cancel') {
    return isChangeOfPresent(leg, n) ? step(marked, { kind: 'cancelWithdrawn' }) : marked;
  }
  return step(marked, isBracket ? { kind: 'sendWithdrawn' } : { kind: 'sendFailed', message });
}

function neverArrived(leg: Leg, n: number, isBracket: boolean): Leg {
  const { kind } = incarnationOf(leg, n)!;
  const marked = withIncarnation(leg, n, { state: 'ABSENT' });
  if (kind !== 'place') return marked;
  return step(marked, isBracket ? { kind: 'sendWithdrawn' } : { kind: 'provenAbsent' });
}

function isChangeOfPresent(leg: Leg, n: number): boolean {
  return incarnationOf(leg, n)?.sessionOrderId === placing(leg)?.sessionOrderId;
}

// ── the whole ────────────────────────────────────────────────────────────────────────────────────

/** The next plan passes every check afresh; money is let go with the plan (reservation.ts). */
function withdrawn(book: Book, reason: string): Change {
  const summary = `nothing of it works at the broker: ${reason}`;
  return {
    book: { ...book, decided: null, failure: reason },
    events: [{ kind: 'not_sent', summary }],
  };
}

/** Whoever cancelled wants no second round, and enough placings are enough. */
function giveUpIfUnwanted(book: Book): Change {
  const entry = entryOf(book);
  const tooOften = entry !== undefined && placingsOf(entry) >= ENTRY_PLACINGS_MAX;
  if (isOver(book) || !(tooOften || book.wishes.cancelEntry)) return { book, events: [] };
  return abandon(book, NEVER_ARRIVED);
}

/** A child that was refused proves nothing of its parent; any other word of the broker's does. */
function isGroupShown(book: Book): boolean {
  return groupOfEntry(book).some((leg) => leg.intent === 'SENT' && !isRefused(leg));
}

function groupOfEntry(book: Book): Leg[] {
  const entry = entryOf(book);
  const key = entry && placing(entry)?.groupKey;
  return book.legs.filter((leg) => placing(leg)?.groupKey === key);
}

function isRefused(leg: Leg): boolean {
  return leg.role !== 'ENTRY' && placing(leg)?.state === 'REFUSED';
}

function isEntryPlacing(book: Book, { legId, n }: WriteRef): boolean {
  const leg = legOf(book, legId);
  return leg.role === 'ENTRY' && placing(leg)?.n === n;
}

function stateOf(book: Book, { legId, n }: WriteRef): Incarnation['state'] | undefined {
  return incarnationOf(legOf(book, legId), n)?.state;
}

function isOpenRef(book: Book, ref: WriteRef): boolean {
  const incarnation = incarnationOf(legOf(book, ref.legId), ref.n);
  return incarnation !== undefined && isOpen(incarnation);
}
