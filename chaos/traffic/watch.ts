/** The newest rows of a run's trades, read a few times a second while the database answers. */
import { setTimeout as sleep } from 'node:timers/promises';
import { isSettled, type EngineBooks, type TradeRow } from '../judge/engine-books.js';

const LOOK_EVERY_MS = 150;
/** More than a run's limit of looks; the oldest go first. */
const LOOKS_MAX = 1_000;

interface Look {
  readonly atMs: number;
  readonly states: readonly string[];
}

export class TradeWatch {
  private readonly ids = new Set<string>();
  private rows = new Map<string, TradeRow>();
  private readonly looks: Look[] = [];
  private readonly settledAt = new Map<string, number>();
  private readonly watching: Promise<void>;
  private stopped = false;

  constructor(private readonly books: EngineBooks) {
    this.watching = this.watch();
  }

  /** From now on this trade is looked at. */
  add(tradeId: string): void {
    this.ids.add(tradeId);
  }

  /** Its row as last seen; undefined before the first look. */
  row(tradeId: string): TradeRow | undefined {
    return this.rows.get(tradeId);
  }

  /** The states of all trades as they were last seen before that time; the first look's before any. */
  statesAt(atMs: number): readonly string[] {
    return (this.looks.findLast((look) => look.atMs <= atMs) ?? this.looks[0])?.states ?? [];
  }

  /** When it was first seen settled; undefined while it isn't. */
  settledAtMs(tradeId: string): number | undefined {
    return this.settledAt.get(tradeId);
  }

  /** Waits until its row passes the test; false when the deadline comes first. */
  async until(
    tradeId: string,
    test: (row: TradeRow) => boolean,
    deadlineMs: number,
  ): Promise<boolean> {
    for (;;) {
      const row = this.row(tradeId);
      if (row && test(row)) return true;
      if (this.stopped || Date.now() > deadlineMs) return false;
      await sleep(LOOK_EVERY_MS);
    }
  }

  async stop(): Promise<void> {
    this.stopped = true;
    await this.watching;
  }

  private async watch(): Promise<void> {
    while (!this.stopped) {
      await this.look().catch(() => undefined); // away: what is known stays
      await sleep(LOOK_EVERY_MS);
    }
  }

  private async look(): Promise<void> {
    if (this.ids.size === 0) return;
    const askedAtMs = Date.now();
    const rows = await this.books.trades([...this.ids]);
    this.rows = rows;
    this.looks.push({ atMs: askedAtMs, states: [...rows.values()].map(({ state }) => state) });
    if (this.looks.length > LOOKS_MAX) this.looks.shift();
    for (const [id, row] of rows) {
      // A bust may reopen what was settled.
      if (!isSettled(row)) this.settledAt.delete(id);
      else if (!this.settledAt.has(id)) this.settledAt.set(id, Date.now());
    }
  }
}
