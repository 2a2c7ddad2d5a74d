/**
 * The inbox: every callback of the broker is committed to the database first, then acted on (BRK-5).
 *
 * Callbacks of one trade are committed in the broker's order, one transaction for all that wait;
 * different trades run beside each other. Exact repeats, which the broker sends often, are dropped
 * before they cost a transaction.
 */
import type { BrokerEvent } from '../../broker/port.js';
import type { Logger } from '../../config/logger.js';
import type { Database } from '../../store/database.js';
import {
  commitEvents,
  keepAside,
  type Committed,
  type InboxContext,
  type OwnedFact,
} from '../../store/inbox.js';
import { findOrderOwner, type OrderOwner } from '../../store/order-owner.js';

/** Callbacks waiting for the database at most; beyond that the link is closed and re-synced. */
const WAITING_MAX = 20_000;
/** Callbacks of one trade that go into one transaction. */
const BATCH_MAX = 50;
/** After a failed commit (database away) the next try waits this long. */
const RETRY_AFTER_MS = 250;
/** A fact refused that often, while the database answers otherwise, is one that it can't take. */
const FAILURES_MAX = 5;
/** Remembered last reports, for dropping repeats: one per live order, so far more than live orders. */
const REMEMBERED_MAX = 50_000;
/** What belongs to no trade of ours shares one line. */
const FOREIGN = 'foreign';

/** The events that are committed; quotes, account values and link states take other ways. */
export type OrderFact = Extract<
  BrokerEvent,
  { kind: 'order' } | { kind: 'execution' } | { kind: 'commission' } | { kind: 'order_error' }
>;

export interface InboxOptions {
  readonly db: Database;
  readonly context: () => InboxContext;
  readonly log: Logger;
  /** Called after each commit, in order per trade. */
  readonly onCommitted: (committed: Committed) => void;
  /** Too many callbacks wait: facts would be lost, so the link must be re-synced. */
  readonly onOverflow: () => void;
}

interface Line {
  readonly waiting: OwnedFact[];
  running: boolean;
}

export class Inbox {
  private readonly lines = new Map<string, Line>();
  private readonly owners = new Map<string, OrderOwner | null>();
  private readonly executionOwners = new Map<string, string>();
  private readonly lastReports = new Map<string, string>();
  private arriving: Promise<void> = Promise.resolve();
  private waitingCount = 0;
  /** Callbacks whose owner is being looked up: what comes after them takes the same way. */
  private lookingUp = 0;

  constructor(private readonly options: InboxOptions) {}

  /** Tells the inbox whose order a client order id is, so that it need not ask the database. */
  learn(clientOrderId: string, owner: OrderOwner): void {
    remember(this.owners, clientOrderId, owner);
  }

  /** Takes a callback; returns at once. */
  accept(fact: OrderFact): void {
    if (this.isRepeat(fact)) return;
    if (this.waitingCount >= WAITING_MAX) {
      this.options.onOverflow();
      return;
    }
    this.waitingCount += 1;
    const known = this.knownOwner(fact);
    // Looking up an owner takes time; whatever comes after must not overtake it.
    if (known !== undefined && this.lookingUp === 0) {
      this.enqueue(fact, known);
    } else {
      this.lookingUp += 1;
      this.arriving = this.arriving.then(() => this.resolveAndEnqueue(fact));
    }
  }

  /** Resolves when everything accepted so far is committed. */
  async drained(): Promise<void> {
    while (this.waitingCount > 0) await new Promise((resolve) => setTimeout(resolve, 5));
  }

  private async resolveAndEnqueue(fact: OrderFact): Promise<void> {
    let owner = this.knownOwner(fact);
    while (owner === undefined) owner = await this.lookUpOwner(fact);
    this.enqueue(fact, owner);
    this.lookingUp -= 1;
  }

  /** Undefined when only the database can tell. */
  private knownOwner(fact: OrderFact): OrderOwner | null | undefined {
    const clientOrderId = clientOrderIdOf(fact, this.executionOwners);
    if (clientOrderId === null) return fact.kind === 'commission' ? undefined : null;
    return this.owners.get(clientOrderId);
  }

