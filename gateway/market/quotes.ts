/** What both markets share: the latest quotes, their listeners, halts. */
import type { QuoteView } from '../exchange/api.js';

type QuoteListener = (symbol: string, quote: QuoteView) => void;

/** The latest quote of each symbol; tells listeners of every change, in order. */
export class QuoteBoard {
  private readonly latest = new Map<string, QuoteView>();
  private readonly listeners = new Set<QuoteListener>();
  private readonly halted = new Set<string>();

  get(symbol: string): QuoteView | undefined {
    return this.latest.get(symbol);
  }

  isHalted(symbol: string): boolean {
    return this.halted.has(symbol);
  }

  onQuote(listener: QuoteListener): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  publish(symbol: string, quote: Omit<QuoteView, 'timeMs' | 'halted'>): void {
    const complete = { ...quote, timeMs: Date.now(), halted: this.halted.has(symbol) };
    this.latest.set(symbol, complete);
    for (const listener of this.listeners) listener(symbol, complete);
  }

  /** Marks a symbol as halted or trading again and repeats its quote, so that listeners notice. */
  setHalted(symbol: string, halted: boolean): void {
    if (halted) this.halted.add(symbol);
    else this.halted.delete(symbol);
    const quote = this.latest.get(symbol);
    if (quote) this.publish(symbol, quote);
  }

  forget(symbol: string): void {
    this.latest.delete(symbol);
  }
}
