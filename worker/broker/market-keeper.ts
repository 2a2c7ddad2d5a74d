/**
 * Keeps the market's rows fresh: contracts, quotes of the symbols that somebody asked for, account
 * values. Plans read only these rows, so a plan needs no broker.
 */
import type { Logger } from '../../config/logger.js';
import { around } from '../../failpoints/failpoint.js';
import type { BrokerEvent, BrokerPort } from '../../broker/port.js';
import type { AccountSnapshot, ContractInfo } from '../../contract/market.js';
import { hasOpenedSince, type TradingHours } from '../../domain/hours.js';
import type { RiskLimits } from '../../domain/risk/limits.js';
import type { Instrument, Quote } from '../../domain/vocabulary.js';
import { recordAccountValues } from '../../store/accounts.js';
import type { Database } from '../../store/database.js';
import { saveContract, saveQuotes } from '../../store/market.js';
import { BarsKeeper } from './bars-keeper.js';
import { ClosesKeeper } from './closes-keeper.js';
import { ValuesKeeper } from './values-keeper.js';

/** Quotes are written in one statement this often; a plan accepts quotes that are seconds old. */
const FLUSH_EVERY_MS = 200;
/** A symbol nobody asked for in this time is no longer streamed: lines at the broker are limited. */
const INTEREST_MS = 15 * 60_000;
/** IBKR gives 100 market data lines by default; some are left for the user's own screens. */
const SYMBOLS_MAX = 80;
/** A quiet symbol is asked for again after this, so that its quote is known to be current. */
const CONFIRM_AFTER_MS = 2_000;
/** Confirmations per flush: at most 10 messages a second of the connection's 50. */
const CONFIRMS_PER_FLUSH = 2;
/** Contract details are asked for again after this: hours change daily, increments rarely. */
const CONTRACT_MAX_AGE_MS = 6 * 3_600_000;

const NEVER_MS = 0;

/** Its quotes are the best of all. */
const ALL_EXCHANGES = 'SMART';

/** What is remembered of contracts, by the exchanges that were named: more than there are lines, for several share one. */
const NAMES_MAX = 500;

/** A contract by one of the exchanges that it may be asked for at, as it is stored. */
interface Named {
  readonly brokerContractId: number;
  /** When it was asked for; until it is stored it counts as not known. */
  contractAtMs: number;
  /** As it told them; null when they could not be read. */
  readonly hours: TradingHours | null;
}

/** A contract's quotes: one line, whatever exchanges were named. */
interface Watched {
  readonly instrument: Instrument;
  readonly release: () => void;
  wantedAtMs: number;
  confirming: boolean;
  quote: Quote | null;
}

/** Of an instrument, what is known here. */
interface Known {
  readonly named: Named;
  readonly watched: Watched;
}

export class MarketKeeper {
  /** By the broker's id of the contract. */
  private readonly watched = new Map<number, Watched>();
  private readonly named = new Map<string, Named>();
  private readonly warming = new Map<string, Promise<void>>();
  private readonly changed = new Set<number>();
  private readonly unsubscribe: () => void;
  private readonly closes: ClosesKeeper;
  private readonly bars: BarsKeeper;
  private readonly values: ValuesKeeper;
  private timer: NodeJS.Timeout;
  private flushed: Promise<void> = Promise.resolve();

  constructor(
    private readonly db: Database,
    private readonly broker: BrokerPort,
    private readonly connectionId: string,
    private readonly log: Logger,
    /** The installation's: the loss of a day is judged with each of an account's values. */
    private readonly limits: Partial<RiskLimits> = {},
  ) {
    this.unsubscribe = broker.onEvent((event) => this.onEvent(event));
    this.closes = new ClosesKeeper(db, broker, connectionId, log);
    this.bars = new BarsKeeper(db, connectionId, log, (held) => this.keepWanted(held));
    this.values = new ValuesKeeper(broker, (account) => this.refreshAccount(account), log);
    this.timer = setTimeout(() => void this.flushForEver(), FLUSH_EVERY_MS);
  }

  /**
   * Resolves the contract, streams its quotes from now on, and stores both before it returns. All who ask at once
   * share one fetch: at an open, hundreds may ask for one symbol.
   */
  async warm(instrument: Instrument): Promise<void> {
    const underWay = this.warming.get(keyOf(instrument));
    if (underWay === undefined) return this.fetchOnce(instrument);
    await underWay;
    const known = this.known(instrument);
    // It was begun before the open that came meanwhile.
    if (known && !isCurrent(known.named, Date.now())) await this.fetchOnce(instrument);
  }

