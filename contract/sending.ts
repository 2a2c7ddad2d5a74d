/** What is handed to a broker to send. */
import type { Instrument } from '../domain/vocabulary.js';
import type { OrderTerms } from './orders.js';

/** One leg to send. The session order id comes from this system's own sequence, never the library. */
export interface OrderToSend {
  readonly clientOrderId: string;
  readonly sessionOrderId: number;
  readonly account: string;
  readonly instrument: Instrument;
  readonly terms: OrderTerms;
}

/** An entry with its exits, sent as one indivisible group: exits are children of the entry. */
export interface BracketToSend {
  readonly entry: OrderToSend;
  readonly exits: readonly OrderToSend[];
}
