/**
 * The one queue before the socket (BRK-7): requests wait in it as units of one message, orders as turns
 * to write (`slots.ts`). Invariants:
 *  1. never more than the limit in any second of the broker's, a group's messages counted together;
 *  2. proofs of reading first, then protective work, entries, queries; a large group isn't overtaken for
 *     ever, because only the head of the most urgent lane is looked at;
 *  3. a unit is checked in the same tick as it is written;
 *  4. what a slot has reserved is nobody else's until it is written or given up.
 */
import { NotSentError, UnknownOutcomeError } from '../port.js';
import type { SendReceipt, SlotRequest } from '../port.js';
import type { EpochMs } from '../../domain/vocabulary.js';
import { PacingWindow } from './pacing-window.js';

/**
 * `proof` asks for a sign that everything before it was read: nothing goes before it. What repairs are
 * decided by is asked for with `protect`.
 */
export type UnitPriority = 'proof' | 'protect' | 'query';

/** Orders are written in turns, never as a unit that waits: see `slots.ts`. */
type TurnPriority = SlotRequest['priority'];

/**
 * How many messages of the limit each priority leaves to more urgent ones: one to the proof, without
 * which a full window would stay full, and one more to protective work. 48 are 16 brackets exactly.
 */
const LEAVES: Readonly<Record<UnitPriority | TurnPriority, number>> = {
  proof: 0,
  protect: 1,
  entry: 2,
  query: 2,
};

/** Without a reply for so long, one is asked for: at most four messages a second, in traffic only. */
const PROOF_AFTER_MS = 250;

/** One request message. */
export interface SendUnit {
  readonly priority: UnitPriority;
  /** What its reply names it by; null where a reply proves nothing. */
  readonly mark: string | null;
  /** Throws to stop the send; called right before the write. */
  readonly check: () => void;
  /** Hands the message to the socket, or throws NotSentError or UnknownOutcomeError. */
  readonly write: () => void;
}

interface Waiting {
  readonly unit: SendUnit;
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

/** Those who wait for a turn rather than with a ready message: the slots. */
export interface TurnTakers {
  /** Messages of the turn that is taken and not yet written. */
  readonly reserved: number;
  /** How many messages the next of this priority wants; null when none could take a turn now. */
  next(priority: TurnPriority): number | null;
  /** Takes the turn. */
  take(priority: TurnPriority): void;
  /** Somebody waits and the link is ready: queries wait too. */
  readonly areWaiting: boolean;
}

export interface PacingOptions {
  readonly maxMessagesPerSecond: number;
  readonly maxQueuedUnits: number;
  readonly nowMs: () => EpochMs;
  readonly monotonicMs: () => number;
  /** Asks the gateway for a reply, as a unit of priority `proof`; called again only after its answer. */
  readonly askForProof: () => void;
}

/** The next in line: what it wants, and how it goes on. */
interface Head {
  readonly messages: number;
  readonly leaves: number;
  readonly go: () => void;
}

const NO_TURN_TAKERS: TurnTakers = {
  reserved: 0,
  next: () => null,
  take: () => undefined,
  areWaiting: false,
};

export class PacedQueue {
  private readonly queues: Record<UnitPriority, Waiting[]> = { proof: [], protect: [], query: [] };
  private readonly window: PacingWindow;
  private turns: TurnTakers = NO_TURN_TAKERS;
  private timer: NodeJS.Timeout | null = null;
  private proofTimer: NodeJS.Timeout | null = null;
  private pumping = false;

  constructor(private readonly options: PacingOptions) {
    this.window = new PacingWindow(options.monotonicMs);
  }

  /** Those whose turns are interleaved with the units; set once, when all exist. */
  serve(turns: TurnTakers): void {
    this.turns = turns;
  }

  /** What is used and waits now, without the turns of the slots. */
  numbers(): { used: number; limit: number; waiting: Record<UnitPriority, number> } {
    const { proof, protect, query } = this.queues;
    const waiting = { proof: proof.length, protect: protect.length, query: query.length };
    return { used: this.window.used(), limit: this.options.maxMessagesPerSecond, waiting };
  }

  /** The largest group of this priority that can ever be written. */
  largest(priority: TurnPriority): number {
    return this.options.maxMessagesPerSecond - LEAVES[priority];
  }

  /**
   * Writes the unit now, or when its turn comes.
   * @returns when it was handed to the socket. Rejects with NotSentError when it never was, with
   * UnknownOutcomeError when it may have been.
   */
  send(unit: SendUnit): Promise<void> {
    const queue = this.queues[unit.priority];
    if (queue.length >= this.options.maxQueuedUnits) {
      const told = `${queue.length} ${unit.priority} sends are waiting already: try again later`;
      return Promise.reject(new NotSentError('queue_full', told));
    }
    return new Promise((resolve, reject) => {
      queue.push({ unit, resolve, reject });
      this.pump();
    });
  }