  private fetchOnce(instrument: Instrument): Promise<void> {
    const key = keyOf(instrument);
    const underWay = this.warming.get(key);
    if (underWay !== undefined) return underWay;
    const mine = this.fetch(instrument).finally(() => this.warming.delete(key));
    this.warming.set(key, mine);
    return mine;
  }

  private async fetch(instrument: Instrument): Promise<void> {
    const askedAtMs = Date.now();
    const known = this.known(instrument);
    if (known && isCurrent(known.named, askedAtMs)) {
      known.watched.wantedAtMs = askedAtMs;
      this.closes.want(known.watched.instrument);
      return this.confirm(known.watched);
    }
    const contract = await this.broker.resolveContract(instrument);
    const watched = this.watch(contract.instrument);
    const named = this.name(instrument, contract);
    this.closes.want(watched.instrument);
    await Promise.all([this.save(named, contract, askedAtMs), this.confirm(watched)]);
  }

  private known(instrument: Instrument): Known | null {
    const named = this.named.get(keyOf(instrument));
    const watched = named && this.watched.get(named.brokerContractId);
    return watched ? { named, watched } : null;
  }

  /** As it was asked for, and as the broker calls it. */
  private name(asked: Instrument, { instrument, hours }: ContractInfo): Named {
    const brokerContractId = instrument.brokerContractId!;
    const named: Named = { brokerContractId, contractAtMs: NEVER_MS, hours };
    for (const key of new Set([keyOf(asked), keyOf(instrument)])) {
      this.named.delete(key);
      this.named.set(key, named);
    }
    for (const oldest of this.named.keys()) {
      if (this.named.size <= NAMES_MAX) break;
      this.named.delete(oldest);
    }
    return named;
  }

  /** Asks for the newest quote, and waits for no row of it: whoever protects reads it here. */
  async look(instrument: Instrument): Promise<void> {
    const nowMs = Date.now();
    const known = this.known(instrument);
    if (!known || !isCurrent(known.named, nowMs)) return this.warm(instrument);
    const { watched } = known;
    watched.wantedAtMs = nowMs;
    this.keepNewer(watched, await this.broker.quoteSnapshot(watched.instrument));
  }

  /** What trades are open in is valued as long as they are: it is asked for once it is not streamed. */
  private keepWanted(held: readonly Instrument[]): void {
    for (const instrument of held) {
      const known = this.known(instrument);
      if (known) known.watched.wantedAtMs = Date.now();
      else if (this.broker.state().ready) {
        this.warm(instrument).catch((error: unknown) => {
          this.log.warn({ symbol: instrument.symbol, error: String(error) }, 'no quotes of it');
        });
      }
    }
  }

  /** Asks the broker for the account's values now and stores them. */
  async refreshAccount(account: string): Promise<void> {
    await this.record(await this.broker.accountSnapshot(account));
  }

  private record(values: AccountSnapshot): Promise<void> {
    return recordAccountValues(this.db, this.connectionId, values, this.limits);
  }

  /** The newest quote this process saw, without the database; null when the contract isn't watched. */
  latest(instrument: Instrument): Quote | null {
    return this.known(instrument)?.watched.quote ?? null;
  }

  /** In sync anew: the streams went on by themselves, but what their quotes were is old. */
  async resubscribe(): Promise<void> {
    for (const { instrument } of [...this.watched.values()]) {
      await this.warm(instrument).catch((error: unknown) => {
        this.log.warn(
          { symbol: instrument.symbol, error: String(error) },
          'no quotes after re-connect',
        );
      });
    }
  }

  /** Waits for the daily closes that are under way, so long at the most. */
  closesSettled(waitMs: number): Promise<void> {
    return this.closes.settled(waitMs);
  }

  stop(): void {
    this.closes.stop();
    this.bars.stop();
    this.values.stop();
    this.unsubscribe();
    clearTimeout(this.timer);
  }

  /** Quotes of all exchanges, where somebody names that: those of a single one hold for no other. */
  private watch(asked: Instrument): Watched {
    const brokerContractId = asked.brokerContractId!;
    const again = this.watched.get(brokerContractId);
    const instrument = again?.instrument.exchange === ALL_EXCHANGES ? again.instrument : asked;
    again?.release();
    if (!again) this.makeRoom();
    const watched: Watched = {
      instrument,
      release: this.isStreaming ? this.broker.watchQuote(instrument) : () => undefined,
      wantedAtMs: Date.now(),
      confirming: false,
      quote: again?.quote ?? null,
    };
    this.watched.set(brokerContractId, watched);
    return watched;
  }

