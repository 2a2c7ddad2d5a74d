/** Symbols that the paper gateway knows, so that cold quotes can be asked for one after the other. */
import { LISTING_LINES } from '../gateway/market/listings-data.js';

/** The symbols in the gateway's order; the first serves as the warm one. */
export function gatewaySymbols(): readonly string[] {
  const lines = LISTING_LINES.trim().split('\n');
  return lines.map((line) => line.split('|')[0]!.trim());
}
