/** What the gateway tells of instruments: contract details, market rules, symbol search. */
import { text } from '../../domain/money.js';
import type { Listing } from '../exchange/api.js';
import { escapeText, fieldText } from './fields.js';
import type { FieldValue } from './fields.js';
import { REPLY } from './message-ids.js';
import { GATE } from './versions.js';

const ORDER_TYPES =
  'ACTIVETIM,AD,ADJUST,ALERT,AON,BRACKET,COND,DAY,GAT,GTC,GTD,GTT,IOC,FOK,LMT,MKT,OCA,' +
  'OUTSIDERTH,SIZECHK,STP,STPLMT,TRAIL,WHATIF';
const VALID_EXCHANGES = ['SMART', 'NYSE', 'NASDAQ', 'ARCA', 'AMEX', 'BATS', 'IEX', 'EDGEA'];
/** IBKR's market rule for US stocks: one increment of 0.01 from 0. */
export const US_STOCK_RULE_ID = 26;
/** The same for all of them, so that clients pair them with `VALID_EXCHANGES`. */
const MARKET_RULE_IDS = VALID_EXCHANGES.map(() => US_STOCK_RULE_ID).join(',');
/** Size rules of US stocks: fractions down to 0.0001, 100 suggested. */
const SIZE_RULES = ['0.0001', '0.0001', '100'];

/** What of an instrument its listing doesn't hold; hours as the calendar writes them. */
export interface InstrumentTexts {
  stockType: 'ETF' | 'COMMON';
  timeZoneId: string;
  tradingHours: string;
  liquidHours: string;
}

function versionGated(version: number): {
  lead: FieldValue[];
  lastTradeDate: FieldValue[];
  sizeMultiplier: FieldValue[];
  sizes: FieldValue[];
} {
  const ruled = version >= GATE.SIZE_RULES;
  const before = version === GATE.FRACTIONAL_SIZE ? ['0.0001'] : [];
  return {
    lead: ruled ? [] : [8],
    lastTradeDate: version >= GATE.LAST_TRADE_DATE ? [''] : [],
    sizeMultiplier: ruled ? [] : [100],
    sizes: ruled ? SIZE_RULES : before,
  };
}

/** Count, then tag and value of each. */
function securityIds({ isin }: Listing): FieldValue[] {
  return isin === undefined ? [0] : [1, 'ISIN', isin];
}

/** contractDetails (10). */
export function contractDetails(
  reqId: number,
  listing: Listing,
  texts: InstrumentTexts,
  version: number,
): string[] {
  const { lead, lastTradeDate, sizeMultiplier, sizes } = versionGated(version);
  return [
    REPLY.CONTRACT_DETAILS,
    ...lead,
    reqId,
    listing.symbol,
    listing.secType,
    '',
    ...lastTradeDate,
    '0',
    '',
    listing.exchange,
    listing.currency,
    listing.localSymbol,
    listing.tradingClass, // marketName: of stocks the same
    listing.tradingClass,
    listing.conId,
    listing.minTick,
    ...sizeMultiplier,
    '', // multiplier
    ORDER_TYPES,
    VALID_EXCHANGES.join(','),
    1, // priceMagnifier
    0, // underConId
    escapeText(listing.longName),
    listing.primaryExchange,
    '', // contractMonth
    listing.industry,
    listing.category,
    listing.subcategory,
    texts.timeZoneId,
    texts.tradingHours,
    texts.liquidHours,
    '', // evRule
    '', // evMultiplier
    ...securityIds(listing),
    1, // aggGroup
    '', // underSymbol
    '', // underSecType
    MARKET_RULE_IDS,
    '', // realExpirationDate
    texts.stockType,
    ...sizes,
    ...(version >= GATE.INELIGIBILITY ? [0] : []),
  ].map(fieldText);
}

/** contractDetailsEnd (52). */
export function contractDetailsEnd(reqId: number): string[] {
  return [REPLY.CONTRACT_DETAILS_END, 1, reqId].map(fieldText);
}

/** marketRule (93): increments from their lower edges on. */
export function marketRule(ruleId: number, minTick: string): string[] {
  return [REPLY.MARKET_RULE, ruleId, 1, '0', minTick].map(fieldText);
}

/** symbolSamples (79). */
export function symbolSamples(
  reqId: number,
  listings: readonly Listing[],
  version: number,
): string[] {
  const rows = listings.flatMap((listing) => [
    listing.conId,
    listing.symbol,
    listing.secType,
    listing.primaryExchange,
    listing.currency,
    0, // derivative security types
    ...(version >= GATE.BOND_ISSUER_ID ? [escapeText(listing.longName), ''] : []),
  ]);
  return [REPLY.SYMBOL_SAMPLES, reqId, listings.length, ...rows].map(fieldText);
}

/** tickReqParams (81). */
export function tickParameters(reqId: number, listing: Listing): string[] {
  // The exchange map's key and 3 (all snapshot permissions) as IBKR gives them to stocks.
  return [REPLY.TICK_PARAMETERS, reqId, text(listing.minTick), '9c0001', 3].map(fieldText);
}
