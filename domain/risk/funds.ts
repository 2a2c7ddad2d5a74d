/** The account's money as sizing needs it: less what is reserved, in the contract's currency. */
import { decimal, sum, type Decimal } from '../money.js';
import type { EpochMs } from '../vocabulary.js';
import { finding, type Finding } from './finding.js';
import type { FxRate, OpenReservation, PlanContext } from './context.js';

export interface Funds {
  readonly equity: Decimal;
  /** Settled cash of a cash account, available funds of a margin account; less what is reserved. */
  readonly availableCash: Decimal;
  readonly buyingPower: Decimal;
  readonly strategyExposure: Decimal;
  readonly openRisk: Decimal;
}

/** Base currency per unit of the contract's currency; null when it's needed and not fresh (SIZ-8). */
export function usableFxRate(context: PlanContext): Decimal | null {
  const { account, fxRate, limits, nowMs } = context;
  if (currencyOf(context) === account.baseCurrency) return decimal('1');
  return freshRate(fxRate, limits.fxRateMaxAgeMs, nowMs);
}

/** A rate that is there, no older than that, and positive; else null. */
export function freshRate(fxRate: FxRate | null, maxAgeMs: number, nowMs: EpochMs): Decimal | null {
  if (fxRate === null || nowMs - fxRate.atMs > maxAgeMs) return null;
  const rate = decimal(fxRate.rate);
  return rate.gt(0) ? rate : null;
}

export interface NoRate {
  readonly currency: string;
  readonly baseCurrency: string;
  readonly fxRate: FxRate | null;
  readonly maxAgeMs: number;
  readonly nowMs: EpochMs;
}

/** Why an amount can't be converted. */
export function noRate({ currency, baseCurrency, fxRate, maxAgeMs, nowMs }: NoRate): Finding {
  const measured =
    fxRate === null
      ? `no rate: the broker's ledger of the account names no ${currency}`
      : `rate ${fxRate.rate}, ${nowMs - fxRate.atMs} ms old`;
  const limit = `${currency} to ${baseCurrency} at most ${maxAgeMs} ms old`;
  return finding('CURRENCY_MISMATCH', measured, limit);
}

/** Of the contract, as the broker told it, or as the signal names it until then. */
export function currencyOf({ contract, signal }: Pick<PlanContext, 'contract' | 'signal'>): string {
  return contract.kind === 'known' ? contract.instrument.currency : signal.instrument.currency;
}

/** Reservations of other trades: a trade that is planned again doesn't compete with itself. */
export function otherReservations(context: PlanContext): readonly OpenReservation[] {
  return context.book.reservations.filter(({ tradeId }) => tradeId !== context.tradeId);
}

/** Null when the account's values or the rate are missing. */
export function fundsOf(context: PlanContext): Funds | null {
  const { values, kind } = context.account;
  const rate = usableFxRate(context);
  if (values === null || rate === null) return null;
  const others = otherReservations(context);
  const own = others.filter(({ strategyId }) => strategyId === context.strategy.strategyId);
  const reservedCash = sum(others.filter((r) => r.phase === 'CASH').map((r) => decimal(r.cash)));
  const cash = decimal(kind === 'cash' ? values.settledCash : values.availableFunds);
  const power = kind === 'cash' ? cash : decimal(values.buyingPower);
  return {
    equity: decimal(values.netLiquidation).div(rate),
    availableCash: cash.sub(reservedCash).div(rate),
    buyingPower: power.sub(reservedCash).div(rate),
    strategyExposure: sum(own.map((r) => decimal(r.exposure))).div(rate),
    openRisk: sum(others.map((r) => decimal(r.openRisk))).div(rate),
  };
}
