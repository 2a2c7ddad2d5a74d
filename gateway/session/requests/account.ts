/** Account updates, summary, positions and profit and loss: answers now, changes as they come. */
import {
  accountDownloadEnd,
  accountSummaryEnd,
  accountTime,
  accountUpdateMultiEnd,
  portfolioValue,
  position,
  positionMulti,
  positionMultiEnd,
  positionsEnd,
} from '../../protocol/account-messages.js';
import type { FieldReader } from '../../protocol/fields.js';
import { REQUEST } from '../../protocol/message-ids.js';
import { clockText } from '../../protocol/time-texts.js';
import { sendAccountUpdates, sendMulti, sendPnl, sendSummary } from '../account-feed.js';
import type { Hub } from '../hub.js';
import { ListingReply } from '../listing-reply.js';
import type { RequestHandlers, Session } from '../session.js';

const VERSION_FIELD = 1;
/** TWS's own limit: the third summary gets 322. */
const SUMMARIES_MAX = 2;
/** Far more than a client shows at once; bounds what one client can make the gateway compute. */
const SUBSCRIPTIONS_MAX = 200;

/** The accounts a request means: one by name, or all for an empty name or `All`. */
function accountsOf(hub: Hub, name: string): readonly string[] {
  const all = hub.exchange.accounts;
  if (name === '' || name.toLowerCase() === 'all') return all;
  return all.filter((account) => account === name);
}

function refuseAccount(session: Session, reqId: number, account: string): void {
  const message = `Error validating request.-'bI' : cause - Invalid account code '${account}'.`;
  session.error(reqId, 321, message);
}

function tooMany(session: Session, reqId: number, what: string): void {
  const message = `Error processing request.-'bB' : cause - Maximum number of ${what} exceeded`;
  session.error(reqId, 322, message);
}

function updates(hub: Hub, session: Session, reader: FieldReader): void {
  reader.skip(VERSION_FIELD);
  const subscribe = reader.bool('subscribe');
  const name = reader.text('acctCode');
  if (!subscribe) {
    session.accountUpdates = undefined;
    return;
  }
  const account = name === '' ? hub.exchange.accounts[0] : accountsOf(hub, name)[0];
  if (account === undefined) {
    refuseAccount(session, -1, name);
    return;
  }
  session.accountUpdates = { account, sent: new Map() };
  const list = new ListingReply(hub, session, 'accountUpdates');
  if (!list.isEmpty) sendAccountUpdates(hub, session);
  for (const view of hub.exchange.positions()) {
    if (view.account === account && !view.position.isZero()) list.item([portfolioValue(view)]);
  }
  list.item([accountTime(clockText(hub.nowMs()).slice(0, 5))]);
  list.end(accountDownloadEnd(account));
}

function updatesMulti(hub: Hub, session: Session, reader: FieldReader): void {
  reader.skip(VERSION_FIELD);
  const reqId = reader.int('reqId', -1);
  const name = reader.text('account');
  const model = reader.text('modelCode');
  const accounts = accountsOf(hub, name);
  if (accounts.length === 0) return refuseAccount(session, reqId, name);
  if (session.accountMultis.size >= SUBSCRIPTIONS_MAX) return tooMany(session, reqId, 'requests');
  const subscription = { accounts, model, sent: new Map<string, string>() };
  session.accountMultis.set(reqId, subscription);
  const list = new ListingReply(hub, session, 'accountUpdates');
  if (!list.isEmpty) sendMulti(hub, session, reqId, subscription);
  list.end(accountUpdateMultiEnd(reqId));
}

function summary(hub: Hub, session: Session, reader: FieldReader): void {
  reader.skip(VERSION_FIELD);
  const reqId = reader.int('reqId', -1);
  const group = reader.text('group');
  const tags = new Set(
    reader
      .text('tags')
      .split(',')
      .map((tag) => tag.trim()),
  );
  if (!session.summaries.has(reqId) && session.summaries.size >= SUMMARIES_MAX) {
    return tooMany(session, reqId, 'account summary requests');
  }
  const accounts = accountsOf(hub, group);
  if (accounts.length === 0) return refuseAccount(session, reqId, group);
  const subscription = { accounts, tags, sent: new Map<string, string>() };
  session.summaries.set(reqId, subscription);
  const list = new ListingReply(hub, session, 'accountSummary');
  if (!list.isEmpty) sendSummary(hub, session, reqId, subscription);
  list.end(accountSummaryEnd(reqId));
}

