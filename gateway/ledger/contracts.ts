/**
 * One contract in one account: the broker's position, the managed part, and its meters. A breach is what
 * the account as a whole shows, or what its signals show one by one, whichever is more at that instant.
 */
import { ZERO, max, min, text } from '../../domain/money.js';
import type { Decimal } from '../../domain/money.js';
import { BareSignals } from './bare-signals.js';
import { Exposure, excessShares, unprotectedShares } from './exposure.js';
import { Meter } from './meter.js';
import type { BreachLog } from './meter.js';
import { isRestatement, rescaled, restateSignal } from './restate.js';
import {
  enteringShares,
  isUnfinished,
  measureSignal,
  openShares,
  sharedPosition,
} from './signals.js';
import type { Signal } from './signals.js';
import { Tally } from './tally.js';

export class ContractBook {
  readonly exposure = new Exposure();
  /** Signals with shares or working orders, oldest first. */
  readonly openSignals = new Set<Signal>();
  private readonly bare = new BareSignals();
  private readonly tally = new Tally();
  /** Of the account as a whole: what one signal lacks another one's orders may make up for. */
  private readonly netUnprotected = new Meter();
  private readonly netExcess = new Meter();
  private readonly unprotected: Meter;
  private readonly excess: Meter;
  private readonly entering = { BUY: ZERO, SELL: ZERO };
  /** The account's position, by the exchange. */
  position: Decimal = ZERO;
  /** The part that came from orders of clients. */
  managed: Decimal = ZERO;
  /** Fills of this instant, and the position that the exchange stated in it. */
  private traded: Decimal = ZERO;
  private hasTraded = false;
  private stated: Decimal | undefined;
  private readonly changed = new Set<Signal>();
  /** No open signal holds more than this; may be too high, never too low. */
  private largestHolding: Decimal = ZERO;

  constructor(
    readonly account: string,
    readonly symbol: string,
    log: BreachLog,
  ) {
    const meter = (kind: 'unprotected' | 'excess'): Meter =>
      new Meter((fromMs) =>
        log.open({ kind, account, symbol, fromMs, maxShares: ZERO, shareMs: ZERO }),
      );
    this.unprotected = meter('unprotected');
    this.excess = meter('excess');
  }

  /** A signal's orders or fills changed. */
  touch(signal: Signal | undefined): void {
    if (!signal) return;
    this.changed.add(signal);
    this.openSignals.add(signal);
    this.bare.add(signal);
  }

  /** The latest signals with shares or working orders, latest first. */
  latestOpen(count: number): Signal[] {
    return [...this.openSignals].slice(-count).reverse();
  }

  /** The latest signals that lack an armed stop, latest first. */
  latestBare(count: number): Signal[] {
    return this.bare.latest(count);
  }

  /** Signed shares were traded. */
  trade(shares: Decimal, isManaged: boolean): void {
    this.traded = this.traded.add(shares);
    this.hasTraded = true;
    if (isManaged) this.managed = this.managed.add(shares);
  }

  /** The exchange stated the position (splits and transfers are no trades). */
  state(position: Decimal): void {
    this.stated = position;
  }

  /**
   * Measures what the changes of one instant came to. The exchange decides a fill, what it does to
   * the children and to the position at once, but tells them one after the other: only their sum
   * counts. Gives the signals that changed.
   */
  settle(atMs: number): Signal[] {
    const before = this.position;
    const hasMoved = this.hasTraded || this.stated !== undefined;
    this.position = this.stated ?? this.position.add(this.traded);
    if (!this.hasTraded) this.restate(before);
    this.stated = undefined;
    this.traded = ZERO;
    this.hasTraded = false;
    for (const signal of this.changed) this.take(signal);
    if (hasMoved && this.position.isZero()) this.writeOff();
    if (this.capMoved(before)) for (const signal of this.openSignals) this.changed.add(signal);
    for (const signal of this.changed) measureSignal(signal, this.position, atMs);
    this.measure(atMs);
    const changed = [...this.changed];
    this.changed.clear();
    return changed;
  }

