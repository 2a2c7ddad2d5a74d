/**
 * A signal, as far as the broker's books show one: an entry, everything sent under the same reference,
 * and the exits that belong to it.
 *
 * Rules
 * - The entry is a parentless order that opens (see roles.ts). Its `orderRef` names the signal; without
 *   one the order itself does.
 * - Approved quantity: the listed one (see listed.ts); without a list what the entry's quantity was when the
 *   exchange first accepted it.
 * - Duplicate entry: the exchange accepted a second entry order with the reference of an accepted one.
 *   A resend of what the exchange never had (dropped, refused) is none.
 * - Re-referenced, unlisted and overfilled entries: see entries.ts and lookalikes.ts.
 */
import { ZERO, max, text } from '../../domain/money.js';
import type { Decimal } from '../../domain/money.js';
import type { Judged } from './entries.js';
import { Exposure, excessShares, unprotectedShares } from './exposure.js';
import type { OrderFact } from './inputs.js';
import { Meter } from './meter.js';
import { isLive } from './orders.js';
import type { LedgerOrder } from './orders.js';
import type { Counted } from './tally.js';

/** A signal's first entry when the exchange accepted it. */
export interface Accepted {
  atMs: number;
  order: LedgerOrder;
  /** Signals whose outcome its sender did not know: see lookalikes.ts. */
  repeats: { key: string; orderRef: string }[];
}

export interface Signal {
  key: string;
  orderRef: string;
  account: string;
  symbol: string;
  action: 'BUY' | 'SELL';
  clientId: number;
  entries: LedgerOrder[];
  exits: LedgerOrder[];
  /** What its first entry's quantity was when it was accepted. */
  approved: Decimal;
  accepted: Accepted | undefined;
  /** Set when entries are judged. */
  judged: Judged | undefined;
  /** Filled by entries and exits, net of corrections. */
  entered: Decimal;
  exited: Decimal;
  /** What splits added to its shares. */
  restated: Decimal;
  /** Its shares wait for a person: see restate.ts. */
  isWaived: boolean;
  /** Most that entries had filled at any time. */
  peak: Decimal;
  /** Part of the peak beyond the approved quantity; set when entries are judged. */
  overfilled: Decimal;
  exposure: Exposure;
  /** Shares that working entries may still add while exits of full size are live. */
  entering: Decimal;
  unprotected: Meter;
  excess: Meter;
  /** What it adds to its contract's tally. */
  counted: Counted | undefined;
  /** Client id → the connection in which it was last told of an order of this signal. */
  told: Map<number, number>;
  /** When its entry was accepted, and by which connection of its client it had come. */
  sent: { atMs: number; connection: number };
}

/** A new signal, from its first entry. */
export function newSignal(key: string, fact: OrderFact): Signal {
  return {
    ...{ key, orderRef: fact.orderRef, account: fact.account, symbol: fact.symbol },
    ...{ action: fact.action, clientId: fact.clientId, entries: [], exits: [] },
    ...{ approved: ZERO, accepted: undefined, judged: undefined, counted: undefined },
    ...{ entered: ZERO, exited: ZERO, peak: ZERO, overfilled: ZERO, entering: ZERO },
    ...{ restated: ZERO, isWaived: false },
    ...{ exposure: new Exposure(), unprotected: new Meter(), excess: new Meter() },
    ...{ told: new Map(), sent: { atMs: 0, connection: 0 } },
  };
}

/** Shares held by the signal; negative for a short one. */
export function openShares(signal: Signal): Decimal {
  const open = signal.entered.sub(signal.exited).add(signal.restated);
  return signal.action === 'BUY' ? open : open.neg();
}

/**
 * Whether an order of that size on the entry's side only brings the signal to flat: a bust took entry fills
 * back that its exits have answered already.
 */
export function bringsToFlat({ exited, entered }: Signal, quantity: Decimal): boolean {
  return quantity.gt(ZERO) && exited.sub(entered).gte(quantity);
}

/** Books filled shares (negative: a correction) of one of its orders. */
export function bookFill(signal: Signal, order: LedgerOrder, shares: Decimal): void {
  if (order.role === 'entry') {
    signal.entered = signal.entered.add(shares);
    signal.peak = max(signal.peak, signal.entered);
  } else {
    signal.exited = signal.exited.add(shares);
  }
}

/** Shares its working entries may add, while exits already stand at full size. */
export function enteringShares(signal: Signal): Decimal {
  const exitSide = signal.action === 'BUY' ? 'SELL' : 'BUY';
  if (signal.exposure.exits[exitSide].lte(ZERO)) return ZERO;
  const working = signal.entries.filter(isLive);
  return working.reduce((total, order) => total.add(order.remaining), ZERO);
}

/** Still has shares or a working order. */
export function isUnfinished(signal: Signal): boolean {
  return !openShares(signal).isZero() || signal.entries.some(isLive) || signal.exits.some(isLive);
}

/**
 * Sets the signal's own meters. Shares that the account no longer holds (closed by hand) need no
 * stop: `held` is the account's position in the contract.
 */
export function measureSignal(signal: Signal, held: Decimal, atMs: number): void {
  const open = openShares(signal);
  const need = signal.isWaived ? ZERO : sharedPosition(open, held);
  const entering = { BUY: ZERO, SELL: ZERO, [signal.action]: signal.entering };
  signal.unprotected.set(unprotectedShares(need, signal.exposure.armed), atMs);
  signal.excess.set(excessShares(open, entering, signal.exposure.exits), atMs);
}

/** The part of a position that another one has too: the smaller of both, 0 if they are opposite. */
export function sharedPosition(first: Decimal, second: Decimal): Decimal {
  if (first.mul(second).lte(ZERO)) return ZERO;
  return first.abs().lt(second.abs()) ? first : second;
}

/** A signal as the report shows it. */
export function signalView(signal: Signal) {
  return {
    ...{ signal: signal.key, orderRef: signal.orderRef, account: signal.account },
    listed: signal.judged?.listed?.name ?? null,
    ...{ symbol: signal.symbol, action: signal.action },
    approved: text(signal.judged?.approved ?? signal.approved),
    entryOrders: signal.entries.filter((order) => order.acceptedAtMs !== undefined).length,
    exitOrders: signal.exits.length,
    open: text(openShares(signal)),
    entered: text(signal.entered),
    exited: text(signal.exited),
    overfilledShares: text(signal.overfilled),
    unprotectedShares: text(signal.unprotected.shares),
    unprotectedShareSeconds: text(signal.unprotected.total),
    excessExitShares: text(signal.excess.shares),
    excessExitShareSeconds: text(signal.excess.total),
  };
}
