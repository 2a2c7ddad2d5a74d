/**
 * What the ledger is fed: facts of the gateway's own books, each with its time (epoch ms). Plain JSON,
 * decimals as text, so that the same facts can be written down and read again after a restart.
 */

/** An order as the exchange holds it at one instant. */
export interface OrderFact {
  clientId: number;
  orderId: number;
  permId: number;
  /** 0: none. */
  parentId: number;
  parentPermId: number;
  orderRef: string;
  account: string;
  symbol: string;
  action: 'BUY' | 'SELL';
  quantity: string;
  orderType: string;
  limitPrice?: string;
  /** The trigger of STP and STP LMT; the stop of a TRAIL when it was last told, not each step since. */
  stopPrice?: string;
  tif: string;
  /** When a GTD order dies, epoch ms. */
  goodTillMs?: number;
  ocaGroup: string;
  ocaType: number;
  transmit: boolean;
  status: string;
  whyHeld: string;
  filled: string;
  remaining: string;
  avgFillPrice: string;
}

/** An order as a client asked for it. */
export type RequestFact = Pick<
  OrderFact,
  'orderRef' | 'account' | 'symbol' | 'action' | 'quantity' | 'orderType' | 'parentId' | 'transmit'
>;

export interface ExecutionFact {
  execId: string;
  clientId: number;
  orderId: number;
  permId: number;
  orderRef: string;
  account: string;
  symbol: string;
  side: 'BOT' | 'SLD';
  shares: string;
  price: string;
}

/** A signal of a run, as the one who runs it listed it: see listed.ts. */
export interface ListedFact {
  /** Its name on the list. */
  signal: string;
  symbol: string;
  side: 'BUY' | 'SELL';
  /** Approved shares. */
  quantity?: string;
  orderRefPrefix?: string;
  orderRefs?: string[];
}

/** The wire's word on a placeOrder: see gateway/session/observer.ts. */
export type Receipt = 'passed' | 'what-if' | 'dropped' | 'refused';

export type LedgerInput = { at: number } & (
  | { kind: 'up' } // the gateway started; what was staged is gone
  | { kind: 'tick' } // nothing but the time
  | { kind: 'connected'; clientId: number }
  | { kind: 'disconnected'; clientId: number; reason: string }
  | { kind: 'messages'; counts: Record<string, number> } // totals so far, by message id
  | { kind: 'placed'; clientId: number; orderId: number; receipt: Receipt; request: RequestFact }
  | { kind: 'cancel'; clientId: number; orderId: number; receipt?: 'dropped' }
  | { kind: 'told'; clientId: number; permId: number }
  | { kind: 'pacing'; clientId: number; breaches: number }
  /** `market`: the symbol's mid price then, as text. */
  | { kind: 'order'; order: OrderFact; market?: string }
  | { kind: 'execution'; execution: ExecutionFact }
  | { kind: 'commission'; execId: string; commission: string }
  | { kind: 'error'; clientId: number; orderId: number; code: number; message: string }
  | { kind: 'position'; account: string; symbol: string; position: string }
  | { kind: 'signals'; signals: ListedFact[] } // added to the list, or amended
);
