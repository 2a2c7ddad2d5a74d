/** How the drills look at an installation: by the commands that a person has, and by the broker's own ledger. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TradeSummary } from '../../contract/views/trades.js';
import type { AttentionView } from '../../contract/views/attention.js';
import type { Installation } from './installation.js';

const BALLAST = 'bin/ballast.mjs';
const TERMS = { side: 'BUY', quantity: '10', stop_loss_pct: '0.05', take_profit_pct: '0.05' };

/** A person at the command line of an installation. */
export class Person {
  constructor(private readonly installation: () => Installation) {}

  /** Submits a signal, and waits until it is filled; `rests` is a limit that stays unfilled. @returns the trade's id */
  async submit(symbol: string, rests?: string): Promise<string> {
    const limit = rests === undefined ? {} : { order_type: 'LMT', entry_price: rests };
    const name = { id: `drill-${symbol}`, strategy_id: `drill-${symbol}`, symbol };
    const { stateDir } = this.installation().options;
    const file = join(stateDir, `${symbol}.json`);
    writeFileSync(file, JSON.stringify({ ...name, ...TERMS, ...limit }));
    const until = rests === undefined ? 'fill' : 'verdict';
    const said = await this.ask<{ trade_id: string }>('signal', file, '--wait', until);
    return said.trade_id;
  }

  /** @throws Error when the list has no such trade */
  async trade(id: string): Promise<TradeSummary> {
    const { trades } = await this.ask<{ trades: TradeSummary[] }>('trades', '--limit', '100');
    const found = trades.find((trade) => trade.id === id);
    if (!found) throw new Error(`there is no trade ${id}`);
    return found;
  }

  /** What entries wait for, as `ballast mode` shows it. */
  async pauses(): Promise<readonly AttentionView[]> {
    return (await this.ask<{ pauses: AttentionView[] }>('mode')).pauses;
  }

  /** Closes a trade at the market. */
  async close(id: string): Promise<void> {
    await this.installation().command(BALLAST, 'close', id);
  }

  private async ask<T>(...args: readonly string[]): Promise<T> {
    return JSON.parse(await this.installation().command(BALLAST, ...args, '--json')) as T;
  }
}

interface LedgerOrder {
  readonly symbol: string;
  readonly role: string;
  readonly orderType: string;
  readonly armed: boolean;
}
interface Ledger {
  readonly orders: readonly LedgerOrder[];
  readonly verdicts: Readonly<Record<string, number | string>>;
  readonly positions: readonly { readonly symbol: string; readonly position: string }[];
}

/** What the drill holds to be harm: orders that came twice, shares without a stop, and more exits than shares. */
const HARMS = ['duplicateEntries', 'reReferencedEntries', 'overfilledShares'].concat([
  ...['unprotectedShareSeconds', 'excessExitShareSeconds'],
]);

/** The paper gateway's ledger, which shares no code with the engine. */
export class Broker {
  constructor(private readonly controlPort: number) {}

  async setPrice(symbol: string, price: number): Promise<void> {
    const body = JSON.stringify({ [symbol]: Number(price.toFixed(2)) });
    await this.answer('/prices', { method: 'POST', body });
  }

  /** What one pays for it now. */
  async price(symbol: string): Promise<number> {
    const quotes = (await this.answer('/prices')) as Record<string, { readonly ask: number }>;
    const quote = quotes[symbol];
    if (!quote) throw new Error(`the gateway quotes no ${symbol}`);
    return Number(quote.ask);
  }

  /** Entries that it ever had, in a contract or in all. */
  async entries(): Promise<number> {
    return (await this.ledger()).orders.filter(({ role }) => role === 'entry').length;
  }

  /** Contracts that are held, each with its stops that would fill. */
  async stops(): Promise<ReadonlyMap<string, number>> {
    const { positions, orders } = await this.ledger();
    const count = (symbol: string) =>
      orders.filter((order) => order.symbol === symbol && order.armed).length;
    return new Map(positions.map(({ symbol }) => [symbol, count(symbol)]));
  }

  /** Its verdicts that are harm, in words. */
  async harms(): Promise<string[]> {
    const { verdicts } = await this.ledger();
    return HARMS.filter((name) => Number(verdicts[name]) !== 0).map(
      (name) => `the broker's ledger: ${name} ${verdicts[name]}`,
    );
  }

  private async ledger(): Promise<Ledger> {
    return (await this.answer('/ledger')) as Ledger;
  }

  private async answer(path: string, init: RequestInit = {}): Promise<unknown> {
    const response = await fetch(`http://127.0.0.1:${this.controlPort}${path}`, init);
    if (!response.ok) throw new Error(`the gateway answered ${response.status} to ${path}`);
    return response.json();
  }
}
