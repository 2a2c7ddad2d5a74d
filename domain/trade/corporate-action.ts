/**
 * A split shows in the broker's position before anybody tells of it: the broker cancels the exits, and
 * holds another quantity at another cost. Exits at the prices of before must not be sent again (REC-5).
 */
import { decimal, text, type Decimal, type DecimalText } from '../money.js';
import { isLive } from '../orders/machine.js';
import type { Side } from '../vocabulary.js';
import { FOREIGN_EPOCH } from './adopt.js';
import type { Book, Leg } from './book.js';
import { filledOf, heldQuantity } from './exposure.js';
import { placing } from './incarnation.js';
import { tradeLeg } from './leg.js';
import { isLost } from './situation.js';

/** A quarantine whose reason begins so holds every send back until a person has looked (REC-5). */
export const CORPORATE_ACTION = 'corporate action';

/** Why a symbol is quarantined after a split. `what` shows it. */
export function splitReason(what: string): string {
  return `${CORPORATE_ACTION}: ${what}`;
}

/** For people: what a quantity that is no multiple of the books' may be all the same. */
export const RATIO_HIDDEN = "as after a split whose ratio a hand's trade hides";

/** Whether a quarantine for that reason is for a split. */
export function isSplitReason(reason: string): boolean {
  return reason.startsWith(CORPORATE_ACTION);
}

/** The ratio that such a reason names (`2 times what the books say`, `2 times as many`); null: it names none. */
export function ratioSeen(reason: string | null): DecimalText | null {
  if (reason === null || !isSplitReason(reason)) return null;
  const named = / (\d+(?:\.\d+)?) times (?:what the books say|as many)/.exec(reason);
  return named?.[1] ?? null;
}

/** All of a contract that is held, by the books or at the broker. */
export interface Holding {
  /** Signed. */
  readonly quantity: DecimalText;
  /** Per share, of all of it; null: unknown. */
  readonly averageCost: DecimalText | null;
}

/** Splits are 2:1, 3:2, 10:1 …, and the same the other way round: halves of whole numbers. */
const PARTS = 2;
/** Where parts of a share were paid out the ratio is none of these: then the cost must fit that well, for it has commissions. */
const COST_TOLERANCE = '0.1';
/** And it must be a split's: a stock dividend of less leaves prices near those of before. */
const ODD_RATIO_MIN = '1.25';

/**
 * The ratio by which the broker holds more than the books do, `2` or `0.1`, when it looks like a split's;
 * null: it doesn't. It does where the direction is the same, the ratio a simple one, and the cost or the
 * market's price has gone the other way rather than stayed. No cost needs to fit exactly: what the books
 * call the cost and what the broker does differ by other lots. `price`: the market's, null: unknown.
 */
export function splitRatio(
  books: Holding,
  broker: Holding,
  price: DecimalText | null = null,
): DecimalText | null {
  const [expected, shown] = [decimal(books.quantity), decimal(broker.quantity)];
  if (expected.isZero() || shown.isZero()) return null;
  const ratio = shown.div(expected);
  if (ratio.lte(0) || ratio.eq(1)) return null;
  const [was, is] = [known(books.averageCost), known(broker.averageCost)];
  const isSplit = isSimple(ratio)
    ? isRescaled(ratio, was, is, known(price))
    : isOddSplit(ratio, was, is) || isRoundedSplit(expected.abs(), shown.abs(), was, is);
  return isSplit ? text(ratio.toDecimalPlaces(6)) : null;
}

/**
 * Whether that ratio may be taken over without a person's naming it: what the shares cost fits it within 10 %, or the
 * broker has not changed that yet, and nothing says otherwise. A hand's trade between the split and its picture gives a
 * ratio too, and another one (REC-5).
 */
export function isRatioSure(
  ratio: DecimalText,
  books: Holding,
  broker: Holding,
  seen: DecimalText | null,
): boolean {
  const times = decimal(ratio);
  if (seen !== null && !times.eq(decimal(seen))) return false;
  const [was, is] = [known(books.averageCost), known(broker.averageCost)];
  if (was === null || is === null || !isSimple(times)) return true;
  const isNear = (cost: Decimal) => cost.div(was).sub(1).abs().lte(COST_TOLERANCE);
  return isNear(is.mul(times)) || isNear(is);
}

function known(price: DecimalText | null): Decimal | null {
  return price && decimal(price).gt(0) ? decimal(price) : null;
}

function isSimple(ratio: Decimal): boolean {
  return apart(ratio).mul(PARTS).toDecimalPlaces(6).isInteger();
}

/**
 * By the cost, or where it says nothing by the quantity alone. Also by the market's price where there are more
 * shares: there a stop of before sells at once, and a hand that bought leaves the price where it was.
 */
function isRescaled(
  ratio: Decimal,
  was: Decimal | null,
  is: Decimal | null,
  now: Decimal | null,
): boolean {
  if (was === null || is === null) return true;
  return (
    hasFollowed(ratio, was, is) || (ratio.gt(1) && now !== null && hasFollowed(ratio, was, now))
  );
}

/** Nearer to what the split makes of it than to what it was. */
function hasFollowed(ratio: Decimal, was: Decimal, is: Decimal): boolean {
  return apart(is.mul(ratio).div(was)).lt(apart(is.div(was)));
}

