/**
 * The settings of an account or a strategy, as rows that a hand may have written: limits that are laid over the
 * installation's, each under its name in `domain/risk/limits.ts`. What is not of its kind counts for nothing, and is
 * told: a limit that somebody meant to set and that does not hold is worse than none.
 */
import { z } from 'zod';
import { decimal } from '../domain/money.js';
import type { RiskLimits } from '../domain/risk/limits.js';
import { LOCK_SCOPES } from '../domain/risk/protections.js';
import { cut } from '../domain/text.js';

export interface ReadLimits {
  /** Those that are as they should be. */
  readonly limits: Partial<RiskLimits>;
  /** For people: which are not, and what is allowed. */
  readonly problems: readonly string[];
}

/** Far below what an instant can hold, and beyond any use: ten years. */
const DURATION_MAX_MS = 3_650 * 86_400_000;
const COUNT_MAX = 1_000_000;
const DECIMAL = /^-?\d{1,15}(\.\d{1,8})?$/;

type Bounds = readonly [min: string, max?: string];

function decimals(allowed: string, [min, max]: Bounds) {
  const isWithin = (value: string) =>
    DECIMAL.test(value) &&
    decimal(value).gte(min) &&
    (max === undefined || decimal(value).lte(max));
  return z.string().refine(isWithin).meta({ allowed });
}

function whole(min: number, max: number, unit = '') {
  return z
    .number()
    .int()
    .min(min)
    .max(max)
    .meta({ allowed: `a whole number${unit} from ${min} to ${max}` });
}

function words<const T extends readonly [string, ...string[]]>(allowed: T) {
  return z.enum(allowed as unknown as [T[number], ...T[number][]]).meta({
    allowed: allowed.map((word) => JSON.stringify(word)).join(' or '),
  });
}

/** Null switches the limit off. */
function orNone<T extends z.ZodType>(schema: T) {
  return schema.nullable().meta({ allowed: `${allowedBy(schema)}, or null` });
}

function allowedBy(schema: z.ZodType): string {
  return String(schema.meta()?.['allowed']);
}

const fraction = decimals('a decimal in quotes from "0" to "1", such as "0.01" for one percent', [
  '0',
  '1',
]);
const amount = decimals('a decimal in quotes that is not negative, such as "1.5"', ['0']);
const signedAmount = decimals('a decimal in quotes, such as "-50"', ['-999999999999999']);
const duration = whole(0, DURATION_MAX_MS, ' of milliseconds');
const count = whole(0, COUNT_MAX);
const flag = z.boolean().meta({ allowed: 'true or false' });
const scope = words(LOCK_SCOPES);

const FIELDS: { readonly [name in keyof RiskLimits]: z.ZodType<RiskLimits[name]> } = {
  riskPct: fraction,
  riskCategories: z
    .strictObject({ small: fraction, normal: fraction, large: fraction })
    .meta({ allowed: `small, normal and large, each ${allowedBy(fraction)}` }),
  maxPositionPct: fraction,
  maxStrategyPct: fraction,
  maxOpenRiskPct: fraction,
  maxSectorExposurePct: orNone(amount),
  maxCorrelatedExposurePct: orNone(amount),
  minQuantity: amount,
  maxQuantity: orNone(amount),
  onCap: words(['reduce', 'deny']),
  stopLossPct: orNone(fraction),
  takeProfitPct: orNone(amount),
  minRewardRisk: amount,
  priceDeviationPct: fraction,
  quoteMaxAgeMs: duration,
  maxSpreadPct: fraction,
  slippagePct: fraction,
  maxSlippagePct: orNone(fraction),
  signalMaxAgeMs: duration,
  allowShort: flag,
  maxOpenPositions: count,
  maxTradesPerDay: orNone(count),
  maxOrdersPerMinute: count,
  dailyLossPct: fraction,
  minExcessLiquidityPct: fraction,
  accountValuesMaxAgeMs: duration,
  fxRateMaxAgeMs: duration,
  sectorMaxAgeMs: duration,
  closesMaxAgeMs: duration,
  clockSkewMaxMs: duration,
  entryTimeoutMs: orNone(duration),
  sessionEndLeadMs: duration,
  whenClosed: words(['deny', 'queue']),
  onOpposite: words(['close', 'reverse', 'deny']),
  approval: words(['none', 'required']),
  approvalTimeoutMs: duration,
  lossStreak: whole(0, 10_000),
  coolDownMs: duration,
  coolDownScope: scope,
  drawdownPct: orNone(fraction),
  drawdownLookbackMs: duration,
  drawdownLockMs: duration,
  drawdownScope: scope,
  lowProfitTrades: whole(0, 10_000),
  lowProfitMin: signedAmount,
  lowProfitLockMs: duration,
};

const SETTINGS = z.strictObject(FIELDS).partial();

/**
 * Reads the settings of a row. `holder`: whose they are, for people, such as `strategy meanrev`. Each member is
 * judged by itself: one that is wrong takes no other with it.
 */
export function readLimits(settings: unknown, holder: string): ReadLimits {
  const read = SETTINGS.safeParse(settings);
  if (read.success) return { limits: read.data, problems: [] };
  if (settings === null || typeof settings !== 'object' || Array.isArray(settings)) {
    return { limits: {}, problems: [`settings of ${holder}: they are no JSON object`] };
  }
  const members = Object.entries(settings);
  const problems = members.flatMap(([name, value]) => problemOf(holder, name, value));
  const sound = members.filter(([name, value]) => problemOf(holder, name, value).length === 0);
  return { limits: SETTINGS.parse(Object.fromEntries(sound)), problems };
}

/** The same for what was judged already: only what can be used. */
export function usableLimits(settings: unknown): Partial<RiskLimits> {
  return readLimits(settings, 'a row').limits;
}

/** What is shown of a value. */
const SHOWN_CHARACTERS = 60;

function problemOf(holder: string, name: string, value: unknown): string[] {
  const shown = cut(JSON.stringify(value), SHOWN_CHARACTERS);
  if (!isLimit(name)) return [`settings of ${holder}: there is no limit ${name} (${shown})`];
  const schema = FIELDS[name];
  if (schema.safeParse(value).success) return [];
  return [`settings of ${holder}: ${name} is ${shown}, allowed is ${allowedBy(schema)}`];
}

function isLimit(name: string): name is keyof RiskLimits {
  return Object.hasOwn(FIELDS, name);
}
