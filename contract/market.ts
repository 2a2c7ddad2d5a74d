/** What is known of an instrument and an account, as it crosses processes. Decimals are text. */
import type { TradingHours } from '../domain/hours.js';
import type { DecimalText } from '../domain/money.js';
import type { EpochMs, Instrument } from '../domain/vocabulary.js';

export interface ContractInfo {
  readonly instrument: Instrument; // with brokerContractId
  readonly longName: string;
  readonly industry: string;
  readonly primaryExchange: string;
  readonly priceIncrement: DecimalText;
  readonly sizeIncrement: DecimalText;
  /** Null when the broker's words for them could not be read; then `hoursProblem` says why. */
  readonly hours: TradingHours | null;
  readonly hoursProblem: string | null;
}

/** What a contract was traded at last on a trading day. */
export interface DailyClose {
  /** `2026-11-20`, of the exchange. */
  readonly day: string;
  readonly close: DecimalText;
}

/** By currency: base currency per unit of it. */
export type ExchangeRates = Readonly<Record<string, DecimalText>>;

export interface AccountSnapshot {
  readonly account: string;
  readonly baseCurrency: string;
  readonly netLiquidation: DecimalText;
  readonly totalCash: DecimalText;
  readonly settledCash: DecimalText;
  readonly availableFunds: DecimalText;
  readonly buyingPower: DecimalText;
  readonly excessLiquidity: DecimalText;
  /** What one unit of a currency is worth in the base currency, of every currency in the account's ledger. */
  readonly exchangeRates: ExchangeRates;
  readonly atMs: EpochMs;
}
