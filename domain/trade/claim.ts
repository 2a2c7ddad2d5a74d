/**
 * Claims: the intent of a write, with its order ids, before anything touches the socket. Each
 * gives the next book and the messages to write; once that book is committed, exactly one process may
 * write them, once.
 */
import type { Sender, SendGroup, SendMessage } from '../sending/group.js';
import { idsToKeep, looseEndsOf, type Given } from '../sending/ids.js';
import type { OrderTerms } from '../orders/terms.js';
import {
  bracketOf,
  entryOf,
  withLeg,
  type Book,
  type Change,
  type Leg,
  type TimelineEvent,
} from './book.js';
import { openIncarnation, placing, type Incarnation, type IncarnationKind } from './incarnation.js';
import { step } from './leg.js';

export type Claimed =
  | { readonly kind: 'claimed'; readonly change: Change; readonly group: SendGroup }
  /** Nothing may be written, for this reason; the book is as it was. */
  | { readonly kind: 'refused'; readonly reason: string };

/** An entry is placed at most that often; proven absent once more, it is given up. */
export const ENTRY_PLACINGS_MAX = 3;

/** Ids for a claim of the entry: which are used again, or how many fresh ones are needed. */
export interface EntryIds {
  /** In the order of writing; null: `fresh` new ones are needed. */
  readonly keep: readonly number[] | null;
  readonly fresh: number;
}

/** The bracket in the order of writing: parent, target, and the stop last, which transmits. */
function inOrderOfWriting(legs: readonly Leg[]): Leg[] {
  const rank = { ENTRY: 0, TARGET: 1, STOP: 2, CLOSE: 3 } as const;
  return [...legs].sort((a, b) => rank[a.role] - rank[b.role]);
}

/** Which order ids a claim of the entry takes. */
export function entryIds(book: Book, given: Given): EntryIds {
  const legs = inOrderOfWriting(bracketOf(book));
  // What of an earlier bracket may be staged there, and is no part of this one, must not be completed with it.
  const isLess = book.legs.some((leg) => isUnsentAgain(leg) && !legs.includes(leg));
  const keep = isLess ? null : idsToKeep(legs, given);
  return { keep, fresh: keep === null ? legs.length : 0 };
}

function isUnsentAgain({ intent, incarnations }: Leg): boolean {
  return intent === 'NEW' && incarnations.length > 0;
}

/** How often the entry was, or may have been, written. */
export function placingsOf(leg: Leg): number {
  const places = leg.incarnations.filter(({ kind }) => kind === 'place');
  return places.filter(({ state }) => state !== 'NOT_WRITTEN').length;
}

/** Why the entry can't be claimed now; null when it can. */
export function entryClaimRefusal(book: Book): string | null {
  const entry = entryOf(book);
  if (entry === undefined) return `trade ${book.id} was never planned`;
  if (entry.intent !== 'NEW') return 'the entry was taken already';
  if (book.decided?.verdict !== 'approved') return 'the plan was withdrawn';
  if (book.reservation === null || book.reservation.phase === 'RELEASED') {
    return 'nothing is reserved for it';
  }
  if (book.wishes.cancelEntry) return 'the entry was cancelled before it was sent';
  if (placingsOf(entry) >= ENTRY_PLACINGS_MAX) return 'it was placed too often';
  const taken = bracketOf(book).some((leg) => leg.intent !== 'NEW' || openIncarnation(leg));
  return taken ? 'a write of the bracket is open' : null;
}

/**
 * Takes the entry and its exits from NEW to SENDING. `ids`: one for each leg in the order of writing, as
 * `entryIds` asked for. Under fresh ids the messages begin with cancels of what earlier placings left.
 */
export function claimEntry(book: Book, ids: readonly number[], sender: Sender): Claimed {
  const reason = entryClaimRefusal(book);
  if (reason !== null) return { kind: 'refused', reason };
  const legs = inOrderOfWriting(bracketOf(book));
  if (ids.length !== legs.length) {
    return { kind: 'refused', reason: `${legs.length} ids are needed, there are ${ids.length}` };
  }
  const key = `${legs[0]!.legId}/${legs[0]!.incarnations.length + 1}`;
  const draft = new Draft(book, key, sender);
  for (const end of looseEndsOf(legs[0]!)) {
    if (!ids.includes(end.sessionOrderId)) draft.cancelId(end.legId, end.sessionOrderId);
  }
  legs.forEach((leg, index) => draft.place(leg.legId, ids[index]!));
  return draft.claimed('bracket', []);
}

