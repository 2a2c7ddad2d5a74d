/** How requests get to the socket: through the paced queue, on the connection of now. */
import type { IBApi } from '@stoqey/ib';
import type { IbkrConnection } from './connection.js';
import type { PacedQueue, UnitPriority } from './pacing.js';

export class Wire {
  constructor(
    private readonly connection: IbkrConnection,
    private readonly queue: PacedQueue,
  ) {}

  /**
   * Writes one request message, as soon as its turn comes and only while connected; resolves when it was
   * handed to the socket.
   * @throws NotSentError when it never was; UnknownOutcomeError when it may have been.
   */
  async ask(
    write: (api: IBApi) => void,
    {
      priority = 'query',
      mark = null,
      isWanted = () => true,
      check = () => undefined,
    }: AskOptions = {},
  ): Promise<void> {
    const mayAsk = (): void => {
      this.connection.requireUp();
      check();
    };
    mayAsk();
    return this.queue.send({
      priority,
      mark,
      check: () => {
        mayAsk();
        if (!isWanted()) throw new Error('the request is no longer wanted');
      },
      write: () => this.connection.requireUp().write(1, write),
    });
  }
}

interface AskOptions {
  readonly priority?: UnitPriority;
  /** What the reply names the message by, where a reply proves that it was read. */
  readonly mark?: string | null;
  /** False drops it unwritten when its turn comes too late. */
  readonly isWanted?: () => boolean;
  /** Called at once and again right before the write: throw to stop it. */
  readonly check?: () => void;
}
