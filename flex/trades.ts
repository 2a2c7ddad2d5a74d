/** Rows of a statement's section Trades: executions, as far as they have an id that the socket tells too. */
import { z } from 'zod';
import { executionParts } from '../domain/broker/execution-id.js';
import { decimal, text, ZERO } from '../domain/money.js';
import type { StatementExecution } from '../domain/statement/statement.js';
import type { Side } from '../domain/vocabulary.js';
import { FlexError } from './error.js';
import { field, readRow, type RowPlace } from './row.js';
import type { Attributes } from './xml.js';

/** As the query's page calls them. */
export const TRADE_TITLES: Readonly<Record<string, string>> = {
  ...{ ibExecID: 'IB Execution ID', conid: 'Conid', symbol: 'Symbol', quantity: 'Quantity' },
  ...{ tradePrice: 'TradePrice', ibCommission: 'IB Commission', dateTime: 'Date/Time' },
  ...{ ibCommissionCurrency: 'IB Commission Currency', buySell: 'Buy/Sell' },
};

const shapeOf = (zone: string) =>
  z.object({
    ibExecID: field.name,
    ibOrderID: field.optionalName,
    orderReference: field.optionalName,
    symbol: field.words,
    conid: field.integer,
    buySell: field.name,
    quantity: field.decimal,
    tradePrice: field.decimal,
    ibCommission: field.optionalDecimal,
    ibCommissionCurrency: field.optionalCurrency,
    dateTime: field.time(zone),
    transactionType: field.words,
    notes: field.words,
  });

/** Why a row is no execution that can be compared; null: it may be one. */
export function leftOutTrade({ levelOfDetail, ibExecID }: Attributes): string | null {
  if (levelOfDetail !== undefined && levelOfDetail !== '' && levelOfDetail !== 'EXECUTION') {
    return 'trades of another level than executions';
  }
  // Exercises, transfers and other bookings have none; where the query lacks the field, none has.
  return ibExecID === '' ? 'trades without an execution id, which no exchange made' : null;
}

/** @throws FlexError that names the row and what of it is wrong */
export function readTrade(
  attributes: Attributes,
  zone: string,
  place: RowPlace,
): StatementExecution {
  const row = readRow(shapeOf(zone), attributes, place);
  const quantity = decimal(row.quantity).abs();
  if (quantity.isZero()) throw new FlexError(`${place.name}: its quantity is 0`);
  const { atMs } = row.dateTime;
  if (atMs === null) {
    throw new FlexError(`${place.name}: dateTime has no time: set the query's time to HHmmss`);
  }
  const { key: executionKey, correction } = executionParts(row.ibExecID);
  const cost = row.ibCommission ?? null;
  return {
    ...{ executionId: row.ibExecID, executionKey, correction, executedAtMs: atMs },
    clientOrderId: row.orderReference ?? null,
    brokerOrderId: row.ibOrderID ?? null,
    ...{ symbol: row.symbol ?? '', brokerContractId: row.conid, side: sideOf(row, place) },
    ...{ quantity: text(quantity), price: row.tradePrice },
    // A statement has what the cash became, a socket what it cost. Zero has no sign.
    commission: cost === null ? null : text(ZERO.sub(decimal(cost))),
    commissionCurrency: row.ibCommissionCurrency ?? null,
    isCancel: isCancel(row),
  };
}

/** `BUY`, `SELL`, and of executions taken back `BUY (Ca.)`. */
function sideOf({ buySell }: { readonly buySell: string }, { name }: RowPlace): Side {
  const [word] = buySell.split(' ');
  if (word === 'BUY' || word === 'SELL') return word;
  throw new FlexError(`${name}: buySell=${JSON.stringify(buySell)} is neither BUY nor SELL`);
}

/** By its type, its side or its codes: `Ca` is the code of a cancelled trade. */
function isCancel(row: {
  readonly transactionType?: string | undefined;
  readonly buySell: string;
  readonly notes?: string | undefined;
}): boolean {
  const codes = (row.notes ?? '').split(/[;, ]+/);
  return (
    row.transactionType === 'TradeCancel' || row.buySell.includes('(Ca') || codes.includes('Ca')
  );
}
