/** Which contract a chart's ticker means: `NASDAQ:AAPL` is AAPL, `NYSE:BRK.B` is what the broker calls BRK B. */
import type { SignalIssue } from '../signal.js';

/** Exchanges of the United States as TradingView names them; SMART in USD reaches what is listed there. */
const US_EXCHANGES = ['NASDAQ', 'NYSE', 'AMEX', 'NYSE ARCA', 'ARCA', 'BATS', 'CBOE', 'OTC'];
/** The chart's data come late; what is listed there is the same. */
const DELAYED = /_DLY?$/;
/** A class of a share: the broker writes a blank where the chart has a point. */
const SHARE_CLASS = /^([A-Z]{1,5})\.([A-Z])$/;

interface Listed {
  readonly ticker?: string | undefined;
  readonly exchange?: string | undefined;
  readonly currency?: unknown;
}

/**
 * Reads a ticker, with or without its exchange before a colon.
 * @returns the broker's symbol; issues when the exchange is of another country and no currency of there says which contract
 * is meant: the same letters may be another company's share in New York
 */
export function symbolOf({ ticker, exchange, currency }: Listed): {
  readonly symbol?: string;
  readonly issues: readonly SignalIssue[];
} {
  if (ticker === undefined) return { issues: [] };
  const [before, symbol] = splitTicker(ticker);
  const issues: SignalIssue[] = [];
  const prefix = before?.replace(DELAYED, '');
  const told = exchange?.replace(DELAYED, '');
  if (prefix !== undefined && told !== undefined && prefix !== told) {
    issues.push({
      path: 'exchange',
      message: `contradicts ${before} in ticker: give one of the two`,
    });
  }
  const listed = prefix ?? told;
  // Much is quoted in dollars elsewhere: funds in London, gold, coins.
  const isOfThere = currency === undefined || currency === 'USD';
  if (listed !== undefined && isOfThere && !US_EXCHANGES.includes(listed)) {
    const message =
      currency === undefined
        ? `${listed} is no exchange of the United States: give "currency" too, such as {{syminfo.currency}}`
        : `${listed} is no exchange of the United States, and the same letters in USD may be another share there: give the broker's "symbol" in place of "ticker"`;
    issues.push({ path: prefix === undefined ? 'exchange' : 'ticker', message });
  }
  return { symbol: symbol.replace(SHARE_CLASS, '$1 $2'), issues };
}

function splitTicker(ticker: string): readonly [string | undefined, string] {
  const at = ticker.indexOf(':');
  return at === -1 ? [undefined, ticker] : [ticker.slice(0, at), ticker.slice(at + 1)];
}
