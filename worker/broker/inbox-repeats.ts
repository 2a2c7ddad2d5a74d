/**
 * Exact repeats, which a broker sends often, and all of the day's executions with each new session: they
 * are dropped before they cost a transaction.
 */
import type { BrokerFact } from '../../domain/broker/fact.js';
import { decimal } from '../../domain/money.js';
import type { OrderStatus } from '../../domain/vocabulary.js';
import type { BookedExecution } from '../../store/known-orders.js';
import { remember } from './remember.js';

/** Far more than live orders, and than the executions of a busy day. */
const REMEMBERED_MAX = 100_000;

/** What was said of an order last: in messages with its terms, and in bare statuses. */
interface LastReports {
  readonly terms: string | null;
  readonly status: string | null;
  /** The status in the newest of both: a message as before is news when the other has changed it since. */
  readonly word: OrderStatus;
}

type OrderFact = Extract<BrokerFact, { kind: 'order' }>;

export class InboxRepeats {
  /** By the order's ids at the session. Orders of others may share them: then fewer repeats are dropped. */
  private readonly lastReports = new Map<string, LastReports>();
  /** The commission by the execution's id; null while none is booked. */
  private readonly booked = new Map<string, string | null>();

  /** Executions whose rows are in the database. */
  learn(executions: readonly BookedExecution[]): void {
    for (const { executionId, commission } of executions) {
      remember(this.booked, executionId, commission, REMEMBERED_MAX);
    }
  }

  /** Facts that are committed now. */
  committed(facts: readonly BrokerFact[]): void {
    for (const fact of facts) {
      if (fact.kind !== 'execution') continue;
      const { executionId } = fact.report;
      if (!this.booked.has(executionId)) this.learn([{ executionId, commission: null }]);
    }
  }

  /** True when the database has it, or the same was said of the order last. */
  isRepeat(fact: BrokerFact): boolean {
    if (fact.kind === 'execution') return this.booked.has(fact.report.executionId);
    if (fact.kind === 'commission') {
      const known = this.booked.get(fact.report.executionId) ?? null;
      return known !== null && decimal(known).eq(decimal(fact.report.commission));
    }
    return fact.kind === 'order' && this.isLastReport(fact);
  }

  /** What was said of orders is no measure any more: a picture of a newer session was laid over it. */
  forgetReports(): void {
    this.lastReports.clear();
  }

  /** A list may have changed what the callbacks before it said: after it the same word is news again. */
  private isLastReport({ report, listed, generation }: OrderFact): boolean {
    const { sessionClientId, sessionOrderId, status: word } = report;
    const key = `${sessionClientId}/${sessionOrderId}`;
    if (listed) {
      this.lastReports.delete(key);
      return false;
    }
    const kind = report.terms ? 'terms' : 'status';
    const body = JSON.stringify([generation, report]);
    const last = this.lastReports.get(key) ?? { terms: null, status: null, word };
    if (last[kind] === body && last.word === word) return true;
    remember(this.lastReports, key, { ...last, [kind]: body, word }, REMEMBERED_MAX);
    return false;
  }
}
