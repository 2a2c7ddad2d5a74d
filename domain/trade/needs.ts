/**
 * What a trade needs next: the one place that asks the planner (TRD-3, TRD-16). The same function says
 * what to do, what is waited for, until when, and what comes then.
 */
import { decimal, type DecimalText } from '../money.js';
import type { EpochMs, Quote } from '../vocabulary.js';
import type {
  LinkFacts,
  NextStep,
  ProtectionInput,
  ProtectionPlan,
  ProtectiveAction,
} from './actions.js';
import { entryOf, inTurn, legOf, type Book, type Change, type Leg } from './book.js';
import { goesAlone } from './bracket.js';
import { asMoved, awaitsMove } from './carry-moves.js';
import { isUnverified, reanchor } from './exits.js';
import { leftText, partOf } from './fraction.js';
import { isOpen, placing } from './incarnation.js';
import { strayPause, type LooseEnd, type StrayPause } from '../sending/ids.js';
import { isOver, looseEnds } from './is-over.js';
import { tradeLeg } from './leg.js';
import { planProtection } from './protection.js';
import { SETTLED } from './situation.js';
import { hiddenSplit } from './unexplained.js';
import { viewOf } from './view.js';
import { entryMayFill } from './wishes.js';
import { heldBack } from './withheld.js';

/** What only the broker can tell. Each is null while it is unknown: nothing is invented. */
export interface World {
  readonly quote: Quote | null;
  /** Signed: what of the account's net position in the contract may be the trade's (own-share.ts). */
  readonly brokerNet: DecimalText | null;
  /** How many shares of all the contract's trades together the broker does not have; absent or null: unknown. */
  readonly missing?: DecimalText | null;
  /** When that was asked for; null while it is unknown. */
  readonly brokerNetAtMs: EpochMs | null;
  /** How often in a row the position was too old when its turn to write came; absent: never. */
  readonly positionMisses?: number;
  readonly priceIncrement: DecimalText | null;
  /** The broker holds so many times what the books say, as after a split; null: it doesn't, or nobody asked. */
  readonly split: DecimalText | null;
  /** Why the symbol waits for a person as after a split, whatever one look says; absent or null: it doesn't. */
  readonly splitSeen?: string | null;
  /** How often in a row the position was asked for in vain; absent: it is known, or nobody asked. */
  readonly positionUnknown?: number;
  readonly link: LinkFacts | null;
  /** A switch is in force that lets no unfilled entry stand (RSK-5). */
  readonly entriesMustGo: boolean;
}

export const NOTHING_KNOWN: World = {
  quote: null,
  brokerNet: null,
  brokerNetAtMs: null,
  priceIncrement: null,
  split: null,
  link: null,
  entriesMustGo: false,
};

/** A wait has an end and a next step (TRD-16). */
export interface Wait {
  /** For people: `an answer about the stop`. */
  readonly what: string;
  readonly untilMs: EpochMs;
  readonly then: NextStep;
}

export interface Needs {
  /** In the order in which they are to be written; empty when nothing can be done now. */
  readonly actions: readonly ProtectiveAction[];
  /** Null when all is as it is wanted. */
  readonly wait: Wait | null;
  /** Something unanswered: a picture of the broker is needed to settle it. */
  readonly lookUp: boolean;
}

/** Deadlines of waits that have none of their own. */
const DEADLINE_MS: Readonly<Record<NextStep, number>> = {
  plan: 5_000, // a position or a quote that can be asked for
  look_up: 5_000, // an answer of the broker's comes within a second, or a picture must tell
  facts: 5_000, // executions follow their status within milliseconds
  person: 15 * 60_000, // whoever is asked may have mended it meanwhile
};

/** Prices of a close are on the contract's increment; without a quote none is made. */
const FINEST_INCREMENT = '0.01';

const NOTHING: Needs = { actions: [], wait: null, lookUp: false };

/** What is needed of the book as it stands. A trade that is over, or was never sent, needs nothing. */
export function needsOf(asItIs: Book, world: World, nowMs: EpochMs): Needs {
  if (isOver(asItIs)) return NOTHING;
  const { book } = asWanted(asItIs, world, nowMs);
  const tidying = tidy(book, nowMs);
  const plan = protection(book, world, nowMs);
  const actions = [...tidying.actions, ...plan.actions];
  const lookUp = needsLookUp(book) || plan.needsPicture === true;
  if (actions.length === 0 && isLongUnknown(book, nowMs)) {
    return { actions, wait: forPerson(nowMs), lookUp };
  }
  const isTidying = tidying.actions.length > 0 || lookUp;
  const what = plan.waitsFor ?? (isTidying ? 'what became of a write' : null);
  if (what === null) return { ...NOTHING, wait: tidying.wait ?? otherWait(book, nowMs) };
  const then = plan.then ?? 'look_up';
  const dueMs = plan.recheckAtMs ?? nowMs + DEADLINE_MS[then];
  // Whatever else is waited for, the next cancel of a stray is due when its pause ends.
  const untilMs = Math.min(dueMs, tidying.wait?.untilMs ?? Infinity);
  return { actions, wait: { what, untilMs, then }, lookUp };
}