  private async lookUpOwner(fact: OrderFact): Promise<OrderOwner | null | undefined> {
    const clientOrderId = clientOrderIdOf(fact, this.executionOwners);
    const executionId = fact.kind === 'commission' ? fact.report.executionId : null;
    try {
      const owner = await findOrderOwner(this.options.db, { clientOrderId, executionId });
      if (clientOrderId !== null) remember(this.owners, clientOrderId, owner);
      return owner;
    } catch (error) {
      this.options.log.warn(
        { error: String(error) },
        'the database does not answer; callbacks wait',
      );
      await new Promise((resolve) => setTimeout(resolve, RETRY_AFTER_MS));
      return undefined;
    }
  }

  private enqueue(fact: OrderFact, owner: OrderOwner | null): void {
    if (fact.kind === 'execution' && fact.report.clientOrderId !== null) {
      remember(this.executionOwners, fact.report.executionId, fact.report.clientOrderId);
    }
    const key = owner?.tradeId ?? FOREIGN;
    let line = this.lines.get(key);
    if (!line) this.lines.set(key, (line = { waiting: [], running: false }));
    const whole = fact.kind === 'order' ? { ...fact, listed: fact.listed ?? false } : fact;
    line.waiting.push({ fact: whole, owner });
    if (!line.running) void this.run(key, line);
  }

  private async run(key: string, line: Line): Promise<void> {
    line.running = true;
    // What came in one read of the socket (an order and its status) goes into one transaction.
    await new Promise(setImmediate);
    const tradeId = key === FOREIGN ? null : key;
    let failures = 0;
    while (line.waiting.length > 0) {
      // After a failure one by one, so that one bad fact holds up nothing but itself.
      const batch = line.waiting.slice(0, failures === 0 ? BATCH_MAX : 1);
      const failure = await this.commit(tradeId, batch);
      failures = failure === null ? 0 : failures + 1;
      const refused = failure !== null && failures >= FAILURES_MAX && (await this.isRefused());
      if (refused) await this.setAside(tradeId, batch[0]!, failure);
      if (failure === null || refused) {
        line.waiting.splice(0, batch.length);
        this.waitingCount -= batch.length;
        failures = 0;
      } else {
        await new Promise((resolve) => setTimeout(resolve, RETRY_AFTER_MS));
      }
    }
    this.lines.delete(key);
  }

  /** Null when it was committed, else why not. */
  private async commit(tradeId: string | null, batch: OwnedFact[]): Promise<string | null> {
    const { db, context, onCommitted, log } = this.options;
    try {
      const committed = await commitEvents(db, context(), tradeId, batch);
      if (committed) onCommitted(committed);
      return null;
    } catch (error) {
      log.warn({ tradeId, error: String(error) }, 'callbacks were not committed; trying again');
      return String(error);
    }
  }

  /** The database answers other questions: it is this fact that it refuses. */
  private async isRefused(): Promise<boolean> {
    return this.options.db.$queryRaw`SELECT 1`.then(
      () => true,
      () => false,
    );
  }

  /** Kept for a person, loudly: a fact that can't be booked must not stop those after it. */
  private async setAside(tradeId: string | null, owned: OwnedFact, why: string): Promise<void> {
    const { db, context, log } = this.options;
    log.error(
      { tradeId, fact: owned.fact, why },
      'a callback could not be booked and was set aside',
    );
    await keepAside(db, context(), tradeId, owned, why).catch((error: unknown) =>
      log.error({ tradeId, error: String(error) }, 'and could not even be kept'),
    );
  }

  private isRepeat(fact: OrderFact): boolean {
    if (fact.kind !== 'order' || fact.listed) return false;
    const { report } = fact;
    const key = `${report.sessionClientId}/${report.sessionOrderId}/${report.brokerOrderId ?? ''}`;
    const kind = report.terms ? 'terms' : 'status';
    const body = JSON.stringify(report);
    if (this.lastReports.get(`${key}/${kind}`) === body) return true;
    remember(this.lastReports, `${key}/${kind}`, body);
    return false;
  }
}

function clientOrderIdOf(fact: OrderFact, executionOwners: Map<string, string>): string | null {
  if (fact.kind === 'order_error') return fact.error.clientOrderId;
  if (fact.kind === 'commission') return executionOwners.get(fact.report.executionId) ?? null;
  return fact.report.clientOrderId;
}

/** Bounded memory: the oldest entry makes room. */
function remember<T>(map: Map<string, T>, key: string, value: T): void {
  map.delete(key);
  map.set(key, value);
  if (map.size > REMEMBERED_MAX) map.delete(map.keys().next().value!);
}
