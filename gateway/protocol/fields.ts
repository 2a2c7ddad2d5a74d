/**
 * Fields: how numbers, decimals, booleans and texts are written between the NULs, and read back. An
 * empty field is the normal "unset" (clients send it for every option left out); the sentinels of
 * Java, Python and C++ mean the same.
 */
import { Decimal, text } from '../../domain/money.js';

export const UNSET_INT = '2147483647';
export const UNSET_DOUBLE = '1.7976931348623157E308';

const UNSET_TEXTS = new Set([
  '',
  UNSET_INT,
  '1.7976931348623157E308',
  '1.7976931348623157e+308',
  '1.7976931348623157E+308',
  '9223372036854775807',
  '170141183460469231731687303715884105727',
  'Infinity',
  'inf',
]);

/** Plain or exponent notation, as any client's language prints a number. */
const NUMBER_TEXT = /^[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,3})?$/;
/** Far over any price or quantity; more digits are an attack on arithmetic. */
const NUMBER_CHARS_MAX = 64;

/** A field can't be read; `field` is its name in the protocol. */
export class FieldError extends Error {
  override readonly name = 'FieldError';
  constructor(
    readonly field: string,
    readonly value: string | undefined,
  ) {
    super(`Unable to parse field: ${field}`);
  }
}

/** Whether a field's text means that the client left it unset. */
export function isUnset(value: string): boolean {
  return UNSET_TEXTS.has(value);
}

/** A whole number from -2^31 to 2^31-1; unset is `fallback`. */
export function readInt(value: string, field: string, fallback = 0): number {
  if (isUnset(value)) return fallback;
  if (!/^[+-]?\d{1,10}$/.test(value)) throw new FieldError(field, value);
  const number = Number(value);
  if (Math.abs(number) > 2_147_483_648) throw new FieldError(field, value);
  return number;
}

/** A number as a decimal; undefined when unset. */
export function readDecimal(value: string, field: string): Decimal | undefined {
  if (isUnset(value)) return undefined;
  if (value.length > NUMBER_CHARS_MAX || !NUMBER_TEXT.test(value)) {
    throw new FieldError(field, value);
  }
  return new Decimal(value);
}

/** Empty and 0 are false, other whole numbers and `true` are true. */
export function readBool(value: string, field: string): boolean {
  if (isUnset(value)) return false;
  const lower = value.toLowerCase();
  if (lower === 'true') return true;
  if (lower === 'false') return false;
  return readInt(value, field) !== 0;
}

/** Reads a message's fields one after another. */
export class FieldReader {
  private position = 0;

  constructor(private readonly fields: readonly string[]) {}

  /** Fields not read yet. */
  get remaining(): number {
    return Math.max(0, this.fields.length - this.position);
  }

  /** @throws FieldError when the message has no such field left. */
  text(field: string): string {
    const value = this.fields[this.position];
    if (value === undefined) throw new FieldError(field, undefined);
    this.position += 1;
    return value;
  }

  int(field: string, fallback = 0): number {
    return readInt(this.text(field), field, fallback);
  }

  decimal(field: string): Decimal | undefined {
    return readDecimal(this.text(field), field);
  }

  bool(field: string): boolean {
    return readBool(this.text(field), field);
  }

  skip(count: number): void {
    this.position += count;
  }
}

/** What an encoder may put into a message. */
export type FieldValue = string | number | boolean | Decimal | undefined;

/** A value as the wire has it: booleans 1 and 0, decimals plain, undefined empty. */
export function fieldText(value: FieldValue): string {
  switch (typeof value) {
    case 'undefined':
      return '';
    case 'string':
      return value;
    case 'boolean':
      return value ? '1' : '0';
    case 'number':
      if (!Number.isSafeInteger(value)) throw new RangeError(`not a whole number: ${value}`);
      return String(value);
    default:
      return text(value);
  }
}

/** Non-ASCII characters as `\uXXXX`, NULs as blanks: for error texts and long names. */
export function escapeText(value: string): string {
  let escaped = '';
  for (let index = 0; index < value.length; index += 1) {
    const code = value.charCodeAt(index);
    if (code === 0) escaped += ' ';
    else if (code < 0x80) escaped += value[index];
    else escaped += `\\u${code.toString(16).padStart(4, '0')}`;
  }
  return escaped;
}
