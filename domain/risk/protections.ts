/**
 * What losses keep a strategy from (RSK-4): rules over the results of its closed trades, each with the instant
 * from which it holds nothing back any more. A closed set, as one table. Nothing is counted along the way: the
 * same results give the same locks, however often and by whomever they are looked at.
 */
import { lastReset, tradingDay } from '../calendar.js';
import { holidaysAround, nextTradingDay, openOf } from '../exchange-days.js';
import { decimal, moneyText, sum, text, ZERO, type DecimalText } from '../money.js';
import type { EpochMs, Side } from '../vocabulary.js';

export const PROTECTION_KINDS = ['loss_streak', 'cool_down', 'drawdown', 'low_profit'] as const;
export type ProtectionKind = (typeof PROTECTION_KINDS)[number];

/** What of a strategy a lock holds back: all of it, the symbol of the trade that made it, or its side. */
export const LOCK_SCOPES = ['strategy', 'symbol', 'side'] as const;
export type LockScope = (typeof LOCK_SCOPES)[number];

/** Times in milliseconds, a fraction as text; 0 and null switch a protection off. */
export interface ProtectionLimits {
  /** So many losing trades in a row pause the strategy. */
  readonly lossStreak: number;
  /** How long nothing is opened after a losing trade. */
  readonly coolDownMs: number;
  readonly coolDownScope: LockScope;
  /** What may be lost from the highest total of the look-back, as a share of net liquidation. */
  readonly drawdownPct: DecimalText | null;
  readonly drawdownLookbackMs: number;
  readonly drawdownLockMs: number;
  readonly drawdownScope: LockScope;
  /** Over so many of its last trades a symbol is to earn at least `lowProfitMin`. */
  readonly lowProfitTrades: number;
  readonly lowProfitMin: DecimalText;
  readonly lowProfitLockMs: number;
}

const DAY_MS = 86_400_000;

export const DEFAULT_PROTECTIONS: ProtectionLimits = {
  lossStreak: 3, // what follows three losses in a row is seldom better on the same day
  coolDownMs: 0,
  coolDownScope: 'symbol', // what was lost in one symbol says little of another
  drawdownPct: null,
  drawdownLookbackMs: 7 * DAY_MS,
  drawdownLockMs: DAY_MS,
  drawdownScope: 'strategy',
  lowProfitTrades: 0,
  lowProfitMin: '0',
  lowProfitLockMs: DAY_MS,
};

/** What a settled trade of the strategy came to. */
export interface Outcome {
  readonly tradeId: string;
  readonly symbol: string;
  readonly side: Side;
  readonly currency: string;
  readonly closedAtMs: EpochMs;
  /** Net of commissions. */
  readonly realizedPnl: DecimalText;
}

/** What locks are derived from. */
export interface Results {
  /** Of the strategy, in the order they closed; each trade once. */
  readonly outcomes: readonly Outcome[];
  /** Net liquidation of the account; null while the broker has told none: then no share of it is measured. */
  readonly equity: DecimalText | null;
  readonly limits: ProtectionLimits;
  readonly nowMs: EpochMs;
}

export interface Lock {
  readonly kind: ProtectionKind;
  /** Null: all of them. */
  readonly symbol: string | null;
  readonly side: Side | null;
  /** From then on it holds nothing back. */
  readonly untilMs: EpochMs;
  /** For people: what was found, with its numbers and its limit. */
  readonly reason: string;
  /** The trades that it follows from. */
  readonly evidence: readonly string[];
}

export interface Protection {
  /** For people. */
  readonly sentence: string;
  /** The lock that the results make for the trade among them that was judged last; null: none. */
  readonly lockOf: (judged: Outcome, results: Results) => Lock | null;
}

export const PROTECTIONS: Readonly<Record<ProtectionKind, Protection>> = {
  loss_streak: {
    sentence: 'losses in a row since 9:30 in New York pause the strategy until the next one',
    lockOf: lossStreak,
  },
  cool_down: { sentence: 'after a loss nothing is opened for a while', lockOf: coolDown },
  drawdown: { sentence: 'too much was lost from the highest total', lockOf: drawdown },
  low_profit: { sentence: 'a symbol earned too little over its last trades', lockOf: lowProfit },
};

/**
 * The locks that stand once a trade has come to its result, or to another one, and have not run out. The trade need
 * not be among what they follow from: a win that is taken back joins the losses around it.
 */
export function locksAfter(tradeId: string, results: Results): Lock[] {
  const judged = results.outcomes.find((outcome) => outcome.tradeId === tradeId);
  if (judged === undefined) return [];
  const locks = PROTECTION_KINDS.flatMap((kind) => PROTECTIONS[kind].lockOf(judged, results) ?? []);
  return locks.filter(({ untilMs }) => untilMs > results.nowMs);
}

/** From when on outcomes count for anything but the last trades of a symbol. */
export function outcomesSince({ limits, nowMs }: Pick<Results, 'limits' | 'nowMs'>): EpochMs {
  const { coolDownMs, drawdownPct, drawdownLookbackMs } = limits;
  const lookback = drawdownPct === null ? nowMs : nowMs - drawdownLookbackMs;
  return Math.min(lastReset(nowMs, holidaysAround(nowMs)), nowMs - coolDownMs, lookback);
}

/** The next 9:30 in New York of a trading day after an instant: streaks end with it (SCH-1). */
export function nextReset(nowMs: EpochMs): EpochMs {
  return openOf(nextTradingDay(tradingDay(nowMs, holidaysAround(nowMs))));
}

