/**
 * What can be said about a fault when it is armed: parameters, which say how it happens, and fields of
 * the event, which narrow it to some events. Each has one description here or in the menu, by which it
 * is checked, shown by `GET /faults`, and documented.
 */
import { decimal, decimalFromForeignNumber, text } from '../domain/money.js';

/** `otherwise` says in words what holds when the field is not given. */
export type FieldSpec = { otherwise?: string } & (
  | { kind: 'number'; min: number; max: number; default?: number; whole?: true }
  /** A number or decimal text; kept as text. */
  | { kind: 'decimal'; min: string; max: string; default?: string }
  /** A whole number, also as text. */
  | { kind: 'id' }
  /** A listed instrument. */
  | { kind: 'symbol' }
  | { kind: 'flag' }
  | { kind: 'text' }
  | { kind: 'choice'; of: readonly string[]; default?: string }
);

export type FieldSpecs = Readonly<Record<string, FieldSpec>>;

/** Listings that end with an end message. */
export const LISTING_NAMES = [
  'openOrders',
  'executions',
  'completedOrders',
  'positions',
  'accountUpdates',
  'accountSummary',
  'contractDetails',
] as const;

/** What a placeOrder is in its group; a lone order is none of them. */
export const LEGS = ['parent', 'stop', 'target', 'child'] as const;
/** What a working order is for: a parent opens, a stop and a target (in a group or under a parent) close. */
export const ROLES = ['parent', 'stop', 'target'] as const;

const TEXT: FieldSpec = { kind: 'text' };
/** Fields of events that a fault may be narrowed by. */
export const EVENT_FIELDS = {
  clientId: { kind: 'id' },
  orderId: { kind: 'id' },
  account: TEXT,
  symbol: { kind: 'symbol' },
  action: { kind: 'choice', of: ['BUY', 'SELL'] },
  orderType: { kind: 'choice', of: ['MKT', 'LMT', 'STP', 'STP LMT', 'TRAIL'] },
  orderRef: TEXT,
  side: { kind: 'choice', of: ['BOT', 'SLD'] },
  status: {
    kind: 'choice',
    of: ['PreSubmitted', 'Submitted', 'PendingCancel', 'Cancelled', 'Filled', 'Inactive'],
  },
  of: { kind: 'choice', of: LISTING_NAMES },
  leg: { kind: 'choice', of: LEGS },
  role: { kind: 'choice', of: ROLES },
} as const satisfies FieldSpecs;

export type EventField = keyof typeof EVENT_FIELDS;
export type ListingName = (typeof LISTING_NAMES)[number];
export type Leg = (typeof LEGS)[number];

const ID_MAX = 2_147_483_647;
/** Longer than any reference or account. */
const TEXT_CHARS_MAX = 200;

const quoted = (values: readonly string[]): string =>
  values.map((value) => JSON.stringify(value)).join(', ');

/** What may be given: `a number from 0 to 86400`. */
function wanted(spec: FieldSpec): string {
  switch (spec.kind) {
    case 'number':
      return `a ${spec.whole ? 'whole ' : ''}number from ${spec.min} to ${spec.max}`;
    case 'decimal':
      return `a decimal from ${spec.min} to ${spec.max}`;
    case 'id':
      return `a whole number from 0 to ${ID_MAX}`;
    case 'symbol':
      return 'a listed symbol';
    case 'flag':
      return 'true or false';
    case 'text':
      return `a text of at most ${TEXT_CHARS_MAX} characters`;
    case 'choice':
      return `one of ${quoted(spec.of)}`;
  }
}

/** A field in words, with what holds without it: `a number from 0 to 86400, otherwise 2`. */
export function describeField(spec: FieldSpec): string {
  const preset = 'default' in spec && spec.default !== undefined ? String(spec.default) : undefined;
  const otherwise = spec.otherwise ?? preset ?? (spec.kind === 'flag' ? 'false' : undefined);
  return otherwise === undefined ? wanted(spec) : `${wanted(spec)}, otherwise ${otherwise}`;
}

function readDecimal(value: unknown, min: string, max: string): string | undefined {
  try {
    const given =
      typeof value === 'number' ? decimalFromForeignNumber(value) : decimal(value as string);
    return given.gte(min) && given.lte(max) ? text(given) : undefined;
  } catch {
    return undefined;
  }
}

function readNumber(value: unknown, spec: Extract<FieldSpec, { kind: 'number' }>) {
  if (typeof value !== 'number' || !(value >= spec.min && value <= spec.max)) return undefined;
  return spec.whole && !Number.isInteger(value) ? undefined : value;
}

function readId(value: unknown): number | undefined {
  const isText = typeof value === 'string' && /^\d{1,10}$/.test(value);
  const id = isText ? Number(value) : value;
  return Number.isInteger(id) && (id as number) >= 0 && (id as number) <= ID_MAX
    ? (id as number)
    : undefined;
}

/** The value as it is kept, or undefined when it is not what the field takes. */
function accept(value: unknown, spec: FieldSpec, isSymbol: (symbol: string) => boolean): unknown {
  switch (spec.kind) {
    case 'number':
      return readNumber(value, spec);
    case 'decimal':
      return readDecimal(value, spec.min, spec.max);
    case 'id':
      return readId(value);
    case 'symbol':
      return typeof value === 'string' && isSymbol(value) ? value : undefined;
    case 'flag':
      return typeof value === 'boolean' ? value : undefined;
    case 'text':
      return typeof value === 'string' && value.length <= TEXT_CHARS_MAX ? value : undefined;
    case 'choice':
      return spec.of.includes(value as string) ? value : undefined;
  }
}

/**
 * Checks what was given for a fault against its fields and fills in their defaults.
 * @returns the fields as they are kept: decimals as text, ids as numbers.
 * @throws RangeError naming the field that is wrong and what it takes, or the fields there are.
 */
export function checkFields(
  fault: string,
  specs: FieldSpecs,
  given: Readonly<Record<string, unknown>>,
  isSymbol: (symbol: string) => boolean,
): Record<string, unknown> {
  const fields: Record<string, unknown> = {};
  for (const [name, spec] of Object.entries(specs)) {
    if ('default' in spec && spec.default !== undefined) fields[name] = spec.default;
  }
  for (const [name, value] of Object.entries(given)) {
    const spec = Object.hasOwn(specs, name) ? specs[name] : undefined;
    if (!spec) {
      const known = ['count', 'probability', 'seed', ...Object.keys(specs)].join(', ');
      throw new RangeError(`${fault} has no field ${JSON.stringify(name)}; it takes ${known}`);
    }
    const kept = accept(value, spec, isSymbol);
    if (kept === undefined) {
      const shown = JSON.stringify(value);
      throw new RangeError(`"${name}" of ${fault} must be ${wanted(spec)}, not ${shown}`);
    }
    fields[name] = kept;
  }
  return fields;
}
