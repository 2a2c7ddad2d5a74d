/** Finds the handler of a message, and answers what can't be read or goes wrong. */
import { FieldError, FieldReader, readInt } from '../protocol/fields.js';
import { REQUEST } from '../protocol/message-ids.js';
import type { Hub } from './hub.js';
import { ACCOUNT_REQUESTS } from './requests/account.js';
import { HISTORY_REQUESTS } from './requests/history.js';
import { MARKET_DATA_REQUESTS } from './requests/market-data.js';
import { ORDER_LISTING_REQUESTS } from './requests/order-listings.js';
import { ORDER_REQUESTS } from './requests/orders.js';
import { SYSTEM_REQUESTS } from './requests/system.js';
import { UNSUPPORTED_REQUESTS } from './requests/unsupported.js';
import type { RequestHandler, RequestHandlers, Session } from './session.js';

const HANDLERS: RequestHandlers = {
  ...UNSUPPORTED_REQUESTS,
  ...SYSTEM_REQUESTS,
  ...ORDER_REQUESTS,
  ...ORDER_LISTING_REQUESTS,
  ...ACCOUNT_REQUESTS,
  ...MARKET_DATA_REQUESTS,
  ...HISTORY_REQUESTS,
};

/**
 * What the gateway answers by itself while IBKR's servers are out of reach. Orders and cancels are taken:
 * they are at the broker when it returns.
 */
const LOCAL_REQUESTS: ReadonlySet<number> = new Set([
  REQUEST.PLACE_ORDER,
  REQUEST.CANCEL_ORDER,
  REQUEST.GLOBAL_CANCEL,
  REQUEST.IDS,
  REQUEST.MANAGED_ACCOUNTS,
  REQUEST.CURRENT_TIME,
  REQUEST.SET_LOG_LEVEL,
  REQUEST.MARKET_DATA_TYPE,
]);
/** More than a client asks in an outage; bounds what one client can pile up. */
const WAITING_MAX = 1_000;

/** The id that an error about this message is to carry; -1 where it has none or none can be read. */
function idOf(handler: RequestHandler, fields: readonly string[], version: number): number {
  const idAt = typeof handler.idAt === 'function' ? handler.idAt(version) : handler.idAt;
  if (idAt === undefined) return -1;
  try {
    return readInt(fields[1 + idAt] ?? '', 'id', -1);
  } catch {
    return -1;
  }
}

/**
 * Answers what waited for IBKR's servers, in the order in which it came.
 */
export function answerWaiting(hub: Hub, session: Session): void {
  for (const fields of session.waiting.splice(0)) dispatch(hub, session, fields);
}

/** Whether a message has to wait for IBKR's servers; beyond a bound it is refused. */
function waits(hub: Hub, session: Session, handler: RequestHandler, fields: readonly string[]) {
  if (!hub.outage.lasts || LOCAL_REQUESTS.has(Number(fields[0]))) return false;
  if (session.waiting.length < WAITING_MAX) session.waiting.push(fields);
  else {
    const message = "Error processing request: not connected to IBKR's servers";
    session.error(idOf(handler, fields, session.version), 322, message);
  }
  return true;
}

/** Handles one message of a ready client; never throws. `fields` begin with the message id. */
export function dispatch(hub: Hub, session: Session, fields: readonly string[]): void {
  const messageId = Number(fields[0]);
  const handler = Object.hasOwn(HANDLERS, messageId) ? HANDLERS[messageId] : undefined;
  if (!handler) {
    const shown = (fields[0] ?? '').slice(0, 20);
    session.error(-1, 320, `Error reading request. Unknown message id: ${shown}`);
    return;
  }
  if (waits(hub, session, handler, fields)) return;
  try {
    handler.handle(hub, session, new FieldReader(fields.slice(1)));
  } catch (error) {
    const id = idOf(handler, fields, session.version);
    if (error instanceof FieldError) {
      session.error(id, 320, `Error reading request. ${error.message}`);
      return;
    }
    hub.report(error, `message ${messageId} of client ${session.clientId}`);
    session.error(id, 322, 'Error processing request: internal error of the paper gateway');
  }
}
