/**
 * The market of recorded quotes, re-based to now. Every row is played, one by one and in order,
 * whatever the speed; a recorded second lasts 1 / speed seconds. Between day folders the night is cut
 * to one recorded minute. After a symbol's last row its market is closed.
 */
import { Temporal } from 'temporal-polyfill';
import { decimal, text } from '../../domain/money.js';
import type { Decimal } from '../../domain/money.js';
import type { Listings, Market, MarketChange } from '../exchange/api.js';
import { NEW_YORK } from './calendar.js';
import { MarketClock, checkSpeed } from './clock.js';
import { checkKnown, checkPrices, handQuote } from './hand-price.js';
import { createPump } from './pump.js';
import { QuoteBoard } from './quotes.js';
import type { RecordedRow } from './recording.js';
import { DayCursor, dayIndexAt } from './replay-days.js';
import type { ReplayDay } from './replay-days.js';

const NIGHT_MS = 60_000;
/** A row holds for its own second at least, the last one too. */
const LAST_ROW_MS = 1_000;
const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/;

export interface ReplayState {
  /** Recorded time reached, epoch ms. */
  atMs: number;
  /** Prices set by hand that still hold, and their sizes, as decimal text. */
  handPrices: Record<string, string>;
  handSizes?: Record<string, string>;
}

export interface ReplayOptions {
  days: readonly ReplayDay[];
  listings: Listings;
  speed: number;
  paused: boolean;
  /** ISO 8601 with offset; the first row if not given. */
  at?: string;
  saved?: ReplayState;
}

export interface ReplayMarket extends Market {
  snapshot(): ReplayState;
  /** Recorded time now, epoch ms. */
  recordedNowMs(): number;
}

/** Epoch ms of an ISO 8601 instant with offset. @throws RangeError for anything else. */
export function parseInstant(at: string, field = 'at'): number {
  const atMs = INSTANT.test(at) ? Date.parse(at) : NaN;
  if (Number.isNaN(atMs)) {
    throw new RangeError(
      `"${field}" must be an ISO 8601 time with offset, like 2013-10-08T09:35:00-04:00, not ${JSON.stringify(at)}`,
    );
  }
  return atMs;
}

/** `2013-10-08T09:35:00-04:00`: the form in which recordings name their times. */
function newYorkText(atMs: number): string {
  const zoned = Temporal.Instant.fromEpochMilliseconds(Math.floor(atMs)).toZonedDateTimeISO(
    NEW_YORK,
  );
  return zoned.toString({ timeZoneName: 'never' });
}

function decimals(texts: Record<string, string> = {}): Record<string, Decimal> {
  return Object.fromEntries(Object.entries(texts).map(([key, value]) => [key, decimal(value)]));
}

class Replay implements ReplayMarket {
  private readonly board = new QuoteBoard();
  private readonly clock: MarketClock;
  private readonly pump = createPump(() => this.runRow());
  private readonly symbols: ReadonlySet<string>;
  private readonly lastRowMs = new Map<string, number>();
  private readonly handPrices = new Map<string, { price: Decimal; size: Decimal | undefined }>();
  private dayIndex = 0;
  private cursor: DayCursor;
  private started = false;
  /** Where it is held again by itself. A restart forgets it. */
  private untilMs: number | undefined;

  constructor(private readonly options: ReplayOptions) {
    this.symbols = new Set(options.days.flatMap((day) => [...day.files.keys()]));
    this.cursor = this.openDay(0);
    const firstMs = this.cursor.peek()?.row.timeMs ?? 0;
    this.clock = new MarketClock(firstMs, checkSpeed(options.speed), true);
    const at =
      options.saved?.atMs ?? (options.at === undefined ? undefined : parseInstant(options.at));
    if (at !== undefined) this.jump(at);
    this.setPrices(decimals(options.saved?.handPrices), decimals(options.saved?.handSizes));
  }

  private openDay(index: number): DayCursor {
    const day = this.options.days[index];
    if (!day) throw new Error('the replay has no such day');
    this.dayIndex = index;
    return new DayCursor(day);
  }

  private publish(symbol: string, row: RecordedRow): void {
    this.lastRowMs.set(symbol, row.timeMs);
    this.handPrices.delete(symbol);
    const { bid, bidSize, ask, askSize } = row;
    this.board.publish(symbol, { bid, bidSize, ask, askSize });
  }

  private runRow(): number {
    const next = this.cursor.peek();
    const dueMs = next?.row.timeMs ?? this.nightEndMs();
    if (this.untilMs !== undefined && dueMs > this.untilMs) return this.holdAt(this.untilMs);
    if (!next) return this.nextDay();
    const waitMs = this.clock.waitMs(next.row.timeMs);
    if (waitMs > 0) return waitMs;
    this.cursor.take(next.symbol);
    this.publish(next.symbol, next.row);
    return 0;
  }

  /** When the next day begins; never behind the last one. */
  private nightEndMs(): number {
    if (this.dayIndex + 1 >= this.options.days.length) return Infinity;
    return Math.max(0, ...this.lastRowMs.values()) + NIGHT_MS;
  }

