/** What the promise cases share: a few trades of their own, waits with a limit, and the judgement at the end. */
import { setTimeout as sleep } from 'node:timers/promises';
import { bookFindings } from '../judge/compare.js';
import { isOpenAndCalm, isSettled, type TradeRow } from '../judge/engine-books.js';
import type { Finding } from '../judge/finding.js';
import { verdictFindings } from '../judge/verdicts.js';
import type { Ledger, LedgerOrder } from '../stack/gateway-control.js';
import type { ChaosStack } from '../stack/stack.js';

const LOOK_EVERY_MS = 100;
/** A step of a trade takes a second; on a machine that many share, it has been seen to take 20. */
const STEP_LIMIT_MS = 45_000;
/** What the broker tells after the last step is booked by then. */
const SETTLE_DOWN_MS = 400;
/** Far enough beyond an exit that it fills at once, near enough for a price by hand. */
const BELOW_STOP = 0.99;

interface OwnTrade {
  readonly name: string;
  readonly symbol: string;
  readonly id: string;
}

export class PromiseScene {
  private readonly own: OwnTrade[] = [];
  private readonly findings: Finding[] = [];

  private constructor(
    readonly stack: ChaosStack,
    private readonly before: Ledger,
  ) {}

  static async open(stack: ChaosStack): Promise<PromiseScene> {
    return new PromiseScene(stack, await stack.gateway.ledger());
  }

  /**
   * Submits a long market entry with a stop 3 % below, unless `terms` say otherwise.
   * @param name of signal and strategy: once on a stack
   */
  async submit(
    name: string,
    symbol: string,
    quantity: number,
    terms: Readonly<Record<string, unknown>> = {},
  ): Promise<string> {
    const stop = 'stop_loss' in terms ? {} : { stop_loss_pct: '0.03' };
    const id = await this.stack.frontDoor.submit({
      ...{ id: name, strategy_id: name, symbol, side: 'BUY', quantity: String(quantity) },
      ...{ order_type: 'MKT', ...stop, ...terms },
    });
    this.own.push({ name, symbol, id });
    return id;
  }

  /** The trade's row; undefined while the database is away. */
  async row(id: string): Promise<TradeRow | undefined> {
    const rows = await this.stack.books.trades([id]).catch(() => new Map<string, TradeRow>());
    return rows.get(id);
  }

  /** Waits until the row passes; a row that doesn't in time is a trade lost. */
  async reaches(
    id: string,
    what: string,
    test: (row: TradeRow) => boolean,
    limitMs = STEP_LIMIT_MS,
  ): Promise<boolean> {
    const deadlineMs = Date.now() + limitMs;
    for (;;) {
      const row = await this.row(id);
      if (row && test(row)) return true;
      if (Date.now() > deadlineMs) {
        const is = row ? `${row.state}, ${row.heldQuantity} held` : 'without a row';
        const why = row?.failure ? ` (${row.failure})` : '';
        const { name } = this.own.find((trade) => trade.id === id)!;
        this.find('lost', name, `not ${what} after ${limitMs / 1_000} s: ${is}${why}`);
        return false;
      }
      await sleep(LOOK_EVERY_MS);
    }
  }

  isOpen(id: string, limitMs = STEP_LIMIT_MS): Promise<boolean> {
    return this.reaches(id, 'open and verified', isOpenAndCalm, limitMs);
  }

  /** Over, booked, and its money let go. */
  isOver(id: string): Promise<boolean> {
    const isReleased = ({ reservation }: TradeRow) =>
      reservation === null || reservation === 'RELEASED';
    return this.reaches(id, 'settled', (row) => isSettled(row) && isReleased(row));
  }

  /** Arms a fault of the next connections; gives how to wait for all of them and for the link after. */
  async armForConnects(fault: { readonly name: string; readonly count: number }) {
    const { gateway, books } = this.stack;
    const hits = async () => (await gateway.faultHits()).get(fault.name) ?? 0;
    const before = await hits();
    await gateway.arm(fault);
    return async (): Promise<void> => {
      const deadlineMs = Date.now() + STEP_LIMIT_MS;
      const isBack = async () =>
        (await hits()) - before >= fault.count && (await books.isLinkReady());
      while (!(await isBack())) {
        if (Date.now() > deadlineMs) throw new Error(`${fault.name}: the link is not back`);
        await sleep(LOOK_EVERY_MS);
      }
    };
  }

  /** Sets the price at which the symbol is quoted now. */
  async price(symbol: string, price: number): Promise<void> {
    await this.stack.gateway.setPrices({ [symbol]: price.toFixed(2) });
  }

  async bid(symbol: string): Promise<number> {
    return Number((await this.stack.gateway.prices())[symbol]!.bid);
  }

  /** Lets the market fall through the trade's stop, and waits for its end. */
  async stopOut(id: string): Promise<boolean> {
    const row = await this.row(id);
    if (row?.stopPrice) await this.price(row.symbol, Number(row.stopPrice) * BELOW_STOP);
    return this.isOver(id);
  }

  /** Orders of a symbol as the gateway has them, oldest first. */
  async orders(symbol: string): Promise<LedgerOrder[]> {
    const { orders } = await this.stack.gateway.ledger();
    return orders.filter((order) => order.symbol === symbol);
  }

  /** Watches for a second entry in the symbol; true when one comes within the time. */
  async isSentAgain(symbol: string, withinMs: number): Promise<boolean> {
    const deadlineMs = Date.now() + withinMs;
    while (Date.now() < deadlineMs) {
      const orders = await this.orders(symbol);
      if (orders.filter(({ role }) => role === 'entry').length > 1) return true;
      await sleep(LOOK_EVERY_MS);
    }
    return false;
  }

  /** Adds what the case itself has seen. */
  find(kind: Finding['kind'], subject: string, detail: string): void {
    this.findings.push({ kind, subject, detail });
  }

  /**
   * Everything that was wrong with the scene's own trades and symbols.
   * @param repairWithinMs how long a breach may last that the case makes itself; 0: none may be
   */
  async judge(repairWithinMs = 0): Promise<Finding[]> {
    await sleep(SETTLE_DOWN_MS);
    const { stack, own } = this;
    const ids = own.map(({ id }) => id);
    const rows = await stack.books.trades(ids);
    const symbols = new Set(own.map(({ symbol }) => symbol));
    const ledger = await stack.gateway.ledger();
    const verdicts = verdictFindings(
      narrowed(this.before, symbols),
      narrowed(ledger, symbols),
      repairWithinMs,
    );
    const books = bookFindings({
      trades: new Map(own.flatMap(({ name, id }) => (rows.has(id) ? [[name, rows.get(id)!]] : []))),
      orders: await stack.books.orders(ids),
      executions: await stack.books.executions([...symbols]),
      positions: await stack.books.positions(),
      ledger,
      orderRefPrefix: stack.frontDoor.orderRefPrefix,
    });
    return [...this.findings, ...verdicts, ...books];
  }
}

/** Breaches of other symbols are left out; counts and sums are the account's. */
function narrowed(ledger: Ledger, symbols: ReadonlySet<string>): Ledger {
  return { ...ledger, breaches: ledger.breaches.filter(({ symbol }) => symbols.has(symbol)) };
}