/** No hand's trade keeps the value of what is held and changes its quantity by so much. */
function isOddSplit(ratio: Decimal, was: Decimal | null, is: Decimal | null): boolean {
  if (was === null || is === null || apart(ratio).lt(ODD_RATIO_MIN)) return false;
  return is.mul(ratio).div(was).sub(1).abs().lte(COST_TOLERANCE);
}

/** Whole shares are held after it, and the part of one is paid out: 5:4 of 50 shares are 62, 3:2 of 3 are 4. */
const COMMON_SPLITS = [
  [5, 4],
  [4, 3],
  [3, 2],
  [5, 3],
  [5, 2],
] as const;

/** The quantity is what such a split leaves in whole shares, and the cost has gone with the split itself. */
function isRoundedSplit(
  expected: Decimal,
  shown: Decimal,
  was: Decimal | null,
  is: Decimal | null,
): boolean {
  if (was === null || is === null) return false;
  const ratios = COMMON_SPLITS.flatMap(([more, fewer]) => [
    decimal(String(more)).div(fewer),
    decimal(String(fewer)).div(more),
  ]);
  return ratios.some((ratio) => {
    const isWhole = expected.mul(ratio).toDecimalPlaces(6).floor().eq(shown);
    return isWhole && is.mul(ratio).div(was).sub(1).abs().lte(COST_TOLERANCE);
  });
}

/** The exits that a trade wants, and what its shares cost; null: none, or unknown. */
export interface TradePrices {
  readonly stopPrice: DecimalText | null;
  readonly targetPrice: DecimalText | null;
  readonly averageCost: DecimalText | null;
}

/** An exit that stood would have filled long before the price came that far past it. */
const PAST_EXIT_MIN = '1.25';
/** Where no exit is on that side: no trade that is still open has gained, or lost, so much without a stop that filled. */
const APART_FROM_COST_MIN = '3';

/**
 * Whether a live price is where a trade's own course does not leave it, and a split may: far past its stop or its
 * target, or many times away from what the shares cost. It says nothing by itself: exits fill there, and a gap is
 * possible. `side` is the entry's.
 */
export function isPricedAcross(
  side: Side,
  { stopPrice, targetPrice, averageCost }: TradePrices,
  price: DecimalText,
): boolean {
  const now = known(price);
  if (now === null) return false;
  const [lower, upper] = side === 'BUY' ? [stopPrice, targetPrice] : [targetPrice, stopPrice];
  const [under, over, cost] = [known(lower), known(upper), known(averageCost)];
  return (
    (under !== null && under.div(now).gte(PAST_EXIT_MIN)) ||
    (over !== null && now.div(over).gte(PAST_EXIT_MIN)) ||
    (cost !== null && apart(now.div(cost)).gte(APART_FROM_COST_MIN))
  );
}

/** How many times as large or as small: never less than 1. */
function apart(ratio: Decimal): Decimal {
  return ratio.gte(1) ? ratio : decimal('1').div(ratio);
}

/** A split may be why the exits are as they are: before anything is sent, the broker's position is asked for. */
export function mayBeSplit(book: Book): boolean {
  return hasLostItsStop(book) || hasLostItsTarget(book) || hasExitOfNow(book);
}

/** Shares are held, and the broker has ended their stop or has it no more: before another, its position is asked for. */
export function hasLostItsStop(book: Book): boolean {
  const legs = book.legs.map(tradeLeg);
  const entered = filledOf(legs.filter(({ role }) => role === 'ENTRY'));
  const left = filledOf(legs.filter(({ side }) => side !== book.side));
  if (entered.lte(left)) return false;
  const stops = legs.filter(({ role, intent }) => role === 'STOP' && intent === 'SENT');
  return (
    stops.some(isLost) && !stops.some(isLive) && stops.some(({ legId }) => wasShown(book, legId))
  );
}

/** The broker has ended the target that is wanted: a split's next word may be of the stop. */
function hasLostItsTarget(book: Book): boolean {
  if (book.exits.targetPrice === null || !heldQuantity(book.legs, book.side).gt(0)) return false;
  const targets = book.legs
    .map(tradeLeg)
    .filter(({ role, intent }) => role === 'TARGET' && intent === 'SENT');
  return (
    targets.some(isLost) &&
    !targets.some(isLive) &&
    targets.some(({ legId }) => wasShown(book, legId))
  );
}

function wasShown(book: Book, legId: string): boolean {
  const leg = book.legs.find((candidate) => candidate.legId === legId)!;
  const state = placing(leg)?.state;
  return state === 'SHOWN' || state === 'ENDED' || state === 'VANISHED';
}

/** An exit lives that was placed for the shares of now, and the database knows those of before. */
function hasExitOfNow(book: Book): boolean {
  const isHolding = heldQuantity(book.legs, book.side).gt(0);
  return isHolding && book.legs.some((leg) => isLive(leg) && isExitOfNow(book, leg));
}

/** It was taken over from the broker, unfilled, for the database has lost its placing (adopt.ts): for another number of shares. */
export function isExitOfNow({ legs, side }: Book, leg: Leg): boolean {
  if (leg.role === 'ENTRY' || placing(leg)?.epoch !== FOREIGN_EPOCH) return false;
  const isFilled = decimal(leg.filledQuantity).gt(0);
  return !isFilled && !decimal(leg.quantity).eq(heldQuantity(legs, side));
}
