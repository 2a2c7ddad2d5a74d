/** Contracts and quotes: written by the broker worker, read by every plan. */
import type { ContractInfo } from '../contract/market.js';
import type { Instrument, Quote } from '../domain/vocabulary.js';
import { toJson, type Database } from './database.js';

/** Stands in the row of a contract that the broker does not know. */
export const UNKNOWN_CONTRACT_ID = 0;

/** Stores what the broker said of a contract; `fetchedAtMs` is when. */
export async function saveContract(
  db: Database,
  connectionId: string,
  contract: ContractInfo,
  fetchedAtMs: number,
): Promise<void> {
  const { symbol, securityType, exchange, currency, brokerContractId } = contract.instrument;
  const key = { connectionId, symbol, securityType, exchange, currency };
  const data = {
    brokerContractId: brokerContractId!,
    body: toJson(contract),
    fetchedAt: new Date(fetchedAtMs),
  };
  await db.contract.upsert({
    where: { connectionId_symbol_securityType_exchange_currency: key },
    create: { ...key, ...data },
    update: data,
  });
}

/** Stores that the broker knows no such contract, so that a plan can say so. */
export async function saveUnknownContract(
  db: Database,
  connectionId: string,
  instrument: Instrument,
  reason: string,
): Promise<void> {
  const { symbol, securityType, exchange, currency } = instrument;
  const key = { connectionId, symbol, securityType, exchange, currency };
  const brokerContractId = UNKNOWN_CONTRACT_ID;
  const data = { brokerContractId, body: toJson({ unknown: reason }), fetchedAt: new Date() };
  await db.contract.upsert({
    where: { connectionId_symbol_securityType_exchange_currency: key },
    create: { ...key, ...data },
    update: data,
  });
}

/** A quote to store, by the contract it belongs to. */
export interface QuoteOfContract {
  readonly brokerContractId: number;
  readonly symbol: string;
  readonly quote: Quote;
}

/** Stores the newest quotes in one statement; an older one never replaces a newer. */
export async function saveQuotes(
  db: Database,
  connectionId: string,
  quotes: readonly QuoteOfContract[],
): Promise<void> {
  if (quotes.length === 0) return;
  const rows = quotes.map(({ brokerContractId, symbol, quote }) => ({
    connection_id: connectionId,
    broker_contract_id: brokerContractId,
    symbol,
    bid: quote.bid,
    ask: quote.ask,
    bid_size: quote.bidSize,
    ask_size: quote.askSize,
    kind: quote.kind,
    halted: quote.halted,
    at: new Date(quote.atMs).toISOString(),
  }));
  await db.$executeRaw`
    INSERT INTO quotes
    SELECT * FROM jsonb_populate_recordset(NULL::quotes, ${JSON.stringify(rows)}::jsonb)
    ON CONFLICT (connection_id, broker_contract_id) DO UPDATE
       SET bid = excluded.bid, ask = excluded.ask, bid_size = excluded.bid_size,
           ask_size = excluded.ask_size, kind = excluded.kind, halted = excluded.halted,
           at = excluded.at, symbol = excluded.symbol
     WHERE quotes.at <= excluded.at`;
}
