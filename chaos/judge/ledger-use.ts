/** What the broker's ledger shows of the limits, at every instant at which something changed there. Pure. */
import { decimal, sum, ZERO, type Decimal } from '../../domain/money.js';
import type { Ledger, LedgerExecution, LedgerOrder } from '../stack/gateway-control.js';
import { readingsOf, type Caps, type Holding, type Reading } from './gauges.js';

/** An approved trade, as the ledger's orders are attributed to it. */
export interface ApprovedTrade {
  readonly tradeId: string;
  readonly strategyId: string;
  /** References of its orders. */
  readonly entries: ReadonlySet<string>;
  readonly exits: ReadonlySet<string>;
  readonly stopReferences: ReadonlySet<string>;
  /** Per share, as they were reserved. */
  readonly worstPrice: Decimal;
  readonly worstRisk: Decimal;
}

/** What the account may not pass beside the caps of its positions. */
export interface AccountCaps {
  readonly caps: Caps;
  /** Cash at the start: with a cash account nothing else may be spent. */
  readonly cash: Decimal;
  readonly tradesPerDay: Decimal;
  readonly ordersPerMinute: Decimal;
}

const MINUTE_MS = 60_000;
const DEAD = new Set(['Filled', 'Cancelled', 'ApiCancelled', 'Inactive']);

/** Every gauge at every instant at which an order came or ended, or something was filled. */
export function ledgerReadings(
  ledger: Ledger,
  trades: readonly ApprovedTrade[],
  account: AccountCaps,
): Reading[] {
  const owned = trades.map((trade) => new OwnedTrade(trade, ledger));
  const moments = [...new Set(owned.flatMap((trade) => trade.moments()))].sort((a, b) => a - b);
  const count = (gauge: Reading['gauge'], atMs: number, measured: number, limit: Decimal) => ({
    ...{ gauge, atMs, subject: '', measured: decimal(String(measured)), limit },
  });
  const begins = owned
    .flatMap((trade) => trade.orders.map(({ firstAtMs }) => firstAtMs))
    .sort((a, b) => a - b);
  return moments.flatMap((atMs) => {
    const holdings = owned.flatMap((trade) => trade.holdingAt(atMs) ?? []);
    const spent = sum(owned.map((trade) => trade.spentAt(atMs)));
    const entered = owned.filter((trade) => trade.hasEnteredBy(atMs)).length;
    const recent = begins.filter((begin) => begin <= atMs && begin > atMs - MINUTE_MS).length;
    return [
      ...readingsOf(holdings, account.caps, atMs),
      { gauge: 'cash' as const, atMs, subject: '', measured: spent, limit: account.cash },
      count('trades today', atMs, entered, account.tradesPerDay),
      count('orders a minute', atMs, recent, account.ordersPerMinute),
    ];
  });
}

/** A trade's orders and fills, and what they came to at some time. */
class OwnedTrade {
  readonly orders: readonly LedgerOrder[];
  private readonly entries: readonly LedgerOrder[];
  private readonly bought: readonly LedgerExecution[];
  private readonly sold: readonly LedgerExecution[];
  /** Where its stop was last; null: it never had one. */
  private readonly stopPrice: Decimal | null;

  constructor(
    private readonly trade: ApprovedTrade,
    { orders, executions }: Ledger,
  ) {
    const { entries, exits, stopReferences } = trade;
    const of = <T extends { readonly orderRef: string }>(rows: readonly T[], set: typeof exits) =>
      rows.filter(({ orderRef }) => set.has(orderRef));
    this.entries = of(orders, entries);
    this.orders = [...this.entries, ...of(orders, exits)];
    this.bought = of(executions, entries);
    this.sold = of(executions, exits);
    const stop = of(orders, stopReferences).findLast(({ stopPrice }) => Boolean(stopPrice));
    this.stopPrice = stop?.stopPrice ? decimal(stop.stopPrice) : null;
  }

  moments(): number[] {
    const fills = [...this.bought, ...this.sold].map(({ atMs }) => atMs);
    const orders = this.orders.flatMap((order) => [
      order.firstAtMs,
      beganAt(order),
      endedAt(order),
    ]);
    return [...fills, ...orders.filter((atMs) => atMs !== null)];
  }

  hasEnteredBy(atMs: number): boolean {
    return this.entries.some((order) => (beganAt(order) ?? Infinity) <= atMs);
  }

  /** Null while it takes nothing. */
  holdingAt(atMs: number): Holding | null {
    const { tradeId, strategyId, worstPrice, worstRisk } = this.trade;
    const [bought, sold] = [until(this.bought, atMs), until(this.sold, atMs)];
    const held = sharesOf(bought).sub(sharesOf(sold));
    const resting = this.restingAt(atMs);
    if (held.lte(0) && resting.eq(0)) return null;
    const average = bought.length === 0 ? worstPrice : valueOf(bought).div(sharesOf(bought));
    const risk = this.stopPrice === null ? worstRisk : average.sub(this.stopPrice).abs();
    return {
      ...{ tradeId, strategyId },
      value: held.mul(average).add(resting.mul(worstPrice)),
      risk: held.mul(risk).add(resting.mul(worstRisk)),
    };
  }

  /** Paid, less what came back, and what may yet be paid. */
  spentAt(atMs: number): Decimal {
    const [bought, sold] = [until(this.bought, atMs), until(this.sold, atMs)];
    const fees = sum([...bought, ...sold].map(({ commission }) => decimal(commission ?? '0')));
    const resting = this.restingAt(atMs).mul(this.trade.worstPrice);
    return valueOf(bought).sub(valueOf(sold)).add(fees).add(resting);
  }

  /** Shares that its entries may still buy. */
  private restingAt(atMs: number): Decimal {
    return sum(
      this.entries.map((order) => {
        const [began, ended] = [beganAt(order), endedAt(order)];
        if (began === null || began > atMs || (ended !== null && ended <= atMs)) return ZERO;
        const own = this.bought.filter(({ orderRef }) => orderRef === order.orderRef);
        return decimal(order.quantity).sub(sharesOf(until(own, atMs)));
      }),
    );
  }
}

const until = (executions: readonly LedgerExecution[], atMs: number) =>
  executions.filter((execution) => execution.atMs <= atMs);

const sharesOf = (executions: readonly LedgerExecution[]) =>
  sum(executions.map(({ shares }) => decimal(shares)));

const valueOf = (executions: readonly LedgerExecution[]) =>
  sum(executions.map(({ shares, price }) => decimal(shares).mul(price)));

function beganAt({ acceptedAtMs }: LedgerOrder): number | null {
  return acceptedAtMs ?? null;
}

/** When the exchange said that nothing more of it fills; null while it may. */
function endedAt({ status, history, firstAtMs }: LedgerOrder): number | null {
  if (!DEAD.has(status)) return null;
  const last = history?.findLast((change) => DEAD.has(change.status));
  return last?.atMs ?? firstAtMs;
}
