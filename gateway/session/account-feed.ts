/**
 * Keeping subscribers of account data up to date: positions at once, account values when something was
 * traded and every few minutes, profit and loss every second; only what changed goes out.
 */
import {
  accountSummary,
  accountTime,
  accountUpdateMulti,
  accountValue,
  pnl,
  pnlSingle,
  portfolioValue,
  position,
  positionMulti,
} from '../protocol/account-messages.js';
import type { AccountValue, PositionView } from '../exchange/api.js';
import { clockText } from '../protocol/time-texts.js';
import type { Hub } from './hub.js';
import type {
  MultiSubscription,
  PnlSubscription,
  Session,
  SummarySubscription,
} from './session.js';

/** TWS sends profit and loss about once a second. */
const PNL_INTERVAL_MS = 1000;
/** Trades of one moment are told as one change of the account. */
const SETTLE_MS = 100;
/** Means the cash ledger in the base currency; `$LEDGER:USD` that of a currency, `$LEDGER:ALL` that of each. */
const LEDGER_TAG = '$LEDGER';
/** These tags of it. */
const LEDGER_TAGS = new Set([
  'CashBalance',
  'TotalCashBalance',
  'StockMarketValue',
  'NetLiquidationByCurrency',
  'UnrealizedPnL',
  'RealizedPnL',
  'ExchangeRate',
]);

/** Whether a summary of these tags tells this line of the ledger. */
function isOfLedger(tags: ReadonlySet<string>, { tag, currency }: AccountValue): boolean {
  if (!LEDGER_TAGS.has(tag)) return false;
  if (tags.has(`${LEDGER_TAG}:ALL`) || tags.has(`${LEDGER_TAG}:${currency}`)) return true;
  return tags.has(LEDGER_TAG) && currency === 'BASE';
}

/** Values that changed since they were sent to this subscription. */
function changes(values: readonly AccountValue[], sent: Map<string, string>): AccountValue[] {
  return values.filter(({ account, tag, currency, value }) => {
    const key = `${account}/${tag}/${currency}`;
    if (sent.get(key) === value) return false;
    sent.set(key, value);
    return true;
  });
}

/** Account values that changed, to a subscriber of reqAccountUpdates. */
export function sendAccountUpdates(hub: Hub, session: Session): number {
  const subscription = session.accountUpdates;
  if (!subscription) return 0;
  const values = changes(hub.exchange.accountValues(subscription.account), subscription.sent);
  for (const value of values) session.send(accountValue(value));
  return values.length;
}

/** The same for reqAccountUpdatesMulti. */
export function sendMulti(
  hub: Hub,
  session: Session,
  reqId: number,
  { accounts, model, sent }: MultiSubscription,
): void {
  for (const account of accounts) {
    for (const value of changes(hub.exchange.accountValues(account), sent)) {
      session.send(accountUpdateMulti(reqId, model, value));
    }
  }
}

/** The same for reqAccountSummary, only the tags asked for. */
export function sendSummary(
  hub: Hub,
  session: Session,
  reqId: number,
  { accounts, tags, sent }: SummarySubscription,
): void {
  for (const account of accounts) {
    const asked = hub.exchange
      .accountValues(account)
      .filter((value) => tags.has(value.tag) || isOfLedger(tags, value));
    for (const value of changes(asked, sent)) session.send(accountSummary(reqId, value));
  }
}

/** Profit and loss, when it changed. */
export function sendPnl(
  hub: Hub,
  session: Session,
  reqId: number,
  subscription: PnlSubscription,
): void {
  const { account, conId } = subscription;
  const view = hub.exchange.pnl(account, conId);
  const message = conId === undefined ? pnl(reqId, view) : pnlSingle(reqId, view);
  const text = message.join('\0');
  if (text === subscription.sent) return;
  subscription.sent = text;
  session.send(message);
}

export class AccountFeed {
  private readonly timers: NodeJS.Timeout[] = [];
  private settling: NodeJS.Timeout | undefined;

  constructor(private readonly hub: Hub) {}

  start(): void {
    this.timers.push(
      setInterval(() => this.sendPnls(), PNL_INTERVAL_MS),
      setInterval(() => this.sendValues(), this.hub.accountIntervalMs),
    );
    for (const timer of this.timers) timer.unref();
  }

  stop(): void {
    for (const timer of this.timers.splice(0)) clearInterval(timer);
    clearTimeout(this.settling);
    this.settling = undefined;
  }

  /** A position changed: its subscribers hear of it now, account values follow. */
  positionChanged(view: PositionView): void {
    for (const session of this.hub.all()) {
      if (session.positions) session.send(position(view));
      for (const [reqId, { accounts, model }] of session.positionMultis) {
        if (accounts.includes(view.account)) session.send(positionMulti(reqId, model, view));
      }
      if (session.accountUpdates?.account === view.account) session.send(portfolioValue(view));
    }
    this.settling ??= setTimeout(() => {
      this.settling = undefined;
      this.sendUpdates();
    }, SETTLE_MS).unref();
  }

  private sendUpdates(): void {
    if (this.hub.outage.lasts) return;
    for (const session of this.hub.all()) {
      if (sendAccountUpdates(this.hub, session) > 0) {
        session.send(accountTime(clockText(this.hub.nowMs()).slice(0, 5)));
      }
      for (const [reqId, subscription] of session.accountMultis) {
        sendMulti(this.hub, session, reqId, subscription);
      }
    }
  }

  private sendValues(): void {
    if (this.hub.outage.lasts) return;
    this.sendUpdates();
    for (const session of this.hub.all()) {
      const account = session.accountUpdates?.account;
      for (const view of account === undefined ? [] : this.hub.exchange.positions()) {
        if (view.account === account && !view.position.isZero()) session.send(portfolioValue(view));
      }
      for (const [reqId, subscription] of session.summaries) {
        sendSummary(this.hub, session, reqId, subscription);
      }
    }
  }

  private sendPnls(): void {
    if (this.hub.outage.lasts) return;
    for (const session of this.hub.all()) {
      for (const [reqId, subscription] of session.pnls) {
        sendPnl(this.hub, session, reqId, subscription);
      }
    }
  }
}
