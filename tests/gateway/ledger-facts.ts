/** Builds the facts a ledger is fed with, in the order in which the exchange tells them. */
import type { LedgerInput, OrderFact, Receipt } from '../../gateway/ledger/inputs.js';
import { Ledger } from '../../gateway/ledger/ledger.js';
import { ledgerReport } from '../../gateway/ledger/report.js';

export const ACCOUNT = 'DU1000001';
export const START_MS = 1_000_000;

const DEFAULTS: OrderFact = {
  ...{ clientId: 1, orderId: 1, permId: 0, parentId: 0, parentPermId: 0, orderRef: '' },
  ...{ account: ACCOUNT, symbol: 'IBM', action: 'BUY', quantity: '100', orderType: 'MKT' },
  ...{ tif: 'DAY', ocaGroup: '', ocaType: 0, transmit: true, status: 'Submitted' },
  ...{ whyHeld: '', filled: '0', remaining: '100', avgFillPrice: '0' },
};

/** A ledger with a clock: each call happens at the present instant, `wait` lets time pass. */
export class Story {
  readonly ledger: Ledger;
  readonly inputs: LedgerInput[] = [];
  private nowMs = START_MS;
  private lastExecution = 0;
  market: string | undefined = '100';

  constructor(ordersMax?: number) {
    this.ledger = new Ledger(ordersMax);
    this.tell({ kind: 'up' });
    this.tell({ kind: 'connected', clientId: 1 });
  }

  tell(input: DistributiveOmit<LedgerInput, 'at'>): void {
    const stamped = { ...input, at: this.nowMs };
    this.inputs.push(stamped);
    this.ledger.apply(stamped);
  }

  wait(seconds: number): void {
    this.nowMs += seconds * 1000;
  }

  /** What a client sends. */
  send(order: Partial<OrderFact>, receipt: Receipt = 'passed'): void {
    const request = { ...DEFAULTS, ...order };
    const { clientId, orderId } = request;
    this.tell({ kind: 'placed', clientId, orderId, receipt, request });
  }

  /** What the exchange says of an order. */
  show(order: Partial<OrderFact>): void {
    const complete = { ...DEFAULTS, ...order };
    if (complete.permId === 0) complete.permId = complete.clientId * 1000 + complete.orderId;
    const market = this.market === undefined ? {} : { market: this.market };
    this.tell({ kind: 'order', order: complete, ...market });
  }

  /** Sent and at once live. */
  place(order: Partial<OrderFact>): void {
    this.send(order);
    this.show(order);
  }

  /** Shares filled of an order, and the account's position after it. */
  fill(order: Partial<OrderFact>, shares: string, position?: string, execId?: string): void {
    const { clientId, orderId, account, symbol, action, orderRef } = { ...DEFAULTS, ...order };
    this.lastExecution += 1;
    const id = execId ?? `0001.${this.lastExecution}.01.01`;
    const who = { clientId, orderId, permId: order.permId ?? clientId * 1000 + orderId, orderRef };
    const side = action === 'BUY' ? 'BOT' : 'SLD';
    const execution = { execId: id, ...who, account, symbol, side, shares, price: '100' } as const;
    this.tell({ kind: 'execution', execution });
    if (position !== undefined) this.tell({ kind: 'position', account, symbol, position });
  }

  report() {
    return ledgerReport(this.ledger, this.nowMs);
  }
}

type DistributiveOmit<Type, Key extends PropertyKey> = Type extends unknown
  ? Omit<Type, Key>
  : never;

export const ENTRY = { orderId: 1, orderRef: 'bal-entry' };
export const STOP: Partial<OrderFact> = {
  ...{ orderId: 2, parentId: 1, parentPermId: 1001, orderRef: 'bal-stop', action: 'SELL' },
  ...{ orderType: 'STP', stopPrice: '95', tif: 'GTC', ocaGroup: 'oca-1', ocaType: 2 },
};
export const TARGET: Partial<OrderFact> = {
  ...{ ...STOP, orderId: 3, orderRef: 'bal-target', orderType: 'LMT', limitPrice: '110' },
  stopPrice: undefined,
};
export const HELD = { status: 'PreSubmitted', whyHeld: 'child' };
export const WAITING = { status: 'PreSubmitted', whyHeld: 'trigger' };
export const FILLED = { status: 'Filled', filled: '100', remaining: '0' };
export const CANCELLED = { status: 'Cancelled', remaining: '0' };

/** A bracket of 100 shares as it should be: entered, filled, both exits live. */
export function openBracket(story: Story, stop: Partial<OrderFact> = {}): void {
  story.send({ ...ENTRY, transmit: false });
  story.send({ ...STOP, ...stop, transmit: false });
  story.send(TARGET);
  story.show({ ...ENTRY });
  story.show({ ...STOP, ...HELD, ...stop });
  story.show({ ...TARGET, ...HELD });
  story.wait(1);
  story.fill(ENTRY, '100', '100');
  story.show({ ...ENTRY, ...FILLED });
  story.show({ ...STOP, ...WAITING, ...stop });
  story.show(TARGET);
}

/** The stop fills, the target is cancelled by its group. */
export function stopOut(story: Story): void {
  story.fill(STOP, '100', '0');
  story.show({ ...STOP, ...FILLED });
  story.show({ ...TARGET, ...CANCELLED });
}
