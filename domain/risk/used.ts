/**
 * What of an account's limits is taken: the same sums that the checks of a plan make of it, beside what is allowed. The
 * correlation limit is not among them: it is measured around a candidate, and there is none here.
 */
import { decimal, sum, text, ZERO, type Decimal, type DecimalText } from '../money.js';
import { dayPnl } from '../pnl.js';
import type { DayResult, OpenReservation } from './context.js';
import { grossOf } from './exposure.js';
import type { RiskLimits } from './limits.js';

/** The settings that hold the limits. */
export const USED_LIMITS = [
  'MAX_POSITION_PCT',
  'MAX_STRATEGY_PCT',
  'MAX_OPEN_RISK_PCT',
  'MAX_SECTOR_EXPOSURE_PCT',
  'MAX_OPEN_POSITIONS',
  'MAX_TRADES_PER_DAY',
  'MAX_ORDERS_PER_MINUTE',
  'DAILY_LOSS_LIMIT',
] as const;
export type UsedLimit = (typeof USED_LIMITS)[number];

export interface Used {
  readonly limit: UsedLimit;
  /** What it is measured of: a symbol, a strategy, a sector; null: the account. */
  readonly of: string | null;
  /** Money in the account's base currency, or a count. */
  readonly used: DecimalText;
  /** Null: there is no limit, or the account's values are not known. */
  readonly allowed: DecimalText | null;
}

export interface NamedReservation extends OpenReservation {
  readonly strategyName: string;
}

export interface AccountUse {
  /** Net liquidation; null before the broker gave it. */
  readonly equity: DecimalText | null;
  readonly reservations: readonly NamedReservation[];
  readonly tradesToday: number;
  readonly ordersLastMinute: number;
  readonly day: DayResult | null;
  /** Of the account. */
  readonly limits: RiskLimits;
  /** Of a strategy in it. */
  limitsOf(strategy: string): RiskLimits;
}

/** Each limit with what is taken of it; of positions, strategies and sectors one for each that has any. */
export function usedOf(use: AccountUse): Used[] {
  const { reservations, limits } = use;
  const risk = sum([ZERO, ...reservations.map(({ openRisk }) => decimal(openRisk))]);
  const count = (limit: UsedLimit, used: number, allowed: number | null): Used => ({
    ...{ limit, of: null, used: String(used) },
    allowed: allowed === null ? null : String(allowed),
  });
  return [
    ...positions(use),
    ...strategies(use),
    share(use, 'MAX_OPEN_RISK_PCT', { of: null, used: risk, share: limits.maxOpenRiskPct }),
    ...sectors(use),
    count('MAX_OPEN_POSITIONS', reservations.length, limits.maxOpenPositions),
    count('MAX_TRADES_PER_DAY', use.tradesToday, limits.maxTradesPerDay),
    count('MAX_ORDERS_PER_MINUTE', use.ordersLastMinute, limits.maxOrdersPerMinute),
    ...dayLost(use),
  ];
}

interface Share {
  readonly of: string | null;
  readonly used: Decimal;
  readonly share: DecimalText | null;
}

function share({ equity }: AccountUse, limit: UsedLimit, { of, used, share }: Share): Used {
  const isKnown = share !== null && equity !== null;
  const allowed = isKnown ? text(decimal(equity).mul(decimal(share))) : null;
  return { limit, of, used: text(used), allowed };
}

/** One trade is one position: two strategies in a symbol have one each. */
function positions(use: AccountUse): Used[] {
  return use.reservations.map((trade) => {
    const { symbol, strategyName, exposure } = trade;
    const { maxPositionPct } = use.limitsOf(strategyName);
    const of = `${symbol} (${strategyName})`;
    return share(use, 'MAX_POSITION_PCT', { of, used: decimal(exposure), share: maxPositionPct });
  });
}

function strategies(use: AccountUse): Used[] {
  const names = [...new Set(use.reservations.map(({ strategyName }) => strategyName))].sort();
  return names.map((of) => {
    const used = grossOf(use.reservations.filter(({ strategyName }) => strategyName === of));
    return share(use, 'MAX_STRATEGY_PCT', { of, used, share: use.limitsOf(of).maxStrategyPct });
  });
}

/** A trade whose sector nobody knows counts in each, as the check has it; alone it stands as not known. */
function sectors(use: AccountUse): Used[] {
  const known = use.reservations.flatMap(({ sector }) => sector ?? []);
  const isUnknown = ({ sector }: OpenReservation) => sector === undefined || sector === null;
  const ofSector = (name: string) =>
    use.reservations.filter((trade) => isUnknown(trade) || trade.sector === name);
  const rows = [...new Set(known)].sort().map((name) => ({ name, trades: ofSector(name) }));
  const unknown = use.reservations.filter(isUnknown);
  if (rows.length === 0 && unknown.length > 0) rows.push({ name: 'not known', trades: unknown });
  return rows.map(({ name, trades }) => {
    const of = name === '' ? 'contracts without an industry' : name;
    const { maxSectorExposurePct } = use.limits;
    const used = grossOf(trades);
    return share(use, 'MAX_SECTOR_EXPOSURE_PCT', { of, used, share: maxSectorExposurePct });
  });
}

/** What was lost since the previous close; a gain takes nothing of it. */
function dayLost({ day, equity, limits }: AccountUse): Used[] {
  if (day === null || equity === null) return [];
  const { previousCloseEquity, netFlows } = day;
  const lost = decimal(dayPnl(equity, previousCloseEquity, netFlows)).neg();
  const allowed = decimal(previousCloseEquity).mul(decimal(limits.dailyLossPct));
  const used = lost.gt(0) ? lost : ZERO;
  return [{ limit: 'DAILY_LOSS_LIMIT', of: null, used: text(used), allowed: text(allowed) }];
}
