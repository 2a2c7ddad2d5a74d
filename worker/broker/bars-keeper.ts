/**
 * Keeps what prices did, for the charts of trades, and quotes of what trades are open in, for what positions are worth.
 * It stands behind everything else: no trade waits for it, and what it can't store is gone.
 */
import type { Logger } from '../../config/logger.js';
import { middleOf, withPrice, type PriceBar } from '../../domain/price-bars.js';
import type { Instrument, Quote } from '../../domain/vocabulary.js';
import { reservedInstruments } from '../../store/closes.js';
import type { Database } from '../../store/database.js';
import { dropBars, saveBars, type BarOfContract } from '../../store/price-bars.js';

/** Bars grow in memory, and are stored this often: a chart is some seconds behind. */
const STORE_EVERY_MS = 2_000;
/** What is held is looked up this often: within it a position gets its quotes. */
const HELD_EVERY_MS = 30_000;
/** As many as there are lines for quotes. */
const HELD_MAX = 80;
const DROP_EVERY_MS = 3_600_000;
/** A trade is looked back at for weeks. */
const KEPT_MS = 30 * 86_400_000;
/** While the database is away; the oldest are dropped beyond it. */
const WAITING_MAX = 5_000;

export class BarsKeeper {
  private readonly bars = new Map<number, PriceBar>();
  private changed = new Map<string, BarOfContract>();
  private readonly timers: NodeJS.Timeout[];
  private isBusy = false;

  /** @param keepWanted is given what trades are open in, now and then */
  constructor(
    private readonly db: Database,
    private readonly connectionId: string,
    private readonly log: Logger,
    private readonly keepWanted: (held: readonly Instrument[]) => void,
  ) {
    const every = (ms: number, work: () => Promise<unknown>) =>
      setInterval(() => void this.attempt(work), ms).unref();
    this.timers = [
      every(STORE_EVERY_MS, () => this.store()),
      every(HELD_EVERY_MS, () => this.lookForHeld()),
      every(DROP_EVERY_MS, () => this.drop()),
    ];
  }

  /** Takes a quote as it came; costs no more than some arithmetic. */
  take(brokerContractId: number, quote: Quote): void {
    const price = middleOf(quote);
    if (price === null) return;
    const bar = withPrice(this.bars.get(brokerContractId) ?? null, price, quote.atMs);
    this.bars.set(brokerContractId, bar);
    this.changed.set(`${brokerContractId}/${bar.startsAtMs}`, { ...bar, brokerContractId });
    if (this.changed.size <= WAITING_MAX) return;
    const [oldest] = this.changed.keys();
    if (oldest !== undefined) this.changed.delete(oldest);
  }

  stop(): void {
    for (const timer of this.timers) clearInterval(timer);
  }

  private async store(): Promise<void> {
    if (this.isBusy || this.changed.size === 0) return;
    this.isBusy = true;
    const taken = this.changed;
    this.changed = new Map();
    try {
      await saveBars(this.db, this.connectionId, [...taken.values()]);
    } catch (error) {
      // What came meanwhile is newer, and holds all that the older of the same time did.
      this.changed = new Map([...taken, ...this.changed]);
      throw error;
    } finally {
      this.isBusy = false;
    }
  }

  private async drop(): Promise<void> {
    for (const [contract, { startsAtMs }] of this.bars) {
      if (Date.now() - startsAtMs > DROP_EVERY_MS) this.bars.delete(contract);
    }
    await dropBars(this.db, KEPT_MS);
  }

  private async lookForHeld(): Promise<void> {
    this.keepWanted(await reservedInstruments(this.db, this.connectionId, HELD_MAX));
  }

  private async attempt(work: () => Promise<unknown>): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.log.warn({ error: String(error) }, 'prices for charts were not kept');
    }
  }
}
