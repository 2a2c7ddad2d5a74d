/** What must hold in every state, and of every step that the planner takes: the header of protection.ts. */
import type { ProtectiveAction } from '../../../../domain/trade/actions.js';
import { legOf, type Book, type Leg } from '../../../../domain/trade/book.js';
import { ENTRY_END_MS } from '../../../../domain/trade/protect-entry.js';
import { entryMayFill } from '../../../../domain/trade/wishes.js';
import { openIncarnation } from '../../../../domain/trade/incarnation.js';
import { isLive, workingQuantity } from '../../../../domain/orders/machine.js';
import { tradeLeg } from '../../../../domain/trade/leg.js';
import { heldQuantity } from '../../../../domain/trade/exposure.js';
import { canFill, isDead, isEntry, rest, type BrokerState } from './broker.js';
import { isQuiet, type Setting, type State } from './state.js';

/**
 * What a step of the planner breaks (invariants 1 and 4 to 7); null when it is allowed. `isAsked`: the
 * broker's position was asked for.
 */
export function brokenBy(
  { book, broker, isTainted, nowMs }: State,
  actions: readonly ProtectiveAction[],
  isAsked: boolean,
): string | null {
  const isEntering = entryMayFill(book) && !isSoldBesideEntry(book, nowMs);
  const liveExits = book.legs.filter((leg) => isLive(leg) && leg.side !== book.side);
  for (const action of actions) {
    if (action.kind === 'cancel_id') continue;
    if (action.kind === 'cancel' || action.kind === 'modify') {
      const leg = legOf(book, action.legId);
      const wrong = changeBroken(book, leg, isEntering);
      if (wrong !== null) return `${action.kind} of a ${leg.role}: ${wrong}`;
      const isExit = action.kind === 'modify' && leg.side !== book.side;
      const working = isExit ? Number(action.quantity) - Number(leg.filledQuantity) : 0;
      if (isAsked && !isTainted && broker.position > 0 && working > broker.position)
        return 'an exit is resized to more than the broker holds';
      continue;
    }
    const beside = liveExits.filter(({ wanted }) => wanted.ocaGroup !== action.ocaGroup);
    if (beside.length > 0)
      return `${action.kind} beside a live ${beside[0]!.role} of another group`;
    if (action.kind === 'place_exits') {
      if (isAsked && !isTainted && Number(action.quantity) > broker.position)
        return 'exits for more than the broker holds';
    }
    if (action.kind !== 'market_close') continue;
    const there = action.side === 'SELL' ? broker.position : -broker.position;
    if (Number(action.quantity) > there && !isTainted)
      return 'a close of more than the broker holds';
    if (Number(action.quantity) > Math.abs(held(book)))
      return 'a close of more than the trade holds';
  }
  return null;
}

/** A close that has waited long enough for the end of its entry. */
function isSoldBesideEntry({ wishes, legs }: Book, nowMs: number): boolean {
  const writes = legs.filter(({ role }) => role === 'ENTRY').flatMap((leg) => leg.incarnations);
  const told = writes.find(({ kind }) => kind === 'cancel');
  return wishes.close !== null && told !== undefined && nowMs - told.claimedAtMs >= ENTRY_END_MS;
}

function changeBroken(book: Book, leg: Leg, isEntering: boolean): string | null {
  if (openIncarnation(leg) !== undefined) return 'an answer about it is under way';
  if (leg.intent !== 'SENT') return 'it was never acknowledged';
  // Once no stop protects what was filled (dead, or asleep), there is nothing to be left alone any more.
  const isArmed = ({ role, status }: Leg) =>
    role === 'STOP' && (status === 'ACCEPTED' || status === 'PARTIAL');
  const isTouched =
    isEntering && leg.role !== 'ENTRY' && held(book) >= 0 && book.legs.some(isArmed);
  return isTouched ? 'the entry works' : null;
}

/** What is wrong in a state by the broker's own books; null when nothing is. */
export function wrongNow(setting: Setting, state: State): string | null {
  if (state.wrong !== null) return state.wrong;
  const { broker, isTainted } = state;
  const entries = broker.orders.filter(isEntry);
  const bought = entries.reduce((sum, { filled }) => sum + filled, 0);
  const working = entries.filter((order) => !isDead(order) && order.state !== 'staged').length;
  if (!isTainted && (bought > setting.quantity || working > 1)) return 'a second entry';
  if (!isTainted && broker.position < 0) return 'more was sold than held';
  if (isBareByMove(state.book)) return 'a move took the protection of a stop that works';
  if (setting.rules.over(state.book) && isQuiet(state) && isAllKnown(state))
    return wrongAtEnd(state);
  return null;
}

/** The book says unprotected, though a stop for all that is held works and nothing but its price is in question. */
function isBareByMove(book: Book): boolean {
  if (book.wishes.moves.stop === null || book.unarmedSinceMs === null) return false;
  return book.legs.map(tradeLeg).some((leg) => {
    const isWorking = leg.role === 'STOP' && leg.status === 'ACCEPTED' && leg.whyHeld === '';
    const isAsSent = !leg.isDoubtful && !leg.cancelInFlight && leg.differences.length === 0;
    return isWorking && isAsSent && workingQuantity(leg).eq(heldQuantity(book.legs, book.side));
  });
}

/** Over and settled is only what is flat, at the broker too. */
export function wrongAtEnd({ broker }: State): string | null {
  if (broker.position !== 0) return `over, but the broker holds ${broker.position}`;
  const live = broker.orders.find((order) => !isDead(order) && order.state !== 'staged');
  return live ? `over, but an order lives: ${live.reference}` : null;
}

/** Nothing is doing, and nothing more will be done by itself: shares must be covered, exactly. */
export function wrongAtRest(state: State): string | null {
  const { broker, book } = state;
  const isEntering = broker.orders.some((order) => isEntry(order) && canFill(order));
  if (broker.position < 0) return 'at rest, oversold';
  if (held(book) !== broker.position && isAllKnown(state)) return 'at rest, and the book is wrong';
  if (armed(broker) < broker.position) {
    return isEntering ? 'at rest, unprotected while the entry works' : 'at rest, unprotected';
  }
  if (!isEntering && excess(broker) > 0) return 'at rest, exits could fill more than is held';
  return null;
}

/** Shares stand without enough working stops, or exits could fill what is not there. */
export function isExposed({ broker }: State): boolean {
  return broker.position < 0 || armed(broker) < broker.position;
}

/** Nothing that the broker did is kept back for later. */
function isAllKnown({ late, stragglers }: State): boolean {
  return late.length + stragglers.length === 0;
}

const held = (book: Book): number => heldQuantity(book.legs, book.side).toNumber();

function armed(broker: BrokerState): number {
  return mostOf(broker.orders.filter((order) => order.stop !== null && order.state === 'working'));
}

/** The most that exits could fill beyond the position. */
export function excess(broker: BrokerState): number {
  const exits = broker.orders.filter((order) => !isEntry(order) && canFill(order));
  return mostOf(exits) - Math.max(0, broker.position);
}

function mostOf(orders: BrokerState['orders']): number {
  const most = new Map<string, number>();
  for (const order of orders) {
    const group = order.terms.ocaGroup ?? `alone ${order.id}`;
    most.set(group, Math.max(most.get(group) ?? 0, rest(order)));
  }
  return [...most.values()].reduce((sum, each) => sum + each, 0);
}
