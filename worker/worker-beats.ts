/** Says in the database that this process moves, for whoever asks whether anybody is at work. */
import { randomUUID } from 'node:crypto';
import type { Logger } from '../config/logger.js';
import type { Database } from '../store/database.js';
import { beat, leaveBeats } from '../store/worker-beats.js';

const EVERY_MS = 2_000;

export class WorkerBeats {
  private readonly id = randomUUID();
  private readonly timer: NodeJS.Timeout;
  private last: Promise<void> | null = null;

  constructor(
    private readonly db: Database,
    private readonly queue: string,
    private readonly log: Logger,
  ) {
    this.timer = setInterval(() => this.beat(), EVERY_MS).unref();
    this.beat();
  }

  /** It leaves in order: nobody need wait to see that it is gone. */
  async stop(): Promise<void> {
    clearInterval(this.timer);
    await this.last;
    await leaveBeats(this.db, this.id).catch(() => undefined);
  }

  /** One at a time: a database that is away is told of by others. */
  private beat(): void {
    this.last ??= beat(this.db, this.id, this.queue)
      .catch((error: unknown) => this.log.debug({ error: String(error) }, 'no beat'))
      .finally(() => {
        this.last = null;
      });
  }
}