  /** Every row up to there was played. */
  private holdAt(atMs: number): number {
    const waitMs = this.clock.waitMs(atMs);
    if (waitMs > 0) return waitMs;
    this.untilMs = undefined;
    this.options.paused = true;
    this.clock.setPaused(true);
    this.clock.set(atMs);
    return Infinity;
  }

  private nextDay(): number {
    const nightEndMs = this.nightEndMs();
    const waitMs = this.clock.waitMs(nightEndMs);
    if (waitMs > 0) return waitMs;
    this.cursor = this.openDay(this.dayIndex + 1);
    const first = this.cursor.peek();
    if (first) this.clock.set(Math.max(first.row.timeMs, this.clock.nowMs()));
    return 0;
  }

  /** Positions the replay at a recorded instant: the quotes valid then are the current ones. */
  private jump(atMs: number): void {
    this.cursor = this.openDay(dayIndexAt(this.options.days, atMs));
    const current = this.cursor.seek(atMs);
    this.clock.set(atMs);
    for (const symbol of this.symbols) {
      const row = current.get(symbol);
      if (row) this.publish(symbol, row);
      else this.forget(symbol);
    }
  }

  private forget(symbol: string): void {
    this.board.forget(symbol);
    this.handPrices.delete(symbol);
    this.lastRowMs.delete(symbol);
  }

  quote: Market['quote'] = (symbol) => this.board.get(symbol);
  onQuote: Market['onQuote'] = (listener) => this.board.onQuote(listener);

  isOpen(symbol: string): boolean {
    if (!this.symbols.has(symbol)) return this.board.get(symbol) !== undefined;
    const laterDays = this.options.days.slice(this.dayIndex + 1);
    if (this.cursor.hasMore(symbol) || laterDays.some((day) => day.files.has(symbol))) return true;
    const lastMs = this.lastRowMs.get(symbol);
    return lastMs !== undefined && this.clock.nowMs() < lastMs + LAST_ROW_MS;
  }

  setPrices(prices: Record<string, Decimal>, sizes: Record<string, Decimal> = {}): void {
    const listed = (symbol: string) => this.options.listings.find({ symbol })[0];
    checkPrices(prices, sizes, (symbol) => listed(symbol) !== undefined);
    for (const [symbol, price] of Object.entries(prices)) {
      const minTick = listed(symbol)?.minTick;
      if (!minTick) continue;
      this.handPrices.set(symbol, { price, size: sizes[symbol] });
      this.board.publish(symbol, handQuote(price, minTick, sizes[symbol]));
    }
  }

  setHalted: Market['setHalted'] = (symbol, halted) => {
    checkKnown(symbol, this.options.listings.find({ symbol }).length > 0);
    this.board.setHalted(symbol, halted);
  };

  control(change: MarketChange): void {
    const atMs = change.at === undefined ? undefined : parseInstant(change.at);
    const untilMs = this.checkedUntil(change, atMs ?? this.clock.nowMs());
    const paused = untilMs === undefined ? change.paused : false;
    if (change.speed !== undefined) this.clock.setSpeed(change.speed);
    if (paused === true && !this.clock.paused) this.hold();
    if (atMs !== undefined) this.jump(atMs);
    if (paused === false && this.started) this.clock.setPaused(false);
    if (paused !== undefined || atMs !== undefined) this.untilMs = untilMs;
    this.options.paused = paused ?? this.options.paused;
    this.pump.wake();
  }

  private checkedUntil({ until, paused }: MarketChange, fromMs: number): number | undefined {
    if (until === undefined) return undefined;
    const untilMs = parseInstant(until, 'until');
    if (paused === true) throw new RangeError('"until" lets the market go: leave "paused" out');
    if (untilMs < fromMs) {
      throw new RangeError(`"until" lies before ${newYorkText(fromMs)}, where the market is`);
    }
    return untilMs;
  }

  /** Held where it has got to: rows that a busy machine is late with come when it is let go. */
  private hold(): void {
    this.clock.setPaused(true);
    this.clock.set(this.playedUntilMs());
  }

  /** The market time up to which every row was played. */
  private playedUntilMs(): number {
    const nextMs = this.cursor.peek()?.row.timeMs ?? Infinity;
    return Math.min(this.clock.nowMs(), nextMs - 1);
  }

  state: Market['state'] = () => ({
    mode: 'replay',
    paused: this.options.paused,
    speed: this.clock.speed,
    at: newYorkText(this.clock.nowMs()),
  });

  /** Begins at the first row, or at the instant asked for; the clock stood still until now. */
  start(): void {
    this.started = true;
    this.clock.setPaused(this.options.paused);
    this.pump.wake();
  }

  stop(): void {
    this.pump.stop();
  }

  recordedNowMs(): number {
    return this.clock.nowMs();
  }

  snapshot(): ReplayState {
    // What is due but not yet played is to come, so that a restart skips no row.
    const handPrices: Record<string, string> = {};
    const handSizes: Record<string, string> = {};
    for (const [symbol, { price, size }] of this.handPrices) {
      handPrices[symbol] = text(price);
      if (size) handSizes[symbol] = text(size);
    }
    return { atMs: this.playedUntilMs(), handPrices, handSizes };
  }
}

/** A market of recorded quotes. @throws Error when a file is not such a recording. */
export function createReplayMarket(options: ReplayOptions): ReplayMarket {
  return new Replay({ ...options });
}
