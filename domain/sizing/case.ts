/**
 * Sizing as people and programs ask for it: one JSON case in, the result out in the same vocabulary.
 * Field names are the border's (snake_case); decimals are text, or numbers whose shortest text is one.
 */
import { decimal, moneyText, text, type Decimal } from '../money.js';
import type { Side } from '../vocabulary.js';
import { capsText } from './record.js';
import { sizePosition } from './size.js';
import { rewardRiskText, riskPercentText } from './text.js';
import type { CapName, OnCap, SizingInput, SizingResult } from './types.js';

/** One thing wrong with a case: where (`cases.3.input.stop_loss`) and what. */
export interface CaseIssue {
  readonly path: string;
  readonly message: string;
}

/** A case that can't be sized. */
export class InvalidCaseError extends Error {
  override readonly name = 'InvalidCaseError';
  constructor(readonly issues: readonly CaseIssue[]) {
    super(`not a sizing case: ${issues.map((i) => `${i.path}: ${i.message}`).join('; ')}`);
  }
}

export interface SizingCaseResult {
  readonly raw_quantity: string;
  readonly caps: Readonly<Partial<Record<CapName, string>>>;
  readonly bound_by: CapName | null;
  readonly approved: boolean;
  readonly quantity: string;
  readonly risk_amount?: string;
  readonly risk_percent?: string;
  readonly position_value?: string;
  readonly rr_ratio?: string | null;
}

/** Up to 8 decimals: what the system of record keeps exactly. */
const DECIMAL_PATTERN = /^\d{1,15}(\.\d{1,8})?$/;

type Bound = 'any' | 'positive' | 'fraction';

/** Decimal fields: what they may be, and what they are when absent (null: nothing). */
const DECIMAL_FIELDS = {
  equity: { bound: 'positive', fallback: 'required' },
  risk_pct: { bound: 'fraction', fallback: 'required_without_quantity' },
  entry_price: { bound: 'positive', fallback: 'required' },
  stop_loss: { bound: 'positive', fallback: 'required' },
  take_profit: { bound: 'positive', fallback: null },
  quantity: { bound: 'positive', fallback: null },
  available_cash: { bound: 'any', fallback: null },
  buying_power: { bound: 'any', fallback: null },
  max_position_pct: { bound: 'any', fallback: '0.20' },
  strategy_exposure: { bound: 'any', fallback: '0' },
  max_strategy_pct: { bound: 'any', fallback: '0.50' },
  open_risk: { bound: 'any', fallback: '0' },
  max_open_risk_pct: { bound: 'any', fallback: '0.10' },
  min_quantity: { bound: 'positive', fallback: '1' },
  max_quantity: { bound: 'positive', fallback: null },
  quantity_step: { bound: 'positive', fallback: '1' },
} as const satisfies Record<string, { bound: Bound; fallback: string | null }>;

type DecimalField = keyof typeof DECIMAL_FIELDS;
type JsonObject = Readonly<Record<string, unknown>>;

/**
 * Sizes one case.
 * @param input the case's input, as parsed JSON
 * @param path where it stands, for the errors
 * @throws InvalidCaseError naming every bad path
 */
export function sizeCase(input: unknown, path = 'input'): SizingCaseResult {
  return caseResult(sizePosition(readCase(input, path)));
}

/** The result in the border's words; the risk numbers are left out when nothing was approved. */
export function caseResult(result: SizingResult): SizingCaseResult {
  const head = {
    raw_quantity: text(result.rawQuantity),
    caps: capsText(result.caps),
    bound_by: result.boundBy,
    approved: result.approved,
    quantity: text(result.quantity),
  };
  const { risk } = result;
  if (risk === null) return head;
  return {
    ...head,
    risk_amount: moneyText(risk.riskAmount),
    risk_percent: riskPercentText(risk.riskPercent),
    position_value: moneyText(risk.positionValue),
    rr_ratio: risk.rewardRisk && rewardRiskText(risk.rewardRisk),
  };
}

export interface NamedCase {
  readonly name: string;
  readonly input: JsonObject;
}

/**
 * Reads a file of cases: `{"cases": [{"name", "input"}], "defaults": {…}}`, or the list alone.
 * Defaults of the file stand in for what a case leaves out.
 * @throws InvalidCaseError naming the path that isn't so
 */
export function readCases(file: unknown): NamedCase[] {
  const root = isObject(file) ? file : { cases: file };
  const { cases, defaults } = root as { cases?: unknown; defaults?: unknown };
  if (!Array.isArray(cases)) fail('cases', 'expected a list of {"name", "input"}');
  if (defaults !== undefined && !isObject(defaults)) fail('defaults', 'expected an object');
  return (cases as unknown[]).map((item, index) => {
    if (!isObject(item)) fail(`cases.${index}`, 'expected {"name", "input"}');
    const { name, input } = item as { name?: unknown; input?: unknown };
    if (!isObject(input)) fail(`cases.${index}.input`, 'expected an object');
    return {
      name: typeof name === 'string' ? name : `case ${index + 1}`,
      input: { ...defaults, ...input },
    };
  });
}

