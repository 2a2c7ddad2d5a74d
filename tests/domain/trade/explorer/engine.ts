/** What this system does: takes facts and pictures, plans, claims, writes, settles. The real functions. */
import { hasLostItsStop } from '../../../../domain/trade/corporate-action.js';
import type { Book, Change } from '../../../../domain/trade/book.js';
import { asCarried, asMoved, awaitsMove } from '../../../../domain/trade/carry-moves.js';
import { claimEntry } from '../../../../domain/trade/claim.js';
import { noteAnchored, verify } from '../../../../domain/trade/exits.js';
import { heldQuantity } from '../../../../domain/trade/exposure.js';
import { isOpen } from '../../../../domain/trade/incarnation.js';
import { tradeLeg } from '../../../../domain/trade/leg.js';
import { asWanted, type Needs, type World } from '../../../../domain/trade/needs.js';
import { overdueWrites, unanswered, written } from '../../../../domain/trade/outcome.js';
import { requestMove } from '../../../../domain/trade/request-move.js';
import { settle } from '../../../../domain/trade/settle.js';
import {
  abandon,
  entryMayFill,
  requestCancel,
  requestClose,
  wasTaken,
} from '../../../../domain/trade/wishes.js';
import type { SendGroup } from '../../../../domain/sending/group.js';
import { ACCOUNT, CONTRACT_ID, plannedBook, sender, standpoint, T0 } from '../books.js';
import { EMPTY, type Message, type Told } from './broker.js';
import { brokenBy } from './rules.js';
import { isQuiet, type Budget, type Setting, type State } from './state.js';
import { factOf, pictureOf } from './telling.js';

/** As the settings have it by default. */
export const ANSWER_TIMEOUT_MS = 5_000;
/** A picture is read after what was written before it. */
const READING_MS = 1;
const INCREMENT = '0.01';
const LEDGER_EPOCH = '1';

/** The bracket of an approved plan, claimed and written. */
export function firstState(setting: Setting, left: Budget): State {
  const quantity = String(setting.quantity);
  const book = plannedBook({ quantity, ...(setting.hasTarget ? {} : { targetPrice: null }) });
  const state: State = {
    ...{ book, broker: EMPTY, wire: [], told: [], stragglers: [], late: [], nowMs: T0 },
    ...{ pictureAtMs: T0, lookAtMs: null, nextId: 1, left, isTainted: false, wrong: null },
  };
  return enter(setting, state);
}

function enter(setting: Setting, state: State): State {
  const ids = state.book.legs.map((_, index) => state.nextId + index);
  const claimed = claimEntry(state.book, ids, sender({ nowMs: state.nowMs }));
  if (claimed.kind === 'refused') return state;
  const next = { ...state, nextId: state.nextId + ids.length };
  return wrote(setting, next, claimed.change, claimed.group);
}

/** An entry that was proven absent: planned anew under fresh ids. */
export function enterAgain(setting: Setting, state: State): State {
  const decided = { decisionId: 'again', verdict: 'approved', decidedAtMs: state.nowMs } as const;
  const reservation = { ...state.book.reservation!, phase: 'CASH' as const };
  return enter(setting, { ...state, book: { ...state.book, decided, reservation } });
}

/** The book after a change, with all that follows from it. */
export function changed(setting: Setting, state: State, change: Change): State {
  if (change.book === state.book) return state;
  const { book } = setting.rules.finish(state.book, change, state.nowMs);
  return { ...state, book };
}

function prepared(setting: Setting, state: State): State {
  const overdue = overdueWrites(state.book, state.nowMs, ANSWER_TIMEOUT_MS, new Set());
  let next = state;
  if (overdue.length > 0) next = changed(setting, next, unanswered(next.book, overdue));
  if (entryMayFill(next.book)) return next;
  if (!next.book.exits.reanchored) {
    const { quote } = worldOf(setting, next);
    next = changed(setting, next, noteAnchored(next.book, quote, INCREMENT));
  }
  if (awaitsMove(next.book)) {
    const { quote } = worldOf(setting, next);
    const moved = asCarried(next.book, asMoved(next.book, quote, next.nowMs), []);
    next = changed(setting, next, moved);
  }
  return next.book.exits.verified ? next : changed(setting, next, verify(next.book));
}

const made = new WeakMap<State, Map<string, State>>();

