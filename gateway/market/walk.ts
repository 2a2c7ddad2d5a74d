/**
 * One simulated instrument: a mean-reverting walk of its mid price, with a spread, sizes and trade
 * prints around it. Its whole state is plain JSON. Prices are counted in ticks here and become
 * decimals when they leave.
 */
import { decimal } from '../../domain/money.js';
import type { Decimal } from '../../domain/money.js';
import type { Listing, QuoteView } from '../exchange/api.js';
import { HAND_SIZE } from './hand-price.js';
import { Random, hashText } from './random.js';

/** About one basis point a step: at three steps a second some 30 % volatility a year. */
const STEP_VOLATILITY = 0.0001;
/** Pull toward the anchor per step: a wander of about half a percent, back within minutes. */
const REVERSION = 0.0002;
/** The previous close lies up to this share away from the first price. */
const CLOSE_GAP = 0.01;
const PRINT_CHANCE = 0.5;
const LOT = 100;
const LOTS_MAX = 12;
/** Wider spreads for dearer stocks: one more tick of chance per this many ticks of price. */
const TICKS_PER_SPREAD_TICK = 20_000;
/** Quotes come 250 to 500 ms apart: 2 to 4 a second. */
const GAP_BEATS_MIN = 5;
const GAP_BEATS_SPAN = 6;

export interface WalkState {
  random: number;
  nextBeat: number;
  midTicks: number;
  anchorTicks: number;
  bidTicks: number;
  askTicks: number;
  bidSize: number;
  askSize: number;
  lastTicks: number;
  lastSize: number;
  openTicks: number;
  highTicks: number;
  lowTicks: number;
  closeTicks: number;
  volume: number;
}

export class Walk {
  private readonly random: Random;
  readonly state: WalkState;

  constructor(
    private readonly listing: Listing,
    seed: number,
    saved?: WalkState,
  ) {
    this.random = new Random(saved?.random ?? hashText(listing.symbol, seed));
    this.state = saved ? { ...saved } : this.firstState();
  }

  get nextBeat(): number {
    return this.state.nextBeat;
  }

  private firstState(): WalkState {
    const ticks = this.listing.referencePrice.div(this.listing.minTick).round().toNumber();
    const close = Math.round(ticks * (1 + (this.random.next() * 2 - 1) * CLOSE_GAP));
    const prices = { openTicks: ticks, highTicks: ticks, lowTicks: ticks, lastTicks: ticks };
    return {
      ...{ random: 0, nextBeat: this.random.below(GAP_BEATS_MIN + GAP_BEATS_SPAN) },
      ...{ midTicks: ticks, anchorTicks: ticks, bidTicks: ticks - 1, askTicks: ticks + 1 },
      ...{ bidSize: this.size(), askSize: this.size(), lastSize: LOT },
      ...{ ...prices, closeTicks: close, volume: 0 },
    };
  }

  private size(): number {
    return LOT * (1 + this.random.below(LOTS_MAX));
  }

  /** Moves on by one quote. */
  step(): void {
    const state = this.state;
    const pull = (state.anchorTicks - state.midTicks) * REVERSION;
    const move = this.random.normal() * STEP_VOLATILITY * state.midTicks;
    const spread = 1 + this.random.below(2 + Math.floor(state.midTicks / TICKS_PER_SPREAD_TICK));
    // A bid must stay above zero, however far the price was pushed down.
    state.midTicks = Math.max(state.midTicks + pull + move, spread + 1);
    state.bidTicks = Math.max(1, Math.round(state.midTicks - spread / 2));
    state.askTicks = state.bidTicks + spread;
    state.bidSize = this.size();
    state.askSize = this.size();
    if (this.random.next() < PRINT_CHANCE) {
      const atAsk = this.random.next() < 0.5;
      const size = Math.min(this.size(), atAsk ? state.askSize : state.bidSize);
      this.print(atAsk ? state.askTicks : state.bidTicks, size);
    }
    state.nextBeat += GAP_BEATS_MIN + this.random.below(GAP_BEATS_SPAN);
  }

  /** Lets a halted symbol's turn pass, without a quote. */
  passTurn(beat: number): void {
    this.state.nextBeat = beat + GAP_BEATS_MIN;
  }

  private print(ticks: number, size: number): void {
    const state = this.state;
    state.lastTicks = ticks;
    state.lastSize = size;
    state.volume += size;
    state.highTicks = Math.max(state.highTicks, ticks);
    state.lowTicks = Math.min(state.lowTicks, ticks);
  }

  /** Puts bid and ask one tick around a price; the walk goes on from there. */
  setPrice(price: Decimal, size: Decimal = HAND_SIZE): void {
    const state = this.state;
    const ticks = price.div(this.listing.minTick).toNumber();
    state.midTicks = ticks;
    state.anchorTicks = ticks;
    state.bidTicks = Math.max(1, Math.ceil(ticks) - 1);
    state.askTicks = Math.floor(ticks) + 1;
    state.bidSize = size.toNumber();
    state.askSize = size.toNumber();
    this.print(Math.round(ticks), LOT);
  }

  /** A new trading day: yesterday's last is the close. */
  rollDay(): void {
    const state = this.state;
    state.closeTicks = state.lastTicks;
    state.openTicks = state.lastTicks;
    state.highTicks = state.lastTicks;
    state.lowTicks = state.lastTicks;
    state.volume = 0;
  }

  quote(): Omit<QuoteView, 'timeMs' | 'halted'> {
    const state = this.state;
    const price = (ticks: number): Decimal => this.listing.minTick.mul(ticks);
    const size = (shares: number): Decimal => decimal(String(shares));
    return {
      bid: price(state.bidTicks),
      bidSize: size(state.bidSize),
      ask: price(state.askTicks),
      askSize: size(state.askSize),
      last: price(state.lastTicks),
      lastSize: size(state.lastSize),
      open: price(state.openTicks),
      high: price(state.highTicks),
      low: price(state.lowTicks),
      close: price(state.closeTicks),
      volume: size(state.volume),
    };
  }

  saved(): WalkState {
    return { ...this.state, random: this.random.state };
  }
}