/**
 * Reads a case's input and fills in the defaults; `path` is where it stands, for messages.
 * @throws InvalidCaseError naming every bad path
 */
export function readCase(input: unknown, path: string): SizingInput {
  if (!isObject(input)) return fail(path, 'expected an object');
  const issues: CaseIssue[] = [];
  const issue = (field: string, message: string) =>
    issues.push({ path: `${path}.${field}`, message });

  for (const field of Object.keys(input)) {
    if (!(field in DECIMAL_FIELDS) && field !== 'side' && field !== 'on_cap') {
      issue(field, 'unknown field');
    }
  }
  const side = oneOf<Side>(input['side'], ['BUY', 'SELL'], 'BUY', () =>
    issue('side', 'expected BUY or SELL'),
  );
  const onCap = oneOf<OnCap>(input['on_cap'], ['reduce', 'deny'], 'reduce', () =>
    issue('on_cap', 'expected reduce or deny'),
  );
  const numbers = readDecimals(input, issue);
  if (issues.length === 0) checkSides(side, numbers, issue);
  if (issues.length > 0) throw new InvalidCaseError(issues);
  return toSizingInput(side, onCap, numbers);
}

type Numbers = Readonly<Record<DecimalField, Decimal | null>>;
type Report = (field: string, message: string) => void;

function readDecimals(input: JsonObject, report: Report): Numbers {
  const numbers = {} as Record<DecimalField, Decimal | null>;
  const hasQuantity = (input['quantity'] ?? null) !== null;
  for (const [name, { bound, fallback }] of Object.entries(DECIMAL_FIELDS)) {
    const field = name as DecimalField;
    const given = input[field] ?? null;
    numbers[field] = null;
    if (given !== null) numbers[field] = readDecimal(given, bound, (why) => report(field, why));
    else if (fallback === 'required') report(field, 'required');
    else if (fallback !== 'required_without_quantity')
      numbers[field] = fallback && decimal(fallback);
    else if (!hasQuantity) report(field, 'required without a quantity');
  }
  return numbers;
}

function readDecimal(given: unknown, bound: Bound, report: (why: string) => void): Decimal | null {
  const written = typeof given === 'number' ? String(given) : given;
  if (typeof written !== 'string' || !DECIMAL_PATTERN.test(written)) {
    report('expected a plain decimal with at most 8 decimals, such as "181.62"');
    return null;
  }
  const value = decimal(written);
  if (bound !== 'any' && value.lte(0)) report('must be greater than zero');
  if (bound === 'fraction' && value.gt(1)) report('must be a fraction, such as "0.01" for 1 %');
  return value;
}

/** The stop protects, the target gains: a case where they don't is a mistake, not a size. */
function checkSides(side: Side, numbers: Numbers, report: Report): void {
  const { entry_price: entry, stop_loss: stop, take_profit: target } = numbers;
  const gain = (price: Decimal) => (side === 'BUY' ? price.sub(entry!) : entry!.sub(price));
  const [stopSide, targetSide] = side === 'BUY' ? ['below', 'above'] : ['above', 'below'];
  if (gain(stop!).gte(0)) report('stop_loss', `must be ${stopSide} the entry for a ${side}`);
  if (target && gain(target).lte(0)) {
    report('take_profit', `must be ${targetSide} the entry for a ${side}`);
  }
}

function toSizingInput(side: Side, onCap: OnCap, numbers: Numbers): SizingInput {
  return {
    side,
    onCap,
    equity: numbers.equity!,
    riskPct: numbers.risk_pct ?? decimal('0'),
    entryPrice: numbers.entry_price!,
    stopPrice: numbers.stop_loss!,
    targetPrice: numbers.take_profit,
    quantity: numbers.quantity,
    availableCash: numbers.available_cash,
    buyingPower: numbers.buying_power,
    maxPositionPct: numbers.max_position_pct!,
    strategyExposure: numbers.strategy_exposure!,
    maxStrategyPct: numbers.max_strategy_pct!,
    openRisk: numbers.open_risk!,
    maxOpenRiskPct: numbers.max_open_risk_pct!,
    minQuantity: numbers.min_quantity!,
    maxQuantity: numbers.max_quantity,
    quantityStep: numbers.quantity_step!,
    worstEntryPrice: null,
  };
}

function oneOf<T extends string>(
  given: unknown,
  allowed: readonly T[],
  fallback: T,
  report: () => void,
): T {
  if (given === undefined || given === null) return fallback;
  if ((allowed as readonly unknown[]).includes(given)) return given as T;
  report();
  return fallback;
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function fail(path: string, message: string): never {
  throw new InvalidCaseError([{ path, message }]);
}
