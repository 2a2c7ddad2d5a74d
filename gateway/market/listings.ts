/** The instruments the gateway knows, and how a client's contract is resolved to them. */
import { decimal } from '../../domain/money.js';
import type { Decimal } from '../../domain/money.js';
import type { ContractQuery, Listing, Listings } from '../exchange/api.js';
import { LISTING_LINES } from './listings-data.js';

/** Rule 26 of IBKR's market rules: US stocks are quoted in cents. */
const MIN_TICK_TEXT = '0.01';
/** Own conIds of symbols that only a replay folder holds start here, clear of the built-in ones. */
const FOREIGN_CON_ID_BASE = 800_000_000;
const FOREIGN_CON_ID_SPAN = 100_000_000;
/** Smart routing and direct routes that any US stock may be sent to. */
const COMMON_ROUTES = new Set([
  '',
  'SMART',
  'BEST',
  'NYSE',
  'NASDAQ',
  'ISLAND',
  'ARCA',
  'AMEX',
  'BATS',
  'IEX',
  'DRCTEDGE',
  'BEX',
  'EDGEA',
]);
/** IBKR's older name of the same listing exchange. */
const EXCHANGE_ALIASES: Record<string, string> = { ISLAND: 'NASDAQ' };

function listing(
  fields: Omit<
    Listing,
    'secType' | 'exchange' | 'currency' | 'localSymbol' | 'tradingClass' | 'minTick'
  >,
): Listing {
  return {
    ...fields,
    secType: 'STK',
    exchange: 'SMART',
    currency: 'USD',
    localSymbol: fields.symbol,
    tradingClass: fields.primaryExchange === 'NASDAQ' ? 'NMS' : fields.symbol,
    minTick: decimal(MIN_TICK_TEXT),
  };
}

function parseLine(line: string): Listing {
  const [symbol, conId, longName, primaryExchange, industry, category, subcategory, price, isin] =
    line.split('|') as [string, string, string, string, string, string, string, string, string];
  return listing({
    symbol,
    conId: Number(conId),
    longName,
    primaryExchange,
    industry,
    category,
    subcategory,
    referencePrice: decimal(price),
    isin,
  });
}

/** A conId for a symbol outside the built-in list: the same on every start. */
function foreignConId(symbol: string, taken: Set<number>): number {
  let hash = 0;
  for (const char of symbol) hash = (hash * 31 + char.charCodeAt(0)) % FOREIGN_CON_ID_SPAN;
  while (taken.has(FOREIGN_CON_ID_BASE + hash)) hash = (hash + 1) % FOREIGN_CON_ID_SPAN;
  return FOREIGN_CON_ID_BASE + hash;
}

function sameExchange(asked: string, listed: string): boolean {
  return (EXCHANGE_ALIASES[asked] ?? asked) === listed;
}

function matches(spec: ContractQuery, candidate: Listing): boolean {
  if (spec.symbol && spec.symbol !== candidate.symbol) return false;
  if (spec.localSymbol && spec.localSymbol !== candidate.localSymbol) return false;
  if (spec.secType && spec.secType !== 'STK') return false;
  if (spec.currency && spec.currency !== 'USD') return false;
  if (!COMMON_ROUTES.has(spec.exchange ?? '')) return false;
  if (spec.primaryExchange && spec.primaryExchange !== 'SMART') {
    if (!sameExchange(spec.primaryExchange, candidate.primaryExchange)) return false;
  }
  if (spec.secId && (spec.secIdType !== 'ISIN' || spec.secId !== candidate.isin)) return false;
  return !spec.tradingClass || spec.tradingClass === candidate.tradingClass;
}

/**
 * The built-in list plus `found`: symbols of a replay folder with their first recorded mid. A found
 * symbol that is built in keeps its identity and takes the recorded price.
 * `find` gives [] for anything unknown (error 200); one conId, symbol or ISIN gives at most one.
 */
export function createListings(found: ReadonlyMap<string, Decimal> = new Map()): Listings {
  const bySymbol = new Map<string, Listing>();
  for (const line of LISTING_LINES.trim().split('\n')) {
    const parsed = parseLine(line);
    bySymbol.set(parsed.symbol, parsed);
  }
  const byConId = new Map([...bySymbol.values()].map((each) => [each.conId, each]));
  for (const [symbol, referencePrice] of found) {
    const builtIn = bySymbol.get(symbol);
    const entry = builtIn
      ? { ...builtIn, referencePrice }
      : listing({
          symbol,
          conId: foreignConId(symbol, new Set(byConId.keys())),
          longName: symbol,
          primaryExchange: 'NYSE',
          industry: 'Unclassified',
          category: 'Unclassified',
          subcategory: 'Unclassified',
          referencePrice,
        });
    bySymbol.set(symbol, entry);
    byConId.set(entry.conId, entry);
  }
  const all = [...bySymbol.values()];
  const byIsin = new Map(all.map((each) => [each.isin, each]));

  function find(spec: ContractQuery): Listing[] {
    const symbol = spec.symbol || spec.localSymbol || '';
    let candidate = bySymbol.get(symbol);
    if (spec.conId) candidate = byConId.get(spec.conId);
    else if (symbol === '' && spec.secId) candidate = byIsin.get(spec.secId);
    return candidate && matches(spec, candidate) ? [candidate] : [];
  }

  return { find, all: () => all };
}

/** TWS's stock type: funds are `ETF`, everything else here `COMMON`. */
export function stockType(entry: Listing): 'ETF' | 'COMMON' {
  return entry.industry === 'Funds' ? 'ETF' : 'COMMON';
}
