/** How requests and orders get to the socket: through the paced queue, on the connection of now. */
import type { IBApi } from '@stoqey/ib';
import { failpointSync } from '../../failpoints/failpoint.js';
import type { SendOptions, SendReceipt } from '../port.js';
import type { IbkrConnection } from './connection.js';
import type { Write } from './library.js';
import type { PacedQueue, QueuePriority } from './pacing.js';

export class Wire {
  constructor(
    private readonly connection: IbkrConnection,
    private readonly queue: PacedQueue,
  ) {}

  /**
   * Writes one request message, as soon as its turn comes and only while connected.
   * @param isWanted false drops it unwritten when its turn comes too late.
   */
  async ask(
    write: (api: IBApi) => void,
    { priority = 'query', mark = null, isWanted = () => true }: AskOptions = {},
  ): Promise<SendReceipt> {
    this.connection.requireUp();
    return this.queue.send({
      priority,
      marks: [mark],
      sendBeforeMs: null,
      check: () => {
        this.connection.requireUp();
        if (!isWanted()) throw new Error('the request is no longer wanted');
      },
      write: () => this.connection.requireUp().write(1, write),
    });
  }

  /** Writes a group of order messages whole, only while ready, after its own check and its guard. */
  async order(
    marks: readonly (string | null)[],
    write: Write,
    { kind, options, check }: OrderWrite,
  ): Promise<SendReceipt> {
    this.connection.requireReady();
    const context = { tradeId: options.tradeId };
    return this.queue.send({
      priority: options.priority,
      marks,
      sendBeforeMs: options.sendBeforeMs,
      check: () => {
        this.connection.requireReady();
        check();
        options.guard();
      },
      write: () => {
        if (kind !== 'what-if') failpointSync(`write.${kind}.before`, context);
        this.connection.requireReady().write(marks.length, write);
        if (kind !== 'what-if') failpointSync(`write.${kind}.after`, context);
      },
    });
  }
}

interface OrderWrite {
  /** What is written, for the failpoints; a what-if places nothing and has none. */
  readonly kind: 'bracket' | 'exits' | 'modify' | 'cancel' | 'what-if';
  readonly options: SendOptions;
  readonly check: () => void;
}

interface AskOptions {
  readonly priority?: QueuePriority;
  /** What the reply names the message by, where a reply proves that it was read. */
  readonly mark?: string | null;
  readonly isWanted?: () => boolean;
}