/** The book with its exits anchored to the fill, and moved, where that is due: what the needs are reckoned from. */
export function asWanted(book: Book, { quote, priceIncrement }: World, nowMs: EpochMs): Change {
  if (priceIncrement === null) return { book, events: [] };
  return inTurn(
    book,
    (now) => reanchor(now, quote, priceIncrement),
    (now) => asMoved(now, quote, nowMs),
  );
}

/** What looks like a split whose ratio a hand hides, by the exits as they are wanted, for people; null: nothing does. */
export function splitHiddenIn(book: Book, world: World, nowMs: EpochMs): string | null {
  return isOver(book) ? null : hiddenSplit(asWanted(book, world, nowMs).book, world, nowMs);
}

/** A turn to write may take longer than that: what the broker held may be sold by then. */
const POSITION_FRESH_MS = 2_000;

/** Protection waits no longer than for two fresher positions: then exits are made by the old one. */
const POSITION_MISSES_MAX = 2;

/**
 * Whether the actions sell, or size exits, by a position that is too old: the next round asks for it again.
 * `legs`: the trade's, which tell whether a change makes an exit larger.
 */
export function isOutdated(
  actions: readonly ProtectiveAction[],
  { brokerNet, brokerNetAtMs, positionMisses = 0 }: PositionAsked,
  nowMs: EpochMs,
  legs: readonly Pick<Leg, 'legId' | 'quantity'>[] = [],
): boolean {
  const isOld = brokerNetAtMs === null || nowMs - brokerNetAtMs > POSITION_FRESH_MS;
  if (!isOld) return false;
  if (actions.some(({ kind }) => kind === 'market_close')) return true;
  if (brokerNet === null || positionMisses >= POSITION_MISSES_MAX) return false;
  return actions.some((action) => isSizedUp(action, legs));
}

type PositionAsked = Pick<World, 'brokerNet' | 'brokerNetAtMs' | 'positionMisses'>;

/** It may sell more than the exits before it. */
function isSizedUp(
  action: ProtectiveAction,
  legs: readonly Pick<Leg, 'legId' | 'quantity'>[],
): boolean {
  if (action.kind !== 'modify') return action.kind === 'place_exits';
  const leg = legs.find(({ legId }) => legId === action.legId);
  return leg === undefined || decimal(action.quantity).gt(decimal(leg.quantity));
}

/** Whether the trade's owner has something to do; facts on their way are the broker worker's to fetch. */
export function isWork({ actions, wait }: Needs): boolean {
  return actions.length > 0 || (wait !== null && wait.then !== 'facts');
}

function protection(book: Book, world: World, nowMs: EpochMs): ProtectionPlan {
  const { stopPrice, targetPrice } = book.exits;
  if (stopPrice === null) return SETTLED;
  const plan = planProtection({
    nowMs,
    side: book.side,
    legs: book.legs.map(tradeLeg),
    stopPrice,
    targetPrice,
    closeRequested: book.wishes.close !== null,
    cancelEntryRequested: book.wishes.cancelEntry || world.entriesMustGo,
    brokerNet: netShown(book, world, nowMs),
    quote: world.priceIncrement === null ? null : world.quote,
    priceIncrement: world.priceIncrement ?? FINEST_INCREMENT,
    unarmedSinceMs: book.unarmedSinceMs,
    lastExitFillMs: lastExitFillMs(book),
    link: world.link,
    ...aloneIn(book),
  });
  const hold = heldBack(book, world, plan, nowMs);
  return withMissing(book, world, hold ?? plan);
}

function aloneIn(book: Book): Pick<ProtectionInput, 'alone'> {
  if (!goesAlone(book)) return {};
  const { timeInForce, goodTillMs } = book.plan!.entry;
  return { alone: { endsAtMs: timeInForce === 'GTD' ? null : goodTillMs } };
}

/** Where trades count more shares than there are, a person who is waited for is told what settles it. */
function withMissing({ id }: Book, { missing }: World, plan: ProtectionPlan): ProtectionPlan {
  const isTold = plan.then === 'person' && plan.waitsFor !== null && decimal(missing ?? '0').gt(0);
  if (!isTold) return plan;
  const why = `the trades of the contract count ${missing} more than the broker holds for them ("ballast reconcile"; what it leaves, "ballast resolve difference ${id}")`;
  return { ...plan, waitsFor: `${plan.waitsFor}; ${why}` };
}

/**
 * The position that was asked for; null where the entry's side has filled since. It lacks that fill, so exits
 * would be made too small by it, and what is held beyond it taken for sold by others. A fill from the future
 * says nothing: the clock has gone back, and a close would wait for that time to come again.
 */
