/**
 * Trailing by steps (TRD-5): an order's type can't be changed, so the stop that stands is moved after the best
 * price since the command. Each step is a wish for the stop like a person's, and is carried out like one; it
 * never loosens. The best price that a step was reckoned from stands in the book, so a killed worker goes on from it.
 */
import { decimal, max, min, text, type Decimal, type DecimalText } from '../money.js';
import type { EpochMs, Quote, Side } from '../vocabulary.js';
import type { Trail } from '../risk/context.js';
import { unchanged, type Book, type Change, type Unchanged } from './book.js';
import { samePrice } from './exposure.js';
import { exitQuote, isUndone, marketRefusal, newWish } from './moves.js';
import { viewOf } from './view.js';
import { withMoves } from './wishes.js';

/** A step is at least this part of the distance: the stop lags a native one by a tenth, and is moved seldom. */
export const TRAIL_STEP_PART = '0.1';
/**
 * Between two steps of a trade. Each costs a message of the 50 a second, an activity and a signal: a hundred
 * trades that trail take 20 messages a second, and leave the rest to entries and repairs.
 */
export const TRAIL_INTERVAL_MS = 5_000;

/** What the quote makes of a trail: the next step as a wish, a best price to remember, or nothing. */
export function trailOn(
  book: Book,
  quote: Quote | null,
  increment: DecimalText | null,
  nowMs: EpochMs,
): Change | Unchanged {
  const { trail, stop } = book.wishes.moves;
  const { stopPrice } = book.exits;
  if (trail === null || stopPrice === null) return unchanged(book, 'it does not trail');
  if (book.wishes.close !== null || !decimal(viewOf(book).heldQuantity).gt(0)) {
    return unchanged(book, 'there is nothing to trail');
  }
  const market = exitQuote(book.side, quote, nowMs);
  if (market === null || increment === null) return unchanged(book, 'no live quote');
  const best = betterOf(book.side, market, trail.best);
  const price = stepTo(book.side, trail.by, { best, stopPrice, increment });
  if (price === null) return unchanged(book, 'less than a step');
  const isDue = trail.steppedAtMs === null || nowMs - trail.steppedAtMs >= TRAIL_INTERVAL_MS;
  const isRefused = stop?.byBroker === true && samePrice(stop.price, price);
  const mayStand = marketRefusal(book.side, 'stop', price, market) === null;
  if (!isDue || isRefused || isUndone(stop) || !mayStand) return remembered(book, best, increment);
  const wish = newWish(stop, price, 'trail');
  const next = withMoves(book, { stop: wish, trail: { ...trail, best, steppedAtMs: nowMs } });
  const summary = `stop wanted at ${price}, behind the best price ${best}`;
  return { book: next, events: [{ kind: 'trail', summary, detail: { price, best } }] };
}

function betterOf(side: Side, market: DecimalText, best: DecimalText | null): DecimalText {
  if (best === null) return market;
  const prices = [decimal(market), decimal(best)] as const;
  return text(side === 'BUY' ? max(...prices) : min(...prices));
}

interface Standing {
  readonly best: DecimalText;
  readonly stopPrice: DecimalText;
  readonly increment: DecimalText;
}

/** Where the stop goes by whole steps from where it stands; null when it is less than one, or backwards. */
export function stepTo(
  side: Side,
  by: Trail,
  { best, stopPrice, increment }: Standing,
): DecimalText | null {
  const distance = distanceOf(by, decimal(best));
  const step = stepOf(distance, decimal(increment));
  const behind = side === 'BUY' ? decimal(best).sub(distance) : decimal(best).add(distance);
  const ahead = side === 'BUY' ? behind.sub(stopPrice) : decimal(stopPrice).sub(behind);
  const steps = ahead.div(step).floor();
  if (steps.lt(1)) return null;
  const by_ = steps.mul(step);
  return text(side === 'BUY' ? decimal(stopPrice).add(by_) : decimal(stopPrice).sub(by_));
}

function distanceOf(by: Trail, best: Decimal): Decimal {
  return 'amount' in by ? decimal(by.amount) : best.mul(decimal(by.fraction));
}

/** On the tick, so that every step is; at least one. */
function stepOf(distance: Decimal, increment: Decimal): Decimal {
  const ticks = distance.mul(decimal(TRAIL_STEP_PART)).div(increment).floor();
  return max(ticks, decimal('1')).mul(increment);
}

/** A best price whose step must wait is kept by whole ticks: it may be gone when the step is due. */
function remembered(book: Book, best: DecimalText, increment: DecimalText): Change | Unchanged {
  const trail = book.wishes.moves.trail!;
  const isNew =
    trail.best === null || decimal(best).sub(decimal(trail.best)).abs().gte(decimal(increment));
  if (!isNew) return unchanged(book, 'the step must wait');
  return { book: withMoves(book, { trail: { ...trail, best } }), events: [] };
}
