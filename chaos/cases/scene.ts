/** One contract on the stack as a case uses it: its trades, its price, its faults, its rows of the ledger. */
import { setTimeout as sleep } from 'node:timers/promises';
import { REPAIR_WINDOW_MS } from '../disturb/disturbance.js';
import { bookFindings } from '../judge/compare.js';
import { isOpenAndCalm, isSettled, type TradeRow } from '../judge/engine-books.js';
import type { Finding } from '../judge/finding.js';
import type {
  Ledger,
  LedgerBreach,
  LedgerExecution,
  LedgerMessage,
  LedgerOrder,
} from '../stack/gateway-control.js';
import type { ChaosStack } from '../stack/stack.js';

/** Short against every time that is judged, long against a question to the database. */
const LOOK_EVERY_MS = 100;
/** A healthy stack opens a trade within 3 s; two busy cores may take some times that. */
const OPEN_LIMIT_MS = 20_000;
const OPEN_ATTEMPTS = 5;
/** A link that has just been cut is back by then. */
const OPEN_AGAIN_AFTER_MS = 1_000;
/** Between two looks at the ledger, which is long when much has happened. */
const NAKED_LOOK_MS = 500;

/** Far from the market's walk of a minute: only a case's own hand meets these exits. */
const EXITS = { stop_loss_pct: '0.05', take_profit_pct: '0.05' };
const QUANTITY = '10';

export type SignalFields = Readonly<Record<string, unknown>>;

/** A trade of one leg less: percent stop, no target. */
export const BARE: SignalFields = { take_profit_pct: undefined };

/** What of the ledger belongs to one symbol. */
export interface SymbolLedger {
  readonly atMs: number;
  readonly orders: readonly LedgerOrder[];
  readonly breaches: readonly LedgerBreach[];
  readonly executions: readonly LedgerExecution[];
  readonly messages: readonly LedgerMessage[];
  readonly staged: number;
  /** Shares at the broker. */
  readonly position: number;
}

export class Scene {
  private signals = 0;

  /** Each case has symbols of its own, so that what it leaves behind is nobody else's. */
  constructor(
    readonly stack: ChaosStack,
    readonly name: string,
    readonly symbol: string,
  ) {}

  /** Submits a market order for ten shares with both exits, or what the fields make of it; its trade's id. */
  submit(fields: SignalFields = {}): Promise<string> {
    this.signals += 1;
    const id = `${this.name}-${this.symbol}-${this.signals}`;
    const all = {
      ...{ id, strategy_id: id, symbol: this.symbol, side: 'BUY', order_type: 'MKT' },
      ...{ quantity: QUANTITY, ...EXITS, ...fields },
    };
    const given = Object.entries(all).filter(([, value]) => value !== undefined);
    return this.stack.frontDoor.submit(Object.fromEntries(given));
  }

  /**
   * Submits, and waits until shares are held with their exits in place. A signal may be denied for want
   * of a link or a fresh quote: then another one is sent.
   * @throws Error when none opens
   */
  async open(fields: SignalFields = {}): Promise<TradeRow> {
    let told = 'no row';
    for (let attempt = 1; attempt <= OPEN_ATTEMPTS; attempt += 1) {
      const id = await this.submit(fields);
      const isDone = (row: TradeRow) => isOpenAndCalm(row) || isSettled(row);
      const row = await this.until(id, isDone, OPEN_LIMIT_MS);
      if (row && isOpenAndCalm(row)) return row;
      told = row ? stateOf(row) : told;
      await sleep(OPEN_AGAIN_AFTER_MS);
    }
    throw new Error(`no trade opened in ${this.symbol}: ${told}`);
  }

  /** Its row as soon as it passes the test, or as it is when the time is over. */
  async until(
    tradeId: string,
    test: (row: TradeRow) => boolean,
    limitMs: number,
  ): Promise<TradeRow | undefined> {
    let row: TradeRow | undefined;
    await waitFor(limitMs, async () => {
      row = (await this.stack.books.trades([tradeId])).get(tradeId);
      return row !== undefined && test(row);
    });
    return row;
  }

