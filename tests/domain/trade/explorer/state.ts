/**
 * The states of the search: the trade's real book, a model of the broker, what is on its way between them,
 * and the clock. What the book becomes is only ever said by the project's own functions (`Rules`).
 */
import { createHash } from 'node:crypto';
import { judgePicture, factsOf } from '../../../../domain/sending/picture.js';
import { isLost } from '../../../../domain/trade/situation.js';
import { applyFact } from '../../../../domain/trade/fact.js';
import { finish } from '../../../../domain/trade/finish.js';
import { awaitsExecutions } from '../../../../domain/orders/machine.js';
import { ENDED } from '../../../../domain/orders/table.js';
import { isOver } from '../../../../domain/trade/is-over.js';
import type { TradeLeg } from '../../../../domain/trade/leg.js';
import { claimActions } from '../../../../domain/trade/claim-actions.js';
import { needsOf } from '../../../../domain/trade/needs.js';
import { isOpen, type Incarnation } from '../../../../domain/trade/incarnation.js';
import type { Book, Leg } from '../../../../domain/trade/book.js';
import { isDead, type BrokerState, type Message, type Switches, type Told } from './broker.js';

/** What may go wrong, or be asked; how often each may happen is a search's budget. */
export type Chance =
  /** A new exit or a modification is refused; or a cancel, while its order lives on. */
  | 'refusal'
  | 'cancelRefusal'
  /** A cancel is taken, shown as under way, and nothing comes of it. */
  | 'hang'
  /** A message is lost; or it arrives when nobody thinks of it any more. */
  | 'loss'
  | 'straggler'
  /** Six seconds pass while messages are on their way. */
  | 'slow'
  /** An exit is ended by others, told; or it is gone without a word. */
  | 'outside'
  | 'vanish'
  /** An exit fills, and what tells of it comes much later. */
  | 'hush'
  /** An execution is taken back. */
  | 'bust'
  /** Two exits of one group fill; or one of full size fills beyond the shares of a part-filled entry. */
  | 'burst'
  | 'overfill'
  /** Somebody asks for a close, which the end of the holding time does too, or for a cancel of the entry. */
  | 'close'
  | 'cancel'
  /** Somebody moves the stop: each time a little nearer. */
  | 'move'
  /** An entry that was proven absent is planned again under other ids. */
  | 'again';

export type Budget = Readonly<Partial<Record<Chance, number>>>;

/** The functions under search. A test plants a bug by giving another one. */
export interface Rules {
  readonly needs: typeof needsOf;
  readonly claim: typeof claimActions;
  readonly fact: typeof applyFact;
  readonly judge: typeof judgePicture;
  readonly facts: typeof factsOf;
  readonly finish: typeof finish;
  readonly over: typeof isOver;
}

export const REAL: Rules = {
  ...{ needs: needsOf, claim: claimActions, fact: applyFact, judge: judgePicture },
  ...{ facts: factsOf, finish, over: isOver },
};

export interface Setting {
  readonly switches: Switches;
  readonly quantity: number;
  readonly hasTarget: boolean;
  /** Whether a live quote is there; without one nothing is repriced and nothing flattened. */
  readonly hasQuote: boolean;
  /**
   * What the broker tells of one event comes message by message, executions before or after the statuses
   * that tell of them; else in one packet.
   */
  readonly mixes: boolean;
  /** Each cancel of the entry is refused, for ever. */
  readonly isDeaf: boolean;
  readonly rules: Rules;
}

export interface State {
  readonly book: Book;
  readonly broker: BrokerState;
  /** Written by us, not yet read by the broker; one socket, so in order. */
  readonly wire: readonly Message[];
  /** Told by the broker, not yet in the book: packets that are read in one go. */
  readonly told: readonly (readonly Told[])[];
  /** Messages and reports that may come at any time, or never. */
  readonly stragglers: readonly Message[];
  readonly late: readonly Told[];
  readonly nowMs: number;
  readonly pictureAtMs: number;
  /** When a further picture could settle what is open. */
  readonly lookAtMs: number | null;
  readonly nextId: number;
  readonly left: Budget;
  /** Something happened after which shares may be oversold for a while. */
  readonly isTainted: boolean;
  /** A step of ours that no rule allows; the search ends there. */
  readonly wrong: string | null;
}

export function spend(state: State, chance: Chance): Budget | null {
  const left = state.left[chance] ?? 0;
  return left > 0 ? { ...state.left, [chance]: left - 1 } : null;
}

/** Nothing is on its way. */
export const isQuiet = ({ wire, told }: State): boolean => wire.length + told.length === 0;

// ── the key of a state ───────────────────────────────────────────────────────────────────────────

/** What a proof of absence reckons with (15 s, and 2 s apart), and a little. */
const OPEN_MS = 20_000;
/** The pause after four vain tries, and a little; no budget allows for more. */
const VAIN_MS = 8_100;
/** Longer ago than this, a write that came to something is just past: it is asked of stops that were moved. */
const WRITTEN_MS = 5_100;
/** The flatten's time, and a little. */
const UNARMED_MS = 10_100;
/** The broker's own reduction, and a little. */
const FILLED_MS = 600;

