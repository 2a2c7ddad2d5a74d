/**
 * Exact repeats, which a broker sends often, and all of the day's executions with each new session: they
 * are dropped before they cost a transaction.
 */
import type { BrokerFact } from '../../domain/broker/fact.js';
import { decimal } from '../../domain/money.js';
import type { BookedExecution } from '../../store/known-orders.js';
import { remember } from './remember.js';

/** Far more than live orders, and than the executions of a busy day. */
const REMEMBERED_MAX = 100_000;

export class InboxRepeats {
  private readonly lastReports = new Map<string, string>();
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
    return fact.kind === 'order' && !fact.listed && this.isLastReport(fact);
  }

  private isLastReport({ report }: Extract<BrokerFact, { kind: 'order' }>): boolean {
    const { sessionClientId, sessionOrderId, brokerOrderId } = report;
    const kind = report.terms ? 'terms' : 'status';
    const key = `${sessionClientId}/${sessionOrderId}/${brokerOrderId ?? ''}/${kind}`;
    const body = JSON.stringify(report);
    if (this.lastReports.get(key) === body) return true;
    remember(this.lastReports, key, body, REMEMBERED_MAX);
    return false;
  }
}
