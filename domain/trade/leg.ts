/** A trade's leg as protection decides by it: the machine's leg, its terms, and what is under way. */
import { isSame } from '../canonical.js';
import { decimal, max, text } from '../money.js';
import type { OrderLeg } from '../orders/leg.js';
import { applyOrderEvent, isLive } from '../orders/machine.js';
import type { OrderEvent } from '../orders/leg.js';
import type { OrderTerms } from '../orders/terms.js';
import type { DecimalText } from '../money.js';
import type { EpochMs, OrderType, TimeInForce } from '../vocabulary.js';
import type { Leg } from './book.js';
import { changesSincePlacing, isOpen, placing, type Incarnation } from './incarnation.js';

export interface TradeLeg extends OrderLeg {
  /** 1 for the first of its role; repairs count up. */
  readonly sequence: number;
  readonly orderType: OrderType;
  readonly timeInForce: TimeInForce;
  /** As read back from the broker; as sent until then. */
  readonly limitPrice: DecimalText | null;
  readonly stopPrice: DecimalText | null;
  readonly ocaGroup: string | null;
  /** A modification was claimed and is not settled: one in flight per leg (TRD-5). */
  readonly modificationInFlight: boolean;
  /** The broker refused the last modification; the live order is as it was. */
  readonly modificationRefused: boolean;
  /** The prices, and the total, that the broker refused last; without them, or null, it is not known which they were. */
  readonly refusedPrices?:
    (Pick<OrderTerms, 'limitPrice' | 'stopPrice'> & Partial<Pick<OrderTerms, 'quantity'>>) | null;
  /** A cancel is claimed and not settled, or was refused and no list has shown the order since. */
  readonly cancelInFlight: boolean;
  /** An exit that a picture of the broker lacked: whether it lives is not known. */
  readonly isDoubtful: boolean;
  /** Not to be cancelled or modified before this: repetitions come at growing pauses; null: at once. */
  readonly pauseUntilMs: EpochMs | null;
  /** Terms that the broker took more than once, and that changed nothing: not to be asked for again before then. */
  readonly takenInVain?: { readonly terms: OrderTerms; readonly untilMs: EpochMs } | null;
  /** Nothing of it has ever left this system: each of its placings was claimed, and not written. */
  readonly neverLeft: boolean;
  /** When the first cancel of its present order was claimed that may have left; null: none was. */
  readonly firstCancelMs: EpochMs | null;
  /** When its last write was claimed; null before the first. */
  readonly lastWriteMs: EpochMs | null;
  /** Fields that came back otherwise than they were sent, and can't be modified. */
  readonly differences: readonly string[];
}

/** Fields that must come back as they were sent. Prices and quantity are the planner's business. */
const COMPARED = [
  'side',
  'orderType',
  'timeInForce',
  'outsideRegularHours',
  'ocaType',
  'triggerMethod',
] as const;

/** What was read back otherwise than sent, in words. A field that isn't given back is no difference. */
export function differencesOf({ wanted, readBack }: Leg): string[] {
  if (readBack === null) return [];
  return COMPARED.filter((field) => readBack[field] !== null && wanted[field] !== null)
    .filter((field) => readBack[field] !== wanted[field])
    .map((field) => `${field}: sent ${String(wanted[field])}, is ${String(readBack[field])}`);
}

/** The first repetition of a lost or refused change waits this long; each further one twice as long. */
const REPEAT_AFTER_MS = 1_000;
/** A person who mends it is noticed within this. */
const REPEAT_AFTER_MAX_MS = 60_000;
/** Repetitions beyond this many wait the longest pause anyway. */
const DOUBLINGS_MAX = 10;

const CAME_TO_NOTHING = new Set(['ABSENT', 'REFUSED']);

/** After changes that came to nothing the next one waits, longer each time. */
function pauseUntilMs(leg: Leg): EpochMs | null {
  const changes = changesSincePlacing(leg);
  const vain = changes.filter(({ state }) => CAME_TO_NOTHING.has(state));
  const last = vain.at(-1);
  if (last === undefined || last !== changes.at(-1)) return null;
  return last.claimedAtMs + repeatAfterMs(vain.length);
}

/** How long the next try of what came to nothing so often (at least once) waits after the last one. */
export function repeatAfterMs(times: number): number {
  const doublings = Math.min(times - 1, DOUBLINGS_MAX);
  return Math.min(REPEAT_AFTER_MS * 2 ** doublings, REPEAT_AFTER_MAX_MS);
}

/**
 * The newest modifications asked for the same and were shown, one after the other: the next waits, longer each
 * time, for what the broker shows and what this system makes of it will differ again.
 */
