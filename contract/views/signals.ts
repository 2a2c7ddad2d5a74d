/** A signal with what became of it, as it is read. */
import type { JsonObject } from './json.js';
import type { TradeSummary } from './trades.js';

export interface SignalView {
  /** The caller's own. */
  readonly id: string;
  readonly received_at: string;
  /** As parsed, before defaults. */
  readonly signal: JsonObject;
  readonly trade: TradeSummary;
}
