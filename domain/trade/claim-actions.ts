/** Claiming what protection asks for: cancels, modifications, new exits and closes, as one group. */
import type { Sender } from '../sending/group.js';
import { newLeg } from '../orders/machine.js';
import type { OrderTerms } from '../orders/terms.js';
import { opposite, type LegRole } from '../vocabulary.js';
import type { ProtectiveAction } from './actions.js';
import { exitTerms, goesAlone, stopExit, targetExit, trailingExit } from './bracket.js';
import { legOf, nextSequence, type Book, type TimelineEvent } from './book.js';
import { Draft, type Claimed } from './claim.js';
import { openIncarnation, placing } from './incarnation.js';
import { hasNeverLeft } from './leg.js';

/** Names for legs that are made: chance and digests are the caller's. */
export interface LegNames {
  legId(): string;
  /** The reference at the broker: the same for the same leg, for ever. */
  clientOrderId(role: LegRole, sequence: number): string;
}

/** How many order ids a claim of these actions takes. */
export function idsNeeded(actions: readonly ProtectiveAction[]): number {
  return actions.reduce((count, action) => {
    if (action.kind === 'market_close') return count + 1;
    if (action.kind !== 'place_exits') return count;
    return count + (action.stopPrice === null ? 0 : 1) + (action.targetPrice === null ? 0 : 1);
  }, 0);
}

/** How many messages the write of these actions is: what a pacing slot is asked for. */
export function messagesNeeded(actions: readonly ProtectiveAction[]): number {
  const changes = actions.filter(({ kind }) => kind !== 'place_exits' && kind !== 'market_close');
  return changes.length + idsNeeded(actions);
}

/**
 * Claims all of the actions, or none: they must be what is needed of this very book, so plan and claim
 * under one lock. `ids`: as many as `idsNeeded` says.
 */
export function claimActions(
  book: Book,
  actions: readonly ProtectiveAction[],
  ids: readonly number[],
  sender: Sender,
  names: LegNames,
): Claimed {
  if (actions.length === 0) return { kind: 'refused', reason: 'nothing is to be done' };
  const reason = actions.map((action) => refusalOf(book, action)).find((found) => found !== null);
  if (reason) return { kind: 'refused', reason };
  const events: TimelineEvent[] = [];
  const key = `${book.id.slice(-12)}/${totalWrites(book) + 1}`;
  const draft = new Draft(book, key, sender);
  const left = [...ids];
  for (const action of actions) {
    events.push({ kind: 'protect', summary: describe(book, action), detail: { ...action } });
    draw(draft, action, left, names);
  }
  return draft.claimed('protective', events);
}

function totalWrites(book: Book): number {
  return book.legs.reduce((count, { incarnations }) => count + incarnations.length, 0);
}

/** Only what the broker has shown can be changed, and only one change at a time. */
function refusalOf(book: Book, action: ProtectiveAction): string | null {
  if (action.kind !== 'cancel' && action.kind !== 'modify') return null;
  const leg = legOf(book, action.legId);
  if (leg.intent !== 'SENT' || placing(leg) === undefined) return `${leg.role} was never shown`;
  return openIncarnation(leg) ? `a write of ${leg.role} is open` : null;
}

function draw(draft: Draft, action: ProtectiveAction, ids: number[], names: LegNames): void {
  switch (action.kind) {
    case 'cancel':
      return draft.cancel(action.legId);
    case 'cancel_id':
      return draft.cancelId(action.legId, action.sessionOrderId);
    case 'modify': {
      const leg = legOf(draft.current, action.legId);
      const { quantity, limitPrice, stopPrice } = action;
      return draft.modify(leg.legId, {
        ...(leg.readBack ?? leg.wanted),
        quantity,
        limitPrice,
        stopPrice,
      });
    }
    case 'place_exits':
      return placeExits(draft, action, ids, names);
    case 'market_close': {
      const group = action.ocaGroup ?? newGroup(draft.current);
      // An order that ends with the day takes what works in its group along.
      const timeInForce = action.ocaGroup === null ? 'DAY' : 'GTC';
      const terms = {
        ...exitTerms(action.side, action.quantity, group),
        timeInForce,
      } as const;
      return placeNew(draft, 'CLOSE', terms, ids, names);
    }
  }
}

/** Where there are groups, every exit has one from birth: a double of it can't fill beside it. */
function placeExits(
  draft: Draft,
  action: Extract<ProtectiveAction, { kind: 'place_exits' }>,
  ids: number[],
  names: LegNames,
): void {
  const book = draft.current;
  const side = opposite(book.side);
  const { quantity, stopPrice, targetPrice } = action;
  const group = action.ocaGroup ?? newGroup(book);
  if (stopPrice !== null) {
    const trailing = book.plan?.trailing ?? null;
    const terms =
      trailing === null
        ? stopExit(side, quantity, stopPrice, group)
        : trailingExit(side, quantity, stopPrice, trailing, group);
    placeNew(draft, 'STOP', terms, ids, names);
  }
  if (targetPrice !== null) {
    placeNew(draft, 'TARGET', targetExit(side, quantity, targetPrice, group), ids, names);
  }
}

function placeNew(
  draft: Draft,
  role: LegRole,
  terms: OrderTerms,
  ids: number[],
  names: LegNames,
): void {
  const sessionOrderId = ids.shift();
  if (sessionOrderId === undefined) throw new Error('an order id is missing for a new leg');
  const book = draft.current;
  // A leg that never left is placed under its own reference: a slow database must not add one each time.
  const unsent = book.legs.find(
    (leg) => leg.role === role && leg.side === terms.side && hasNeverLeft(leg),
  );
  if (unsent) {
    draft.renew(unsent.legId, terms);
    return draft.place(unsent.legId, sessionOrderId);
  }
  const sequence = nextSequence(book, role);
  const legId = names.legId();
  draft.add({
    ...newLeg({ legId, role, side: terms.side, quantity: terms.quantity }),
    clientOrderId: names.clientOrderId(role, sequence),
    sequence,
    wanted: terms,
    readBack: null,
    brokerStatus: null,
    incarnations: [],
    acknowledgedAtMs: null,
  });
  draft.place(legId, sessionOrderId);
}

/** A group name that no earlier group of this trade had; null where the broker knows no groups. */
function newGroup(book: Book): string | null {
  if (goesAlone(book)) return null;
  return `oca-${book.id.slice(-12)}-${totalWrites(book)}`;
}

function describe(book: Book, action: ProtectiveAction): string {
  const role = 'legId' in action ? `${legOf(book, action.legId).role} ` : '';
  const quantity = 'quantity' in action ? ` ${action.quantity}` : '';
  return `${action.kind.replace('_', ' ')} ${role}${quantity}`.trim() + ` (${action.cause})`;
}
