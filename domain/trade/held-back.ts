/**
 * An entry that the broker took and keeps back until its market opens (SIG-5): the hours that it was planned by
 * know nothing of that closure. Left alone it would fill at the open, without another check, so it is cancelled, and
 * the trade ends: to send it again under the same reference could look like a double to whoever counts.
 *
 * Only an entry of which nothing has filled goes; one that may rest over nights by its own terms waits for opens
 * anyway, and exits keep theirs: a stop sleeps while its market does.
 */
import type { OrderError } from '../broker/fact.js';
import { brokerDay } from '../calendar.js';
import { filledAtBroker } from '../orders/machine.js';
import type { OrderTerms } from '../orders/terms.js';
import type { EpochMs } from '../vocabulary.js';
import type { Book, Change, Leg } from './book.js';
import { placing } from './incarnation.js';

/** It answers the placing within a second; one told much later is of an order that has been at work. */
const ANSWER_MAX_MS = 60_000;

/** The book with its entry unwanted, where the error says that its placing is kept back and that isn't wanted. */
export function withoutHeldBack(book: Book, leg: Leg, error: OrderError, atMs: EpochMs): Change {
  const unchanged = { book, events: [] };
  const place = placing(leg);
  if (error.heldUntilOpen === undefined || leg.role !== 'ENTRY' || !place) return unchanged;
  if (place.sessionOrderId !== error.sessionOrderId || book.wishes.cancelEntry) return unchanged;
  const { opensMs } = error.heldUntilOpen;
  const isAnswer = atMs - (place.writtenAtMs ?? place.claimedAtMs) <= ANSWER_MAX_MS;
  if (!isAnswer || !isUnfilled(leg) || restsOverNight(leg.wanted, atMs, opensMs)) return unchanged;
  const until = opensMs === null ? 'its next open' : new Date(opensMs).toISOString();
  const failure = `the market is closed: the broker held the entry until ${until}, and it was cancelled`;
  const wishes = { ...book.wishes, cancelEntry: true };
  return { book: { ...book, wishes, failure }, events: [{ kind: 'held_back', summary: failure }] };
}

/** Its own terms let it work in a session that is not today's. */
function restsOverNight(
  { orderType, timeInForce, goodTillMs }: OrderTerms,
  atMs: EpochMs,
  opensMs: EpochMs | null,
): boolean {
  if (orderType !== 'LMT') return false;
  if (goodTillMs === null) return timeInForce === 'GTC';
  return brokerDay(goodTillMs) > brokerDay(atMs) && opensMs !== null && goodTillMs > opensMs;
}

function isUnfilled(leg: Leg): boolean {
  return leg.executions.length === 0 && filledAtBroker(leg).eq(0);
}
