/** The fields of a row: what each must look like, and how a wrong one is told. */
import { z } from 'zod';
import { decimal, text } from '../domain/money.js';
import { cut } from '../domain/text.js';
import { FlexError } from './error.js';
import { readTime } from './time.js';
import type { Attributes } from './xml.js';

/** What the columns keep. */
const DECIMALS = 8;

/** Empty is how a field without a value is written. */
const optional = <T extends z.ZodType>(schema: T) =>
  z.preprocess((value) => (value === '' ? null : value), schema.nullable().optional());

/** A decimal with a point. A comma may separate thousands or decimals: nobody can tell, so it is refused. */
const DECIMAL = z
  .string()
  .regex(/^[+-]?\d{1,15}(\.\d{1,30})?$/, 'is no decimal with a point, such as -1234.56')
  .transform((value) => text(decimal(value.replace('+', '')).toDecimalPlaces(DECIMALS)));

/** Printable, without blanks at its ends. */
const NAME = z
  .string()
  .max(200)
  .regex(/^[\x21-\x7e]([\x20-\x7e]*[\x21-\x7e])?$/, 'is no plain name');

const CURRENCY = z.string().regex(/^[A-Z]{3}$/, 'is no currency of three letters');
const INTEGER = z
  .string()
  .regex(/^\d{1,9}$/, 'is no whole number')
  .transform(Number);

/** What a line of a list takes. */
const WORDS_CHARACTERS_MAX = 200;

/** Outside text for lists and terminals: one line, without control characters. */
const WORDS = z
  .string()
  .transform((value) => cut(value.replace(/[\p{C}\s]+/gu, ' ').trim(), WORDS_CHARACTERS_MAX));

const time = (zone: string) =>
  z.string().transform((value, context) => {
    const read = readTime(value, zone);
    if (read !== null) return read;
    const message =
      'is no date or time such as 20260406 or 20260406;093000: set yyyyMMdd and HHmmss in the query';
    context.addIssue({ code: 'custom', message });
    return z.NEVER;
  });

/** The kinds of fields; each but `words` may be empty where it is `optional`. */
export const field = {
  decimal: DECIMAL,
  optionalDecimal: optional(DECIMAL),
  name: NAME,
  optionalName: optional(NAME),
  currency: CURRENCY,
  optionalCurrency: optional(CURRENCY),
  integer: INTEGER,
  words: WORDS.optional(),
  time,
  optionalTime: (zone: string) => optional(time(zone)),
};

/** How a person finds the row again. */
export interface RowPlace {
  /** `Trade 17 of account U1234567` */
  readonly name: string;
  /** Fields by the titles that the query's page gives them, where they differ. */
  readonly titles: Readonly<Record<string, string>>;
}

/**
 * Reads a row.
 * @throws FlexError that names the row, each wrong field with its value, and the fields to add to the query
 */
export function readRow<T extends z.ZodType>(
  schema: T,
  attributes: Attributes,
  { name, titles }: RowPlace,
): z.output<T> {
  const read = schema.safeParse(attributes);
  if (read.success) return read.data;
  const wrong = read.error.issues.map(({ path, message }) => {
    const key = String(path[0] ?? '');
    const value = attributes[key];
    if (value !== undefined) return `${key}=${JSON.stringify(cut(value, 80))} ${wordsOf(message)}`;
    return `it has no ${key}: add the field "${titles[key] ?? key}" to the query`;
  });
  throw new FlexError(`${name}: ${[...new Set(wrong)].join('; ')}`);
}

/** zod's own words where none were given. */
function wordsOf(message: string): string {
  return message.startsWith('is ') ? message : 'can not be used';
}