/** Whether a pause of that kind is one of these locks. */
export function isProtection(kind: string): kind is ProtectionKind {
  return (PROTECTION_KINDS as readonly string[]).includes(kind);
}

const isLoss = ({ realizedPnl }: Outcome) => decimal(realizedPnl).lt(ZERO);

function lossStreak(_judged: Outcome, { outcomes, limits, nowMs }: Results): Lock | null {
  const most = limits.lossStreak;
  const sinceMs = lastReset(nowMs, holidaysAround(nowMs));
  const lost = lossesInARow(outcomes.filter(({ closedAtMs }) => closedAtMs >= sinceMs));
  if (most === 0 || lost.length < most) return null;
  return {
    ...{ kind: 'loss_streak', symbol: null, side: null, untilMs: nextReset(nowMs) },
    reason: `${lost.length} losses in a row, ${most} pause the strategy: ${lost.slice(-most).map(nameOf).join(', ')}`,
    evidence: lost.map(({ tradeId }) => tradeId),
  };
}

/** The losses since the last win, the oldest first; what came to zero neither counts nor ends them. */
export function lossesInARow(outcomes: readonly Outcome[]): Outcome[] {
  const lastWin = outcomes.findLastIndex(({ realizedPnl }) => decimal(realizedPnl).gt(ZERO));
  return outcomes.slice(lastWin + 1).filter(isLoss);
}

function coolDown(judged: Outcome, { limits }: Results): Lock | null {
  const { coolDownMs, coolDownScope } = limits;
  if (coolDownMs === 0 || !isLoss(judged)) return null;
  return {
    ...{ kind: 'cool_down', ...scoped(coolDownScope, judged) },
    untilMs: judged.closedAtMs + coolDownMs,
    reason: `after a loss nothing is opened for ${spanText(coolDownMs)}: ${nameOf(judged)}`,
    evidence: [judged.tradeId],
  };
}

function drawdown(judged: Outcome, { outcomes, equity, limits, nowMs }: Results): Lock | null {
  const { drawdownPct, drawdownLookbackMs, drawdownLockMs, drawdownScope } = limits;
  if (drawdownPct === null || equity === null) return null;
  const sinceMs = nowMs - drawdownLookbackMs;
  const counted = outcomes
    .filter(({ closedAtMs }) => closedAtMs >= sinceMs)
    .filter((outcome) => isOf(drawdownScope, judged, outcome));
  const { fallen, lost } = fallOf(counted);
  const allowed = decimal(equity).mul(decimal(drawdownPct));
  const last = lost.at(-1);
  if (last === undefined || fallen.lt(allowed)) return null;
  const trades = lost.length === 1 ? 'one losing trade' : `${lost.length} losing trades`;
  return {
    ...{ kind: 'drawdown', ...scoped(drawdownScope, judged) },
    untilMs: last.closedAtMs + drawdownLockMs,
    reason: `${moneyText(fallen)} lost from the highest total of ${spanText(drawdownLookbackMs)} in ${trades}, less than ${text(allowed)} goes (${drawdownPct} of ${equity})`,
    evidence: lost.map(({ tradeId }) => tradeId),
  };
}

/** How far the total of the results lies below its highest, the beginning's zero included; and by which losses. */
function fallOf(outcomes: readonly Outcome[]) {
  let [total, highest] = [ZERO, ZERO];
  let lost: Outcome[] = [];
  for (const outcome of outcomes) {
    total = total.add(decimal(outcome.realizedPnl));
    if (total.gte(highest)) [highest, lost] = [total, []];
    else if (isLoss(outcome)) lost.push(outcome);
  }
  return { fallen: highest.sub(total), lost };
}

function lowProfit(judged: Outcome, { outcomes, limits }: Results): Lock | null {
  const { lowProfitTrades, lowProfitMin, lowProfitLockMs } = limits;
  if (lowProfitTrades === 0) return null;
  const last = outcomes.filter(({ symbol }) => symbol === judged.symbol).slice(-lowProfitTrades);
  const earned = sum(last.map(({ realizedPnl }) => decimal(realizedPnl)));
  if (last.length < lowProfitTrades || earned.gte(decimal(lowProfitMin))) return null;
  return {
    ...{ kind: 'low_profit', ...scoped('symbol', judged) },
    untilMs: last.at(-1)!.closedAtMs + lowProfitLockMs,
    reason: `the last ${lowProfitTrades} trades of ${judged.symbol} earned ${moneyText(earned)}, at least ${lowProfitMin} is wanted`,
    evidence: last.map(({ tradeId }) => tradeId),
  };
}

function isOf(scope: LockScope, judged: Outcome, other: Outcome): boolean {
  return scope === 'strategy' || judged[scope] === other[scope];
}

function scoped(scope: LockScope, { symbol, side }: Outcome): Pick<Lock, 'symbol' | 'side'> {
  return { symbol: scope === 'symbol' ? symbol : null, side: scope === 'side' ? side : null };
}

const UNITS = [
  [DAY_MS, 'd'],
  [3_600_000, 'h'],
  [60_000, 'min'],
  [1_000, 's'],
] as const;

/** A duration in its largest whole unit, for people: `90 min`. */
function spanText(spanMs: number): string {
  const unit = UNITS.find(([unitMs]) => spanMs % unitMs === 0);
  return unit === undefined ? `${spanMs} ms` : `${spanMs / unit[0]} ${unit[1]}`;
}

function nameOf({ tradeId, side, symbol, realizedPnl, currency }: Outcome): string {
  return `${side} ${symbol} ${moneyText(decimal(realizedPnl))} ${currency} (trade ${tradeId})`;
}
