/** Lays a complete picture over the books of suspicious trades, and quarantines what it can't explain. */
import type { Logger } from '../../config/logger.js';
import type { Snapshot } from '../../domain/broker/snapshot.js';
import { ARRIVAL_MS } from '../../domain/sending/picture.js';
import { judgeTrade, type Viewpoint } from '../../store/book/judge.js';
import type { Database } from '../../store/database.js';
import { quarantineSymbol } from '../../store/quarantine.js';

/** Books changed at once: half of the pool, so that sends find a connection. */
const AT_ONCE = 5;

export interface JudgeOptions {
  readonly db: Database;
  /** Where pictures are judged from. */
  readonly viewpoint: () => Viewpoint;
  /** A trade was changed and its workflow must be told. */
  readonly onWakes: (tradeId: string) => void;
  readonly log: Logger;
}

interface Unexplained {
  readonly sinceMs: number;
  readonly generation: number;
}

export class Judge {
  /** Trades whose position no book explains, since the first picture that showed it. */
  private unexplained = new Map<string, Unexplained>();

  constructor(private readonly options: JudgeOptions) {}

  /** Judges each of the trades. @throws when the database does not answer */
  async judge(snapshot: Snapshot, tradeIds: ReadonlySet<string>): Promise<void> {
    for (const tradeId of this.unexplained.keys()) {
      if (!tradeIds.has(tradeId)) this.unexplained.delete(tradeId);
    }
    const waiting = [...tradeIds];
    const work = async (): Promise<void> => {
      for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
        await this.judgeOne(snapshot, next);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
  }

  private async judgeOne(snapshot: Snapshot, tradeId: string): Promise<void> {
    const { db, viewpoint, onWakes } = this.options;
    const { changed, judgement } = await judgeTrade(db, snapshot, tradeId, viewpoint());
    if (changed.wakes) onWakes(tradeId);
    if (!judgement.isUnexplained) this.unexplained.delete(tradeId);
    else if (this.isLasting(tradeId, snapshot)) await this.quarantine(tradeId);
  }

  /** A fill on its way explains itself within seconds: only what lasts is unexplained. */
  private isLasting(tradeId: string, { generation, startedAtMs }: Snapshot): boolean {
    const known = this.unexplained.get(tradeId);
    if (known?.generation === generation) return startedAtMs - known.sinceMs >= ARRIVAL_MS;
    this.unexplained.set(tradeId, { sinceMs: startedAtMs, generation });
    return false;
  }

  private async quarantine(tradeId: string): Promise<void> {
    const { db, log } = this.options;
    const trade = tradeId.slice(0, 8);
    const reason = `the broker's position is not what the books say, and an order of trade ${trade} is missing`;
    if (await quarantineSymbol(db, { tradeId, reason, causeKey: `judged:${tradeId}` })) {
      log.error({ tradeId, reason }, 'the symbol is quarantined');
    }
  }
}