function netShown(
  { fills, side }: Book,
  { brokerNet, brokerNetAtMs }: World,
  nowMs: EpochMs,
): DecimalText | null {
  if (brokerNet === null || brokerNetAtMs === null) return brokerNet;
  const isLate = fills.some(
    (fill) => fill.side === side && fill.receivedAtMs > brokerNetAtMs && fill.receivedAtMs <= nowMs,
  );
  return isLate ? null : brokerNet;
}

/** When an exit last filled, by this system's clock; null when none did. */
function lastExitFillMs(book: Book): EpochMs | null {
  const entries = new Set(book.legs.filter(({ role }) => role === 'ENTRY').map((leg) => leg.legId));
  const times = book.fills
    .filter(({ legId }) => !entries.has(legId))
    .map(({ receivedAtMs }) => receivedAtMs);
  return times.length > 0 ? Math.max(...times) : null;
}

/** What earlier placings left. */
interface Tidying {
  readonly actions: readonly ProtectiveAction[];
  /** A stray lives on, and is to be cancelled again later. */
  readonly wait: Wait | null;
}

/** Cancels of what earlier placings left, unless one is under way or was just tried in vain. */
function tidy(book: Book, nowMs: EpochMs): Tidying {
  // A trade that will be sent again tidies up in that very group.
  const mayBeSentAgain = entryOf(book)?.status === 'PENDING' && entryOf(book)?.intent === 'NEW';
  const ends = looseEnds(book)
    .filter(({ why }) => why === 'stray' || !mayBeSentAgain)
    .filter(({ legId, sessionOrderId }) => !isTidyingUnderWay(book, legId, sessionOrderId))
    .map((end) => ({ end, pause: end.why === 'stray' ? pauseOf(book, end) : null }));
  const paused = ends.flatMap(({ pause }) => (pause && pause.untilMs > nowMs ? [pause] : []));
  const actions = ends
    .filter(({ pause }) => pause === null || pause.untilMs <= nowMs)
    .map(({ end: { legId, sessionOrderId, why } }): ProtectiveAction => ({
      kind: 'cancel_id',
      legId,
      sessionOrderId,
      cause: why,
    }));
  return { actions, wait: paused.length > 0 ? strayWait(paused) : null };
}

function pauseOf(book: Book, { legId, sessionOrderId }: LooseEnd): StrayPause | null {
  return strayPause(legOf(book, legId), sessionOrderId);
}

function strayWait(paused: readonly StrayPause[]): Wait {
  const untilMs = Math.min(...paused.map((pause) => pause.untilMs));
  return paused.some(({ isForPerson }) => isForPerson)
    ? { what: 'a person: cancels of a replaced order do not end it', untilMs, then: 'person' }
    : { what: 'the end of a replaced order', untilMs, then: 'look_up' };
}

function isTidyingUnderWay(book: Book, legId: string, sessionOrderId: number): boolean {
  return book.legs
    .filter((leg) => leg.legId === legId)
    .flatMap(({ incarnations }) => incarnations)
    .some(
      (other) =>
        other.kind === 'cancel' && other.sessionOrderId === sessionOrderId && isOpen(other),
    );
}

/** Writes of unknown fate, and cancels that were refused: only a picture of the broker settles them. */
export function needsLookUp(book: Book): boolean {
  return book.legs.some((leg) => {
    if (leg.incarnations.some(({ state }) => state === 'UNKNOWN')) return true;
    return tradeLeg(leg).cancelInFlight && leg.status === 'CANCEL_PENDING';
  });
}

/** A proof of absence takes half a minute: what has none by then is kept from it by more than time. */
const UNKNOWN_FOR_PERSON_MS = 2 * 60_000;

/** Nobody could find out for long what became of the entry: a person may look, while looking goes on. */
export function isLongUnknown(book: Book, nowMs: EpochMs): boolean {
  const entry = entryOf(book);
  const place = entry && placing(entry);
  if (place?.state !== 'UNKNOWN') return false;
  return nowMs - place.claimedAtMs >= UNKNOWN_FOR_PERSON_MS;
}

function forPerson(nowMs: EpochMs): Wait {
  const what = 'a person: whether the broker has the entry (`ballast resolve order`)';
  return { what, untilMs: nowMs + DEADLINE_MS.person, then: 'person' };
}

/** What is still to come though no order has to be touched for it. */
function otherWait(book: Book, nowMs: EpochMs): Wait | null {
  const wait = (what: string, then: NextStep): Wait => ({
    what,
    untilMs: nowMs + DEADLINE_MS[then],
    then,
  });
  const writes = book.legs.flatMap(({ incarnations }) => incarnations);
  if (writes.some(isOpen)) return wait('an answer to a write', 'look_up');
  if (isUnverified(book)) return wait('the exits as read back', 'look_up');
  if (awaitsMove(book)) return wait('a live quote to move an exit by', 'plan');
  const isReanchorDue = !book.exits.reanchored && book.fills.length > 0 && !entryMayFill(book);
  if (isReanchorDue) return wait('a quote to anchor the exits by', 'plan');
  const part = partOf(viewOf(book));
  return part.eq(0) ? null : wait(`a person: ${leftText(part)}`, 'person');
}
