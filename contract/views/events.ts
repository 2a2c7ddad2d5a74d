/** What happens to trades, as it is told while it happens. */
import type { Json } from './json.js';

export interface EventView {
  /** Grows; a stream is taken up again behind it. */
  readonly id: string;
  readonly trade_id: string;
  readonly at: string;
  readonly kind: string;
  readonly summary: string;
  readonly detail: Json;
}
