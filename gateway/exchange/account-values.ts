/** An account's values under TWS's tags. */
import { ZERO, decimal, moneyText } from '../../domain/money.js';
import type { Decimal } from '../../domain/money.js';
import type { AccountValue } from './api.js';
import { figures } from './accounts.js';
import type { Figures } from './accounts.js';
import type { Core } from './core.js';
import type { BaseCurrency } from './options.js';

/** One decimal less than a cent would hide commissions; ratios need more. */
const RATIO_DECIMALS = 4;

const ratio = (part: Decimal, whole: Decimal): string =>
  whole.isZero() ? '0' : part.div(whole).toFixed(RATIO_DECIMALS);

/** Money tags, also repeated by TWS with these suffixes for the securities segment. */
function moneyValues(book: Figures, previousEquity: Decimal): Record<string, Decimal> {
  const { equity, margin, available } = book;
  return {
    NetLiquidation: equity,
    TotalCashValue: book.cash,
    SettledCash: book.cash,
    AccruedCash: ZERO,
    BuyingPower: book.buyingPower,
    EquityWithLoanValue: equity,
    PreviousDayEquityWithLoanValue: previousEquity,
    GrossPositionValue: book.grossValue,
    RegTEquity: equity,
    RegTMargin: book.grossValue.div(2),
    SMA: equity.sub(book.grossValue.div(2)),
    InitMarginReq: margin,
    MaintMarginReq: margin,
    AvailableFunds: available,
    ExcessLiquidity: available,
    FullInitMarginReq: margin,
    FullMaintMarginReq: margin,
    FullAvailableFunds: available,
    FullExcessLiquidity: available,
    LookAheadInitMarginReq: margin,
    LookAheadMaintMarginReq: margin,
    LookAheadAvailableFunds: available,
    LookAheadExcessLiquidity: available,
  };
}

/** The ledger's tags, told once for each currency that is held and once for BASE, which is all of them together. */
function ledgerValues(book: Figures): Record<string, Decimal> {
  return {
    CashBalance: book.cash,
    TotalCashBalance: book.cash,
    StockMarketValue: book.stockValue,
    NetLiquidationByCurrency: book.equity,
    UnrealizedPnL: book.unrealized,
    RealizedPnL: book.realized,
    NetDividend: ZERO,
  };
}

/** A currency's part of the ledger. */
interface LedgerPart {
  currency: string;
  /** Base currency per unit of it. */
  exchangeRate: string;
  /** What its figures are multiplied by; all is held in dollars. */
  factor: Decimal;
}

/** TWS tells a rate with some digits; its own cents have two. */
const RATE_DECIMALS = 7;

function ledgerParts({ currency, perDollar }: BaseCurrency): LedgerPart[] {
  const one = decimal('1');
  if (currency === 'USD') {
    return ['USD', 'BASE'].map((each) => ({
      ...{ currency: each, exchangeRate: '1.00', factor: one },
    }));
  }
  return [
    { currency: 'USD', exchangeRate: perDollar.toFixed(RATE_DECIMALS), factor: one },
    { currency, exchangeRate: '1.00', factor: ZERO },
    { currency: 'BASE', exchangeRate: '1.00', factor: perDollar },
  ];
}

/** All values of an account at the market's current prices. Money with two decimals. */
export function accountValues(core: Core, account: string): AccountValue[] {
  const book = figures(core, account);
  const values: AccountValue[] = [];
  const put = (tag: string, value: string, currency = ''): void => {
    values.push({ account, tag, value, currency });
  };
  put('AccountCode', account);
  put('AccountType', 'INDIVIDUAL');
  put('AccountReady', 'true');
  put('Cushion', ratio(book.available, book.equity));
  put('DayTradesRemaining', '-1');
  put('HighestSeverity', '0');
  put('LookAheadNextChange', '0');
  put('Leverage', ratio(book.grossValue, book.equity));
  const { base } = core.settings;
  const previous = core.state.account(account).dayStartNetLiquidation;
  for (const [tag, value] of Object.entries(moneyValues(book, previous))) {
    put(tag, moneyText(value.mul(base.perDollar)), base.currency);
  }
  for (const { currency, exchangeRate, factor } of ledgerParts(base)) {
    put('Currency', currency, currency);
    put('ExchangeRate', exchangeRate, currency);
    for (const [tag, value] of Object.entries(ledgerValues(book))) {
      put(tag, moneyText(value.mul(factor)), currency);
    }
  }
  return values;
}
