/**
 * A trade after a split that a person has confirmed (REC-5): the same value in another number of shares. What
 * was bought and sold counts in shares of now, and the exits are wanted at prices of now.
 */
import { decimal, sum, text, ZERO, type Decimal, type DecimalText } from '../money.js';
import { isLive, workingQuantity } from '../orders/machine.js';
import { roundStop, roundTarget } from '../sizing/exits.js';
import type { EpochMs } from '../vocabulary.js';
import { inTurn, type Book, type BookFill, type Change, type Leg } from './book.js';
import { isExitOfNow } from './corporate-action.js';
import { samePrice } from './exposure.js';
import { placing } from './incarnation.js';
import { step } from './leg.js';
import { dropped } from './moves.js';
import { vanished } from './outcome.js';
import { nameOf } from './resolve.js';
import { viewOf } from './view.js';

/** So many shares have become so many: as two numbers, for a third has no end. */
export interface SplitRatio {
  readonly from: DecimalText;
  readonly to: DecimalText;
}

export interface ExitPrices {
  readonly stopPrice: DecimalText | null;
  readonly targetPrice: DecimalText | null;
}

/** What the columns keep. */
const DECIMALS = 8;

/** Shares of before as shares of now. */
export function sharesAfter(shares: DecimalText, { from, to }: SplitRatio): DecimalText {
  return text(decimal(shares).mul(decimal(to)).div(decimal(from)).toDecimalPlaces(DECIMALS));
}

/** A price of before as one of now. */
export function priceAfter(price: DecimalText, { from, to }: SplitRatio): DecimalText {
  return text(decimal(price).mul(decimal(from)).div(decimal(to)).toDecimalPlaces(DECIMALS));
}

/**
 * The exits' prices as of now, on the contract's increment, rounded toward the entry. One that a younger exit
 * than the database has brought along is of now.
 */
export function exitsAfter(book: Book, ratio: SplitRatio, increment: DecimalText): ExitPrices {
  const { side, exits, legs } = book;
  const { stopPrice, targetPrice } = exits;
  const younger = legs.filter((leg) => fitsAfter(book, leg, ratio)).map(({ wanted }) => wanted);
  const onTick = (price: DecimalText, round: typeof roundStop) =>
    text(round(side, decimal(priceAfter(price, ratio)), decimal(increment)));
  const isStopOfNow = younger.some((terms) => samePrice(terms.stopPrice, stopPrice));
  const isTargetOfNow = younger.some((terms) => samePrice(terms.limitPrice, targetPrice));
  return {
    stopPrice: isStopOfNow ? stopPrice : stopPrice && onTick(stopPrice, roundStop),
    targetPrice: isTargetOfNow ? targetPrice : targetPrice && onTick(targetPrice, roundTarget),
  };
}

/** It was placed for the shares of now, but for the part that whole shares may make of them. */
function fitsAfter(book: Book, leg: Leg, ratio: SplitRatio): boolean {
  const { heldQuantity } = viewOf(book);
  const shares = decimal(sharesAfter(heldQuantity, ratio));
  return isExitOfNow(book, leg) && decimal(leg.quantity).sub(shares).abs().lt(1);
}

/**
 * What each holder's shares (signed) become: in whole shares that come to the whole of now, where a part would be
 * left over; an exit for a part of a share is refused. Null: they come to no whole number, or one to none.
 */
export function dealtOut(
  holdings: readonly DecimalText[],
  ratio: SplitRatio,
): readonly DecimalText[] | null {
  const exact = holdings.map((shares) => decimal(shares).mul(decimal(ratio.to)).div(ratio.from));
  const shares = exact.map((each) => each.toDecimalPlaces(DECIMALS));
  if (shares.every((each) => each.isInteger())) return shares.map(text);
  const whole = exact.map((each) => each.floor());
  const left = decimal(ratio.to).sub(sum(whole));
  if (!left.isInteger() || left.lt(0) || left.gt(whole.length)) return null;
  const byRest = exact
    .map((each, index) => ({ index, rest: each.sub(whole[index]!) }))
    .sort((a, b) => b.rest.cmp(a.rest) || a.index - b.index);
  const more = new Set(byRest.slice(0, left.toNumber()).map(({ index }) => index));
  const dealt = whole.map((each, index) => (more.has(index) ? each.add(1) : each));
  const isNone = dealt.some((each, index) => each.isZero() && !exact[index]!.isZero());
  return isNone ? null : dealt.map(text);
}

/** The exits that pictures lack are gone with the shares of before: a person's word on the split says so too. */
export function withoutMissing(book: Book): Change {
  const missing = book.legs.filter((leg) => leg.role !== 'ENTRY' && isMissing(leg));
  return inTurn(
    book,
    ...missing.map((leg) => (now: Book) => vanished(now, { legId: leg.legId, n: placing(leg)!.n })),
  );
}

function isMissing(leg: Leg): boolean {
  const place = placing(leg);
  return isLive(leg) && place?.state === 'SHOWN' && place.missed !== null;
}

