/**
 * Keeps daily closes at hand, of which plans make correlations: of each contract that somebody asks for, and of those
 * that trades are open in. They are fetched one after the other, behind everything else, and once a day.
 */
import type { Logger } from '../../config/logger.js';
import type { BrokerPort } from '../../broker/port.js';
import type { Instrument } from '../../domain/vocabulary.js';
import { around } from '../../failpoints/failpoint.js';
import { closesFetchedAtMs, reservedInstruments, saveCloses } from '../../store/closes.js';
import type { Database } from '../../store/database.js';
import { within } from '../within.js';

/** A close is added once a day; what is fetched in one session is there before the next one's open. */
const FRESH_MS = 20 * 3_600_000;
/** What the broker would not tell it will hardly tell in a minute, and each try counts against its limits. */
const FAILED_MS = 10 * 60_000;
/** Contracts waiting for their turn; those beyond are fetched when somebody asks for them again. */
const WAITING_MAX = 200;
/** Contracts whose age is remembered; the database knows the others'. */
const REMEMBERED_MAX = 1_000;
/** Trades that stay open for weeks need new closes now and then. */
const LOOK_EVERY_MS = 10 * 60_000;
/** Sixty returns need sixty-one closes; some days more, for a contract that lacks one of them. */
const CLOSES_KEPT = 70;
/** Days are the exchange's. */
const DAY_IN_NEW_YORK = new Intl.DateTimeFormat('en-CA', { timeZone: 'America/New_York' });

export class ClosesKeeper {
  /** Until when nobody need ask for the contract again, by its id. */
  private readonly settledUntilMs = new Map<number, number>();
  private readonly waiting = new Map<number, Promise<void>>();
  private last: Promise<void> = Promise.resolve();
  private isStopped = false;
  private readonly timer: NodeJS.Timeout;

  constructor(
    private readonly db: Database,
    private readonly broker: BrokerPort,
    private readonly connectionId: string,
    private readonly log: Logger,
  ) {
    this.timer = setInterval(() => void this.look(), LOOK_EVERY_MS).unref();
  }

  /** Fetches them in the background unless they are fresh, or under way. Never fails. */
  want(instrument: Instrument): void {
    const id = instrument.brokerContractId;
    if (id === undefined || this.isStopped || this.waiting.has(id)) return;
    if (Date.now() < (this.settledUntilMs.get(id) ?? 0) || this.waiting.size >= WAITING_MAX) return;
    const mine = this.last
      .then(() => this.fetch(instrument, id))
      .catch((error: unknown) => this.gaveUp(instrument, id, error))
      .finally(() => this.waiting.delete(id));
    this.waiting.set(id, mine);
    this.last = mine;
  }

  /** Waits until what is under way now has ended, of whatever contract, so long at the most. */
  async settled(waitMs: number): Promise<void> {
    if (this.waiting.size > 0) await within(waitMs, this.last).catch(() => undefined);
  }

  stop(): void {
    this.isStopped = true;
    clearInterval(this.timer);
  }

  private async fetch(instrument: Instrument, id: number): Promise<void> {
    if (this.isStopped) return;
    const knownAtMs = await closesFetchedAtMs(this.db, this.connectionId, id);
    if (knownAtMs !== null && Date.now() - knownAtMs < FRESH_MS) {
      return this.settle(id, knownAtMs + FRESH_MS);
    }
    const fetchedAtMs = Date.now();
    const told = await this.broker.dailyCloses(instrument);
    const today = DAY_IN_NEW_YORK.format(fetchedAtMs);
    // Today's is no close yet, or one that the next fetch has.
    const closes = told.filter(({ day }) => day < today).slice(-CLOSES_KEPT);
    const { symbol } = instrument;
    await around('closes.save', { symbol }, () =>
      saveCloses(this.db, this.connectionId, instrument, { closes, fetchedAtMs }),
    );
    this.settle(id, fetchedAtMs + FRESH_MS);
  }

  private gaveUp({ symbol }: Instrument, id: number, error: unknown): void {
    if (this.isStopped) return;
    this.log.warn({ symbol, error: String(error) }, 'no daily closes: correlations are not known');
    this.settle(id, Date.now() + FAILED_MS);
  }

  private settle(id: number, untilMs: number): void {
    const oldest = this.settledUntilMs.keys().next().value;
    const isFull = this.settledUntilMs.size >= REMEMBERED_MAX;
    if (isFull && oldest !== undefined) this.settledUntilMs.delete(oldest);
    this.settledUntilMs.delete(id);
    this.settledUntilMs.set(id, untilMs);
  }

  private async look(): Promise<void> {
    if (!this.broker.state().ready) return;
    try {
      const open = await reservedInstruments(this.db, this.connectionId, WAITING_MAX);
      for (const instrument of open) this.want(instrument);
    } catch (error) {
      this.log.warn({ error: String(error) }, 'open trades were not read for their closes');
    }
  }
}
