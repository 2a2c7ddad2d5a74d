/** reqMktData, its cancel, and the choice of the data type. */
import { tickParameters } from '../../protocol/contract-messages.js';
import type { FieldReader } from '../../protocol/fields.js';
import { readLayout } from '../../protocol/layout.js';
import type { Layout, Lookup } from '../../protocol/layout.js';
import { marketDataType } from '../../protocol/market-messages.js';
import { REQUEST } from '../../protocol/message-ids.js';
import { REQUEST_CONTRACT } from '../../protocol/order-layouts.js';
import { readContract } from '../../protocol/place-order.js';
import { readBool } from '../../protocol/fields.js';
import type { Hub } from '../hub.js';
import type { RequestHandlers, Session } from '../session.js';
import { sendTicks } from '../ticks.js';

const VERSION_FIELD = 1;
/** Market data lines of an account without more of them. */
const LINES_MAX = 100;
/** TWS ends a snapshot after 11 s at the latest. */
const SNAPSHOT_MS = 11_000;
const LIVE = 1;
const FROZEN = 2;
const DELAYED = 3;
const DELAYED_FROZEN = 4;

const isBag = (value: Lookup): boolean => value('secType').toUpperCase() === 'BAG';

const MARKET_DATA: Layout = [
  ...REQUEST_CONTRACT,
  {
    when: isBag,
    items: [{ count: 'legs', each: 'leg', items: ['conId', 'ratio', 'action', 'exchange'] }],
  },
  'deltaNeutral',
  {
    when: (value) => !['', '0'].includes(value('deltaNeutral')),
    items: ['deltaNeutralConId', 'deltaNeutralDelta', 'deltaNeutralPrice'],
  },
  'genericTicks',
  'snapshot',
  'regulatorySnapshot',
  'options',
];

/** The type of data this account gets for what it asked; undefined when it gets none. */
function grantedType(hub: Hub, session: Session, open: boolean): number | undefined {
  const asksDelayed = session.dataType >= DELAYED;
  const asksFrozen = session.dataType === FROZEN || session.dataType === DELAYED_FROZEN;
  if (hub.liveData) return asksFrozen && !open ? FROZEN : LIVE;
  if (!asksDelayed) return undefined;
  return asksFrozen && !open ? DELAYED_FROZEN : DELAYED;
}

function marketData(hub: Hub, session: Session, reader: FieldReader): void {
  reader.skip(VERSION_FIELD);
  const reqId = reader.int('reqId', -1);
  const values = readLayout(MARKET_DATA, session.version, reader);
  const listing = hub.listings.find(readContract(values))[0];
  if (!listing) {
    session.error(reqId, 200, 'No security definition has been found for the request');
    return;
  }
  if (session.ticks.has(reqId)) return session.error(reqId, 102, 'Duplicate ticker ID');
  if (session.ticks.size >= LINES_MAX) {
    return session.error(reqId, 101, 'Max number of tickers has been reached');
  }
  const type = grantedType(hub, session, hub.market.isOpen(listing.symbol));
  if (type === undefined) {
    const message = 'Requested market data is not subscribed. Delayed market data is not enabled.';
    return session.error(reqId, 10168, message);
  }
  const delayed = type >= DELAYED;
  if (delayed) {
    const message = 'Requested market data is not subscribed. Displaying delayed market data.';
    session.error(reqId, 10167, message);
  }
  const snapshot = readBool(values['snapshot'] ?? '', 'snapshot');
  const subscription = {
    reqId,
    listing,
    snapshot,
    delayed,
    sent: new Map<number, string>(),
    behind: false,
    expiresMs: hub.nowMs() + SNAPSHOT_MS,
  };
  session.ticks.set(reqId, subscription);
  session.send(tickParameters(reqId, listing));
  session.send(marketDataType(reqId, type));
  const quote = hub.market.quote(listing.symbol);
  if (quote) sendTicks(session, subscription, quote);
}

function cancel(_hub: Hub, session: Session, reader: FieldReader): void {
  reader.skip(VERSION_FIELD);
  const reqId = reader.int('reqId', -1);
  if (!session.ticks.delete(reqId))
    session.error(reqId, 300, `Can't find EId with tickerId:${reqId}`);
}

function dataType(_hub: Hub, session: Session, reader: FieldReader): void {
  reader.skip(VERSION_FIELD);
  const type = reader.int('marketDataType', LIVE);
  if (type >= LIVE && type <= DELAYED_FROZEN) session.dataType = type;
  else session.error(-1, 321, "Error validating request.-'bN' : cause - Invalid market data type");
}

export const MARKET_DATA_REQUESTS: RequestHandlers = {
  [REQUEST.MARKET_DATA]: { idAt: VERSION_FIELD, handle: marketData },
  [REQUEST.CANCEL_MARKET_DATA]: { idAt: VERSION_FIELD, handle: cancel },
  [REQUEST.MARKET_DATA_TYPE]: { handle: dataType },
};