function positions(hub: Hub, session: Session): void {
  session.positions = true;
  const list = new ListingReply(hub, session, 'positions');
  for (const view of hub.exchange.positions()) {
    if (!view.position.isZero()) list.item([position(view)]);
  }
  list.end(positionsEnd());
}

function positionsMulti(hub: Hub, session: Session, reader: FieldReader): void {
  reader.skip(VERSION_FIELD);
  const reqId = reader.int('reqId', -1);
  const name = reader.text('account');
  const model = reader.text('modelCode');
  const accounts = accountsOf(hub, name);
  if (accounts.length === 0) return refuseAccount(session, reqId, name);
  if (session.positionMultis.size >= SUBSCRIPTIONS_MAX) return tooMany(session, reqId, 'requests');
  session.positionMultis.set(reqId, { accounts, model, sent: new Map() });
  const list = new ListingReply(hub, session, 'positions');
  for (const view of hub.exchange.positions()) {
    if (!accounts.includes(view.account) || view.position.isZero()) continue;
    list.item([positionMulti(reqId, model, view)]);
  }
  list.end(positionMultiEnd(reqId));
}

function pnl(single: boolean) {
  return (hub: Hub, session: Session, reader: FieldReader): void => {
    const reqId = reader.int('reqId', -1);
    const account = reader.text('account');
    reader.skip(1); // model code
    const conId = single ? reader.int('conId') : undefined;
    if (!hub.exchange.accounts.includes(account)) return refuseAccount(session, reqId, account);
    if (session.pnls.size >= SUBSCRIPTIONS_MAX) return tooMany(session, reqId, 'P&L requests');
    const subscription = { account, conId, sent: '' };
    session.pnls.set(reqId, subscription);
    sendPnl(hub, session, reqId, subscription);
  };
}

/** Forgets a subscription; an unknown one is nothing to complain about. */
function cancel(
  of: 'summaries' | 'accountMultis' | 'positionMultis' | 'pnls',
  { versioned }: { versioned: boolean },
) {
  return (_hub: Hub, session: Session, reader: FieldReader): void => {
    reader.skip(versioned ? VERSION_FIELD : 0);
    session[of].delete(reader.int('reqId', -1));
  };
}

export const ACCOUNT_REQUESTS: RequestHandlers = {
  [REQUEST.ACCOUNT_UPDATES]: { handle: updates },
  [REQUEST.ACCOUNT_UPDATES_MULTI]: { idAt: VERSION_FIELD, handle: updatesMulti },
  [REQUEST.CANCEL_ACCOUNT_UPDATES_MULTI]: { handle: cancel('accountMultis', { versioned: true }) },
  [REQUEST.ACCOUNT_SUMMARY]: { idAt: VERSION_FIELD, handle: summary },
  [REQUEST.CANCEL_ACCOUNT_SUMMARY]: { handle: cancel('summaries', { versioned: true }) },
  [REQUEST.POSITIONS]: { handle: positions },
  [REQUEST.CANCEL_POSITIONS]: {
    handle: (_hub, session) => {
      session.positions = false;
    },
  },
  [REQUEST.POSITIONS_MULTI]: { idAt: VERSION_FIELD, handle: positionsMulti },
  [REQUEST.CANCEL_POSITIONS_MULTI]: { handle: cancel('positionMultis', { versioned: true }) },
  [REQUEST.PNL]: { idAt: 0, handle: pnl(false) },
  [REQUEST.CANCEL_PNL]: { handle: cancel('pnls', { versioned: false }) },
  [REQUEST.PNL_SINGLE]: { idAt: 0, handle: pnl(true) },
  [REQUEST.CANCEL_PNL_SINGLE]: { handle: cancel('pnls', { versioned: false }) },
};
