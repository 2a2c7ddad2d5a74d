/**
 * The one queue before the socket (BRK-7). Invariants:
 *  1. never more than the limit in any sliding second, a group's messages counted together;
 *  2. protective work before entries, entries before queries; a large group isn't overtaken for ever,
 *     because only the head of the most urgent queue is looked at;
 *  3. a group is written whole, in one tick, or not at all;
 *  4. deadline and guard are checked in the same tick as the write.
 */
import { NotSentError, UnknownOutcomeError } from '../port.js';
import type { SendPriority, SendReceipt } from '../port.js';
import type { EpochMs } from '../../domain/vocabulary.js';

const PRIORITIES: readonly SendPriority[] = ['protect', 'entry', 'query'];

/**
 * A second as the gateway measures it, plus a quarter: messages that it reads late arrive, by its
 * clock, in the same second as later ones. Three breaches end the session, so speed comes second.
 */
const WINDOW_MS = 1_250;

export interface SendUnit {
  readonly priority: SendPriority;
  /** How many protocol messages `write` hands over. */
  readonly messages: number;
  readonly sendBeforeMs: EpochMs | null;
  /** Throws to stop the send; called right before the write. */
  readonly check: () => void;
  /** Hands all messages to the socket, or throws NotSentError or UnknownOutcomeError. */
  readonly write: () => void;
}

interface Waiting {
  readonly unit: SendUnit;
  readonly resolve: (receipt: SendReceipt) => void;
  readonly reject: (error: Error) => void;
}

export interface PacingOptions {
  readonly maxMessagesPerSecond: number;
  readonly maxQueuedUnits: number;
  readonly nowMs: () => EpochMs;
  readonly monotonicMs: () => number;
}

export class PacedQueue {
  private readonly queues: Record<SendPriority, Waiting[]> = { protect: [], entry: [], query: [] };
  private readonly sent: { atMs: number; messages: number }[] = [];
  private timer: NodeJS.Timeout | null = null;
  private pumping = false;

  constructor(private readonly options: PacingOptions) {}

  /**
   * Writes the unit now, or when its turn comes.
   * @returns when it was handed to the socket. Rejects with NotSentError when it never was, with
   * UnknownOutcomeError when it may have been.
   */
  send(unit: SendUnit): Promise<SendReceipt> {
    if (unit.messages < 1 || unit.messages > this.options.maxMessagesPerSecond) {
      const told = `a group of ${unit.messages} messages can't be sent within one second`;
      return Promise.reject(new NotSentError('invalid', told));
    }
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

  /** Messages that the library writes by itself count too. */
  countOwn(messages: number): void {
    this.sent.push({ atMs: this.options.monotonicMs(), messages });
  }

  /** Refuses everything that waits: nothing of it was written. */
  clear(reason: string): void {
    if (this.timer) clearTimeout(this.timer);
    this.timer = null;
    for (const priority of PRIORITIES) {
      for (const waiting of this.queues[priority].splice(0)) {
        waiting.reject(new NotSentError('closed', `never sent: ${reason}`));
      }
    }
  }

  private pump(): void {
    if (this.pumping) return;
    this.pumping = true;
    try {
      for (let queue = this.urgent(); queue; queue = this.urgent()) {
        const next = queue[0];
        if (!next) break;
        const waitMs = this.waitMs(next.unit.messages);
        if (waitMs > 0) {
          this.wakeIn(waitMs);
          break;
        }
        queue.shift();
        this.attempt(next);
      }
    } finally {
      this.pumping = false;
    }
  }

  private urgent(): Waiting[] | undefined {
    return PRIORITIES.map((priority) => this.queues[priority]).find((queue) => queue.length > 0);
  }

  private attempt({ unit, resolve, reject }: Waiting): void {
    try {
      const atMs = this.options.nowMs();
      if (unit.sendBeforeMs !== null && atMs > unit.sendBeforeMs) {
        throw new NotSentError(
          'too_late',
          `not sent: ${atMs - unit.sendBeforeMs} ms past its time`,
        );
      }
      unit.check();
    } catch (error) {
      reject(asNotSent(error));
      return;
    }
    try {
      unit.write();
      this.countOwn(unit.messages);
      resolve({ writtenAtMs: this.options.nowMs() });
    } catch (error) {
      if (!(error instanceof NotSentError)) this.countOwn(unit.messages);
      reject(error instanceof Error ? error : new UnknownOutcomeError(String(error)));
    }
  }

  /** Milliseconds until so many more messages fit into the window; 0 when they do now. */
  private waitMs(messages: number): number {
    const now = this.options.monotonicMs();
    while (this.sent[0] && this.sent[0].atMs <= now - WINDOW_MS) this.sent.shift();
    let excess = messages - this.options.maxMessagesPerSecond;
    for (const earlier of this.sent) excess += earlier.messages;
    if (excess <= 0) return 0;
    for (const earlier of this.sent) {
      excess -= earlier.messages;
      if (excess <= 0) return earlier.atMs + WINDOW_MS - now;
    }
    return WINDOW_MS;
  }

  private wakeIn(waitMs: number): void {
    if (this.timer) clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.timer = null;
      this.pump();
    }, Math.ceil(waitMs));
  }
}

function asNotSent(error: unknown): Error {
  if (error instanceof NotSentError) return error;
  return new NotSentError('guard', error instanceof Error ? error.message : String(error));
}
