/** Rows of a statement's section Cash Transactions. */
import { z } from 'zod';
import { decimal } from '../domain/money.js';
import type { CashKind, StatementMovement } from '../domain/statement/statement.js';
import type { DateText } from '../domain/calendar.js';
import { FlexError } from './error.js';
import { field, readRow, type RowPlace } from './row.js';
import { endOfDay, instantOfDay } from './time.js';
import type { Attributes } from './xml.js';

/** As the query's page calls them. */
export const CASH_TITLES: Readonly<Record<string, string>> = {
  ...{ transactionID: 'Transaction ID', amount: 'Amount', currency: 'Currency', type: 'Type' },
  ...{ dateTime: 'Date/Time', fxRateToBase: 'FX Rate To Base' },
};

/** The broker's types; what is not among them is kept as `other`, with its type in the words. */
const KINDS: Readonly<Record<string, CashKind>> = {
  Dividends: 'dividend',
  'Payment In Lieu Of Dividends': 'dividend',
  'Withholding Tax': 'tax',
  '871(m) Withholding': 'tax',
  'Broker Interest Paid': 'interest',
  'Broker Interest Received': 'interest',
  'Bond Interest Paid': 'interest',
  'Bond Interest Received': 'interest',
  'Other Fees': 'fee',
  'Broker Fees': 'fee',
  'Advisor Fees': 'fee',
  'Commission Adjustments': 'fee',
};

/** Cash that came from outside, or left: a bill is paid, a card is used, or it is just moved. */
const MOVED = /^(Deposits?\b|Withdrawals?\b|Bill Pay$|Debit Card)/i;

const shapeOf = (zone: string) =>
  z.object({
    transactionID: field.name,
    type: field.words,
    currency: field.currency,
    amount: field.decimal,
    fxRateToBase: field.optionalDecimal,
    dateTime: field.time(zone),
    settleDate: field.optionalTime(zone),
    reportDate: field.optionalTime(zone),
    description: field.words,
  });

/** Why a row is no movement; null: it is one. Totals repeat what stands in detail. */
export function leftOutCash({ levelOfDetail, currency }: Attributes): string | null {
  const isTotal = levelOfDetail === 'SUMMARY' || currency === 'BASE_SUMMARY';
  return isTotal ? 'totals of cash, which repeat its details' : null;
}

/**
 * Null: nothing was moved.
 * @throws FlexError that names the row and what of it is wrong
 */
export function readCash(
  attributes: Attributes,
  zone: string,
  place: RowPlace,
): StatementMovement | null {
  const row = readRow(shapeOf(zone), attributes, place);
  const { amount, transactionID: transactionId, currency, dateTime } = row;
  if (decimal(amount).isZero()) return null;
  // So much room has the column of references.
  if (transactionId.length > 50) throw new FlexError(`${place.name}: transactionID is too long`);
  const rate = row.fxRateToBase ?? null;
  if (rate !== null && decimal(rate).lte(0)) {
    throw new FlexError(`${place.name}: fxRateToBase=${rate} is no rate: it is above zero`);
  }
  const type = row.type ?? '';
  const kind = kindOf(type, amount);
  const others = [row.settleDate, row.reportDate].flatMap((time) => (time ? [time.day] : []));
  const days: [DateText, ...DateText[]] = [dateTime.day, ...others];
  return {
    ...{ transactionId, kind, currency, amount, rateToBase: rate, days, atMs: dateTime.atMs },
    dayFromMs: instantOfDay(dateTime.day, 0, zone),
    dayUntilMs: endOfDay(dateTime.day, zone),
    description: [type, row.description ?? ''].filter((part) => part !== '').join(': '),
  };
}

function kindOf(type: string, amount: string): CashKind {
  if (MOVED.test(type)) return decimal(amount).gt(0) ? 'deposit' : 'withdrawal';
  return KINDS[type] ?? 'other';
}
