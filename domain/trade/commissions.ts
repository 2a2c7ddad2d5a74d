/**
 * Commissions in the currency that a trade's result is in (TRD-8, SIZ-8). One in another currency than its contract's
 * counts at the rate that the account's ledger had when it was booked; without a rate it is no part of the result,
 * and whatever tells the result says so.
 */
import { decimal, moneyText, ZERO, type Decimal, type DecimalText } from '../money.js';
import type { Book, BookFill } from './book.js';

/** What the account's ledger at the broker says. */
export interface LedgerRates {
  readonly baseCurrency: string;
  /** Base currency per unit. */
  readonly perUnit: Readonly<Record<string, DecimalText>>;
}

/** What the columns keep. */
const RATE_DECIMALS = 8;
const AMOUNT_DECIMALS = 8;

/** The contract's currency per unit of another one; null where the ledger does not name both. */
export function commissionRate({ rates, instrument }: Book, currency: string): DecimalText | null {
  if (rates === undefined) return null;
  const worth = (of: string): DecimalText | null =>
    of === rates.baseCurrency ? '1' : (rates.perUnit[of] ?? null);
  const [paid, counted] = [worth(currency), worth(instrument.currency)];
  if (paid === null || counted === null || decimal(counted).lte(0)) return null;
  return decimal(paid).div(counted).toDecimalPlaces(RATE_DECIMALS).toFixed();
}

/** Whether it is in another currency than the contract is traded in. */
export function isForeign({ instrument }: Book, currency: string | null): boolean {
  return currency !== null && currency !== instrument.currency;
}

/** What of a fill's commission is in the trade's result; null while the broker has not told it. */
export function countedCommission(book: Book, fill: BookFill): DecimalText | null {
  const { commission, commissionCurrency, commissionRate: rate = null } = fill;
  if (commission === null || !isForeign(book, commissionCurrency)) return commission;
  const counted = rate === null ? ZERO : decimal(commission).mul(rate);
  return counted.toDecimalPlaces(AMOUNT_DECIMALS).toFixed();
}

/** For people: `, without 1.50 EUR of commissions that no rate is known for`; empty where all are counted. */
export function uncountedText(book: Book, fills: readonly BookFill[]): string {
  const left = new Map<string, Decimal>();
  for (const { commission, commissionCurrency: currency, commissionRate: rate = null } of fills) {
    if (commission === null || currency === null || rate !== null) continue;
    if (!isForeign(book, currency)) continue;
    left.set(currency, (left.get(currency) ?? ZERO).add(commission));
  }
  if (left.size === 0) return '';
  const amounts = [...left].map(([currency, amount]) => `${moneyText(amount)} ${currency}`);
  return `, without ${amounts.join(' and ')} of commissions that no rate is known for`;
}
