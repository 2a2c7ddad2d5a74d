/** What the stub lists: one universal symbol for each ticker that it has a price of. */
import { createHash } from 'node:crypto';

const USD = { id: '57f81c53-bdda-45a7-a51f-032afd1ae41b', code: 'USD', name: 'US Dollar' };

/** The exchange of all of them. */
const EXCHANGE = {
  id: '2bcd7cc3-e922-4976-bce1-9858296801c3',
  code: 'NASDAQ',
  mic_code: 'XNAS',
  name: 'Nasdaq',
  timezone: 'America/New_York',
  start_time: '09:30:00',
  close_time: '16:00:00',
  suffix: null,
};

const COMMON_STOCK = {
  id: '7d4fc5a1-2a41-4b53-a8d8-36ed2cd8a4b1',
  code: 'cs',
  description: 'Common Stock',
  is_supported: true,
};

/** The universal symbol of a ticker. */
export function universalSymbol(ticker: string) {
  return {
    id: uuidOf(`symbol ${ticker}`),
    symbol: ticker,
    raw_symbol: ticker,
    description: `${ticker} Inc.`,
    currency: USD,
    exchange: EXCHANGE,
    type: COMMON_STOCK,
    figi_code: null,
    figi_instrument: null,
    currencies: [USD],
  };
}

/** The same for the same words, in the form of a UUID. */
export function uuidOf(words: string): string {
  const hex = createHash('sha256').update(words).digest('hex');
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `4${hex.slice(13, 16)}`,
    `a${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ].join('-');
}

export const CURRENCY = USD;