/** The search and the fair course of things ask for the same steps: each is made once. */
function once(state: State, step: string, make: () => State): State {
  const known = made.get(state) ?? new Map<string, State>();
  made.set(state, known);
  const next = known.get(step) ?? make();
  known.set(step, next);
  return next;
}

/** Takes what the broker told; `at`: which of the packets on their way. */
export function deliver(setting: Setting, state: State, at: number): State {
  return once(state, `deliver ${at}`, () => {
    const told = state.told.filter((_, index) => index !== at);
    return learn(setting, { ...state, told }, state.told[at]!);
  });
}

/** Takes reports, whenever they were told. */
export function learn(setting: Setting, state: State, packet: readonly Told[]): State {
  const references = referencesOf(state.book);
  const next = packet.reduce((now, told) => {
    const fact = factOf(told, references, now.nowMs);
    return changed(setting, now, setting.rules.fact(now.book, fact));
  }, state);
  return prepared(setting, next);
}

/** A complete picture: its facts first, then what it proves. */
export function look(setting: Setting, state: State): State {
  return once(state, 'look', () => looked(setting, state));
}

function looked(setting: Setting, before: State): State {
  const { rules } = setting;
  const state = { ...before, nowMs: before.nowMs + READING_MS };
  const picture = pictureOf(state.broker, referencesOf(state.book), state.nowMs);
  let next = state;
  for (const fact of rules.facts(picture, state.nowMs)) {
    next = changed(setting, next, rules.fact(next.book, fact));
  }
  const held = heldQuantity(next.book.legs, next.book.side);
  const from = standpoint({
    ...{ nowMs: state.nowMs, epoch: LEDGER_EPOCH, answerTimeoutMs: ANSWER_TIMEOUT_MS },
    expected: { account: ACCOUNT, brokerContractId: CONTRACT_ID, quantity: held.toFixed() },
  });
  const judged = rules.judge(next.book, picture, from);
  next = changed(setting, next, judged);
  return prepared(setting, { ...next, pictureAtMs: state.nowMs, lookAtMs: judged.lookAgainAtMs });
}

/** The clock goes on; what went unanswered meanwhile is marked so. */
export function wait(setting: Setting, state: State, untilMs: number): State {
  return prepared(setting, { ...state, nowMs: untilMs });
}

/** When something of the trade's own is due next; null when nothing is. */
export function dueAtMs(state: State, needs: Needs): number | null {
  const open = state.book.legs.flatMap(({ incarnations }) => incarnations.filter(isOpen));
  const overdue = open
    .filter(({ state: its }) => its === 'CLAIMED')
    .map(({ claimedAtMs }) => claimedAtMs + ANSWER_TIMEOUT_MS);
  const times = [...overdue, state.lookAtMs ?? Infinity, needs.wait?.untilMs ?? Infinity];
  const next = Math.min(...times.filter((time) => time > state.nowMs));
  return Number.isFinite(next) ? next : null;
}

const asking = new WeakMap<Book, boolean>();
const needsByBook = new WeakMap<Book, Map<string, Needs>>();

/** What the planner asks for, by the world as it is. */
export function needsNow(setting: Setting, state: State): Needs {
  const world = worldOf(setting, state);
  const key = `${state.nowMs} ${state.pictureAtMs} ${world.brokerNet}`;
  const known = needsByBook.get(state.book) ?? new Map<string, Needs>();
  needsByBook.set(state.book, known);
  const needs = known.get(key) ?? setting.rules.needs(state.book, world, state.nowMs);
  known.set(key, needs);
  return needs;
}

/** It can plan: the broker's position is only ever known with all that was told before it. */
export function mayPlan(state: State): boolean {
  return !asksPosition(state.book) || isQuiet(state);
}

/** Plans, claims and writes; the same state when there is nothing to do now. */
export function act(setting: Setting, state: State): State {
  return once(state, 'act', () => acted(setting, state));
}

