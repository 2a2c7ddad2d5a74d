/**
 * FIFO lots and realized P&L of a trade (TRD-8), net of commissions.
 *
 * Invariants, quoted by the property tests:
 *  1. Lots close first in, first out; every filled share is in exactly one lot.
 *  2. Flat: realized P&L = what was received − what was paid − every commission, to the last decimal.
 *  3. Open lots and open quantity agree; beyond flat the excess opens lots of the other side.
 *  4. A bust (quantity 0) leaves what would be without it. Booking again gives the same book.
 */
import { decimal, text, ZERO, type Decimal, type DecimalText } from './money.js';
import { opposite, type Side } from './vocabulary.js';

/** An execution that counts, in order of execution; a bust has quantity 0. */
export interface Fill {
  readonly executionId: string;
  readonly side: Side;
  readonly quantity: DecimalText;
  readonly price: DecimalText;
  /** Null while the broker has not told it. */
  readonly commission: DecimalText | null;
}

export interface Lot {
  /** The side that opened it. */
  readonly side: Side;
  readonly quantity: DecimalText;
  readonly openExecutionId: string;
  readonly openPrice: DecimalText;
  /** Null while open, as all that follows. */
  readonly closeExecutionId: string | null;
  readonly closePrice: DecimalText | null;
  readonly grossPnl: DecimalText | null;
  /** Its share of the commissions of both executions. */
  readonly commission: DecimalText | null;
  /** Net of that commission. */
  readonly realizedPnl: DecimalText | null;
}

export interface LotBook {
  readonly lots: readonly Lot[];
  /** Signed: positive long. */
  readonly openQuantity: DecimalText;
  readonly grossPnl: DecimalText;
  /** Of closed lots. */
  readonly commission: DecimalText;
  readonly realizedPnl: DecimalText;
  /** False while a commission is still to come. */
  readonly commissionsComplete: boolean;
}

/** Commissions are shared among lots to the digits that are stored. */
const SHARE_DECIMALS = 8;

/** What of a fill is not yet in a closed lot. */
interface Remainder {
  readonly fill: Fill;
  quantity: Decimal;
  commission: Decimal;
}

/** Books the fills of a trade. */
export function bookLots(fills: readonly Fill[]): LotBook {
  const counted = fills.filter((fill) => decimal(fill.quantity).gt(0));
  const closed: Lot[] = [];
  let open: Remainder[] = [];
  for (const fill of counted) {
    const rest: Remainder = {
      fill,
      quantity: decimal(fill.quantity),
      commission: decimal(fill.commission ?? '0'),
    };
    while (rest.quantity.gt(0) && open[0] && open[0].fill.side === opposite(fill.side)) {
      closed.push(closeLot(open[0], rest));
      open = open.filter(({ quantity }) => quantity.gt(0));
    }
    if (rest.quantity.gt(0)) open.push(rest);
  }
  return summary(closed, open, counted);
}

/** Closes as much as both have left, and takes it from both. */
function closeLot(opening: Remainder, closing: Remainder): Lot {
  const quantity = opening.quantity.lt(closing.quantity) ? opening.quantity : closing.quantity;
  const commission = take(opening, quantity).add(take(closing, quantity));
  const rise = decimal(closing.fill.price).sub(decimal(opening.fill.price));
  const gross = quantity.mul(opening.fill.side === 'BUY' ? rise : rise.neg());
  return {
    side: opening.fill.side,
    quantity: text(quantity),
    openExecutionId: opening.fill.executionId,
    openPrice: opening.fill.price,
    closeExecutionId: closing.fill.executionId,
    closePrice: closing.fill.price,
    grossPnl: text(gross),
    commission: text(commission),
    realizedPnl: text(gross.sub(commission)),
  };
}

/** Takes shares from a fill, and gives their part of its commission: the last share is all that is left. */
function take(rest: Remainder, quantity: Decimal): Decimal {
  const share = rest.commission.mul(quantity).div(rest.quantity).toDecimalPlaces(SHARE_DECIMALS);
  rest.quantity = rest.quantity.sub(quantity);
  rest.commission = rest.commission.sub(share);
  return share;
}

function summary(
  closed: readonly Lot[],
  open: readonly Remainder[],
  fills: readonly Fill[],
): LotBook {
  let gross = ZERO;
  let commission = ZERO;
  for (const lot of closed) {
    gross = gross.add(lot.grossPnl!);
    commission = commission.add(lot.commission!);
  }
  const openQuantity = open.reduce(
    (total, { fill, quantity }) =>
      fill.side === 'BUY' ? total.add(quantity) : total.sub(quantity),
    ZERO,
  );
  return {
    lots: [...closed, ...open.map(openLot)],
    openQuantity: text(openQuantity),
    grossPnl: text(gross),
    commission: text(commission),
    realizedPnl: text(gross.sub(commission)),
    commissionsComplete: fills.every((fill) => fill.commission !== null),
  };
}

function openLot({ fill, quantity }: Remainder): Lot {
  return {
    side: fill.side,
    quantity: text(quantity),
    openExecutionId: fill.executionId,
    openPrice: fill.price,
    closeExecutionId: null,
    closePrice: null,
    grossPnl: null,
    commission: null,
    realizedPnl: null,
  };
}

/** What a later correction, bust or commission changes in a booked trade (TRD-12). */
export interface Adjustment {
  readonly grossPnl: DecimalText;
  readonly commission: DecimalText;
  readonly realizedPnl: DecimalText;
  readonly openQuantity: DecimalText;
}

/** The difference between two bookings; null when there is none. */
export function adjustmentOf(before: LotBook, after: LotBook): Adjustment | null {
  const change = (name: keyof Adjustment) => decimal(after[name]).sub(decimal(before[name]));
  const names = ['grossPnl', 'commission', 'realizedPnl', 'openQuantity'] as const;
  if (names.every((name) => change(name).eq(0))) return null;
  return {
    grossPnl: text(change('grossPnl')),
    commission: text(change('commission')),
    realizedPnl: text(change('realizedPnl')),
    openQuantity: text(change('openQuantity')),
  };
}

const R_DECIMALS = 4;

/** Realized P&L in multiples of what was at risk; null when nothing was. */
export function rMultiple(realizedPnl: DecimalText, riskAmount: DecimalText): DecimalText | null {
  const risk = decimal(riskAmount);
  if (risk.lte(0)) return null;
  return text(decimal(realizedPnl).div(risk).toDecimalPlaces(R_DECIMALS));
}
