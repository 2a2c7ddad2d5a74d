/**
 * The guard of last resort beside a position that does not add up: exits at prices that may be of before a split
 * would sell at once (REC-5). A hand that trades between a split and the first picture of it hides its ratio, so
 * the quantity tells of no split; a live price tells that an exit stands on its wrong side.
 */
import { decimal, text, type DecimalText } from '../money.js';
import { exitQuote, marketRefusal } from './moves.js';
import type { EpochMs } from '../vocabulary.js';
import type { ProtectionPlan, ProtectiveAction } from './actions.js';
import type { Book } from './book.js';
import { hasLostItsStop, isPricedAcross, RATIO_HIDDEN } from './corporate-action.js';
import { signed } from './executions.js';
import { samePrice } from './exposure.js';
import type { World } from './needs.js';
import { wait } from './situation.js';
import { viewOf } from './view.js';
import { entryMayFill } from './wishes.js';

/**
 * Signed: what of the broker's position may be the trade's, where it is known and is not what the trade holds, or shares
 * of others beside it are missing, for a split spares none of them; null where it adds up, or is none, and while a fill that the trade knows of, or is about to, may be what the position lacks.
 */
function unexplainedNet(book: Book, world: World, nowMs: EpochMs): DecimalText | null {
  const { brokerNet, brokerNetAtMs, missing } = world;
  if (brokerNet === null || brokerNetAtMs === null || entryMayFill(book)) return null;
  const isLate = book.fills.some(
    ({ receivedAtMs }) => receivedAtMs > brokerNetAtMs && receivedAtMs <= nowMs,
  );
  const { heldQuantity, awaitsExecutions } = viewOf(book);
  if (isLate || awaitsExecutions || !decimal(heldQuantity).gt(0)) return null;
  const there = signed(book.side, brokerNet);
  const addsUp = there.eq(decimal(heldQuantity)) && decimal(missing ?? '0').lte(0);
  return there.lte(0) || addsUp ? null : brokerNet;
}

/**
 * What looks like a split whose ratio a hand's trade hides, for people; null: nothing does. The broker has ended the stop,
 * the position does not add up, and a live, fresh price is where none of the trade's own course leaves it.
 */
export function hiddenSplit(book: Book, world: World, nowMs: EpochMs): string | null {
  if (!hasLostItsStop(book)) return null;
  const net = unexplainedNet(book, world, nowMs);
  const price = exitQuote(book.side, world.quote, nowMs);
  if (net === null || price === null) return null;
  const { heldQuantity, averageEntry } = viewOf(book);
  const { stopPrice, targetPrice } = book.exits;
  const prices = { stopPrice, targetPrice, averageCost: averageEntry };
  if (!isPricedAcross(book.side, prices, price)) return null;
  const seen = `${differenceText(net, heldQuantity)}, its stop at ${String(stopPrice)} is gone, and the market is at ${price}`;
  return `${seen}, ${RATIO_HIDDEN}: ${waysAcross(book)}`;
}

/**
 * The plan without the stops that would trigger at once while the position does not add up: a person is waited for
 * instead. Null: nothing of it is held back. Without a live, fresh quote nobody can say, and nothing is.
 */
export function withoutTriggering(
  book: Book,
  world: World,
  plan: ProtectionPlan,
  nowMs: EpochMs,
): ProtectionPlan | null {
  // A close moves the stop to where it triggers, and is meant to.
  if (book.wishes.close !== null) return null;
  const price = exitQuote(book.side, world.quote, nowMs);
  const net = price === null ? null : unexplainedNet(book, world, nowMs);
  if (price === null || net === null) return null;
  const held = plan.actions.filter((action) => triggers(book, action, price));
  if (held.length === 0) return null;
  const { heldQuantity } = viewOf(book);
  const what = `${differenceText(net, heldQuantity)}, and a stop at ${String(book.exits.stopPrice)} would trigger at once, for the market is at ${price}`;
  const actions = plan.actions.filter((action) => !held.includes(action));
  return { ...wait(`a person: ${what} (${ways(book)})`, null, 'person'), actions };
}

/** For people: `the broker holds 567 where the trade holds 100`. */
function differenceText(net: DecimalText, held: DecimalText): string {
  return `the broker holds ${text(decimal(net).abs())} where the trade holds ${held}`;
}

/** For people: the ways out of a stop on the wrong side. */
function ways({ id }: Book): string {
  return `"ballast move-stop ${id}" to another price, "ballast resolve difference ${id}" for what a hand did, or "ballast close ${id}"`;
}

/** For people: the ways out of what may be a split. */
function waysAcross({ id, symbol }: Book): string {
  return `"ballast resolve split ${id} --ratio NEW:OLD" carries it across, for what a hand did "ballast resolve difference ${id}" and then "ballast resolve quarantine ${symbol}", or "ballast close ${id}"`;
}

/** It brings a stop to the broker that triggers at that price; one that stands there may be made smaller. */
function triggers({ side, legs }: Book, action: ProtectiveAction, price: DecimalText): boolean {
  if (action.kind !== 'place_exits' && action.kind !== 'modify') return false;
  const { stopPrice } = action;
  if (stopPrice === null || marketRefusal(side, 'stop', stopPrice, price) === null) return false;
  if (action.kind === 'place_exits') return true;
  const leg = legs.find(({ legId }) => legId === action.legId);
  if (leg === undefined || leg.role !== 'STOP') return false;
  const { stopPrice: stands, quantity } = leg.readBack ?? leg.wanted;
  const isSmaller = decimal(action.quantity).lte(decimal(quantity));
  return !(isSmaller && samePrice(stands, stopPrice));
}
