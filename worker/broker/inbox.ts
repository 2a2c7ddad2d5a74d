/**
 * The inbox: every callback of the broker is committed to the database first, then acted on (BRK-5), and
 * none is dropped (BRK-13): while the database takes nothing they are held, and at a bound go to disk.
 *
 * Callbacks of one trade are committed in the broker's order, one transaction for all that wait;
 * different trades run beside each other. What the database has is dropped before it costs a transaction.
 */
import { outlivedBy, type BrokerFact } from '../../domain/broker/fact.js';
import { isSame } from '../../domain/canonical.js';
import type { Logger } from '../../config/logger.js';
import type { Database } from '../../store/database.js';
import { alert } from '../../store/alerts.js';
import { isOfDatabase, isRefusedData } from '../../store/failure.js';
import {
  commitEvents,
  keepAside,
  type Committed,
  type InboxContext,
  type OwnedFact,
} from '../../store/inbox.js';
import type { BookedExecution } from '../../store/known-orders.js';
import type { OrderOwner } from '../../store/order-owner.js';
import { logFills } from './inbox-log.js';
import { HeldFacts } from './inbox-held.js';
import { InboxOwners } from './inbox-owners.js';
import { InboxRepeats } from './inbox-repeats.js';
import { InboxSpill } from './inbox-spill.js';
import { Turns } from './turns.js';

/** Numbers of facts begin anew with each process: an alert's key needs both. */
const STARTED_AT_MS = Date.now();
/** Callbacks held in memory: some 20 MB; beyond that they go to disk. */
const HELD_MAX = 20_000;
/** Callbacks of one trade that go into one transaction. */
const BATCH_MAX = 50;
/** Transactions at once: the pool has 10 connections, and sends need some. */
const COMMITS_AT_ONCE = 6;
/** After a failed commit (database away) the next try waits this long, then twice as long. */
const RETRY_AFTER_MS = 250;
/** A database that is back is noticed within this. */
const RETRY_AFTER_MAX_MS = 2_000;
/** A fact that can't be booked for this system's own reasons is tried again after a pause that doubles up to this. */
const STUCK_RETRY_MAX_MS = 60_000;
/** Data refused that often is set aside: what another transaction caused has passed by then. */
const FAILURES_MAX = 5;
/** What was spilled is read back in this often, and what dead workers left. */
const READ_BACK_EVERY_MS = 1_000;
/** Facts of a spilled file that are in memory at once. */
const READ_BACK_CHUNK = 1_000;

export interface InboxOptions {
  readonly db: Database;
  readonly context: () => InboxContext;
  /** The lease under which this process holds the connection, as text; left out where nobody else can. */
  readonly epoch?: () => string;
  readonly log: Logger;
  /** Called after each commit, in order per trade. */
  readonly onCommitted: (committed: Committed) => void;
  /** Facts about orders of others were committed. */
  readonly onForeign?: (facts: readonly BrokerFact[]) => void;
  /** Told of all that a commit has taken, for metrics. */
  readonly onFacts?: (facts: readonly BrokerFact[]) => void;
  /** Facts would be lost, for the disk takes none either: the link must be closed and re-synced. */
  readonly onOverflow: (reason: string) => void;
  /** Where facts go that neither database nor memory can take; the connection's own. */
  readonly spillFolder: string;
  /** Callbacks held in memory. */
  readonly heldMax?: number;
}

interface Numbered extends OwnedFact {
  readonly number: number;
}

interface Line {
  readonly key: string;
  readonly tradeId: string | null;
  readonly waiting: Numbered[];
  running: boolean;
  /** Its first fact can't be booked, for a reason that is not the database's: nobody waits for the line. */
  isStuck: boolean;
}

