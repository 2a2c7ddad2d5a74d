/** Prices of a contract while it was watched, as they are read for a chart. */

export interface PriceBarView {
  /** When it begins. */
  readonly at: string;
  /** By the middle between bid and ask. */
  readonly open: string;
  readonly high: string;
  readonly low: string;
  readonly close: string;
}

export interface PriceBarsView {
  readonly trade_id: string;
  /** How long each is. */
  readonly bar_ms: number;
  /** The oldest first; none for a time that nobody watched the contract in. */
  readonly bars: readonly PriceBarView[];
}
