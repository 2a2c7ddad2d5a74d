/**
 * Stops that follow the price (TRD-5): each second the newest quote of every trade that trails is looked at, and
 * a step that is due is wished for in its book; the trade's workflow then has it carried out like a command.
 * All it knows is in the rows, so whoever holds the link next goes on with it.
 */
import type { BrokerDeps } from '../../activities/deps.js';
import { freshQuote } from '../../activities/market.js';
import { trailOn } from '../../domain/trade/trail.js';
import { MOVE_QUOTE_MAX_AGE_MS } from '../../domain/trade/moves.js';
import { changeTrade } from '../../store/book/change.js';
import { loadBook } from '../../store/book/load.js';
import { TRAILS_MAX, trailingTrades, type TrailingTrade } from '../../store/trailing.js';
import { priceIncrement } from '../../store/world.js';

/** A fifth of the pause between two steps: a high that lasts a second is seen. */
const LOOK_EVERY_MS = 1_000;
/** A symbol without an answer costs twelve seconds: it must not take the place of those that are answered at once. */
const ASKS_AT_ONCE_MAX = 8;
/** A watched symbol is confirmed every two seconds; older than this, it is asked for. */
const ASK_AFTER_MS = MOVE_QUOTE_MAX_AGE_MS / 2;
/** Commands of the same moment don't see one another: so many more may be taken than there is room for. */
const SAME_MOMENT = 50;

export interface TrailKeeperOptions {
  readonly deps: Pick<BrokerDeps, 'db' | 'market' | 'link' | 'log' | 'nowMs'>;
  readonly accountIds: () => readonly string[];
  /** A step is wished for: the trade's workflow is to be told. */
  readonly notify: (tradeId: string) => void;
}

export class TrailKeeper {
  private timer: NodeJS.Timeout | null = null;
  private stopped = false;
  /** Symbols whose quote is being asked for. */
  private readonly asking = new Set<string>();
  /** When each symbol that trails was last asked for. */
  private askedAtMs = new Map<string, number>();

  constructor(private readonly options: TrailKeeperOptions) {
    this.schedule();
  }

  stop(): void {
    this.stopped = true;
    if (this.timer) clearTimeout(this.timer);
  }

  private schedule(): void {
    if (!this.stopped) this.timer = setTimeout(() => void this.lookForEver(), LOOK_EVERY_MS);
  }

  private async lookForEver(): Promise<void> {
    const { deps } = this.options;
    try {
      if (deps.link.readySinceMs() !== null && deps.link.maySend()) await this.look();
    } catch (error) {
      deps.log.warn({ error: String(error) }, 'the stops that trail could not be looked at');
    }
    this.schedule();
  }

  private async look(): Promise<void> {
    const { deps, accountIds } = this.options;
    const trades = await trailingTrades(deps.db, accountIds(), TRAILS_MAX + SAME_MOMENT);
    this.askForQuotes(trades);
    for (const trade of trades) {
      if (this.stopped) return;
      await this.trail(trade).catch((error: unknown) =>
        deps.log.warn({ tradeId: trade.tradeId, error: String(error) }, 'it did not trail'),
      );
    }
  }

  /** Beside the looking, a few contracts at once, whoever was asked for longest ago first: it waits for none of them. */
  private askForQuotes(trades: readonly TrailingTrade[]): void {
    const { deps } = this.options;
    const byContract = new Map(trades.map((trade) => [contractOf(trade), trade]));
    const lastAskedMs = (contract: string) =>
      this.askedAtMs.get(contract) ?? Number.NEGATIVE_INFINITY;
    this.askedAtMs = new Map([...this.askedAtMs].filter(([contract]) => byContract.has(contract)));
    const due = [...byContract]
      .filter(([contract, trade]) => !this.asking.has(contract) && this.isOld(trade))
      .sort(([a], [b]) => lastAskedMs(a) - lastAskedMs(b))
      .slice(0, Math.max(0, ASKS_AT_ONCE_MAX - this.asking.size));
    for (const [contract, trade] of due) {
      this.asking.add(contract);
      this.askedAtMs.set(contract, deps.nowMs());
      void freshQuote(deps, trade, ASK_AFTER_MS).finally(() => this.asking.delete(contract));
    }
  }

  private isOld({ instrument }: TrailingTrade): boolean {
    const { market, nowMs } = this.options.deps;
    const quote = market.latest(instrument);
    return quote?.kind !== 'live' || nowMs() - quote.atMs > ASK_AFTER_MS;
  }

  /** By the newest quote there is; looks without the lock first: most are no step. */
  private async trail(trade: TrailingTrade): Promise<void> {
    const { deps, notify } = this.options;
    const { db, market } = deps;
    const { tradeId } = trade;
    const { book, keys } = await loadBook(db, tradeId);
    const increment = await priceIncrement(db, keys.connectionId, book.instrument);
    const quote = market.latest(book.instrument);
    const nowMs = deps.nowMs();
    if (trailOn(book, quote, increment, nowMs).book === book) return;
    const { wakes } = await changeTrade(db, 'trail.commit', tradeId, nowMs, (now) =>
      trailOn(now, quote, increment, nowMs),
    );
    if (wakes) notify(tradeId);
  }
}

/** A symbol may be listed in several currencies. */
function contractOf({ symbol, instrument: { brokerContractId } }: TrailingTrade): string {
  return String(brokerContractId ?? symbol);
}
