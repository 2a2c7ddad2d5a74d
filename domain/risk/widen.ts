/**
 * A stop that is to risk more than the one that stands (RSK-3): what would be lost at it, and the caps that the
 * trade's plan was approved under, which hold for it too.
 */
import { decimal, max, moneyText, text, type Decimal, type DecimalText } from '../money.js';
import type { EpochMs, Side } from '../vocabulary.js';
import { dayLoss } from './check-book.js';
import type { AccountState, FxRate } from './context.js';
import { finding, type Finding } from './finding.js';
import { freshRate, noRate } from './funds.js';
import type { RiskLimits } from './limits.js';
import { blockedBy, MODE_TABLE, type Switches } from './modes.js';

/** What is left to be risked, read under the account's lock. Amounts are in the account's base currency. */
export interface RiskRoom {
  readonly account: Pick<AccountState, 'baseCurrency' | 'values' | 'day'>;
  /** Of the contract. */
  readonly currency: string;
  /** Only needed when that isn't the account's. */
  readonly fxRate: FxRate | null;
  /** As the plan was approved under; `riskPct` is the trade's own. */
  readonly limits: Pick<
    RiskLimits,
    'riskPct' | 'maxOpenRiskPct' | 'dailyLossPct' | 'accountValuesMaxAgeMs' | 'fxRateMaxAgeMs'
  >;
  /** What the account's other trades may lose at their stops. */
  readonly othersOpenRisk: DecimalText;
  /** What holds back whatever adds risk (RSK-5); the loss of the day is judged by its numbers. */
  readonly switches: Switches;
}

export interface HeldAt {
  readonly side: Side;
  readonly quantity: DecimalText;
  readonly averageEntry: DecimalText;
  /** What the plan was approved to lose at its stop, in the contract's currency; null without a plan. */
  readonly approvedRisk: DecimalText | null;
  readonly stopPrice: DecimalText;
  readonly wantedPrice: DecimalText;
}

export interface Widening {
  /** For people: `risks 600.00 USD instead of 500.00, 0.6 % of net liquidation`. */
  readonly says: string;
  /** The caps that it breaks, each with its number; empty when it may be. */
  readonly broken: readonly (Finding | RiskPerTrade)[];
  /** What the trade may lose at the wanted stop, commissions apart, in the account's base currency. */
  readonly openRisk: DecimalText;
}

/** A cap of sizing that denies no signal (it makes the quantity), so it has no code of denial. */
export type RiskPerTrade = Omit<Finding, 'code'> & { readonly code: 'RISK_PER_TRADE' };

/** Judges it. A stop that would still sell at a gain risks nothing: no cap stands against it. */
export function judgeWidening(held: HeldAt, room: RiskRoom, nowMs: EpochMs): Widening {
  const loss = lossAt(held, held.wantedPrice);
  const before = lossAt(held, held.stopPrice);
  const rate = rateOf(room, nowMs);
  const inBase = rate === null ? null : loss.mul(rate);
  const says = sentence(loss, before, room, inBase);
  if (loss.lte(0)) return { says, broken: [], openRisk: '0' };
  const stopped = stoppedBy(room);
  if (inBase === null || rate === null) {
    return { says, broken: [...stopped, notConverted(room, nowMs)], openRisk: '0' };
  }
  const approved = decimal(held.approvedRisk ?? '0').mul(rate);
  const broken = [...stopped, ...brokenBy(inBase, approved, room, nowMs)];
  return { says, broken, openRisk: text(inBase) };
}

/** The switches under which nothing may risk more. */
function stoppedBy({ switches }: RiskRoom): Finding[] {
  const inForce = blockedBy({ ...switches, dailyLossReached: false }, 'widening');
  // Only ACTIVE has no code, and it blocks nothing.
  return inForce.map((restriction) =>
    finding(MODE_TABLE[restriction].code!, restriction, 'ACTIVE, with no pause and no halt file'),
  );
}

/** The caps that are broken, for people, each with its name and number. */
export function brokenText({ broken }: Widening): string {
  return broken.map(({ code, measured, limit }) => `${code}: ${measured}, ${limit}`).join('; ');
}

/** Negative where it is a gain. */
function lossAt({ side, quantity, averageEntry }: HeldAt, stopPrice: DecimalText): Decimal {
  const perShare = decimal(averageEntry).sub(decimal(stopPrice));
  return decimal(quantity).mul(side === 'BUY' ? perShare : perShare.neg());
}

/** Base currency per unit of the contract's; null without a fresh one (SIZ-8). */
function rateOf({ account, currency, fxRate, limits }: RiskRoom, nowMs: EpochMs): Decimal | null {
  if (currency === account.baseCurrency) return decimal('1');
  return freshRate(fxRate, limits.fxRateMaxAgeMs, nowMs);
}

function notConverted({ account, currency, fxRate, limits }: RiskRoom, nowMs: EpochMs): Finding {
  const { baseCurrency } = account;
  return noRate({ currency, baseCurrency, fxRate, maxAgeMs: limits.fxRateMaxAgeMs, nowMs });
}

const SHARE_DECIMALS = 2;

function sentence(
  loss: Decimal,
  before: Decimal,
  { account, currency }: RiskRoom,
  inBase: Decimal | null,
): string {
  if (loss.lte(0)) {
    return `keeps a gain of ${moneyText(loss.neg())} ${currency} instead of ${moneyText(before.neg())}`;
  }
  const equity = decimal(account.values?.netLiquidation ?? '0');
  const share =
    inBase && equity.gt(0) ? inBase.div(equity).mul(100).toDecimalPlaces(SHARE_DECIMALS) : null;
  const of = share === null ? '' : `, ${text(share)} % of net liquidation`;
  const instead = before.lte(0) ? 'nothing' : moneyText(before);
  return `risks ${moneyText(loss)} ${currency} instead of ${instead}${of}`;
}

function brokenBy(
  loss: Decimal,
  approvedRisk: Decimal,
  { account, limits, othersOpenRisk }: RiskRoom,
  nowMs: EpochMs,
): Widening['broken'] {
  const { values } = account;
  const maxAgeMs = limits.accountValuesMaxAgeMs;
  if (values === null || nowMs - values.atMs > maxAgeMs) {
    const age = values === null ? 'none' : `${nowMs - values.atMs} ms old`;
    return [finding('DATA_UNAVAILABLE', age, `account values at most ${maxAgeMs} ms old`)];
  }
  const equity = decimal(values.netLiquidation);
  const perTrade = max(approvedRisk, equity.mul(decimal(limits.riskPct)));
  const others = decimal(othersOpenRisk);
  const openRisk = equity.mul(decimal(limits.maxOpenRiskPct));
  const of = (share: DecimalText) => `(${share} of ${values.netLiquidation})`;
  const tooMuch: RiskPerTrade = {
    ...{ code: 'RISK_PER_TRADE', measured: `${moneyText(loss)} at risk` },
    limit: `at most ${moneyText(perTrade)}, the larger of ${of(limits.riskPct)} and what was approved`,
  };
  const measured = `${moneyText(loss.add(others))} at risk with the account's other trades`;
  const all = `at most ${moneyText(openRisk)} ${of(limits.maxOpenRiskPct)}`;
  return [
    ...(loss.gt(perTrade) ? [tooMuch] : []),
    ...(loss.add(others).gt(openRisk) ? [finding('OPEN_RISK_EXCEEDED', measured, all)] : []),
    ...dayLoss(account, limits.dailyLossPct),
  ];
}
