/**
 * The signal: the one schema that every surface shares (SIG-1). Parsing gives canonical values —
 * decimals as plain text without trailing zeros, instants as ISO 8601 in UTC, durations in
 * milliseconds — so that two ways of writing the same body are the same body.
 */
import { z } from 'zod';
import { decimal, text } from '../domain/money.js';
import { parseDurationMs } from './duration.js';
import { unstorable, type Unstorable } from './storable.js';

/** Up to 8 decimals: what NUMERIC(24,8) keeps exactly. */
const DECIMAL_PATTERN = /^\d+(\.\d{1,8})?$/;
/** 15 digits before the point: beyond any price or quantity, within NUMERIC(24,8). */
const MAX_DECIMAL_LENGTH = 24;
/** Bound for `context`, which is stored but never sent to a workflow. */
const CONTEXT_BYTES_MAX = 16 * 1024;
/** Bound for `indicators`: a strategy that has more puts them into `context`. */
const INDICATORS_MAX = 200;

const decimalText = z
  .union([z.string(), z.number()], { error: 'expected a decimal, as text such as "181.62"' })
  .transform((value) => String(value))
  .refine((value) => DECIMAL_PATTERN.test(value) && value.length <= MAX_DECIMAL_LENGTH, {
    error: 'expected a plain decimal with at most 8 decimals, such as "181.62"',
    abort: true,
  })
  .transform((value) => text(decimal(value)));

const positive = decimalText.refine((value) => decimal(value).gt(0), {
  error: 'must be greater than zero',
});

const fraction = positive.refine((value) => decimal(value).lt(1), {
  error: 'must be a fraction between 0 and 1, such as "0.02" for 2 %',
});

/** A price or a quantity of a request: canonical decimal text above zero. */
export const positiveField = positive;
/** A share of something: canonical decimal text between 0 and 1. */
export const fractionField = fraction;

const instant = z.iso
  .datetime({ offset: true, error: 'expected an ISO 8601 instant with a zone' })
  .transform((value) => new Date(value).toISOString());

const duration = z.string().transform((value, context) => {
  const durationMs = parseDurationMs(value);
  if (durationMs === null) {
    context.addIssue({ code: 'custom', message: 'expected a duration such as "PT30M" or "30m"' });
    return z.NEVER;
  }
  return durationMs;
});

const name = (max: number) =>
  z.string().regex(new RegExp(`^[A-Za-z0-9._-]{1,${max}}$`), {
    error: `expected 1 to ${max} characters of A-Z a-z 0-9 . _ -`,
  });

const side = z.enum(['BUY', 'SELL'], { error: 'expected BUY or SELL' });

const trailingStop = z.union(
  [z.strictObject({ amount: positive }), z.strictObject({ percent: fraction })],
  { error: 'expected {"amount": "1.50"} or {"percent": "0.02"}' },
);

const context = z
  .json()
  .refine((value) => new TextEncoder().encode(JSON.stringify(value)).length <= CONTEXT_BYTES_MAX, {
    error: 'must be at most 16 KiB of JSON',
  });

const fields = z.strictObject({
  id: name(64),
  strategy_id: name(64),
  // SnapTrade's ids are UUIDs.
  account_id: name(36).optional(),
  symbol: z.string().regex(/^[A-Z0-9][A-Z0-9 ./-]{0,19}$/, {
    error: 'expected a symbol in capitals, at most 20 characters',
  }),
  security_type: z
    .enum(['STK'], { error: 'expected STK: other kinds are not traded yet' })
    .optional(),
  exchange: z
    .string()
    .regex(/^[A-Z0-9.]{1,16}$/, { error: 'expected an exchange such as SMART' })
    .optional(),
  currency: z
    .string()
    .regex(/^[A-Z]{3}$/, { error: 'expected a currency such as USD' })
    .optional(),
  side: side.optional(),
  signal_type: side.optional(),
  order_type: z.enum(['MKT', 'LMT'], { error: 'expected MKT or LMT' }).optional(),
  entry_price: positive.optional(),
  stop_loss: positive.optional(),
  stop_loss_pct: fraction.optional(),
  take_profit: positive.optional(),
  take_profit_pct: positive.optional(),
  trailing_stop: trailingStop.optional(),
  quantity: positive.optional(),
  risk_pct: fraction.optional(),
  risk_category: z
    .enum(['small', 'normal', 'large'], { error: 'expected small, normal or large' })
    .optional(),
  time_in_force: z.enum(['DAY', 'GTC'], { error: 'expected DAY or GTC' }).optional(),
  expires_at: instant.optional(),
  max_holding: duration.optional(),
  close_at_session_end: z.boolean().optional(),
  when_closed: z.enum(['deny', 'queue'], { error: 'expected deny or queue' }).optional(),
  on_opposite: z
    .enum(['close', 'reverse', 'deny'], { error: 'expected close, reverse or deny' })
    .optional(),
  generated_at: instant.optional(),
  confidence: decimalText
    .refine((value) => decimal(value).lte(1), { error: 'must be between 0 and 1' })
    .optional(),
  indicators: z
    .record(z.string().max(64), z.number({ error: 'expected a finite number' }))
    .refine((value) => Object.keys(value).length <= INDICATORS_MAX, {
      error: `at most ${INDICATORS_MAX} indicators`,
    })
    .optional(),
  context: context.optional(),
});

