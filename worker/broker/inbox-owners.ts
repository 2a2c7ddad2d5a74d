/** Whose order a fact speaks of: remembered, else asked of the database. */
import type { BrokerFact } from '../../domain/broker/fact.js';
import type { Database } from '../../store/database.js';
import { findOrderOwner, type OrderOwner } from '../../store/order-owner.js';
import { remember } from './remember.js';

/**
 * Orders remembered: with 10,000 open trades some 30,000 legs live. What makes room is asked for again,
 * never taken for somebody else's.
 */
const REMEMBERED_MAX = 100_000;

export class InboxOwners {
  private readonly owners = new Map<string, OrderOwner | null>();
  private readonly byExecution = new Map<string, string>();

  constructor(private readonly db: Database) {}

  /** Whose order a client order id is; told again, it is the last to be forgotten. */
  learn(clientOrderId: string, owner: OrderOwner): void {
    remember(this.owners, clientOrderId, owner, REMEMBERED_MAX);
  }

  /** Undefined when only the database can tell; null for an order that this system did not send. */
  known(fact: BrokerFact): OrderOwner | null | undefined {
    const clientOrderId = this.clientOrderIdOf(fact);
    if (clientOrderId === null) return fact.kind === 'commission' ? undefined : null;
    return this.owners.get(clientOrderId);
  }

  /** Asks the database. @throws when it does not answer */
  async lookUp(fact: BrokerFact): Promise<OrderOwner | null> {
    const clientOrderId = this.clientOrderIdOf(fact);
    const executionId = fact.kind === 'commission' ? fact.report.executionId : null;
    const owner = await findOrderOwner(this.db, { clientOrderId, executionId });
    if (clientOrderId !== null) remember(this.owners, clientOrderId, owner, REMEMBERED_MAX);
    return owner;
  }

  /** A commission names only the execution: notes whose that was. */
  note(fact: BrokerFact): void {
    if (fact.kind !== 'execution' || fact.report.clientOrderId === null) return;
    const { executionId, clientOrderId } = fact.report;
    remember(this.byExecution, executionId, clientOrderId, REMEMBERED_MAX);
  }

  private clientOrderIdOf(fact: BrokerFact): string | null {
    if (fact.kind === 'order_error') return fact.error.clientOrderId;
    if (fact.kind === 'commission') return this.byExecution.get(fact.report.executionId) ?? null;
    return fact.report.clientOrderId;
  }
}
