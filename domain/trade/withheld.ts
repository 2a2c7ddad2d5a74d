/**
 * What holds a trade's sends back: prices and quantities of before a split sell at once, or protect too little
 * (REC-5). A split that was seen stays one until a person has looked; while nobody knows whether there was
 * one, nothing is sent either. What lives at the broker is left as it is.
 */
import { decimal } from '../money.js';
import { isLive } from '../orders/machine.js';
import { exitQuote, triggersNow } from '../sizing/exits.js';
import type { EpochMs } from '../vocabulary.js';
import type { ProtectionPlan, ProtectiveAction } from './actions.js';
import type { Book } from './book.js';
import { mayBeSplit } from './corporate-action.js';
import { signed } from './executions.js';
import { heldQuantity } from './exposure.js';
import { tradeLeg } from './leg.js';
import type { World } from './needs.js';
import { wait } from './situation.js';
import { hiddenSplit, withoutTriggering } from './unexplained.js';
import { isClosedByPerson } from './wishes.js';

/** The position is asked for again after this. */
const ASK_AGAIN_MS = 250;
/**
 * A list that did not come is asked for once more. Where nothing hints at a split, or a live price says that there
 * was none, the exits go in after that without it: shares are no longer without a stop than for two lists.
 */
export const POSITION_ASKED_MAX = 2;
/** An older quote may be one of before the split. */
const QUOTE_FRESH_MS = 5_000;
/** No split leaves the price within this of a stop of before, and on its right side: the smallest is 3:2. */
const AWAY_FROM_STOP_MAX = '1.5';

/** What may be sent of a plan, and the wait for the rest; null: nothing holds it back. */
export function heldBack(
  book: Book,
  world: World,
  plan: ProtectionPlan,
  nowMs: EpochMs,
): ProtectionPlan | null {
  const hold = withheld(book, world, nowMs);
  if (hold === null) return withoutTriggering(book, world, plan, nowMs);
  return { ...hold, actions: plan.actions.filter((action) => despiteHold(book, action)) };
}

/** The wait that takes the place of all that would be sent; null: nothing holds it back. */
function withheld(book: Book, world: World, nowMs: EpochMs): ProtectionPlan | null {
  if (isClosedByPerson(book) || !heldQuantity(book.legs, book.side).gt(0)) return null;
  const { split, splitSeen = null } = world;
  if (split !== null) {
    const ratio = `${split} times what the books say`;
    return wait(`a person: the broker holds ${ratio}, as after a split`, null, 'person');
  }
  if (splitSeen !== null)
    return wait(`a person: ${splitSeen} ("ballast resolve split")`, null, 'person');
  const hidden = hiddenSplit(book, world, nowMs);
  if (hidden !== null) return wait(`a person: ${hidden}`, null, 'person');
  if (isPositionAwaited(book, world, nowMs))
    return wait("the broker's position: the shares may be split", nowMs + ASK_AGAIN_MS, 'plan');
  if (isUnaccounted(book, world)) return wait(UNACCOUNTED, null, 'person');
  return null;
}

const UNACCOUNTED =
  'a person: the exits are in no list of the broker\'s, which holds other than the trade ("ballast resolve order --absent", "ballast resolve split")';

/** What may go on all the same: an unfilled entry that is not wanted any more ends. */
function despiteHold({ legs }: Book, action: ProtectiveAction): boolean {
  if (action.kind !== 'cancel') return false;
  return legs.some(({ legId, role }) => legId === action.legId && role === 'ENTRY');
}

function isPositionAwaited(book: Book, world: World, nowMs: EpochMs): boolean {
  const { positionUnknown = 0 } = world;
  if (positionUnknown === 0) return false;
  if (positionUnknown < POSITION_ASKED_MAX) return true;
  return mayBeSplit(book) && !isPricedAsBefore(book, world, nowMs);
}

/** A live price says so: it is beyond the stop by no more than trades are. */
function isPricedAsBefore({ side, exits }: Book, { quote }: World, nowMs: EpochMs): boolean {
  const price = exitQuote(side, quote);
  if (price === null || quote === null || nowMs - quote.atMs > QUOTE_FRESH_MS) return false;
  if (quote.halted || exits.stopPrice === null) return false;
  const stop = decimal(exits.stopPrice);
  if (triggersNow(side, stop, quote)) return false;
  const away = side === 'BUY' ? price.div(stop) : stop.div(price);
  return away.lt(AWAY_FROM_STOP_MAX);
}

/**
 * The stop is in no list, nobody knows whether it filled, and the broker holds other than the books say of the
 * trade: a second one could sell what is not there, and a sale would be for no reason that anybody knows.
 */
function isUnaccounted(book: Book, { brokerNet, missing }: World): boolean {
  const { wishes } = book;
  if (brokerNet === null || wishes.close !== null) return false;
  const stops = book.legs.filter((leg) => leg.role === 'STOP' && isLive(leg)).map(tradeLeg);
  if (stops.length === 0 || !stops.every(({ isDoubtful }) => isDoubtful)) return false;
  return !isSameAtBroker(book, brokerNet) || decimal(missing ?? '0').gt(0);
}

function isSameAtBroker({ legs, side }: Book, brokerNet: string): boolean {
  return signed(side, brokerNet).eq(heldQuantity(legs, side));
}