/** Why the trade can't be carried across a split that makes `to` of what it holds; null when it can. */
export function splitRefusal(book: Book, to: DecimalText | null = null): string | null {
  const { id, plan } = book;
  const isOfNow = (leg: Leg) =>
    to !== null && isExitOfNow(book, leg) && workingQuantity(leg).eq(to);
  const legs = book.legs.filter((leg) => isLive(leg) && !isMissing(leg) && !isOfNow(leg));
  const live = legs.map(nameOf).join(' and ');
  if (live !== '')
    return `the ${live} of trade ${id} still works, at prices and shares of before: cancel it in TWS first`;
  const trailing = plan?.trailing ?? null;
  if (trailing !== null && 'amount' in trailing)
    return `trade ${id} trails by ${trailing.amount}, an amount of before: close it at the broker, and declare that with "ballast resolve difference"`;
  return null;
}

/**
 * Carries the trade across the split. Ask `splitRefusal` first. Its exits have ended with the shares of
 * before, or are in no list any more: the planner places them anew, and the time without a stop counts from now.
 */
export function afterSplit(
  asItIs: Book,
  ratio: SplitRatio,
  { stopPrice, targetPrice }: ExitPrices,
  actor: string,
  nowMs: EpochMs,
): Change {
  const { book, events } = withoutMissing(asItIs);
  const rescaled = rescaledFills(book, ratio, nowMs);
  const legs = book.legs.map((leg) =>
    fitsAfter(book, leg, ratio) ? leg : rescaledLeg(leg, rescaled, ratio),
  );
  const superseded = new Set(rescaled.map(({ was }) => was));
  const fills = book.fills.map((fill) =>
    superseded.has(fill) ? { ...fill, superseded: true } : fill,
  );
  const { moves } = book.wishes;
  const next: Book = {
    ...book,
    ...{ legs, fills: [...fills, ...rescaled.map(({ is }) => is)], unarmedSinceMs: null },
    exits: { stopPrice, targetPrice, reanchored: true, verified: false },
    wishes: {
      ...book.wishes,
      moves: {
        trail: null,
        stop: dropped(moves.stop, A_SPLIT),
        target: dropped(moves.target, A_SPLIT),
      },
    },
  };
  const summary = `carried across a split by ${actor}: ${changeText(book, next)}`;
  return { book: next, events: [...events, { kind: 'split', summary, detail: { ...ratio } }] };
}

const A_SPLIT = 'a split has changed the prices';

/** For people: `10 at 250 become 100 at 25, stop 237.5 becomes 23.75`. */
export function changeText(before: Book, after: Book): string {
  const [was, is] = [viewOf(before), viewOf(after)];
  const exits = (['stopPrice', 'targetPrice'] as const).flatMap((name) => {
    const [old, now] = [before.exits[name], after.exits[name]];
    const exit = name === 'stopPrice' ? 'stop' : 'target';
    return old === null && now === null
      ? []
      : [`${exit} ${old ?? 'none'} becomes ${now ?? 'none'}`];
  });
  const held = `${was.heldQuantity} at ${was.averageEntry ?? '?'} become ${is.heldQuantity} at ${is.averageEntry ?? '?'}`;
  const trail = before.wishes.moves.trail === null ? [] : ['the stop trails no more'];
  return [held, ...exits, ...trail].join(', ');
}

interface Rescaled {
  readonly was: BookFill;
  readonly is: BookFill;
}

/** Each fill as a correction of itself. Rounded as sums, so that the whole is exact though a part has no end. */
function rescaledFills(book: Book, ratio: SplitRatio, nowMs: EpochMs): Rescaled[] {
  const sums = new Map<string, Decimal>();
  return book.fills
    .filter(({ superseded }) => !superseded)
    .map((was) => {
      const before = sums.get(was.side) ?? ZERO;
      const total = before.add(decimal(was.quantity));
      sums.set(was.side, total);
      const share = decimal(sharesAfter(text(total), ratio)).sub(
        decimal(sharesAfter(text(before), ratio)),
      );
      const correction = was.correction + 1;
      return {
        was,
        is: {
          ...was,
          ...{ correction, executionId: `${was.executionKey}.${correction}`, inferred: true },
          ...{ quantity: text(share), price: priceAfter(was.price, ratio), receivedAtMs: nowMs },
        },
      };
    });
}

function rescaledLeg(leg: Leg, fills: readonly Rescaled[], ratio: SplitRatio): Leg {
  const { readBack, reported, wanted } = leg;
  const scaled = <T extends { readonly quantity: DecimalText }>(of: T): T => ({
    ...of,
    quantity: sharesAfter(of.quantity, ratio),
  });
  const resized: Leg = {
    ...scaled(leg),
    ...{ wanted: scaled(wanted), readBack: readBack && scaled(readBack) },
    reported: reported && {
      ...reported,
      filled: sharesAfter(reported.filled, ratio),
      remaining: sharesAfter(reported.remaining, ratio),
    },
  };
  return fills
    .filter(({ is }) => is.legId === leg.legId)
    .reduce((now, { is }) => {
      const { executionId, executionKey, correction, quantity, price } = is;
      const known = leg.executions.find((one) => one.executionKey === executionKey);
      const earlier = known?.ofEarlier === true ? { ofEarlier: true as const } : {};
      const execution = { executionId, executionKey, correction, quantity, price, ...earlier };
      return step(now, { kind: 'executionCorrected', ...execution });
    }, resized);
}