/** Every field a signal may have, in the order in which people read them. */
export const SIGNAL_FIELDS: readonly string[] = Object.keys(fields.shape);

/** Pairs of which a signal may give one at the most. */
const EXCLUSIVE = [
  ['stop_loss', 'stop_loss_pct'],
  ['take_profit', 'take_profit_pct'],
  ['risk_pct', 'risk_category'],
] as const;

export const signalSchema = fields
  .superRefine((value, context) => {
    const issue = (field: string, message: string) =>
      context.addIssue({ code: 'custom', path: [field], message });
    if (value.side === undefined && value.signal_type === undefined) {
      issue('side', 'required: BUY or SELL');
    }
    if (value.side && value.signal_type && value.side !== value.signal_type) {
      issue('signal_type', `contradicts side ${value.side}: give one of the two`);
    }
    for (const [first, second] of EXCLUSIVE) {
      if (value[first] !== undefined && value[second] !== undefined) {
        issue(second, `give either ${first} or ${second}, not both`);
      }
    }
    if (value.order_type === 'LMT' && value.entry_price === undefined) {
      issue('entry_price', 'required for a limit order');
    }
  })
  .transform(({ signal_type, side, ...rest }) => ({ ...rest, side: (side ?? signal_type)! }));

/** The same as it may be previewed: without an id, which the preview then gives it. It only describes what `parseSignal` reads. */
export const previewedSignalSchema = fields.partial({ id: true });

/** A parsed signal, before defaults: canonical decimal text, UTC instants, `max_holding` in ms. */
export type Signal = z.output<typeof signalSchema>;

/** One thing wrong with a signal: where (`take_profit`, `indicators.rsi`) and what. */
export interface SignalIssue {
  readonly path: string;
  readonly message: string;
}

/** A signal that can't be read. Nothing was stored for it. */
export class InvalidSignalError extends Error {
  override readonly name = 'InvalidSignalError';
  constructor(readonly issues: readonly SignalIssue[]) {
    super(`the signal is not valid: ${issues.map((i) => `${i.path}: ${i.message}`).join('; ')}`);
  }
}

/**
 * Parses a signal of any surface.
 * @throws InvalidSignalError listing every wrong field by path.
 */
export function parseSignal(input: unknown): Signal {
  const { found: unkept, isWhole } = unstorable(input);
  // The schema walks it by recursion.
  if (!isWhole) throw invalid(unkept);
  const parsed = signalSchema.safeParse(input, { reportInput: true });
  if (parsed.success && unkept.length === 0) return parsed.data;
  throw invalid(unkept, parsed.error?.issues.flatMap(issuesOf));
}

function invalid(unkept: readonly Unstorable[], issues: readonly SignalIssue[] = []) {
  return new InvalidSignalError([
    ...unkept.map(({ path, message }) => ({ path: path || '(signal)', message })),
    ...issues,
  ]);
}

function issuesOf(issue: z.core.$ZodIssue): SignalIssue[] {
  const path = issue.path.map(String).join('.');
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      path: path === '' ? key : `${path}.${key}`,
      message: 'unknown field',
    }));
  }
  const missing = issue.code === 'invalid_type' && issue.input === undefined;
  return [{ path: path || '(signal)', message: missing ? 'required' : issue.message }];
}