export class Inbox {
  private readonly lines = new Map<string, Line>();
  private readonly owners: InboxOwners;
  private readonly repeats = new InboxRepeats();
  private readonly held = new HeldFacts();
  private readonly spill: InboxSpill;
  private readonly stopping = new AbortController();
  private readonly turns = new Turns(COMMITS_AT_ONCE);
  private arriving: Promise<void> = Promise.resolve();
  /** Callbacks whose owner is being looked up: what comes after them takes the same way. */
  private lookingUp = 0;
  /** Callbacks go to disk, until all that is there was read back. */
  private isSpilling = false;
  private timer: NodeJS.Timeout;
  /** Of the newest whole picture. */
  private pictureGeneration = 0;

  constructor(private readonly options: InboxOptions) {
    const { db, spillFolder, log, onOverflow } = options;
    this.owners = new InboxOwners(db);
    this.spill = new InboxSpill(spillFolder, log, onOverflow);
    this.timer = setTimeout(() => void this.readBackForEver(), 0);
  }

  /** Tells the inbox whose order a client order id is, so that it need not ask the database. */
  learn(clientOrderId: string, owner: OrderOwner): void {
    this.owners.learn(clientOrderId, owner);
  }

  /** Tells the inbox which executions have rows: their repeats cost nothing. */
  learnBooked(executions: readonly BookedExecution[]): void {
    this.repeats.learn(executions);
  }

  /** A whole picture of that generation is being laid over the books: it is newer than what older ones told. */
  outlive(generation: number): void {
    if (generation <= this.pictureGeneration) return;
    this.pictureGeneration = generation;
    this.repeats.forgetReports();
  }

  /** Takes a callback; returns at once. */
  accept(told: BrokerFact): void {
    const fact = this.ofThisLease(told);
    if (this.repeats.isRepeat(fact)) return;
    this.isSpilling ||= this.held.size >= (this.options.heldMax ?? HELD_MAX);
    if (this.isSpilling || this.stopping.signal.aborted) this.spill.add(fact);
    else this.take(fact);
  }

  /** On disk it may outlive this process: then the lease tells whose word it was. */
  private ofThisLease(fact: BrokerFact): BrokerFact {
    const { epoch } = this.options;
    const isOfSession = fact.kind === 'order' && fact.generation !== undefined;
    return isOfSession && epoch ? { ...fact, epoch: epoch() } : fact;
  }

  /** Resolves when everything accepted so far is committed, but for what is stuck, or the inbox is stopped. */
  async drained(): Promise<void> {
    while (this.isSpilling && !this.stopping.signal.aborted) await this.pause(READ_BACK_EVERY_MS);
    await this.held.drained();
  }

  /** Trades with facts that can't be booked now: no picture may be laid over their books. */
  stuckTrades(): ReadonlySet<string> {
    const stuck = [...this.lines.values()].filter(({ isStuck }) => isStuck);
    return new Set(stuck.flatMap(({ tradeId }) => (tradeId === null ? [] : [tradeId])));
  }

  /** How many callbacks are in memory that are not committed yet. */
  get heldCount(): number {
    return this.held.size;
  }

  /** True while a fact can't be booked that is, or may be, of that account: its books lack it. */
  hasStuck(brokerAccountId: string): boolean {
    return this.held.hasStuckOf(brokerAccountId);
  }

  /** Gives what is held this long to be committed; the rest goes to disk, for the next worker. */
  async stop(graceMs: number): Promise<void> {
    if (this.stopping.signal.aborted) return;
    const grace = new Promise((resolve) => setTimeout(resolve, graceMs).unref());
    await Promise.race([this.held.drained(), grace]);
    this.stopping.abort();
    clearTimeout(this.timer);
    for (const fact of this.held.all()) this.spill.add(fact);
    this.spill.close();
    this.held.release();
  }

  // ── whose it is ────────────────────────────────────────────────────────────────────────────────

  private take(fact: BrokerFact): void {
    const number = this.held.add(fact);
    const known = this.owners.known(fact);
    // Looking up an owner takes time; whatever comes after must not overtake it.
    if (known !== undefined && this.lookingUp === 0) {
      this.enqueue(number, fact, known);
    } else {
      this.lookingUp += 1;
      this.arriving = this.arriving.then(() => this.resolveAndEnqueue(number, fact));
    }
  }

