/** OCA groups: what a fill of one member does to the others. */
import { ZERO } from '../../domain/money.js';
import type { Decimal } from '../../domain/money.js';
import { exactRemaining, workingSize } from './bracket.js';
import { tellOrder } from './core.js';
import type { Core } from './core.js';
import { remainingOf, setQuantity } from './orders.js';
import type { Order } from './orders.js';

/** TWS's default, and what it shows for orders without a group. */
export const OCA_REDUCE = 3;
export const OCA_CANCEL = 1;
/** Cuts are kept so exact, rounded down, so that their sum rounds up to the right whole share. */
const CUT_DECIMALS = 8;
/** decimal.js's rounding mode toward zero. */
const ROUND_DOWN = 1;

/**
 * Applies a fill to the rest of the filled order's group by the filled order's type: 1 cancels the
 * others at the first fill; 2 and 3 reduce them in proportion and cancel them when it is complete.
 * @param before what the filled order had remaining before this fill.
 * @returns the members that must be cancelled.
 */
export function reduceSiblings(
  core: Core,
  filledOrder: Order,
  shares: Decimal,
  before: Decimal,
): Order[] {
  const siblings = core.state.siblings(filledOrder);
  const complete = remainingOf(filledOrder).lte(ZERO);
  if (complete || filledOrder.request.ocaType === OCA_CANCEL) return siblings;
  const spent: Order[] = [];
  for (const sibling of siblings) {
    const cut = exactRemaining(core, sibling).mul(shares).div(before);
    sibling.ocaCut = sibling.ocaCut.add(cut.toDecimalPlaces(CUT_DECIMALS, ROUND_DOWN));
    const size = workingSize(core, sibling);
    if (size.lte(sibling.filled)) spent.push(sibling);
    else if (!size.eq(sibling.request.totalQuantity)) {
      setQuantity(sibling, size);
      tellOrder(core, sibling, true);
    }
  }
  return spent;
}