  /** The same, but ends as soon as shares were naked for longer than any repair may take. */
  async untilOrNaked(
    tradeId: string,
    test: (row: TradeRow) => boolean,
    limitMs: number,
  ): Promise<TradeRow | undefined> {
    const endMs = Date.now() + limitMs;
    for (;;) {
      const row = await this.until(tradeId, test, NAKED_LOOK_MS);
      if ((row && test(row)) || Date.now() > endMs || (await this.isNaked())) return row;
    }
  }

  private async isNaked(): Promise<boolean> {
    const { breaches, atMs } = await this.ledger();
    const naked = breaches.filter(({ kind }) => kind === 'unprotected');
    return naked.some(({ fromMs, toMs }) => (toMs ?? atMs) - fromMs > REPAIR_WINDOW_MS);
  }

  /** Arms a fault for this symbol alone. */
  arm(name: string, parameters: SignalFields = {}): Promise<void> {
    return this.stack.gateway.arm({ name, symbol: this.symbol, ...parameters });
  }

  /** The bid, times a factor, as a price. */
  async priceAt(factor: number): Promise<string> {
    const { [this.symbol]: quote } = await this.stack.gateway.prices();
    if (!quote) throw new Error(`the gateway has no quote of ${this.symbol}`);
    return (Number(quote.bid) * factor).toFixed(2);
  }

  /** By hand: what is quoted from now on, with a thousand shares or as many as are said. */
  async setPrice(price: string | { readonly price: string; readonly size: number }): Promise<void> {
    await this.stack.gateway.setPrices({ [this.symbol]: price });
  }

  /** How often a fault has happened so far, to anyone. */
  async hits(fault: string): Promise<number> {
    return (await this.stack.gateway.faultHits()).get(fault) ?? 0;
  }

  async ledger(): Promise<SymbolLedger> {
    return ofSymbol(await this.stack.gateway.ledger(), this.symbol);
  }

  /** On what the database and the broker disagree about this symbol, in which the trade was alone. */
  async bookFindings(tradeId: string): Promise<Finding[]> {
    const { books, gateway, frontDoor } = this.stack;
    const row = (await books.trades([tradeId])).get(tradeId);
    return bookFindings({
      trades: new Map(row ? [[this.name, row]] : []),
      orders: await books.orders([tradeId]),
      executions: await books.executions([this.symbol]),
      positions: await books.positions(),
      ledger: await gateway.ledger(),
      orderRefPrefix: frontDoor.orderRefPrefix,
    });
  }
}

function ofSymbol(ledger: Ledger, symbol: string): SymbolLedger {
  const own = <T extends { readonly symbol: string }>(rows: readonly T[]) =>
    rows.filter((row) => row.symbol === symbol);
  const orders = own(ledger.orders);
  const keys = new Set(orders.map(({ clientId, orderId }) => `${clientId}/${orderId}`));
  return {
    atMs: ledger.atMs,
    orders,
    breaches: own(ledger.breaches),
    executions: own(ledger.executions),
    messages: ledger.messages.orders.filter((m) => keys.has(`${m.clientId}/${m.orderId}`)),
    staged: own(ledger.stagedOrders).length,
    position: own(ledger.contracts).reduce((total, row) => total + Number(row.position), 0),
  };
}

/** Asks again and again until the answer is yes; false when the time is over. */
export async function waitFor(limitMs: number, ask: () => Promise<boolean>): Promise<boolean> {
  const endMs = Date.now() + limitMs;
  for (;;) {
    // A database that is away just now answers later.
    if (await ask().catch(() => false)) return true;
    if (Date.now() > endMs) return false;
    await sleep(LOOK_EVERY_MS);
  }
}

/** Shares are held. */
export function holds({ heldQuantity }: TradeRow): boolean {
  return Number(heldQuantity) > 0;
}

/** A trade's row in a few words. */
export function stateOf({ state, heldQuantity, isProtected, failure }: TradeRow): string {
  const exits = Number(heldQuantity) > 0 ? `, ${isProtected ? 'protected' : 'unprotected'}` : '';
  return `${state}, ${heldQuantity} held${exits}${failure ? ` (${failure})` : ''}`;
}
