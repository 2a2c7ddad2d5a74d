/** What the lists of an account say, told as events: only what is news, and an execution before its status. */
import type { BrokerEvent } from '../port.js';
import { claimsIn } from './claims.js';
import type { Legs } from './legs.js';
import type { Leg } from './legs.js';
import type { Settings } from './options.js';
import { executionOf, filledOf, isOver, legReport } from './reports.js';
import type { OrderRecord } from './schemas.js';
import { orderStatusFrom } from './status.js';

/** Words that are told of once each; a brokerage has a few dozen. */
const UNLISTED_MAX = 100;

export class Teller {
  private readonly unlisted = new Set<string>();

  constructor(
    private readonly settings: Settings,
    private readonly legs: Legs,
    private readonly emit: (event: BrokerEvent) => void,
    private readonly generation: () => number,
  ) {}

  /** A list of an account: orders of ours whose answer was lost are found in it. @returns why not all could be. */
  take(account: string, records: readonly OrderRecord[]): string | null {
    const { found, problem } = claimsIn(this.legs, account, records);
    for (const { leg, record } of found) this.taken(leg, record);
    const ids = records.map((one) => one.brokerage_order_id);
    if (problem === null) this.legs.noteStrangers(ids, this.settings.nowMs());
    for (const record of records) {
      const leg = this.legs.ofBroker(record.brokerage_order_id);
      if (leg) this.know(leg, account, record);
    }
    return problem;
  }

  /** The brokerage has taken what was sent for the leg, as this order. */
  taken(leg: Leg, record: OrderRecord): void {
    if (leg.sending) leg.sending.outcome = 'taken';
    this.legs.link(leg, record.brokerage_order_id);
  }

  /** Tells what is new of a leg since it was told of last. */
  know(leg: Leg, account: string, record: OrderRecord): void {
    leg.account = account;
    const before = leg.records.get(record.brokerage_order_id);
    // Lists may be older than an answer: what was filled does not come back.
    if (before && filledOf(before).gt(filledOf(record))) return;
    if (before && isOver(before) && !isOver(record)) return;
    leg.records.set(record.brokerage_order_id, record);
    this.tellUnlisted(record);
    const { sessionClientId, nowMs } = this.settings;
    const execution = executionOf(record, { account, leg, sessionClientId });
    const isMore = !before || !filledOf(before).eq(filledOf(record)) || !before.execution_price;
    if (execution && isMore) {
      this.emit({ kind: 'execution', report: execution, receivedAtMs: nowMs() });
    }
    this.tell(leg);
  }

  private tell(leg: Leg): void {
    const { sessionClientId, nowMs } = this.settings;
    const report = legReport(leg, sessionClientId);
    if (!report) return;
    const last = leg.records.get(report.brokerOrderId ?? '');
    leg.hasEnded = last !== undefined && isOver(last);
    const told = JSON.stringify(report);
    if (told === leg.told) return;
    leg.told = told;
    const generation = this.generation();
    this.emit({ kind: 'order', report, receivedAtMs: nowMs(), listed: false, generation });
  }

  /** A word that the table lacks changes nothing, and a person is told of it. */
  private tellUnlisted({ status, brokerage_order_id: id }: OrderRecord): void {
    if (orderStatusFrom(status) !== 'UNKNOWN' || this.unlisted.has(status)) return;
    if (this.unlisted.size < UNLISTED_MAX) this.unlisted.add(status);
    const message = `order ${id} has the status ${status}, which is not known here: it changes nothing`;
    this.settings.logger.warn('an order status of SnapTrade that is not listed', { status, id });
    const receivedAtMs = this.settings.nowMs();
    this.emit({ kind: 'notice', code: 0, message, errorClass: 'unknown', receivedAtMs });
  }
}
