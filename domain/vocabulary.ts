/** The field's own words, shared by every part. A broker's words stay inside its adapter. */
import type { DecimalText } from './money.js';

export type Side = 'BUY' | 'SELL';
export type OrderType = 'MKT' | 'LMT' | 'STP' | 'STP LMT' | 'TRAIL';
/** What becomes of an entry that comes while its market is closed (SIG-5). */
export type WhenClosed = 'deny' | 'queue';

/** Whether a person must approve a signal first (SIG-3). */
export type ApprovalPolicy = 'none' | 'required';
/** What becomes of a trade, and of the signal, when the same strategy wants the other direction (TRD-7). */
export type OnOpposite = 'close' | 'reverse' | 'deny';
export type TimeInForce = 'DAY' | 'GTC' | 'GTD';

/** What a leg of a trade is for. CLOSE is the market order that ends a trade by hand. */
export type LegRole = 'ENTRY' | 'STOP' | 'TARGET' | 'CLOSE';

/** One vocabulary of order statuses for every broker (BRK-4). */
export const ORDER_STATUSES = [
  'PENDING', // sent, not acknowledged
  'ACCEPTED', // working
  'HELD', // waiting for its parent, a locate or the session
  'PARTIAL', // working, partly filled
  'EXECUTED', // filled
  'CANCEL_PENDING',
  'CANCELLED',
  'REJECTED',
  'EXPIRED',
  'FAILED', // never left this system, or gone from the broker's lists without a word
  'UNKNOWN', // written to the socket, fate unknown
] as const;
export type OrderStatus = (typeof ORDER_STATUSES)[number];

/** Epoch milliseconds: how an instant crosses a process border. */
export type EpochMs = number;

/** An instrument as this system names it; `brokerContractId` is known once the broker resolved it. */
export interface Instrument {
  readonly symbol: string;
  readonly securityType: string; // STK first
  readonly exchange: string; // SMART
  readonly currency: string; // USD
  readonly brokerContractId?: number;
}

/** A best bid and ask. Sizes are shares. `atMs` is when the broker last confirmed it as current. */
export interface Quote {
  readonly bid: DecimalText | null;
  readonly ask: DecimalText | null;
  readonly bidSize: DecimalText | null;
  readonly askSize: DecimalText | null;
  readonly atMs: EpochMs;
  /** `live` alone is good enough to trade on (SIZ-7). */
  readonly kind: 'live' | 'frozen' | 'delayed' | 'delayed_frozen';
  readonly halted: boolean;
}

export function opposite(side: Side): Side {
  return side === 'BUY' ? 'SELL' : 'BUY';
}

/** +1 for a buy, −1 for a sell, as decimal text factor. */
export function signOf(side: Side): 1 | -1 {
  return side === 'BUY' ? 1 : -1;
}
