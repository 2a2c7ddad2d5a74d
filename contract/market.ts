/** What is known of an instrument and an account, as it crosses processes. Decimals are text. */
import type { DecimalText } from '../domain/money.js';
import type { EpochMs, Instrument } from '../domain/vocabulary.js';

export interface ContractInfo {
  readonly instrument: Instrument; // with brokerContractId
  readonly longName: string;
  readonly industry: string;
  readonly primaryExchange: string;
  readonly priceIncrement: DecimalText;
  readonly sizeIncrement: DecimalText;
  readonly timeZoneId: string; // as the broker names it
  readonly tradingHours: string; // the broker's hours text
  readonly liquidHours: string;
}

export interface AccountSnapshot {
  readonly account: string;
  readonly baseCurrency: string;
  readonly netLiquidation: DecimalText;
  readonly totalCash: DecimalText;
  readonly settledCash: DecimalText;
  readonly availableFunds: DecimalText;
  readonly buyingPower: DecimalText;
  readonly excessLiquidity: DecimalText;
  readonly atMs: EpochMs;
}