/** A group being put together: the book grows an incarnation with each message. */
export class Draft {
  private readonly messages: SendMessage[] = [];

  constructor(
    private book: Book,
    private readonly key: string,
    private readonly sender: Sender,
  ) {}

  /** The book so far. */
  get current(): Book {
    return this.book;
  }

  /** Sends a leg that was only recorded. */
  place(legId: string, sessionOrderId: number): void {
    const leg = this.leg(legId);
    const n = this.claim(leg, 'place', sessionOrderId, leg.wanted);
    this.change(legId, (now) => step(now, { kind: 'sendStarted' }));
    this.messages.push({
      kind: 'place',
      legId,
      n,
      order: this.order(leg, sessionOrderId, leg.wanted),
    });
  }

  /** Gives a leg of which nothing ever left the terms of its next placing. */
  renew(legId: string, terms: OrderTerms): void {
    this.change(legId, (leg) => ({ ...leg, wanted: terms, quantity: terms.quantity }));
  }

  /** Gives a live order new terms. */
  modify(legId: string, terms: OrderTerms): void {
    const leg = this.leg(legId);
    const { sessionOrderId } = placing(leg)!;
    const n = this.claim(leg, 'modify', sessionOrderId, terms);
    this.messages.push({ kind: 'modify', legId, n, order: this.order(leg, sessionOrderId, terms) });
  }

  /** Cancels a live order. */
  cancel(legId: string): void {
    const { sessionOrderId } = placing(this.leg(legId))!;
    this.cancelId(legId, sessionOrderId);
    this.change(legId, (now) => step(now, { kind: 'cancelRequested' }));
  }

  /** Cancels by an order id that the leg had, whatever stands there. */
  cancelId(legId: string, sessionOrderId: number): void {
    const n = this.claim(this.leg(legId), 'cancel', sessionOrderId, null);
    this.messages.push({ kind: 'cancel', legId, n, sessionOrderId });
  }

  /** Adds a leg that does not exist yet. */
  add(leg: Leg): void {
    this.book = { ...this.book, legs: [...this.book.legs, leg] };
  }

  claimed(kind: SendGroup['kind'], events: readonly TimelineEvent[]): Claimed {
    const group = { key: this.key, kind, messages: this.messages };
    return { kind: 'claimed', change: { book: this.book, events }, group };
  }

  private leg(legId: string): Leg {
    return this.book.legs.find((leg) => leg.legId === legId)!;
  }

  private change(legId: string, change: (leg: Leg) => Leg): void {
    this.book = withLeg(this.book, legId, change);
  }

  private order(leg: Leg, sessionOrderId: number, terms: OrderTerms) {
    const { account, instrument } = this.book;
    return { clientOrderId: leg.clientOrderId, sessionOrderId, account, instrument, terms };
  }

  /** Adds the incarnation; gives its number. */
  private claim(
    leg: Leg,
    kind: IncarnationKind,
    sessionOrderId: number,
    terms: OrderTerms | null,
  ): number {
    const { sender } = this;
    const n = (leg.incarnations.at(-1)?.n ?? 0) + 1;
    const incarnation: Incarnation = {
      n,
      kind,
      state: 'CLAIMED',
      sessionOrderId,
      sessionClientId: sender.sessionClientId,
      brokerOrderIds: [],
      epoch: sender.epoch,
      generation: sender.generation,
      brokerDay: sender.brokerDay,
      groupKey: this.key,
      claimedAtMs: sender.nowMs,
      writtenAtMs: null,
      terms,
      idRefused: false,
      missed: null,
    };
    this.change(leg.legId, (now) => ({ ...now, incarnations: [...now.incarnations, incarnation] }));
    return n;
  }
}