  private async save(named: Named, contract: ContractInfo, askedAtMs: number): Promise<void> {
    const { symbol } = contract.instrument;
    await around('contract.save', { symbol }, () =>
      saveContract(this.db, this.connectionId, contract, Date.now()),
    );
    named.contractAtMs = askedAtMs;
  }

  private async confirm(watched: Watched): Promise<void> {
    this.keepNewer(watched, await this.broker.quoteSnapshot(watched.instrument));
    await this.flush();
  }

  private makeRoom(): void {
    if (this.watched.size < SYMBOLS_MAX) return;
    const [contractId, oldest] = [...this.watched].reduce((least, entry) =>
      entry[1].wantedAtMs < least[1].wantedAtMs ? entry : least,
    );
    oldest.release();
    this.watched.delete(contractId);
  }

  private onEvent(event: BrokerEvent): void {
    if (event.kind === 'quote') {
      const watched = this.watched.get(event.instrument.brokerContractId!);
      if (watched) this.keepNewer(watched, event.quote);
    } else if (event.kind === 'position') {
      this.values.moved();
    } else if (event.kind === 'account') {
      this.record(event.snapshot).catch((error: unknown) => {
        this.log.warn({ error: String(error) }, 'account values were not stored');
      });
    }
  }

  private keepNewer(watched: Watched, quote: Quote): void {
    if (watched.quote && watched.quote.atMs > quote.atMs) return;
    watched.quote = quote;
    const brokerContractId = watched.instrument.brokerContractId!;
    this.bars.take(brokerContractId, quote);
    this.changed.add(brokerContractId);
  }

  private async flushForEver(): Promise<void> {
    try {
      this.dropUnwanted();
      this.confirmQuiet();
      await this.flush();
    } catch (error) {
      this.log.warn({ error: String(error) }, 'quotes were not stored');
    }
    this.timer = setTimeout(() => void this.flushForEver(), FLUSH_EVERY_MS);
  }

  /** Stores what has changed, once an earlier flush is through: it may hold the newest of a symbol. */
  private flush(): Promise<void> {
    const mine = this.flushed.then(() => this.store());
    this.flushed = mine.catch(() => undefined);
    return mine;
  }

  private async store(): Promise<void> {
    const rows = [...this.changed].flatMap((brokerContractId) => {
      const watched = this.watched.get(brokerContractId);
      if (!watched?.quote) return [];
      const { symbol } = watched.instrument;
      return [{ symbol, brokerContractId, quote: watched.quote }];
    });
    this.changed.clear();
    if (rows.length === 0) return;
    try {
      await around('quotes.save', {}, () => saveQuotes(this.db, this.connectionId, rows));
    } catch (error) {
      for (const { brokerContractId } of rows) this.changed.add(brokerContractId);
      throw error;
    }
  }

  private dropUnwanted(): void {
    for (const [contractId, watched] of this.watched) {
      if (Date.now() - watched.wantedAtMs < INTEREST_MS) continue;
      watched.release();
      this.watched.delete(contractId);
    }
  }

  /** Else quotes are asked for where somebody wants one, and at no other time: such brokers want no polling. */
  private get isStreaming(): boolean {
    return this.broker.capabilities.streamingQuotes;
  }

  private confirmQuiet(): void {
    if (!this.isStreaming || !this.broker.state().ready) return;
    const quiet = [...this.watched.values()]
      .filter((w) => !w.confirming && Date.now() - (w.quote?.atMs ?? 0) > CONFIRM_AFTER_MS)
      .slice(0, CONFIRMS_PER_FLUSH);
    for (const watched of quiet) {
      watched.confirming = true;
      this.broker
        .quoteSnapshot(watched.instrument)
        .then((quote) => this.keepNewer(watched, quote))
        .catch(() => undefined) // the quote stays old, and plans say so
        .finally(() => {
          watched.confirming = false;
        });
    }
  }
}

/** What tells one contract from another, as far as it is known. */
function keyOf(instrument: Instrument): string {
  const { symbol, securityType, exchange, currency, brokerContractId } = instrument;
  return JSON.stringify([symbol, securityType, exchange, currency, brokerContractId ?? null]);
}

/** At an open the hours are asked for anew: those told before know nothing of a closure that nobody foresaw. */
function isCurrent({ contractAtMs, hours }: Named, nowMs: number): boolean {
  if (nowMs - contractAtMs >= CONTRACT_MAX_AGE_MS) return false;
  return hours === null || !hasOpenedSince(hours, contractAtMs, nowMs);
}
