/**
 * Turns to write a group, for any broker. Order ids are given out and committed while a turn is held, so they reach
 * the broker in their order, however urgent what comes next is: IBKR refuses an id below an earlier one (103).
 *  1. One turn is held at a time; protective ones are given before entries, first come first served.
 *  2. A turn belongs to the session and generation it was opened in, and ends with them.
 *  3. A turn not used in time is taken back: its holder writes nothing later.
 */
import type { WireGroup } from '../domain/broker/group.js';
import type { EpochMs } from '../domain/vocabulary.js';
import { NotSentError } from './port.js';
import type { ConnectionState, SendReceipt, Slot, SlotRequest } from './port.js';

/** A claim is one transaction of milliseconds; longer than this would keep protection waiting. */
const SLOT_MAX_MS = 1_000;

/** Nothing is worth writing after a day of waiting; longer timers would fire at once. */
const WAIT_MAX_MS = 86_400_000;

type Priority = SlotRequest['priority'];

interface Waiter {
  readonly request: SlotRequest;
  readonly resolve: (slot: Slot) => void;
  readonly reject: (error: NotSentError) => void;
  readonly timer: NodeJS.Timeout;
}

/** One stretch of one connection in which orders may be written. */
export interface WriteSession {
  readonly generation: number;
  readonly nextValidId: number;
  readonly accounts: readonly string[];
  /**
   * @throws NotSentError `not_ready` when the connection is another one now, or is in another
   * generation, or is not ready.
   */
  requireCurrent(): void;
}

/** A turn that is held. */
interface Held<S extends WriteSession> {
  readonly request: SlotRequest;
  readonly session: S;
  readonly timer: NodeJS.Timeout;
  /** Why nothing may be written by it any more; null while it may. */
  over: NotSentError | null;
}

export interface SlotOptions<S extends WriteSession> {
  readonly nowMs: () => EpochMs;
  readonly maxWaiting: number;
  /** The largest group of a priority. */
  readonly largest: (priority: Priority) => number;
  readonly state: () => ConnectionState;
  /** @throws NotSentError unless orders may be written. */
  readonly session: () => S;
  /** Writes the group in this tick. @throws NotSentError, UnknownOutcomeError. */
  readonly write: (group: WireGroup, held: HeldSlot<S>) => SendReceipt;
  /** A turn became free or was asked for. */
  readonly onChange: () => void;
}

/** What a write needs to know of its slot. */
export interface HeldSlot<S extends WriteSession = WriteSession> {
  readonly session: S;
  readonly messages: number;
  readonly tradeId: string | undefined;
  readonly guard: () => void;
}

export class Slots<S extends WriteSession> {
  private readonly waiting: Record<Priority, Waiter[]> = { protect: [], entry: [] };
  private held: Held<S> | null = null;

  constructor(private readonly options: SlotOptions<S>) {}

  /** Waits for a turn; see the port. */
  open(request: SlotRequest): Promise<Slot> {
    const { maxWaiting, largest, nowMs, onChange } = this.options;
    const queue = this.waiting[request.priority];
    if (request.messages < 1 || request.messages > largest(request.priority)) {
      const told = `a group of ${request.messages} messages can't be sent within one second`;
      return Promise.reject(new NotSentError('invalid', told));
    }
    if (queue.length >= maxWaiting) {
      const told = `${queue.length} ${request.priority} sends are waiting already: try again later`;
      return Promise.reject(new NotSentError('queue_full', told));
    }
    return new Promise((resolve, reject) => {
      const waitMs = Math.min(Math.max(request.deadlineMs - nowMs(), 0), WAIT_MAX_MS);
      const timer = setTimeout(() => this.giveUp(waiter), waitMs);
      const waiter: Waiter = { request, resolve, reject, timer };
      queue.push(waiter);
      onChange();
    });
  }

  /** How many wait for a turn of this priority. */
  waitingFor(priority: Priority): number {
    return this.waiting[priority].length;
  }

  /** Messages of the turn that is held. */
  get reserved(): number {
    return this.held?.request.messages ?? 0;
  }

  /** How many messages the next of this priority wants; null when none could take a turn now. */
  next(priority: Priority): number | null {
    if (this.held || !this.options.state().ready) return null;
    return this.waiting[priority][0]?.request.messages ?? null;
  }

  get areWaiting(): boolean {
    const some = this.waiting.protect.length + this.waiting.entry.length > 0;
    return some && this.options.state().ready;
  }

  /** Gives the turn to the first of this priority. */
  take(priority: Priority): void {
    const waiter = this.waiting[priority].shift();
    if (!waiter) return;
    clearTimeout(waiter.timer);
    const { request } = waiter;
    const timer = setTimeout(() => {
      const told = `not sent: the turn to write was not used within ${SLOT_MAX_MS} ms`;
      this.end(held, new NotSentError('too_late', told));
    }, SLOT_MAX_MS);
    const held: Held<S> = { request, session: this.options.session(), timer, over: null };
    this.held = held;
    waiter.resolve(this.slotOf(held));
  }

  /** The connection changed: a turn of an earlier session or generation is over. */
  connectionChanged(): void {
    const { held } = this;
    if (!held) return;
    try {
      held.session.requireCurrent();
    } catch (error) {
      this.end(held, error as NotSentError);
    }
  }

  /** Refuses all who wait: nobody is left to write for them. */
  close(reason: string): void {
    const refusal = new NotSentError('closed', `never sent: ${reason}`);
    for (const queue of Object.values(this.waiting)) {
      for (const waiter of queue.splice(0)) {
        clearTimeout(waiter.timer);
        waiter.reject(refusal);
      }
    }
    if (this.held) this.end(this.held, refusal);
  }

  private slotOf(held: Held<S>): Slot {
    const { generation, nextValidId, accounts } = held.session;
    const { messages, tradeId } = held.request;
    return {
      generation,
      nextValidId,
      accounts,
      write: (group, guard) => {
        if (held.over) throw held.over;
        try {
          return this.options.write(group, { session: held.session, messages, tradeId, guard });
        } finally {
          this.end(held, new NotSentError('invalid', 'a slot writes once, and it has'));
        }
      },
      release: () => this.end(held, new NotSentError('invalid', 'the slot was released')),
    };
  }

  private end(held: Held<S>, why: NotSentError): void {
    if (held.over) return;
    held.over = why;
    clearTimeout(held.timer);
    if (this.held === held) this.held = null;
    this.options.onChange();
  }

  private giveUp(waiter: Waiter): void {
    const queue = this.waiting[waiter.request.priority];
    const index = queue.indexOf(waiter);
    if (index === -1) return;
    queue.splice(index, 1);
    const { ready, reason } = this.options.state();
    waiter.reject(
      ready
        ? new NotSentError('too_late', 'not sent: its turn to write did not come in time')
        : new NotSentError('not_ready', `not sent: the broker link is not ready (${reason})`),
    );
    this.options.onChange();
  }
}
