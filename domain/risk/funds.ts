/** The account's money as sizing needs it: less what is reserved, in the contract's currency. */
import { decimal, sum, type Decimal } from '../money.js';
import type { OpenReservation, PlanContext } from './context.js';

export interface Funds {
  readonly equity: Decimal;
  /** Settled cash of a cash account, available funds of a margin account; less what is reserved. */
  readonly availableCash: Decimal;
  readonly buyingPower: Decimal;
  readonly strategyExposure: Decimal;
  readonly openRisk: Decimal;
}

/** Base currency per unit of the contract's currency; null when it's needed and not fresh. */
export function usableFxRate(context: PlanContext): Decimal | null {
  const { account, fxRate, limits, nowMs } = context;
  if (currencyOf(context) === account.baseCurrency) return decimal('1');
  if (fxRate === null || nowMs - fxRate.atMs > limits.fxRateMaxAgeMs) return null;
  const rate = decimal(fxRate.rate);
  return rate.gt(0) ? rate : null;
}

function currencyOf({ contract, signal }: PlanContext): string {
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
