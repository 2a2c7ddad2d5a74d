/** A market whose quotes a test sets by hand. */
import { decimal } from '../../../domain/money.js';
import type { Market, QuoteView } from '../../../gateway/exchange/api.js';

export class ScriptedMarket implements Market {
  readonly quotes = new Map<string, QuoteView>();
  open = true;
  private readonly listeners = new Set<(symbol: string, quote: QuoteView) => void>();

  set(symbol: string, bid: string, ask: string, more: Partial<QuoteView> = {}): void {
    const quote: QuoteView = {
      bid: decimal(bid),
      bidSize: decimal('300'),
      ask: decimal(ask),
      askSize: decimal('200'),
      timeMs: Date.now(),
      halted: false,
      ...more,
    };
    this.quotes.set(symbol, quote);
    for (const listener of this.listeners) listener(symbol, quote);
  }

  quote(symbol: string): QuoteView | undefined {
    return this.quotes.get(symbol);
  }

  onQuote(listener: (symbol: string, quote: QuoteView) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  isOpen(): boolean {
    return this.open;
  }

  setPrices(): void {}
  setHalted(): void {}
  control(): void {}
  start(): void {}
  stop(): void {}

  state(): ReturnType<Market['state']> {
    return { mode: 'simulated', paused: false, speed: 1, at: '' };
  }
}