  private measure(atMs: number): void {
    const shared = sharedPosition(this.managed, this.position);
    const bare = unprotectedShares(shared, this.exposure.armed);
    const unprotected = max(ZERO, bare.sub(this.tally.waived(this.position)));
    const excess = excessShares(this.position, this.entering, this.exposure.exits);
    this.netUnprotected.set(unprotected, atMs);
    this.netExcess.set(excess, atMs);
    this.unprotected.set(max(unprotected, this.tally.unprotected(this.position)), atMs);
    this.excess.set(max(excess, this.tally.excess), atMs);
  }

  /** A corporate action: every holding in another number. */
  private restate(before: Decimal): void {
    const { position } = this;
    if (!isRestatement(before, position, this.exposure)) return;
    this.managed = rescaled(this.managed, before, position);
    for (const signal of this.openSignals) {
      restateSignal(signal, before, position);
      this.changed.add(signal);
    }
  }

  /**
   * Whether a change of the position may change what signals that had no fill need: each needs stops for
   * no more than the account holds on its side. Ten thousand signals are not to be asked at each fill.
   */
  private capMoved(before: Decimal): boolean {
    if (before.eq(this.position)) return false;
    if (before.mul(this.position).lte(ZERO)) return true;
    return min(before.abs(), this.position.abs()).lt(this.largestHolding);
  }

  private take(signal: Signal): void {
    const entering = enteringShares(signal);
    const side = signal.action;
    this.entering[side] = this.entering[side].add(entering).sub(signal.entering);
    signal.entering = entering;
    if (isUnfinished(signal)) this.openSignals.add(signal);
    else this.openSignals.delete(signal);
    this.tally.take(signal);
    this.bare.trim(this.openSignals.size);
    const holding = openShares(signal).abs();
    if (this.openSignals.size === 0) this.largestHolding = ZERO;
    else this.largestHolding = max(this.largestHolding, holding);
  }

  /** The account is flat: what signals thought to hold was closed from outside, or by one another. */
  private writeOff(): void {
    this.managed = ZERO;
    for (const signal of [...this.openSignals]) {
      if (openShares(signal).isZero()) continue;
      signal.exited = signal.entered.add(signal.restated);
      this.changed.add(signal);
      this.take(signal);
    }
  }

  private meters(): Meter[] {
    const own = [...this.openSignals].flatMap((signal) => [signal.unprotected, signal.excess]);
    const net = [this.netUnprotected, this.netExcess];
    return [this.unprotected, this.excess, ...net, ...own];
  }

  advance(atMs: number): void {
    for (const meter of this.meters()) meter.advance(atMs);
  }

  /** Counts until `fromMs` and goes on from `toMs`: nobody could act while the gateway was down. */
  skip(fromMs: number, toMs: number): void {
    for (const meter of this.meters()) {
      meter.advance(fromMs);
      meter.skipTo(toMs);
    }
  }

  /** True while time is counted against it. */
  get isInBreach(): boolean {
    return this.unprotected.shares.gt(ZERO) || this.excess.shares.gt(ZERO);
  }

  /** Share-seconds that the verdicts add up. */
  get totals(): { unprotected: Decimal; excess: Decimal } {
    return { unprotected: this.unprotected.total, excess: this.excess.total };
  }

  view() {
    return {
      account: this.account,
      symbol: this.symbol,
      position: text(this.position),
      managed: text(this.managed),
      armedStops: { BUY: text(this.exposure.armed.BUY), SELL: text(this.exposure.armed.SELL) },
      exits: { BUY: text(this.exposure.exits.BUY), SELL: text(this.exposure.exits.SELL) },
      unprotectedShares: text(this.netUnprotected.shares),
      unprotectedShareSeconds: text(this.netUnprotected.total),
      excessExitShares: text(this.netExcess.shares),
      excessExitShareSeconds: text(this.netExcess.total),
    };
  }
}
