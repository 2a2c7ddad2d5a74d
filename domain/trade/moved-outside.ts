/**
 * A stop that somebody moved to where it risks less: a hand in TWS, or this system before its database was set
 * back to a backup (REC-3). Putting it back to the older price would add risk that nobody approved (RSK-3), so
 * the broker's price is the one wanted from now on. A stop that was moved to risk more is put back.
 */
import { isLive } from '../orders/machine.js';
import type { Book, Change, Leg } from './book.js';
import { isTighterPrice, samePrice } from './exposure.js';

/** Takes over the price that the leg's order has since the report, if no write of ours ever gave it that price. */
export function withOutsideStop(book: Book, before: Leg, leg: Leg): Change {
  const was = before.readBack?.stopPrice ?? null;
  const now = leg.readBack?.stopPrice ?? null;
  const wanted = book.exits.stopPrice;
  const isStop = leg.role === 'STOP' && leg.readBack?.orderType === 'STP' && isLive(leg);
  if (!isStop || was === null || now === null || wanted === null || samePrice(was, now))
    return { book, events: [] };
  const isOurs = leg.incarnations.some(({ terms }) => samePrice(terms?.stopPrice ?? null, now));
  if (isOurs || !isTighterPrice(now, book.side, wanted)) return { book, events: [] };
  const summary = `STOP: at ${now} instead of ${wanted}, moved outside of this system: it risks less and stays`;
  return {
    book: { ...book, exits: { ...book.exits, stopPrice: now } },
    events: [{ kind: 'stop_moved_outside', summary, detail: { was, now, wanted } }],
  };
}
