/** What of a stop is left to fill: its quantity, less what it has filled, and what others of its group have. */
import type { Incarnation, Order } from '../../api/types.js';
import { decimal, text } from '../../../../domain/money.js';
import type { StopTerms } from './protection.js';

export interface StandingStop {
  readonly order: Order;
  readonly terms: StopTerms;
  /** Filled of it since it was placed: an order's quantity goes on to count that. */
  readonly own: string;
  /** Filled of others of its group since it was last written: the broker has made it smaller by them. */
  readonly ofGroup: string;
}

/** The kinds of groups whose orders the broker makes smaller as one fills. */
const REDUCING: readonly (number | null)[] = [2, 3];

/** The stops once one of them was written; null: it is gone. */
export function afterWrite(
  stops: readonly StandingStop[],
  order: Order,
  write: Incarnation | null,
): StandingStop[] {
  const before = stops.find((each) => each.order.id === order.id);
  const others = stops.filter((each) => each !== before);
  if (!write?.terms) return others;
  const { quantity, stop_price: price } = write.terms;
  const own = write.kind === 'modify' ? (before?.own ?? '0') : '0';
  return [...others, { order, terms: { quantity, price }, own, ofGroup: '0' }];
}

/** The stops once so many shares have filled by an order; undefined: by one that is not known. */
export function afterFill(
  stops: readonly StandingStop[],
  by: Order | undefined,
  quantity: string,
): readonly StandingStop[] {
  if (by === undefined) return stops;
  const more = (filled: string) => text(decimal(filled).add(decimal(quantity)));
  return stops.map((stop) => {
    if (stop.order.id === by.id) return { ...stop, own: more(stop.own) };
    const { oca_group: group, oca_type: kind } = stop.order;
    const isReduced = group !== null && group === by.oca_group && REDUCING.includes(kind);
    return isReduced ? { ...stop, ofGroup: more(stop.ofGroup) } : stop;
  });
}

/** What it would still fill. */
export function leftOf({ terms, own, ofGroup }: StandingStop): StopTerms {
  const left = decimal(terms.quantity).sub(decimal(own)).sub(decimal(ofGroup));
  return { ...terms, quantity: left.isNegative() ? '0' : text(left) };
}
