/**
 * JSON as text from outside, for every surface. `JSON.parse` takes some texts for less than they say, and tells nobody: of a
 * key that stands twice it keeps the last, of a number the nearest that it can hold. Bytes that are no UTF-8 become other
 * letters. Of two sides, or of a quantity that lost its last digits, nobody knows what was meant: that is found here.
 */

/** Of documents that this system reads none is nested deeper: a scan of more costs time and memory. */
const DEPTH_MAX = 1_000;
/** As many as a person mends at once. */
const FLAWS_MAX = 50;
/** A number of that many characters without an exponent has no more digits than any double keeps. */
const ALWAYS_EXACT_CHARS = 15;
/** Longer ones are shown by their beginning. */
const SHOWN_CHARS_MAX = 40;

/** One place where a JSON text says what its value doesn't: where, such as `indicators.rsi`, and what. */
export interface JsonFlaw {
  /** Empty: the document itself. */
  readonly path: string;
  readonly message: string;
}

export interface JsonRead {
  readonly value: unknown;
  /** In the order of the text; none when the value is all that the text says. */
  readonly flaws: readonly JsonFlaw[];
}

/** Bytes that are no text. */
export class NotUtf8Error extends Error {
  override readonly name = 'NotUtf8Error';
}

/**
 * Bytes as text, without a byte order mark, which some editors put before it.
 * @throws NotUtf8Error where other letters would take the place of what stands there
 */
export function decodeUtf8(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    throw new NotUtf8Error('the bytes are no UTF-8', { cause: error });
  }
}

/**
 * Reads a document.
 * @throws SyntaxError when it is no JSON, RangeError when it is nested so deep that nobody means it
 */
export function readJsonText(text: string): JsonRead {
  const value: unknown = JSON.parse(text);
  return { value, flaws: flawsOf(text) };
}

/** An object or a list that is open where the scan stands. */
interface Open {
  /** Null: a list. */
  readonly keys: Set<string> | null;
  /** The key or the index that is being read. */
  at: string | number;
}

/** Strings and numbers whole, and the characters that open, part and close; words are passed over. */
const TOKENS = /"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*|[{}[\],:]/g;
const NUMBER = /^[-\d]/;

function flawsOf(text: string): JsonFlaw[] {
  const found = new Map<string, JsonFlaw>();
  const open: Open[] = [];
  const add = (message: string) => {
    const path = open.map(({ at }) => at).join('.');
    if (found.size < FLAWS_MAX) found.set(path, { path, message });
  };
  let awaitsKey = false;
  for (const [token] of text.matchAll(TOKENS)) {
    const here = open[open.length - 1];
    if (open.length > DEPTH_MAX) throw new RangeError(`nested deeper than ${DEPTH_MAX} levels`);
    if (token === '{') open.push({ keys: new Set(), at: '' });
    else if (token === '[') open.push({ keys: null, at: 0 });
    else if (token === '}' || token === ']') open.pop();
    else if (token === ',' && typeof here?.at === 'number') here.at += 1;
    else if (token.startsWith('"') && awaitsKey && here?.keys) {
      here.at = JSON.parse(token) as string;
      if (here.keys.has(here.at)) add('stands more than once');
      here.keys.add(here.at);
    } else if (NUMBER.test(token) && !isExact(token)) add(inexact(token));
    awaitsKey = token === '{' || (token === ',' && here?.keys !== null);
  }
  return [...found.values()];
}

function inexact(number: string): string {
  const shown =
    number.length > SHOWN_CHARS_MAX ? `${number.slice(0, SHOWN_CHARS_MAX)}…` : `"${number}"`;
  const read = Number.isFinite(Number(number)) ? `is read as ${Number(number)}` : 'can not be read';
  return `the number loses digits, for it ${read}: write it as text (${shown}) or with fewer digits`;
}

/** Whether what a number is read as has the digits that were written. */
function isExact(number: string): boolean {
  if (number.length <= ALWAYS_EXACT_CHARS && !/e/i.test(number)) return true;
  const read = Number(number);
  return Number.isFinite(read) && digitsOf(number) === digitsOf(String(read));
}

/** One text for equal numbers: the digits without leading and trailing zeros, and where the point stands. Both signs of nought are one. */
function digitsOf(number: string): string {
  const [mantissa = '', exponent = '0'] = number.toLowerCase().split('e');
  const [whole = '', part = ''] = mantissa.replace(/^-/, '').split('.');
  const digits = whole + part;
  let [from, to] = [0, digits.length];
  while (from < to && digits[from] === '0') from += 1;
  while (to > from && digits[to - 1] === '0') to -= 1;
  if (from === to) return '0';
  const point = Number(exponent) + whole.length - from;
  return `${number.startsWith('-') ? '-' : ''}${digits.slice(from, to)} at ${point}`;
}
