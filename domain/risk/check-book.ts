/** Checks against this system's own books: positions, counts, the day's result. */
import { decimal, sum, text, type Decimal, type DecimalText } from '../money.js';
import { dayPnl } from '../pnl.js';
import { opposite } from '../vocabulary.js';
import type { Check, RiskContext } from './check.js';
import type { AccountState, PlanContext } from './context.js';
import { finding, type Finding } from './finding.js';
import { currencyOf, noRate, otherReservations, usableFxRate } from './funds.js';
import { holderName, holdersText } from './holders.js';
import { asIfOver, opposing } from './opposing.js';

const none: readonly Finding[] = [];

/** One direction per strategy and contract; what becomes of either is decided elsewhere (TRD-7). */
export const notOpposite: Check = ({ plan }) => {
  const others = opposing(plan);
  if (others.length === 0) return none;
  const measured = others.map(({ tradeId, side, state }) => `trade ${tradeId} (${side}, ${state})`);
  const limit = `no trade of the other direction of ${holderName(plan.strategy)}`;
  return [finding('OPPOSITE_POSITION', measured.join(', '), limit)];
};

/** One position per strategy and symbol. */
export const notDuplicate: Check = (context) => {
  const plan = asIfOver(context.plan);
  const { symbol } = plan.signal.instrument;
  const { strategyId } = plan.strategy;
  const trade = otherReservations(plan).find(
    (other) => other.strategyId === strategyId && other.symbol === symbol,
  );
  const held = heldByStrategy(plan);
  if (trade === undefined && held.eq(0)) return none;
  const measured = trade ? `trade ${trade.tradeId} (${trade.side})` : `${text(held)} held`;
  const limit = `no other trade of ${holderName(plan.strategy)} in ${symbol}`;
  return [finding('DUPLICATE_POSITION', measured, limit)];
};

/** Opposite directions in one contract would net at the broker and leave two trades without shares. */
export const noNettingConflict: Check = ({ plan }) => {
  const { signal, strategy, book } = plan;
  const against = opposite(signal.side);
  const positions = book.positions
    .filter(({ symbol, strategyId }) => isOthers(symbol, strategyId))
    .filter(({ quantity }) =>
      against === 'SELL' ? decimal(quantity).lt(0) : decimal(quantity).gt(0),
    );
  const trades = otherReservations(plan)
    .filter(({ symbol, strategyId }) => isOthers(symbol, strategyId))
    .filter(({ side }) => side === against);
  if (positions.length + trades.length === 0) return none;
  const measured = holdersText(positions, trades, against);
  return [finding('NETTING_CONFLICT', measured, 'one direction per contract')];

  function isOthers(symbol: string, strategyId: string | null): boolean {
    return symbol === signal.instrument.symbol && strategyId !== strategy.strategyId;
  }
};

/** A sale of what isn't held is a short, which must be switched on and possible. */
export const shortAllowed: Check = ({ plan }) => {
  const { signal, limits, account, contract } = plan;
  if (signal.side === 'BUY' || heldByStrategy(plan).gt(0)) return none;
  if (!limits.allowShort) {
    const measured = `no ${signal.instrument.symbol} held, allow_short is off`;
    return [finding('NO_POSITION', measured, 'something to sell, or allow_short')];
  }
  if (account.kind === 'cash') {
    return [finding('SHORT_NOT_ALLOWED', 'a cash account', 'a margin account')];
  }
  if (contract.kind === 'known' && contract.shortable === false) {
    return [finding('SHORT_NOT_ALLOWED', 'no shares to borrow', 'a shortable contract')];
  }
  return none;
};

function heldByStrategy({ book, strategy, signal }: RiskContext['plan']): Decimal {
  const own = book.positions.filter(
    ({ strategyId, symbol }) =>
      strategyId === strategy.strategyId && symbol === signal.instrument.symbol,
  );
  return sum(own.map(({ quantity }) => decimal(quantity)));
}

export const positionsNotTooMany: Check = ({ plan }) => {
  const open = otherReservations(plan).length;
  const limit = plan.limits.maxOpenPositions;
  if (open < limit) return none;
  return [finding('MAX_OPEN_POSITIONS', `${open} open`, `at most ${limit}, this one included`)];
};

export const tradesNotTooMany: Check = ({ plan }) => {
  const limit = plan.limits.maxTradesPerDay;
  const { tradesToday } = plan.book;
  if (limit === null || tradesToday < limit) return none;
  return [
    finding('MAX_TRADES_PER_DAY', `${tradesToday} today`, `at most ${limit}, this one included`),
  ];
};

/** Net liquidation against the previous close, deposits and withdrawals apart; latched (RSK-8). */
export const dayNotLost: Check = ({ plan }) => dayLoss(plan.account, plan.limits.dailyLossPct);

/** The same by the account's own limit: a strategy's own, which may be stricter, ends no other's day. */
export function isAccountLost({
  account,
  limits,
}: Pick<PlanContext, 'account' | 'limits'>): boolean {
  return dayLoss(account, account.dailyLossPct ?? limits.dailyLossPct).length > 0;
}

/** The same of an account; `share` is the limit. */
export function dayLoss(
  { day, values }: Pick<AccountState, 'day' | 'values'>,
  share: DecimalText,
): readonly Finding[] {
  if (day === null) return none;
  const allowed = decimal(day.previousCloseEquity).mul(decimal(share));
  const limit = `less than ${text(allowed)} (${share} of ${day.previousCloseEquity})`;
  if (day.latched) return [finding('DAILY_LOSS_LIMIT', 'reached earlier today', limit)];
  if (values === null) return none;
  const result = dayPnl(values.netLiquidation, day.previousCloseEquity, day.netFlows);
  const loss = decimal(result).neg();
  return loss.lt(allowed) ? none : [finding('DAILY_LOSS_LIMIT', `${text(loss)} lost`, limit)];
}

/** The account's values must be there and fresh: every cap is a share of them. */
export const valuesFresh: Check = ({ plan }) => {
  const { values, brokerAccountId } = plan.account;
  const limitMs = plan.limits.accountValuesMaxAgeMs;
  const limit = `account values at most ${limitMs} ms old`;
  if (values === null) return [finding('DATA_UNAVAILABLE', `none for ${brokerAccountId}`, limit)];
  const ageMs = plan.nowMs - values.atMs;
  return ageMs <= limitMs ? none : [finding('DATA_UNAVAILABLE', `${ageMs} ms old`, limit)];
};

export const currencyConvertible: Check = ({ plan }) => {
  if (usableFxRate(plan) !== null) return none;
  const { fxRate, account, limits, nowMs } = plan;
  const pair = { currency: currencyOf(plan), baseCurrency: account.baseCurrency };
  return [noRate({ ...pair, fxRate, maxAgeMs: limits.fxRateMaxAgeMs, nowMs })];
};
