/** What the database holds while the burst is decided, looked at a few times a second. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { EngineBooks, Standing } from '../judge/engine-books.js';

const LOOK_EVERY_MS = 200;
/** Half an hour of looks; the oldest go first. */
const LOOKS_MAX = 9_000;

export interface Look extends Pick<Standing, 'reservations'> {
  readonly atMs: number;
}

export class BurstWatch {
  readonly looks: Look[] = [];
  private readonly decidedAt = new Map<string, number>();
  private readonly watching: Promise<void>;
  private stopped = false;

  constructor(private readonly books: EngineBooks) {
    this.watching = this.watch();
  }

  /** When a trade was first seen decided; undefined before that. */
  decidedAtMs(tradeId: string): number | undefined {
    return this.decidedAt.get(tradeId);
  }

  async stop(): Promise<void> {
    this.stopped = true;
    await this.watching;
  }

  private async watch(): Promise<void> {
    while (!this.stopped) {
      await this.look().catch(() => undefined); // away: the next look tells
      await sleep(LOOK_EVERY_MS);
    }
  }

  private async look(): Promise<void> {
    const { reservations, decided } = await this.books.standing();
    const atMs = Date.now();
    this.looks.push({ atMs, reservations });
    if (this.looks.length > LOOKS_MAX) this.looks.shift();
    for (const id of decided) if (!this.decidedAt.has(id)) this.decidedAt.set(id, atMs);
  }
}
