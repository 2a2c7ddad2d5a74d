/**
 * Exits that somebody wants elsewhere (TRD-5): what is kept of it with the trade, and what both a command and
 * the write that follows from it must hold. A wish is not a price: the exits' prices (`Book.exits`) change with
 * the claim of the modification that carries them, so that the order which stands counts till then.
 */
import { decimal, type DecimalText } from '../money.js';
import type { Trail } from '../risk/context.js';
import type { EpochMs, LegRole, Quote, Side } from '../vocabulary.js';

export type MovableExit = 'stop' | 'target';
export const MOVABLE: readonly MovableExit[] = ['stop', 'target'];
export const ROLE_OF: Readonly<Record<MovableExit, LegRole>> = { stop: 'STOP', target: 'TARGET' };

/**
 * wanted ── sent ── done     recorded; claimed with a write; read back from the broker
 *    │        └──── wanted   the write came to nothing: it is planned anew, from a fresh quote
 *    └───────────── refused  by the quote, by the broker, or because a close came
 */
export interface MoveWish {
  /** 1 for the first of its exit: the newest stands for all before it. */
  readonly seq: number;
  readonly price: DecimalText;
  readonly by: 'command' | 'trail';
  readonly state: 'wanted' | 'sent' | 'done' | 'refused';
  /** Why it was refused, for people. */
  readonly reason: string | null;
  /** The broker said no: the same price is not asked for again by itself. */
  readonly byBroker: boolean;
}

/** The stop is to follow the best price since the command, by steps of the same order. */
export interface TrailWish {
  readonly by: Trail;
  /** The best bid (of a long; a short's best ask) that a step was reckoned from; null before the first. */
  readonly best: DecimalText | null;
  /** When the newest step was wished for. */
  readonly steppedAtMs: EpochMs | null;
}

export interface Moves {
  readonly stop: MoveWish | null;
  readonly target: MoveWish | null;
  readonly trail: TrailWish | null;
}

/** A wish that follows `before`. */
export function newWish(before: MoveWish | null, price: DecimalText, by: MoveWish['by']): MoveWish {
  const seq = (before?.seq ?? 0) + 1;
  return { seq, price, by, state: 'wanted', reason: null, byBroker: false };
}

/** It was not read back yet, nor refused. */
export function isUndone(
  wish: MoveWish | null,
): wish is MoveWish & { readonly state: 'wanted' | 'sent' } {
  return wish !== null && (wish.state === 'wanted' || wish.state === 'sent');
}

/** For people: no target lives, and none will. */
export const NO_TARGET = 'no target lives, and none is placed any more: the stop stands alone';

/** For people: at a broker without groups. */
export const NO_GROUPS =
  'its broker has no groups of orders: a target could fill beside the stop, so none is placed';

/** For people: at a broker whose quotes are asked for one by one. */
export const NO_POLLING =
  'its broker wants no quotes asked for again and again, and a trail needs them: move the stop instead';

/** A close, or another command, stands in its place: what was not done is not done any more. */
export function dropped(wish: MoveWish | null, reason: string): MoveWish | null {
  return isUndone(wish) ? { ...wish, state: 'refused', reason } : wish;
}

/** An order is moved by a quote no older than that: a watched symbol is confirmed every two seconds. */
export const MOVE_QUOTE_MAX_AGE_MS = 5_000;

/** What a closing order would get: the bid for a long, the ask for a short; null without a live, fresh quote. */
export function exitQuote(side: Side, quote: Quote | null, nowMs: EpochMs): DecimalText | null {
  if (quote?.kind !== 'live' || quote.halted) return null;
  // One from the future is as doubtful as an old one.
  if (Math.abs(nowMs - quote.atMs) > MOVE_QUOTE_MAX_AGE_MS) return null;
  return side === 'BUY' ? quote.bid : quote.ask;
}

/** Why an exit can't stand at that price in this market; null when it can. `side` is the entry's. */
export function marketRefusal(
  side: Side,
  exit: MovableExit,
  price: DecimalText,
  market: DecimalText,
): string | null {
  const below = decimal(price).lt(decimal(market));
  const above = decimal(price).gt(decimal(market));
  const stands = (exit === 'stop') === (side === 'BUY') ? below : above;
  if (stands) return null;
  const what = exit === 'stop' ? 'trigger' : 'fill';
  const quote = side === 'BUY' ? 'bid' : 'ask';
  return `a ${exit} at ${price} would ${what} at once: the ${quote} is ${market} (close the trade instead)`;
}

/** Whether a stop at `price` risks more than one at `standing`. `side` is the entry's. */
export function isWider(side: Side, price: DecimalText, standing: DecimalText): boolean {
  const apart = decimal(price).sub(decimal(standing));
  return side === 'BUY' ? apart.lt(0) : apart.gt(0);
}