/** Moments closer than this are one. */
const GRAIN_MS = 100;

/** All of a state that can differ in what follows; times count by how long ago they were, up to a bound. */
export function keyOf(state: State): string {
  return digest([state.left, unbudgeted(state)]);
}

/** The same without what may still go wrong: what a fair broker makes of it. */
export function fairKeyOf(state: State): string {
  return digest(unbudgeted(state));
}

function unbudgeted({ book, broker, wire, told, stragglers, late, ...state }: State): unknown {
  const ago = (atMs: number | null, most: number): number | null =>
    atMs === null ? null : Math.floor(Math.min(state.nowMs - atMs, most) / GRAIN_MS);
  const { wishes, exits, beforeEntry } = book;
  const fills = book.fills.map(({ executionId, quantity, superseded }) => [
    ...[executionId, quantity, superseded],
  ]);
  const exitFills = book.fills.filter(({ side }) => side !== book.side);
  const lastExitMs =
    exitFills.length > 0 ? Math.max(...exitFills.map((fill) => fill.receivedAtMs)) : null;
  const known = [
    ...[wishes, exits, beforeEntry, book.decided === null, book.settledAtMs === null, fills.sort()],
    ago(lastExitMs, FILLED_MS),
    ...[book.legs.map((leg) => legKey(leg, ago)), ago(book.unarmedSinceMs, UNARMED_MS)],
  ];
  const isFresh = book.unarmedSinceMs === null || state.pictureAtMs > book.unarmedSinceMs;
  const lookInMs =
    state.lookAtMs === null
      ? null
      : Math.ceil(Math.max(0, state.lookAtMs - state.nowMs) / GRAIN_MS);
  const around = [isFresh, lookInMs, state.nextId, state.isTainted, state.wrong];
  const executions = broker.executions.map(({ id, n, quantity }) => [id, n, quantity]).sort();
  const theirs = [broker.position, executions, broker.orders.map(orderKey)];
  return [
    known,
    theirs,
    wire.map(messageKey),
    told.map((packet) => packet.map(toldKey)),
    stragglers.map(messageKey),
    late.map(toldKey),
    around,
  ];
}

function legKey(leg: Leg, ago: (atMs: number | null, most: number) => number | null): unknown {
  const { intent, status, whyHeld, quantity, filledQuantity, reported, readBack, wanted } = leg;
  const last = leg.incarnations.at(-1);
  const isGone = leg.role !== 'ENTRY' && isLost({ status } as TradeLeg);
  const mattersFor = (each: Incarnation): number => {
    if (isOpen(each) || each.missed !== null) return OPEN_MS;
    if (isVain(each) || (isGone && each === last)) return VAIN_MS;
    return leg.role === 'STOP' && each === last ? WRITTEN_MS : 0;
  };
  if (ENDED.has(status) && !leg.incarnations.some(isOpen)) {
    const writes = leg.incarnations.map((each) => [each.kind, each.state, each.sessionOrderId]);
    const since = ago(last?.claimedAtMs ?? null, isGone ? VAIN_MS : 0);
    return [status, filledQuantity, awaitsExecutions(leg), writes, since];
  }
  const terms = [wanted.quantity, wanted.limitPrice, wanted.stopPrice, wanted.ocaGroup];
  const read = readBack && [readBack.quantity, readBack.limitPrice, readBack.stopPrice];
  const executions = leg.executions.map(
    ({ executionKey, correction, quantity: q, toldQuantity }) => [
      ...[executionKey, correction, q, toldQuantity],
    ],
  );
  const writes = leg.incarnations.map((each) => [
    ...[
      each.kind,
      each.state,
      each.sessionOrderId,
      each.idRefused,
      ago(each.missed?.atMs ?? null, OPEN_MS),
    ],
    ago(each.claimedAtMs, mattersFor(each)),
  ]);
  return [
    intent,
    status,
    whyHeld,
    quantity,
    filledQuantity,
    reported,
    terms,
    read,
    executions,
    writes,
  ];
}

function isVain({ kind, state }: Incarnation): boolean {
  return kind !== 'place' && (state === 'ABSENT' || state === 'REFUSED');
}

function orderKey(order: BrokerState['orders'][number]): unknown {
  const { id, state, wanted, cut, total, filled, limit, stop, isHidden } = order;
  if (isDead(order)) return [id, state, filled, isHidden];
  return [id, state, wanted, cut, total, filled, limit, stop, isHidden];
}

function messageKey(message: Message): unknown {
  if (message.kind === 'cancel') return message.id;
  const { kind, id, terms } = message;
  return [kind, id, terms.quantity, terms.limitPrice, terms.stopPrice, terms.ocaGroup];
}

function toldKey(told: Told): unknown {
  if (told.what === 'order') return orderKey(told.order);
  if (told.what === 'execution')
    return [told.execution.id, told.execution.n, told.execution.correction];
  return [told.id, told.about, told.code];
}

function digest(all: unknown): string {
  return createHash('sha1').update(JSON.stringify(all)).digest('base64');
}
