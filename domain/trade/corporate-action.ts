/**
 * A split shows in the broker's position before anybody tells of it: the broker cancels the exits, and
 * holds another quantity at another cost. Exits at the prices of before must not be sent again (REC-5).
 */
import { decimal, text, type DecimalText } from '../money.js';
import { isLive } from '../orders/machine.js';
import type { Book } from './book.js';
import { filledOf } from './exposure.js';
import { placing } from './incarnation.js';
import { tradeLeg } from './leg.js';
import { isLost } from './situation.js';

export interface Holding {
  /** Signed. */
  readonly quantity: DecimalText;
  /** Per share; null: unknown. */
  readonly averageCost: DecimalText | null;
}

/** Splits are 2:1, 3:2, 10:1 …, and the same the other way round: halves of whole numbers. */
const PARTS = 2;
/** Costs carry commissions: beyond this the quantity has changed for another reason. */
const COST_TOLERANCE = '0.1';

/**
 * The ratio by which the broker holds more than the books do, `2` or `0.1`, when it looks like a split's:
 * same direction, a simple ratio, and a cost that has changed the other way. Null: it doesn't.
 */
export function splitRatio(books: Holding, broker: Holding): DecimalText | null {
  const [expected, shown] = [decimal(books.quantity), decimal(broker.quantity)];
  if (expected.isZero() || shown.isZero()) return null;
  const ratio = shown.div(expected);
  if (ratio.lte(0) || ratio.eq(1)) return null;
  const factor = ratio.gt(1) ? ratio : decimal('1').div(ratio);
  if (!factor.mul(PARTS).toDecimalPlaces(6).isInteger()) return null;
  if (books.averageCost !== null && broker.averageCost !== null) {
    const cost = decimal(books.averageCost).div(ratio);
    const off = decimal(broker.averageCost).sub(cost).div(cost).abs();
    if (off.gt(COST_TOLERANCE)) return null;
  }
  return text(ratio.toDecimalPlaces(6));
}

/** Shares are held, and the broker itself has ended their stop: before another, its position is asked for. */
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

function wasShown(book: Book, legId: string): boolean {
  const leg = book.legs.find((candidate) => candidate.legId === legId)!;
  const state = placing(leg)?.state;
  return state === 'SHOWN' || state === 'ENDED';
}