  /** The library has written messages by itself. */
  wrote(messages: number): void {
    this.window.wrote(Array<null>(messages).fill(null));
    this.watchProofs();
  }

  /**
   * Counts the messages and writes them, now. Counted first: should the connection break meanwhile, they
   * are among what its end settles.
   */
  write(marks: readonly (string | null)[], write: () => void): SendReceipt {
    this.window.wrote(marks);
    this.watchProofs();
    try {
      write();
    } catch (error) {
      if (error instanceof NotSentError) this.window.takeBack(marks.length);
      throw error;
    }
    return { writtenAtMs: this.options.nowMs() };
  }

  /** A reply names a message: it was read, and all before it. */
  read(mark: string): void {
    if (this.window.read(mark)) this.pump();
  }

  /** A session has begun: what was written up to now was read, or never will be. */
  sessionBegan(): void {
    this.window.readAll();
    this.pump();
  }

  /** Refuses everything that waits: nothing of it was written. */
  clear(reason: string): void {
    for (const timer of [this.timer, this.proofTimer]) if (timer) clearTimeout(timer);
    this.timer = null;
    this.proofTimer = null;
    this.window.readAll();
    for (const queue of Object.values(this.queues)) {
      for (const waiting of queue.splice(0)) {
        waiting.reject(new NotSentError('closed', `never sent: ${reason}`));
      }
    }
  }

  /** Lets go whatever may go now. Call it when something outside has changed that it waits for. */
  pump(): void {
    if (this.pumping) return;
    this.pumping = true;
    try {
      for (let head = this.head(); head; head = this.head()) {
        const limit = this.options.maxMessagesPerSecond - head.leaves - this.turns.reserved;
        const waitMs = this.window.waitMs(head.messages, limit);
        if (waitMs !== 0) {
          this.wait(waitMs);
          break;
        }
        head.go();
      }
    } finally {
      this.pumping = false;
    }
  }

  private head(): Head | null {
    return (
      this.unitHead('proof') ??
      this.unitHead('protect') ??
      this.turnHead('protect') ??
      this.turnHead('entry') ??
      (this.turns.areWaiting ? null : this.unitHead('query'))
    );
  }

  private unitHead(priority: UnitPriority): Head | null {
    const queue = this.queues[priority];
    const [next] = queue;
    if (!next) return null;
    return {
      messages: 1,
      leaves: LEAVES[priority],
      go: () => {
        queue.shift();
        this.attempt(next);
      },
    };
  }

  private turnHead(priority: TurnPriority): Head | null {
    const messages = this.turns.next(priority);
    if (messages === null) return null;
    return { messages, leaves: LEAVES[priority], go: () => this.turns.take(priority) };
  }

  private attempt({ unit, resolve, reject }: Waiting): void {
    try {
      unit.check();
    } catch (error) {
      reject(asNotSent(error));
      return;
    }
    try {
      this.write([unit.mark], unit.write);
      resolve();
    } catch (error) {
      reject(error instanceof Error ? error : new UnknownOutcomeError(String(error)));
    }
  }

  /** Until there is room by itself, or, where only a reply makes room, until one has come. */
  private wait(waitMs: number | null): void {
    if (this.timer) clearTimeout(this.timer);
    this.timer = null;
    if (waitMs === null) {
      if (this.queues.proof.length === 0) queueMicrotask(() => this.options.askForProof());
      return;
    }
    this.timer = setTimeout(() => {
      this.timer = null;
      this.pump();
    }, Math.ceil(waitMs));
  }

  /** Asks for a reply when none has come for a while. */
  private watchProofs(): void {
    if (this.proofTimer) return;
    const oldestAtMs = this.window.oldestUnreadAtMs();
    if (oldestAtMs === null) return;
    const ageMs = this.options.monotonicMs() - oldestAtMs;
    this.proofTimer = setTimeout(
      () => {
        this.proofTimer = null;
        const unreadAtMs = this.window.oldestUnreadAtMs();
        if (unreadAtMs === null) return;
        const isDue = this.options.monotonicMs() - unreadAtMs >= PROOF_AFTER_MS;
        if (isDue) this.options.askForProof();
        this.watchProofs();
      },
      Math.max(PROOF_AFTER_MS - ageMs, PROOF_AFTER_MS / 2),
    ).unref();
  }
}

/** An error of a guard, as one that says that nothing was sent. */
export function asNotSent(error: unknown): Error {
  if (error instanceof NotSentError) return error;
  return new NotSentError('guard', error instanceof Error ? error.message : String(error));
}
