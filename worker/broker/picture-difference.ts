/**
 * What a picture of the broker tells that the books don't know: most of a picture is what was known, and
 * must cost neither a transaction nor a row (B7).
 */
import type { BrokerFact, OrderReport } from '../../domain/broker/fact.js';
import type { Snapshot } from '../../domain/broker/snapshot.js';
import { isSame } from '../../domain/canonical.js';
import { isLive } from '../../domain/orders/machine.js';
import type { Leg } from '../../domain/trade/book.js';
import { isNews } from '../../domain/trade/fact.js';
import type { GuardedTrade } from '../../domain/trade/guard.js';
import { isOpen, placing } from '../../domain/trade/incarnation.js';
import { isStray } from '../../domain/sending/ids.js';
import { legsOf, openTrades } from '../../store/book/open-trades.js';
import type { Database } from '../../store/database.js';
import type { Inbox } from './inbox.js';

export interface Difference {
  /** Executions first, so that no order is seen to end before its fills. */
  readonly facts: readonly BrokerFact[];
  /** Trades with an order of unknown fate, or one that the picture lacks. */
  readonly suspects: ReadonlySet<string>;
  /** Trades that a fact is about. */
  readonly touched: ReadonlySet<string>;
  /** The open trades that it was compared with: all of them, or those in doubt. */
  readonly trades: readonly GuardedTrade[];
  /** To be called once the facts are booked: until then the next picture tells them again. */
  readonly booked: () => void;
}

interface Options {
  readonly db: Database;
  readonly connectionId: string;
  readonly inbox: Pick<Inbox, 'learn'>;
}

type Reports = ReadonlyMap<string, readonly OrderReport[]>;

interface Sorted {
  readonly reports: Reports;
  readonly now: Map<string, OrderReport>;
  readonly isRepeated: (report: OrderReport) => boolean;
}

export class PictureDifference {
  /** The reports of the last picture that was booked, by order: what is said again is known. */
  private last = new Map<string, OrderReport>();

  constructor(private readonly options: Options) {}

  /** Compares with all open trades, or (`whole` false) with those in doubt and what is new. */
  async find(snapshot: Snapshot, whole: boolean): Promise<Difference> {
    const { db, connectionId, inbox } = this.options;
    const receivedAtMs = Date.now();
    const { reports, now, isRepeated } = this.sorted(snapshot);
    const found = {
      news: [] as OrderReport[],
      suspects: new Set<string>(),
      touched: new Set<string>(),
    };
    const compare = (tradeId: string, leg: Leg): void => {
      inbox.learn(leg.clientOrderId, { tradeId, orderRowId: leg.legId });
      const news = (reports.get(leg.clientOrderId) ?? []).filter((report) => isNews(leg, report));
      if (news.length > 0) found.touched.add(tradeId);
      found.news.push(...news);
      if (isSuspect(leg, snapshot, reports)) found.suspects.add(tradeId);
    };
    const compared = new Set<string>();
    const trades: GuardedTrade[] = [];
    for await (const page of openTrades(db, connectionId, !whole)) {
      for (const trade of page) {
        trades.push(trade);
        for (const leg of trade.legs) {
          compared.add(leg.clientOrderId);
          compare(trade.tradeId, leg);
        }
      }
    }
    // Orders that have ended, or that were not in doubt: what the last picture said of them is known.
    const others = [...reports].filter(
      ([id, told]) => !compared.has(id) && !told.every(isRepeated),
    );
    for await (const page of legsOf(
      db,
      others.map(([id]) => id),
    )) {
      for (const { tradeId, leg } of page) compare(tradeId, leg);
    }
    const facts = [
      ...executionsOf(snapshot, receivedAtMs),
      ...ordersOf(found.news, snapshot, receivedAtMs),
    ];
    const booked = (): void => {
      if (snapshot.isComplete) this.last = now;
    };
    return { facts, suspects: found.suspects, touched: found.touched, trades, booked };
  }

  /** The picture's reports by client order id, completed ones first, and by order; which the last one had. */
  private sorted(snapshot: Snapshot): Sorted {
    const [before, now] = [this.last, new Map<string, OrderReport>()];
    const reports = new Map<string, OrderReport[]>();
    for (const report of [...snapshot.completed, ...snapshot.orders]) {
      now.set(keyOf(report), report);
      if (report.clientOrderId === null) continue;
      reports.set(report.clientOrderId, [...(reports.get(report.clientOrderId) ?? []), report]);
    }
    return { reports, now, isRepeated: (report) => isSame(before.get(keyOf(report)), report) };
  }
}

function keyOf({ brokerOrderId, sessionClientId, sessionOrderId }: OrderReport): string {
  return brokerOrderId ?? `${sessionClientId}/${sessionOrderId}`;
}

function executionsOf({ executions }: Snapshot, receivedAtMs: number): BrokerFact[] {
  return executions.map((report) => ({ kind: 'execution', report, receivedAtMs }));
}

function ordersOf(
  reports: readonly OrderReport[],
  { generation }: Snapshot,
  receivedAtMs: number,
): BrokerFact[] {
  const told = { receivedAtMs, listed: true, generation };
  return reports.map((report) => ({ kind: 'order', report, ...told }));
}

/** Of unknown fate, once missed, one too many, or live and not in the picture. The book itself decides (judge.ts). */
function isSuspect(leg: Leg, snapshot: Snapshot, reports: Reports): boolean {
  if (leg.incarnations.some(isOpen) || leg.status === 'CANCEL_PENDING') return true;
  if (leg.incarnations.some((place) => isStray(leg, place))) return true;
  const place = placing(leg);
  if (!place || !isLive(leg)) return false;
  if (place.missed !== null) return true;
  return place.claimedAtMs < snapshot.startedAtMs && !reports.has(leg.clientOrderId);
}