function acted(setting: Setting, state: State): State {
  const { rules } = setting;
  const { book } = state;
  if (rules.over(book)) {
    const isDue = book.settledAtMs === null;
    return isDue ? changed(setting, state, settle(book, state.nowMs)) : state;
  }
  if (isUnsent(book)) return changed(setting, state, abandon(book, 'it never arrived'));
  const { actions } = needsNow(setting, state);
  if (actions.length === 0) return state;
  const wrong = brokenBy(state, actions, asksPosition(book));
  if (wrong !== null) return { ...state, wrong };
  let count = book.legs.length;
  const names = {
    legId: () => `leg-${(count += 1)}`,
    clientOrderId: (role: string, sequence: number) => `ref-${role}-${sequence}`,
  };
  // More than any claim takes: at most two exits are placed at once.
  const ids = [0, 1, 2, 3].map((index) => state.nextId + index);
  const wanted = asCarried(book, asWanted(book, worldOf(setting, state), state.nowMs), actions);
  const claimed = rules.claim(wanted.book, actions, ids, sender({ nowMs: state.nowMs }), names);
  if (claimed.kind === 'refused') return { ...state, wrong: `not claimed: ${claimed.reason}` };
  const placed = claimed.group.messages.filter(({ kind }) => kind === 'place').length;
  const next = { ...state, nextId: state.nextId + placed };
  return wrote(setting, next, claimed.change, claimed.group);
}

/** Nothing of it is at the broker, and nobody has given it up. */
export function isUnsent(book: Book): boolean {
  return !wasTaken(book) && book.beforeEntry === 'RECEIVED';
}

/** A person, or the trade's own clock, asks; null when it is refused. */
export function ask(setting: Setting, state: State, what: 'close' | 'cancel'): State | null {
  const wished = what === 'close' ? requestClose(state.book, 'manual') : requestCancel(state.book);
  return wished.refusal === null ? changed(setting, state, wished) : null;
}

/** Moves the stop to a price that none had before; null when it is refused. */
export function moveStop(setting: Setting, state: State): State | null {
  const { quote } = worldOf(setting, state);
  const { stop } = state.book.wishes.moves;
  const asked = { exit: 'stop', price: String(96 + (stop?.seq ?? 0)), widen: false } as const;
  const wished = requestMove(state.book, asked, {
    room: null,
    ...{ quote, increment: INCREMENT, nowMs: state.nowMs },
  });
  return wished.refusal === null ? changed(setting, state, wished) : null;
}

function wrote(setting: Setting, state: State, change: Change, group: SendGroup): State {
  const refs = group.messages.map(({ legId, n }) => ({ legId, n }));
  const { book } = written(change.book, refs, state.nowMs);
  const next = changed(setting, state, { book, events: change.events });
  return { ...next, wire: [...state.wire, ...messagesOf(group)] };
}

function messagesOf({ kind, messages }: SendGroup): Message[] {
  const isBracket = kind === 'bracket';
  const entry = messages.find((message) => message.kind === 'place');
  return messages.map((message): Message => {
    if (message.kind === 'cancel') return { kind: 'cancel', id: message.sessionOrderId };
    const { sessionOrderId: id, clientOrderId: reference, terms } = message.order;
    if (message.kind === 'modify') return { kind: 'modify', id, terms };
    const parent = isBracket && entry?.kind === 'place' ? entry.order.sessionOrderId : 0;
    const transmits = !isBracket || message === messages.at(-1);
    return { kind: 'place', id, reference, terms, parent: parent === id ? 0 : parent, transmits };
  });
}

function worldOf({ hasQuote }: Setting, state: State): World {
  const sizes = { bidSize: '100', askSize: '100', halted: false, kind: 'live' } as const;
  const quote = { bid: '99.99', ask: '100.01', atMs: state.nowMs, ...sizes };
  return {
    quote: hasQuote ? quote : null,
    brokerNet: asksPosition(state.book) ? String(state.broker.position) : null,
    brokerNetAtMs: state.nowMs,
    ...{ priceIncrement: INCREMENT, split: null, entriesMustGo: false },
    link: { readySinceMs: 0, pictureAtMs: state.pictureAtMs },
  };
}

/** The same as activities/world.ts: only where shares may have to be sold, or exits placed anew. */
function asksPosition(book: Book): boolean {
  const known = asking.get(book) ?? mustAsk(book);
  asking.set(book, known);
  return known;
}

function mustAsk(book: Book): boolean {
  if (book.wishes.close !== null || book.unarmedSinceMs !== null || hasLostItsStop(book))
    return true;
  return book.legs.some(
    (leg) => leg.role === 'CLOSE' || leg.status === 'REJECTED' || tradeLeg(leg).isDoubtful,
  );
}

function referencesOf(book: Book): Map<number, string> {
  return new Map(
    book.legs.flatMap(({ clientOrderId, incarnations }) =>
      incarnations.map(({ sessionOrderId }) => [sessionOrderId, clientOrderId] as const),
    ),
  );
}