function takenInVain(leg: Leg): TradeLeg['takenInVain'] {
  const newestFirst = changesSincePlacing(leg)
    .filter(({ kind }) => kind === 'modify')
    .reverse();
  const [last] = newestFirst;
  if (last === undefined || last.terms === null) return null;
  const { terms, claimedAtMs } = last;
  const other = newestFirst.findIndex((change) => {
    return change.state !== 'SHOWN' || !isSame(change.terms, terms);
  });
  const times = other === -1 ? newestFirst.length : other;
  if (times < 2) return null;
  return { terms, untilMs: claimedAtMs + repeatAfterMs(times - 1) };
}

/** It was claimed and not written, and no other placing of it can have left: it may be placed as new. */
export function hasNeverLeft({ status, incarnations }: Leg): boolean {
  if (status !== 'FAILED' || incarnations.length === 0) return false;
  return incarnations.every(({ state }) => state === 'NOT_WRITTEN');
}

function firstCancelMs(leg: Leg): EpochMs | null {
  const cancels = changesSincePlacing(leg).filter(({ kind }) => kind === 'cancel');
  return cancels.find(({ state }) => state !== 'NOT_WRITTEN')?.claimedAtMs ?? null;
}

function newestChange(leg: Leg, kind: Incarnation['kind']): Incarnation | undefined {
  return changesSincePlacing(leg)
    .filter((change) => change.kind === kind)
    .at(-1);
}

/** The leg as the planner sees it. */
export function tradeLeg(leg: Leg): TradeLeg {
  const { incarnations, wanted, readBack, ...rest } = leg;
  const current = readBack ?? wanted;
  const modification = newestChange(leg, 'modify');
  const cancel = newestChange(leg, 'cancel');
  const place = placing(leg);
  return {
    ...rest,
    orderType: current.orderType,
    timeInForce: current.timeInForce,
    limitPrice: current.limitPrice,
    stopPrice: current.stopPrice,
    ocaGroup: current.ocaGroup,
    modificationInFlight: modification !== undefined && isOpen(modification),
    modificationRefused: modification?.state === 'REFUSED',
    refusedPrices: modification?.state === 'REFUSED' ? modification.terms : null,
    cancelInFlight: cancel !== undefined && (isOpen(cancel) || cancel.state === 'REFUSED'),
    isDoubtful: leg.role !== 'ENTRY' && isLive(leg) && (place?.missed ?? null) !== null,
    pauseUntilMs: pauseUntilMs(leg),
    takenInVain: takenInVain(leg),
    neverLeft: hasNeverLeft(leg),
    firstCancelMs: firstCancelMs(leg),
    lastWriteMs: incarnations.at(-1)?.claimedAtMs ?? null,
    differences: differencesOf(leg),
  };
}

/** Runs an event through the order machine; everything beside the order stays as it is. */
export function step(leg: Leg, event: OrderEvent): Leg {
  return { ...leg, ...stepAsAsked(leg, event, growsTo(leg)) };
}

/**
 * To what a stop in no group is being made larger: its order goes alone to a broker that replaces orders, and what
 * the new one fills may be told before its size. Null: it isn't.
 */
function growsTo(leg: Leg): DecimalText | null {
  if (leg.role !== 'STOP' || leg.wanted.ocaGroup !== null) return null;
  const modification = newestChange(leg, 'modify');
  if (modification === undefined || !isOpen(modification)) return null;
  return modification.terms?.quantity ?? null;
}

/**
 * The same of an order whose new size is not told yet: it is done when all of that is filled, or the broker says
 * so. Else what is filled beyond the old size would end it, and a second stop be placed beside the rest.
 */
export function stepAsAsked<O extends OrderLeg>(
  leg: O,
  event: OrderEvent,
  asked: DecimalText | null,
): OrderLeg {
  if (asked === null || decimal(asked).lte(decimal(leg.quantity))) {
    return applyOrderEvent(leg, event).leg;
  }
  if (event.kind !== 'quantityRead') {
    const { leg: next } = applyOrderEvent({ ...leg, quantity: asked }, event);
    return { ...next, quantity: leg.quantity };
  }
  const larger = text(max(decimal(asked), decimal(event.quantity)));
  const { leg: next } = applyOrderEvent(leg, { ...event, quantity: larger });
  return { ...next, quantity: event.quantity };
}

/** The leg with one of its incarnations changed. */
export function withIncarnation(leg: Leg, n: number, change: Partial<Incarnation>): Leg {
  const incarnations = leg.incarnations.map((incarnation) =>
    incarnation.n === n ? { ...incarnation, ...change } : incarnation,
  );
  return { ...leg, incarnations };
}
