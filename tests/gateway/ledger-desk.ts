/** Brackets told to a ledger as the exchange tells them, with the account's positions kept along. */
import { ZERO, decimal, text } from '../../domain/money.js';
import type { Decimal } from '../../domain/money.js';
import type { ListedFact, OrderFact } from '../../gateway/ledger/inputs.js';
import { ACCOUNT, HELD, Story, WAITING } from './ledger-facts.js';

export type Order = Partial<OrderFact> & Pick<OrderFact, 'orderId' | 'quantity' | 'action'>;

export interface Bracket {
  entry: Order;
  stop: Order;
  target: Order;
}

export interface BracketOptions {
  /** Order id of the entry; the exits' are the next two. */
  id: number;
  ref: string;
  shares?: string;
  symbol?: string;
  side?: 'BUY' | 'SELL';
  stop?: Partial<OrderFact>;
}

/** A bracket around a market of 100. */
export function bracket(options: BracketOptions): Bracket {
  const { id, ref, shares: quantity = '100', symbol = 'IBM', side = 'BUY' } = options;
  const isLong = side === 'BUY';
  const sized = { symbol, quantity, remaining: quantity };
  const action = isLong ? ('SELL' as const) : ('BUY' as const);
  const exit = {
    ...{ ...sized, action, parentId: id, parentPermId: 1000 + id, tif: 'GTC' },
    ...{ ocaGroup: `oca-${ref}`, ocaType: 2 },
  };
  const prices = { stop: isLong ? '95' : '105', target: isLong ? '110' : '90' };
  return {
    entry: { ...sized, orderId: id, orderRef: ref, action: side },
    stop: {
      ...{ ...exit, orderId: id + 1, orderRef: `${ref}s`, orderType: 'STP' },
      ...{ stopPrice: prices.stop, ...options.stop },
    },
    target: {
      ...{ ...exit, orderId: id + 2, orderRef: `${ref}t`, orderType: 'LMT' },
      limitPrice: prices.target,
    },
  };
}

/** A stand-alone order of the same symbol: no parent, no group. */
export const alone = (order: Order, more: Partial<OrderFact> = {}): Order => ({
  ...{ ...order, parentId: 0, parentPermId: 0, ocaGroup: '', ocaType: 0 },
  ...more,
});

/** A story whose fills move the account's positions. */
export class Desk extends Story {
  private readonly held = new Map<string, Decimal>();

  /** A position as the exchange states it without a trade. */
  state(position: string, symbol = 'IBM'): void {
    this.held.set(symbol, decimal(position));
    this.tell({ kind: 'position', account: ACCOUNT, symbol, position });
  }

  /** So many shares of an order fill; `filled` of them in all. Tells execution, position and status. */
  trade(order: Order, shares = order.quantity, filled = shares): void {
    const symbol = order.symbol ?? 'IBM';
    const before = this.held.get(symbol) ?? ZERO;
    const after = order.action === 'BUY' ? before.add(shares) : before.sub(shares);
    this.held.set(symbol, after);
    this.fill(order, shares, text(after));
    const remaining = text(decimal(order.quantity).sub(filled));
    const status = remaining === '0' ? 'Filled' : 'Submitted';
    this.show({ ...order, status, filled, remaining, whyHeld: '' });
  }

  /** The run's list grows: `bal-a` has the references that begin so. */
  list(ref: string, quantity?: string, more: Partial<ListedFact> = {}): void {
    const look = { signal: `the ${ref}`, symbol: 'IBM', side: 'BUY' as const };
    const signal = { ...look, orderRefPrefix: ref, ...(quantity && { quantity }), ...more };
    this.ledger.checkSignals([signal]);
    this.tell({ kind: 'signals', signals: [signal] });
  }

  /** The client reads a list that names these orders. */
  reads(...orders: Order[]): void {
    for (const order of orders) this.knows(order);
  }

  /** The client's socket is cut, and it connects again some seconds later. */
  cut(seconds = 5): void {
    this.tell({ kind: 'disconnected', clientId: 1, reason: 'cut' });
    this.wait(seconds);
    this.tell({ kind: 'connected', clientId: 1 });
  }

  /** The client is told of an order. */
  knows(order: Order, clientId = order.clientId ?? 1): void {
    this.tell({ kind: 'told', clientId, permId: order.permId ?? clientId * 1000 + order.orderId });
  }

  /** Sends the family and shows it: the entry works, its children are held. */
  sendBracket({ entry, stop, target }: Bracket): void {
    this.send({ ...entry, transmit: false });
    this.send({ ...stop, transmit: false });
    this.send(target);
    this.show(entry);
    this.show({ ...stop, ...HELD });
    this.show({ ...target, ...HELD });
    for (const order of [entry, stop, target]) this.knows(order);
  }

  /** The children of a filled entry wake up. */
  arm({ stop, target }: Bracket): void {
    this.show({ ...stop, ...WAITING });
    this.show(target);
  }

  /** A bracket as it should be: sent, filled, both exits live. */
  open(options: BracketOptions): Bracket {
    const made = bracket(options);
    this.sendBracket(made);
    this.wait(0.1);
    this.trade(made.entry);
    this.arm(made);
    return made;
  }

  cancel(order: Order): void {
    this.show({ ...order, status: 'PendingCancel' });
    this.show({ ...order, status: 'Cancelled', remaining: '0' });
  }

  /** The target fills, its group cancels the stop. */
  takeProfit({ stop, target }: Bracket): void {
    this.trade(target);
    this.cancel(stop);
  }

  /** The stop fills, its group cancels the target. */
  stopOut({ stop, target }: Bracket): void {
    this.trade(stop);
    this.cancel(target);
  }
}
