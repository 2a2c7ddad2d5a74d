/** Ids, accounts, time, symbol search, market rules, and small listings that clients ask at start. */
import { text } from '../../../domain/money.js';
import { stockType } from '../../market/listings.js';
import { managedAccounts } from '../../protocol/account-messages.js';
import {
  US_STOCK_RULE_ID,
  contractDetails,
  contractDetailsEnd,
  marketRule,
  symbolSamples,
} from '../../protocol/contract-messages.js';
import type { FieldReader } from '../../protocol/fields.js';
import { readLayout } from '../../protocol/layout.js';
import { REQUEST } from '../../protocol/message-ids.js';
import { CONTRACT_DETAILS } from '../../protocol/order-layouts.js';
import { readContract } from '../../protocol/place-order.js';
import { currentTime, nextValidId } from '../../protocol/system-messages.js';
import type { Hub } from '../hub.js';
import { ListingReply } from '../listing-reply.js';
import type { RequestHandlers, Session } from '../session.js';

const VERSION_FIELD = 1;
/** TWS answers a symbol search with 16 rows at the most. */
const SAMPLES_MAX = 16;
const NO_DEFINITION = 'No security definition has been found for the request';

function details(hub: Hub, session: Session, reader: FieldReader): void {
  reader.skip(VERSION_FIELD);
  const reqId = reader.int('reqId', -1);
  const spec = readContract(readLayout(CONTRACT_DETAILS, session.version, reader));
  const listings = hub.listings.find(spec);
  if (listings.length === 0) {
    session.error(reqId, 200, NO_DEFINITION);
    return;
  }
  const nowMs = hub.nowMs();
  const hours = {
    timeZoneId: hub.calendar.timeZoneId,
    tradingHours: hub.calendar.tradingHoursText(nowMs),
    liquidHours: hub.calendar.liquidHoursText(nowMs),
  };
  const list = new ListingReply(hub, session, 'contractDetails');
  for (const listing of listings) {
    const texts = { ...hours, stockType: stockType(listing) };
    list.item([contractDetails(reqId, listing, texts, session.version)]);
  }
  list.end(contractDetailsEnd(reqId));
}

function samples(hub: Hub, session: Session, reader: FieldReader): void {
  const reqId = reader.int('reqId', -1);
  const pattern = reader.text('pattern').toUpperCase();
  const bySymbol = hub.listings.all().filter(({ symbol }) => symbol.startsWith(pattern));
  const byName = hub.listings
    .all()
    .filter(({ longName }) => longName.toUpperCase().includes(pattern));
  const found = [...new Set(pattern === '' ? [] : [...bySymbol, ...byName])];
  session.send(symbolSamples(reqId, found.slice(0, SAMPLES_MAX), session.version));
}

function rule(hub: Hub, session: Session, reader: FieldReader): void {
  const ruleId = reader.int('marketRuleId');
  const listing = hub.listings.all()[0];
  if (ruleId !== US_STOCK_RULE_ID || !listing) {
    session.error(
      -1,
      321,
      `Error validating request.-'cj' : cause - Invalid market rule ${ruleId}`,
    );
    return;
  }
  session.send(marketRule(ruleId, text(listing.minTick)));
}

export const SYSTEM_REQUESTS: RequestHandlers = {
  [REQUEST.IDS]: {
    handle: (hub, session) => session.send(nextValidId(hub.exchange.nextValidId(session.clientId))),
  },
  [REQUEST.MANAGED_ACCOUNTS]: {
    handle: (hub, session) => session.send(managedAccounts(hub.exchange.accounts)),
  },
  [REQUEST.CURRENT_TIME]: { handle: (hub, session) => session.send(currentTime(hub.nowMs())) },
  [REQUEST.SET_LOG_LEVEL]: { handle: () => undefined },
  [REQUEST.CONTRACT_DETAILS]: { idAt: VERSION_FIELD, handle: details },
  [REQUEST.MATCHING_SYMBOLS]: { idAt: 0, handle: samples },
  [REQUEST.MARKET_RULE]: { handle: rule },
};
