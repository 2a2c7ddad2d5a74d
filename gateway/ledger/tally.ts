/**
 * What the signals of one contract come to, signal by signal: no signal's shares are covered by another
 * one's stop. Kept up to date by differences, so that ten thousand signals cost no more than one.
 */
import { ZERO, max } from '../../domain/money.js';
import type { Decimal } from '../../domain/money.js';
import { excessShares, unprotectedShares } from './exposure.js';
import type { Side } from './exposure.js';
import { openShares } from './signals.js';
import type { Signal } from './signals.js';

/** What one signal adds. */
export interface Counted {
  /** The side of its holding. */
  side: Side;
  open: Decimal;
  /** Held without an armed stop of its own, and no person is waited for. */
  uncovered: Decimal;
  /** Held and waiting for a person: see restate.ts. */
  waived: Decimal;
  excess: Decimal;
}

type Sums = Pick<Counted, 'open' | 'uncovered' | 'waived'>;

const NOTHING: Sums = { open: ZERO, uncovered: ZERO, waived: ZERO };

/** The part of a position on one side. */
function heldOn(side: Side, position: Decimal): Decimal {
  return max(ZERO, side === 'BUY' ? position : position.neg());
}

function countOf(signal: Signal): Counted {
  const open = openShares(signal);
  const entering = { BUY: ZERO, SELL: ZERO, [signal.action]: signal.entering };
  return {
    side: open.lt(ZERO) ? 'SELL' : 'BUY',
    open: open.abs(),
    uncovered: signal.isWaived ? ZERO : unprotectedShares(open, signal.exposure.armed),
    waived: signal.isWaived ? open.abs() : ZERO,
    excess: excessShares(open, entering, signal.exposure.exits),
  };
}

export class Tally {
  private readonly sums: Record<Side, Sums> = { BUY: NOTHING, SELL: NOTHING };
  /** What each signal's exits could fill beyond its own shares, summed. */
  excess: Decimal = ZERO;

  /** Counts a signal as it is now. */
  take(signal: Signal): void {
    if (signal.counted) this.add(signal.counted, -1);
    signal.counted = countOf(signal);
    this.add(signal.counted, 1);
  }

  private add({ side, open, uncovered, waived, excess }: Counted, sign: 1 | -1): void {
    const sums = this.sums[side];
    this.sums[side] = {
      open: sums.open.add(open.mul(sign)),
      uncovered: sums.uncovered.add(uncovered.mul(sign)),
      waived: sums.waived.add(waived.mul(sign)),
    };
    this.excess = this.excess.add(excess.mul(sign));
  }

  /**
   * Shares that no armed stop of their own signal covers. Shares that the account no longer holds,
   * because somebody closed them by hand, need none; whose they were can't be told, so they come off the sum.
   */
  unprotected(position: Decimal): Decimal {
    return this.bare('BUY', position).add(this.bare('SELL', position));
  }

  private bare(side: Side, position: Decimal): Decimal {
    const { open, uncovered } = this.sums[side];
    const lost = max(ZERO, open.sub(heldOn(side, position)));
    return max(ZERO, uncovered.sub(lost));
  }

  /** The part of a position that waits for a person. */
  waived(position: Decimal): Decimal {
    return this.sums[position.lt(ZERO) ? 'SELL' : 'BUY'].waived;
  }
}
