/** The limits as gauges: what was used at some instant, and what may be. Pure. */
import { decimal, max, sum, text, ZERO, type Decimal } from '../../domain/money.js';
import type { PlanContext } from '../../domain/risk/context.js';
import type { Finding } from './finding.js';

/** What one trade takes of the limits, in the account's currency. */
export interface Holding {
  readonly tradeId: string;
  readonly strategyId: string;
  /** Held and what may still be bought, at the worst price that was allowed for. */
  readonly value: Decimal;
  /** What is lost at the stop. */
  readonly risk: Decimal;
}

/** What the account's limits come to in money. */
export interface Caps {
  readonly positions: Decimal;
  readonly position: Decimal;
  readonly strategy: Decimal;
  readonly openRisk: Decimal;
}

export type Gauge =
  | 'open positions'
  | 'one position'
  | 'one strategy'
  | 'open risk'
  | 'cash'
  | 'trades today'
  | 'orders a minute';

export interface Reading {
  readonly gauge: Gauge;
  readonly atMs: number;
  /** A trade or a strategy; empty: the account. */
  readonly subject: string;
  readonly measured: Decimal;
  readonly limit: Decimal;
}

/** The limits of a decision as money. */
export function capsOf({ limits, account }: PlanContext): Caps {
  const equity = decimal(account.values?.netLiquidation ?? '0');
  return {
    positions: decimal(String(limits.maxOpenPositions)),
    position: equity.mul(limits.maxPositionPct),
    strategy: equity.mul(limits.maxStrategyPct),
    openRisk: equity.mul(limits.maxOpenRiskPct),
  };
}

/** The laxest of some: equity moves, and a position is not closed because the limit has shrunk below it. */
export function laxest(caps: readonly Caps[]): Caps {
  const of = (name: keyof Caps) => caps.reduce((most, cap) => max(most, cap[name]), ZERO);
  return {
    ...{ positions: of('positions'), position: of('position') },
    ...{ strategy: of('strategy'), openRisk: of('openRisk') },
  };
}

/** Every gauge of holdings at one instant; of trades and strategies the fullest one alone. */
export function readingsOf(holdings: readonly Holding[], caps: Caps, atMs: number): Reading[] {
  const strategies = new Map<string, Decimal>();
  for (const { strategyId, value } of holdings) {
    strategies.set(strategyId, (strategies.get(strategyId) ?? ZERO).add(value));
  }
  const positions = holdings.map(({ tradeId, value }) => [tradeId, value] as const);
  const whole = { atMs, subject: '' };
  return [
    {
      ...{ gauge: 'open positions', ...whole },
      ...{ measured: decimal(String(holdings.length)), limit: caps.positions },
    },
    { gauge: 'one position', atMs, ...fullest(positions), limit: caps.position },
    { gauge: 'one strategy', atMs, ...fullest([...strategies]), limit: caps.strategy },
    {
      ...{ gauge: 'open risk', ...whole },
      ...{ measured: sum(holdings.map(({ risk }) => risk)), limit: caps.openRisk },
    },
  ];
}

function fullest(values: readonly (readonly [string, Decimal])[]) {
  return values.reduce(
    (most, [subject, measured]) => (measured.gt(most.measured) ? { subject, measured } : most),
    { subject: '', measured: ZERO },
  );
}

/** Of each gauge the reading that left least room. */
export function fullestReadings(readings: readonly Reading[]): Reading[] {
  const peaks = new Map<Gauge, Reading>();
  for (const reading of readings) {
    const peak = peaks.get(reading.gauge);
    if (!peak || roomIn(reading).lt(roomIn(peak))) peaks.set(reading.gauge, reading);
  }
  return [...peaks.values()];
}

function roomIn({ measured, limit }: Reading): Decimal {
  return limit.sub(measured);
}

/** The worst breach of each gauge. @param source who says so */
export function limitFindings(source: string, readings: readonly Reading[]): Finding[] {
  return fullestReadings(readings)
    .filter((reading) => roomIn(reading).lt(0))
    .map(({ gauge, subject, measured, limit, atMs }) => ({
      kind: 'limit',
      subject: subject || gauge,
      detail: `${gauge}: ${text(measured)}, at most ${text(limit)}, at ${atMs} by the ${source}`,
    }));
}
