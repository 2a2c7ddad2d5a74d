/** How far a trade has come: what tests wait for before they go on. */
import type { TradeSnapshot } from '../../contract/workflows.js';
import type { TradeFacts } from './stack.js';

/** Held, and its exits read back; they may still be moved to where the fill was. */
export const isProtected = (trade: TradeFacts): boolean => trade.state === 'OPEN' && trade.verified;

/** Protected, with nothing left to do: a fault that a test arms now hits what the test does next. */
export const isAtRest = (trade: TradeFacts): boolean =>
  isProtected(trade) && !(trade.snapshot as unknown as TradeSnapshot).needsWork;