  private async resolveAndEnqueue(number: number, fact: BrokerFact): Promise<void> {
    let owner = this.owners.known(fact);
    for (let failures = 0; owner === undefined; failures += 1) {
      if (this.stopping.signal.aborted) return;
      owner = await this.owners.lookUp(fact).catch(() => undefined);
      if (owner === undefined) await this.pause(retryAfter(failures));
    }
    this.lookingUp -= 1;
    this.enqueue(number, fact, owner);
  }

  private enqueue(number: number, fact: BrokerFact, owner: OrderOwner | null): void {
    this.owners.note(fact);
    const key = lineOf(fact, owner);
    if (key === null) return this.held.done([number]);
    let line = this.lines.get(key);
    if (!line) {
      line = { key, tradeId: owner?.tradeId ?? null, waiting: [], running: false, isStuck: false };
      this.lines.set(key, line);
    }
    // Each picture tells again what is not booked: what waits already need not wait twice.
    if (line.isStuck && line.waiting.some((other) => isRepeated(other.fact, fact))) {
      return this.held.done([number]);
    }
    line.waiting.push({ number, fact, owner });
    if (line.isStuck) this.held.setStuck([number]);
    if (!line.running) void this.run(line);
  }

  // ── committing ─────────────────────────────────────────────────────────────────────────────────

  private async run(line: Line): Promise<void> {
    line.running = true;
    // What came in one read of the socket (an order and its status) goes into one transaction.
    await new Promise(setImmediate);
    let failures = 0;
    while (line.waiting.length > 0 && !this.stopping.signal.aborted) {
      // After a failure one by one, so that one bad fact holds up nothing but itself.
      const batch = line.waiting.slice(0, failures === 0 ? BATCH_MAX : 1);
      const error = await this.commit(line.tradeId, batch);
      failures = error === null ? 0 : failures + 1;
      const isDone = error === null || (await this.isKeptAside(line, batch[0]!, error, failures));
      if (isDone) {
        line.waiting.splice(0, batch.length);
        this.held.done(batch.map(({ number }) => number));
        failures = 0;
        line.isStuck = false;
      } else await this.pause(this.pauseAfter(line, error, failures));
    }
    this.lines.delete(line.key);
  }

  /** Null when it was committed, else why not. */
  private async commit(tradeId: string | null, told: readonly OwnedFact[]): Promise<unknown> {
    const { db, context, onCommitted, onForeign, onFacts, log } = this.options;
    const batch = told.flatMap(({ fact, owner }) => {
      const left = outlivedBy(fact, { generation: this.pictureGeneration });
      return left === null ? [] : [{ fact: left, owner }];
    });
    if (batch.length === 0) return null;
    const commit = () => commitEvents(db, context(), tradeId, batch);
    try {
      const committed = await this.turns.run(commit);
      const facts = batch.map(({ fact }) => fact);
      this.repeats.committed(facts);
      onFacts?.(facts);
      for (const one of committed) onCommitted(one);
      logFills(log, tradeId, facts);
      if (tradeId === null) onForeign?.(facts);
      return null;
    } catch (error) {
      log.warn({ tradeId, error: String(error) }, 'callbacks were not committed; trying again');
      return error ?? new Error('no reason was given');
    }
  }

  /** Kept for a person, loudly: data that can't be stored must not stop what comes after it. */
  private async isKeptAside(
    { tradeId }: Line,
    owned: OwnedFact,
    error: unknown,
    failures: number,
  ): Promise<boolean> {
    if (failures < FAILURES_MAX || !isRefusedData(error)) return false;
    const { db, context, log } = this.options;
    const why = String(error);
    log.error({ tradeId, fact: owned.fact, why }, 'a callback can not be stored: set aside');
    return keepAside(db, context(), tradeId, owned, why).then(
      () => true,
      (failure: unknown) => {
        log.error({ tradeId, error: String(failure) }, 'and could not be kept yet: trying again');
        return false;
      },
    );
  }

