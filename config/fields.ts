/** The kinds of settings: how each is written in the environment and what it becomes. */
import { z } from 'zod';
import { decimal } from '../domain/money.js';

/** What the reference page says about one setting, besides its name. */
export interface About {
  /** One sentence: what it decides. */
  description: string;
  /** Why the default is what it is, or why one would change it. */
  reason: string;
}

/** An {@link About} completed by its kind. */
export interface SettingMeta extends About {
  /** Which values are taken, in words. */
  allowed: string;
  unit: string;
  /** As it would be written in the environment; '' when there is none. */
  defaultText: string;
  /** Never printed, and also read from the file named by `<NAME>_FILE`. */
  secret: boolean;
}

type Shape = Pick<SettingMeta, 'allowed' | 'unit' | 'defaultText'> & { secret?: boolean };

function described<T extends z.ZodType>(schema: T, about: About, shape: Shape): T {
  return schema.meta({ secret: false, ...about, ...shape });
}

/** @returns what is known about a setting made by this module */
export function metaOf(schema: z.ZodType): SettingMeta {
  return schema.meta() as unknown as SettingMeta;
}

const UNSIGNED_DECIMAL = /^\d+(\.\d{1,8})?$/;
const UNSIGNED_INTEGER = /^\d{1,15}$/;
const TRUE_WORDS = ['true', '1', 'yes', 'on'];
const FALSE_WORDS = ['false', '0', 'no', 'off'];

function decimalSchema(min: string, max: string | undefined) {
  return z.string().refine((value) => {
    if (!UNSIGNED_DECIMAL.test(value)) return false;
    const read = decimal(value);
    return read.gte(decimal(min)) && (max === undefined || read.lte(decimal(max)));
  });
}

/** A share of something as a decimal string between 0 and 1: `"0.01"` is one percent. */
export function fraction(defaultText: string, about: About) {
  const allowed = 'a decimal from 0 to 1, such as 0.01 for one percent';
  const shape = { allowed, unit: 'fraction', defaultText };
  return described(decimalSchema('0', '1').default(defaultText), about, shape);
}

/** As {@link fraction}, but absent unless it is set. */
export function optionalFraction(about: About) {
  const allowed = 'a decimal from 0 to 1, such as 0.05 for five percent';
  const shape = { allowed, unit: 'fraction', defaultText: '' };
  return described(decimalSchema('0', '1').optional(), about, shape);
}

/** A decimal string that is not negative: a ratio, or a quantity. */
export function amount(defaultText: string, unit: string, about: About) {
  const allowed = 'a decimal that is not negative, with at most 8 decimals';
  const shape = { allowed, unit, defaultText };
  return described(decimalSchema('0', undefined).default(defaultText), about, shape);
}

/** As {@link amount}, but absent unless it is set. */
export function optionalAmount(unit: string, about: About) {
  const allowed = 'a decimal that is not negative, with at most 8 decimals';
  const shape = { allowed, unit, defaultText: '' };
  return described(decimalSchema('0', undefined).optional(), about, shape);
}

/** A whole number within bounds. */
export function count(
  defaultValue: number,
  { min, max, unit = 'count' }: { min: number; max: number; unit?: string },
  about: About,
) {
  const schema = z
    .string()
    .regex(UNSIGNED_INTEGER)
    .transform(Number)
    .pipe(z.number().int().min(min).max(max))
    .default(defaultValue);
  const allowed = `a whole number from ${min} to ${max}`;
  return described(schema, about, { allowed, unit, defaultText: String(defaultValue) });
}

/** A duration; its name ends in `_MS`. */
export function milliseconds(
  defaultValue: number,
  bounds: { min: number; max: number },
  about: About,
) {
  return count(defaultValue, { ...bounds, unit: 'ms' }, about);
}

export function port(defaultValue: number, about: About) {
  return count(defaultValue, { min: 1, max: 65_535, unit: 'port' }, about);
}

/** As {@link port}, but absent unless it is set. */
export function optionalPort(about: About) {
  const schema = z
    .string()
    .regex(UNSIGNED_INTEGER)
    .transform(Number)
    .pipe(z.number().int().min(1).max(65_535))
    .optional();
  const allowed = 'a whole number from 1 to 65535';
  return described(schema, about, { allowed, unit: 'port', defaultText: '' });
}

/** A switch. */
export function flag(defaultValue: boolean, about: About) {
  const schema = z
    .string()
    .transform((value) => value.toLowerCase())
    .pipe(z.enum([...TRUE_WORDS, ...FALSE_WORDS]))
    .transform((value) => TRUE_WORDS.includes(value))
    .default(defaultValue);
  const allowed = `${TRUE_WORDS.join(', ')} or ${FALSE_WORDS.join(', ')}`;
  return described(schema, about, { allowed, unit: 'switch', defaultText: String(defaultValue) });
}

/** One of a closed set of words. */
export function choice<const T extends readonly [string, ...string[]]>(
  values: T,
  defaultValue: T[number],
  about: About,
) {
  const schema = z.enum(values as unknown as [T[number], ...T[number][]]).default(defaultValue);
  const shape = { allowed: values.join(', '), unit: 'word', defaultText: defaultValue };
  return described(schema, about, shape);
}

interface TextOptions {
  pattern?: RegExp;
  allowed?: string;
  secret?: boolean;
}

function textSchema({ pattern }: TextOptions) {
  return pattern ? z.string().regex(pattern) : z.string();
}

/** Free text with a default. */
export function text(defaultText: string, about: About, options: TextOptions = {}) {
  const shape = { allowed: options.allowed ?? 'text', unit: 'text', defaultText };
  return described(textSchema(options).default(defaultText), about, shape);
}

/** Free text, absent unless it is set. */
export function optionalText(about: About, options: TextOptions = {}) {
  const { allowed = 'text', secret = false } = options;
  const shape = { allowed, unit: 'text', defaultText: '', secret };
  return described(textSchema(options).optional(), about, shape);
}

/** Words separated by commas; empty by default. */
export function list(about: About) {
  const schema = z
    .string()
    .transform((value) => value.split(',').map((word) => word.trim()))
    .pipe(z.array(z.string().min(1)))
    .default([]);
  return described(schema, about, {
    allowed: 'words separated by commas',
    unit: 'list',
    defaultText: '',
  });
}
