/** The seeded market: every listed symbol walks, two to four quotes a second each at speed 1. */
import type { Decimal } from '../../domain/money.js';
import type { Listings, Market, MarketChange } from '../exchange/api.js';
import { newYorkDate, newYorkMs } from './calendar.js';
import { MarketClock, checkSpeed } from './clock.js';
import { checkKnown, checkPrices } from './hand-price.js';
import { createPump } from './pump.js';
import { QuoteBoard } from './quotes.js';
import { Walk } from './walk.js';
import type { WalkState } from './walk.js';

/** Market time moves in beats; walks are due at whole beats, so their order never depends on timers. */
const BEAT_MS = 50;
/** After a freeze (suspended machine, stopped process) the market goes on from now, not from then. */
const BACKLOG_MAX_MS = 5_000;

export interface SimulatedState {
  beat: number;
  walks: Record<string, WalkState>;
}

export interface SimulatedOptions {
  listings: Listings;
  seed: number;
  speed: number;
  paused: boolean;
  saved?: SimulatedState;
}

export interface SimulatedMarket extends Market {
  /** Plain JSON from which another start goes on without a jump. */
  snapshot(): SimulatedState;
}

/** Millisecond of the next New York midnight. */
function nextMidnightMs(nowMs: number): number {
  return newYorkMs(newYorkDate(nowMs).add({ days: 1 }), '00:00');
}

class Simulation implements SimulatedMarket {
  private readonly walks = new Map<string, Walk>();
  private readonly board = new QuoteBoard();
  private readonly clock: MarketClock;
  private readonly pump = createPump(() => this.runBeat());
  private beat: number;
  private dayEndMs = nextMidnightMs(Date.now());

  constructor(private readonly options: SimulatedOptions) {
    const { listings, seed, saved } = options;
    this.beat = saved?.beat ?? 0;
    for (const listing of listings.all()) {
      this.walks.set(listing.symbol, new Walk(listing, seed, saved?.walks[listing.symbol]));
    }
    this.clock = new MarketClock(this.beat * BEAT_MS, checkSpeed(options.speed), options.paused);
    for (const [symbol, walk] of this.walks) this.board.publish(symbol, walk.quote());
  }

  private runBeat(): number {
    const dueMs = (this.beat + 1) * BEAT_MS;
    const lateMs = this.clock.nowMs() - dueMs;
    if (lateMs < 0) return Math.max(this.clock.waitMs(dueMs), 1);
    if (lateMs > BACKLOG_MAX_MS * this.clock.speed) this.clock.set(dueMs);
    this.beat += 1;
    if (Date.now() >= this.dayEndMs) this.rollDay();
    for (const [symbol, walk] of this.walks) {
      if (walk.nextBeat > this.beat) continue;
      if (this.board.isHalted(symbol)) {
        walk.passTurn(this.beat);
        continue;
      }
      walk.step();
      this.board.publish(symbol, walk.quote());
    }
    return 0;
  }

  private rollDay(): void {
    this.dayEndMs = nextMidnightMs(Date.now());
    for (const walk of this.walks.values()) walk.rollDay();
  }

  quote: Market['quote'] = (symbol) => this.board.get(symbol);
  onQuote: Market['onQuote'] = (listener) => this.board.onQuote(listener);
  isOpen: Market['isOpen'] = (symbol) => this.walks.has(symbol);

  setPrices(prices: Record<string, Decimal>, sizes: Record<string, Decimal> = {}): void {
    checkPrices(prices, sizes, (symbol) => this.walks.has(symbol));
    for (const [symbol, price] of Object.entries(prices)) {
      const walk = this.walks.get(symbol) as Walk;
      walk.setPrice(price, sizes[symbol]);
      this.board.publish(symbol, walk.quote());
    }
  }

  setHalted: Market['setHalted'] = (symbol, halted) => {
    checkKnown(symbol, this.walks.has(symbol));
    this.board.setHalted(symbol, halted);
  };

  control(change: MarketChange): void {
    for (const field of ['at', 'until'] as const) {
      if (change[field] === undefined) continue;
      throw new RangeError(`"${field}" needs a replay: start the gateway with --market replay:DIR`);
    }
    if (change.speed !== undefined) this.clock.setSpeed(change.speed);
    if (change.paused !== undefined) this.hold(change.paused);
    this.pump.wake();
  }

  /** Held where it has got to: beats that a busy machine is late with are not made up for. */
  private hold(paused: boolean): void {
    this.clock.setPaused(paused);
    if (paused) this.clock.set(this.beat * BEAT_MS);
  }

  state: Market['state'] = () => ({
    mode: 'simulated',
    paused: this.clock.paused,
    speed: this.clock.speed,
    at: new Date().toISOString(),
  });

  start(): void {
    this.clock.set(this.beat * BEAT_MS);
    this.pump.wake();
  }

  stop(): void {
    this.pump.stop();
  }

  snapshot(): SimulatedState {
    const walks = [...this.walks].map(([symbol, walk]) => [symbol, walk.saved()] as const);
    return { beat: this.beat, walks: Object.fromEntries(walks) };
  }
}

/** A market that walks by itself; the same seed gives the same quotes in the same order. */
export function createSimulatedMarket(options: SimulatedOptions): SimulatedMarket {
  return new Simulation(options);
}