  /** What is not the database's doing holds up its own trade, and nothing else: nobody waits for it. */
  private pauseAfter(line: Line, error: unknown, failures: number): number {
    if (isOfDatabase(error) && !isRefusedData(error)) return retryAfter(failures - 1);
    line.isStuck = true;
    this.held.setStuck(line.waiting.map(({ number }) => number));
    if (failures === FAILURES_MAX) void this.tellStuck(line, error);
    return Math.min(RETRY_AFTER_MS * 2 ** (failures - 1), STUCK_RETRY_MAX_MS);
  }

  /** Told once per line and process: whoever mends it sees the growing pauses in the log. */
  private async tellStuck({ tradeId, key, waiting }: Line, error: unknown): Promise<void> {
    const { db, context, log } = this.options;
    const why = String(error);
    log.error({ tradeId, fact: waiting[0]?.fact, error: why }, 'callbacks can not be booked');
    await alert(db, {
      ...{ userId: context().userId, tradeId, kind: 'facts_stuck' },
      dedupeKey: `facts-stuck:${key}:${waiting[0]?.number}:${STARTED_AT_MS}`,
      summary: 'what the broker told can not be booked; it is kept and tried again: see the log',
      detail: { why, facts: waiting.length },
    }).catch((failure: unknown) => log.error({ tradeId, error: String(failure) }, 'and not told'));
  }

  private pause(durationMs: number): Promise<void> {
    const { signal } = this.stopping;
    return new Promise((resolve) => {
      const timer = setTimeout(done, durationMs);
      signal.addEventListener('abort', done, { once: true });
      if (signal.aborted) done();
      function done(): void {
        clearTimeout(timer);
        signal.removeEventListener('abort', done);
        resolve();
      }
    });
  }

  // ── from disk ──────────────────────────────────────────────────────────────────────────────────

  private async readBackForEver(): Promise<void> {
    try {
      await this.readBack();
    } catch (error) {
      this.options.log.error({ error: String(error) }, 'spilled facts could not be read back');
    }
    if (this.stopping.signal.aborted) return;
    this.timer = setTimeout(() => void this.readBackForEver(), READ_BACK_EVERY_MS);
  }

  /** Commits what is on disk, this process's and dead ones', once what is in memory is committed. */
  private async readBack(): Promise<void> {
    while (this.spill.hasFacts() && !this.stopping.signal.aborted) {
      await this.held.drained();
      for (const path of this.spill.takeFiles()) {
        const { facts, bytes } = this.spill.read(path);
        for (let from = 0; from < facts.length; from += READ_BACK_CHUNK) {
          for (const fact of facts.slice(from, from + READ_BACK_CHUNK)) this.take(fact);
          await this.held.drained();
          if (this.stopping.signal.aborted) return;
        }
        if (this.held.hasStuck) this.spill.keep(path);
        else this.spill.remove(path, bytes);
        this.options.log.warn({ path, facts: facts.length }, 'spilled facts were read back');
      }
    }
    if (!this.stopping.signal.aborted) this.isSpilling = false;
  }
}

/** Null for what changes nothing: the orders of others. */
function lineOf(fact: BrokerFact, owner: OrderOwner | null): string | null {
  if (owner !== null) return owner.tradeId;
  if (fact.kind === 'execution') return `foreign ${fact.report.executionKey}`;
  return fact.kind === 'commission' ? `foreign ${fact.report.executionId}` : null;
}

/** Said again, at another time. */
function isRepeated(one: BrokerFact, other: BrokerFact): boolean {
  return isSame({ ...one, receivedAtMs: 0 }, { ...other, receivedAtMs: 0 });
}

function retryAfter(failures: number): number {
  return Math.min(RETRY_AFTER_MS * 2 ** failures, RETRY_AFTER_MAX_MS);
}
