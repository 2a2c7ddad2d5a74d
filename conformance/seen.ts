/** What a port told, kept in its order, and ways to ask for it. */
import { decimal, sum, text } from '../domain/money.js';
import type { DecimalText } from '../domain/money.js';
import type { OrderStatus } from '../domain/vocabulary.js';
import type {
  BrokerEvent,
  CommissionReport,
  ExecutionReport,
  OrderError,
  OrderReport,
} from '../broker/port.js';

/** Most events that are kept: far more than any case makes; older ones are dropped. */
const EVENTS_MAX = 50_000;

export class Seen {
  private readonly events: BrokerEvent[] = [];
  private lastAtMs = Date.now();

  take(event: BrokerEvent): void {
    this.events.push(event);
    if (this.events.length > EVENTS_MAX) this.events.shift();
    if (event.kind !== 'quote' && event.kind !== 'notice') this.lastAtMs = Date.now();
  }

  /** How long nothing was told of orders, money or the connection. */
  quietMs(): number {
    return Date.now() - this.lastAtMs;
  }

  of<K extends BrokerEvent['kind']>(kind: K): Extract<BrokerEvent, { kind: K }>[] {
    return this.events.filter(
      (event): event is Extract<BrokerEvent, { kind: K }> => event.kind === kind,
    );
  }

  /** Reports of the order with this reference, oldest first. */
  reports(ref: string): OrderReport[] {
    return this.of('order')
      .map(({ report }) => report)
      .filter(({ clientOrderId }) => clientOrderId === ref);
  }

  last(ref: string): OrderReport | undefined {
    return this.reports(ref).at(-1);
  }

  /** Its statuses in their order, each as often as it was changed to: `ACCEPTED → EXECUTED`. */
  statuses(ref: string): string {
    return path(this.reports(ref).map(({ status }) => status));
  }

  /** The same in the broker's own words. */
  words(ref: string): string {
    return path(this.reports(ref).map(({ brokerStatus }) => brokerStatus));
  }

  hasBeen(ref: string, statuses: readonly OrderStatus[]): boolean {
    return this.reports(ref).some(({ status }) => statuses.includes(status));
  }

  errors(ref: string): OrderError[] {
    return this.of('order_error')
      .map(({ error }) => error)
      .filter(({ clientOrderId }) => clientOrderId === ref);
  }

  /** Errors on a session order id, whatever reference they are known under. */
  errorsOn(sessionOrderId: number): OrderError[] {
    return this.of('order_error')
      .map(({ error }) => error)
      .filter((error) => error.sessionOrderId === sessionOrderId);
  }

  /** Executions of the order with this reference; of corrected ones the latest. */
  executions(ref: string): ExecutionReport[] {
    return latest(this.of('execution').map(({ report }) => report)).filter(
      ({ clientOrderId }) => clientOrderId === ref,
    );
  }

  commissions(): CommissionReport[] {
    return this.of('commission').map(({ report }) => report);
  }

  /** Place of the first event that fits, among all; -1 without one. */
  firstIndex(fits: (event: BrokerEvent) => boolean): number {
    return this.events.findIndex(fits);
  }
}

/** Of the corrections of one execution only the last. */
export function latest(executions: readonly ExecutionReport[]): ExecutionReport[] {
  const byKey = new Map<string, ExecutionReport>();
  for (const execution of executions) {
    const known = byKey.get(execution.executionKey);
    if (!known || known.correction <= execution.correction) {
      byKey.set(execution.executionKey, execution);
    }
  }
  return [...byKey.values()];
}

/** How many shares the executions are. */
export function shares(executions: readonly ExecutionReport[]): DecimalText {
  return text(sum(executions.map(({ quantity }) => decimal(quantity))));
}

/** `a → b`, what repeats itself once. */
export function path(words: readonly string[]): string {
  const changes = words.filter((word, index) => word !== words[index - 1]);
  return changes.length === 0 ? 'nothing' : changes.join(' → ');
}
