/** One market data line: ticks in, a quote out. */
import type { DecimalText } from '../../domain/money.js';
import { decimal } from '../../domain/money.js';
import type { EpochMs, Quote } from '../../domain/vocabulary.js';
import { numberText } from './decode.js';

/** IBKR's tick types of the two sides, live and delayed. */
export const BID_SIZE = 0;
export const BID = 1;
const ASK = 2;
const ASK_SIZE = 3;
const HALTED = 49;
const DELAYED_BID = 66;
const DELAYED_ASK = 67;
const DELAYED_BID_SIZE = 69;
const DELAYED_ASK_SIZE = 70;
const DELAYED_HALTED = 90;

const KINDS: readonly Quote['kind'][] = ['live', 'frozen', 'delayed', 'delayed_frozen'];

export class QuoteState {
  private bid: DecimalText | null = null;
  private ask: DecimalText | null = null;
  private bidSize: DecimalText | null = null;
  private askSize: DecimalText | null = null;
  private kind: Quote['kind'] = 'live';
  private halted = false;
  private atMs: EpochMs = 0;
  private bidTold = false;
  private askTold = false;

  /** A price tick; true when it belongs to the quote. A price of -1 or 0 means there is none. */
  takePrice(type: number, price: number | undefined, nowMs: EpochMs): boolean {
    if (type === DELAYED_BID || type === DELAYED_ASK) this.noteDelayed();
    if (type === BID || type === DELAYED_BID) {
      this.bid = positiveText(price);
      this.bidTold = true;
    } else if (type === ASK || type === DELAYED_ASK) {
      this.ask = positiveText(price);
      this.askTold = true;
    } else return false;
    this.atMs = nowMs;
    return true;
  }

  /** A size tick, in shares; true when it belongs to the quote. */
  takeSize(type: number, size: number | undefined, nowMs: EpochMs): boolean {
    if (type === BID_SIZE || type === DELAYED_BID_SIZE) this.bidSize = numberText(size);
    else if (type === ASK_SIZE || type === DELAYED_ASK_SIZE) this.askSize = numberText(size);
    else return false;
    this.atMs = nowMs;
    return true;
  }

  /** A generic tick; true when it told of a halt or its end. 1 and 2 mean halted, 0 and -1 don't. */
  takeGeneric(type: number, value: number, nowMs: EpochMs): boolean {
    if (type !== HALTED && type !== DELAYED_HALTED) return false;
    this.halted = value > 0;
    this.atMs = nowMs;
    return true;
  }

  /** The market data type that the terminal announces for this line: 1 live … 4 delayed-frozen. */
  takeKind(type: number): void {
    this.kind = KINDS[type - 1] ?? this.kind;
  }

  /** Both sides were told of, be it that there is no price. */
  get bothSidesTold(): boolean {
    return this.bidTold && this.askTold;
  }

  /** Both sides with their sizes are known. */
  get isWhole(): boolean {
    return [this.bid, this.ask, this.bidSize, this.askSize].every((value) => value !== null);
  }

  quote(nowMs: EpochMs): Quote {
    const { bid, ask, bidSize, askSize, kind, halted } = this;
    return { bid, ask, bidSize, askSize, kind, halted, atMs: this.atMs || nowMs };
  }

  /** Delayed ticks prove delayed data, whatever was announced. */
  private noteDelayed(): void {
    if (this.kind === 'live') this.kind = 'delayed';
    if (this.kind === 'frozen') this.kind = 'delayed_frozen';
  }
}

function positiveText(price: number | undefined): DecimalText | null {
  const read = numberText(price);
  return read !== null && decimal(read).gt(0) ? read : null;
}
