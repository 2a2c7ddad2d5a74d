/** What cases say alike: outcomes of calls, refusals and terms, in plain words. */
import type { OrderError, OrderTerms } from '../broker/port.js';
import { NotSentError, UnknownOutcomeError } from '../broker/port.js';
import { decimal } from '../domain/money.js';
import type { DecimalText } from '../domain/money.js';
import type { Desk } from './desk.js';

/** How a call ended: `answered`, `refused, nothing sent: invalid`, `outcome unknown`, or the error's name. */
export async function ending(call: Promise<unknown> | (() => unknown)): Promise<string> {
  try {
    await (typeof call === 'function' ? call() : call);
    return 'answered';
  } catch (error) {
    return errorInWords(error);
  }
}

function errorInWords(error: unknown): string {
  if (error instanceof NotSentError) return `refused, nothing sent: ${error.reason}`;
  if (error instanceof UnknownOutcomeError) return 'outcome unknown';
  return error instanceof Error ? error.name : String(error);
}

/** What an error on an order means: its class, and what it is about. */
export function meaning({ errorClass, about }: OrderError): string {
  return `${errorClass} about the ${about}`;
}

/** Meanings in their order, each once. */
export function meanings(errors: readonly OrderError[]): string {
  const all = [...new Set(errors.map(meaning))];
  return all.length === 0 ? 'none' : all.join(', ');
}

/** The broker's own numbers, for people who look a divergence up. */
export function codes(errors: readonly OrderError[]): string {
  const all = [...new Set(errors.map(({ code }) => String(code)))];
  return all.length === 0 ? 'none' : all.join(', ');
}

/** Whether the text is a plain decimal. */
export function isDecimal(value: unknown): value is DecimalText {
  if (typeof value !== 'string') return false;
  try {
    decimal(value);
    return true;
  } catch {
    return false;
  }
}

const FIELDS: readonly (keyof OrderTerms)[] = [
  'side',
  'orderType',
  'quantity',
  'limitPrice',
  'stopPrice',
  'trailAmount',
  'trailFraction',
  'timeInForce',
  'goodTillMs',
  'outsideRegularHours',
  'ocaGroup',
  'ocaType',
  'triggerMethod',
];

/** What a broker may show in its own way: what it triggers by, hours it takes for granted, a stop that trails. */
const FREE: readonly (keyof OrderTerms)[] = ['triggerMethod', 'outsideRegularHours'];

/** What was read back otherwise than sent, and must not be. */
export function broken(sent: OrderTerms, read: OrderTerms): readonly string[] {
  const trails = sent.orderType === 'TRAIL';
  return differences(sent, read)
    .filter(({ field }) => !FREE.includes(field) && !(trails && field === 'stopPrice'))
    .map(({ told }) => told);
}

/** Which terms were not read back as they were sent, with what came instead. */
export function differences(
  sent: OrderTerms,
  read: OrderTerms,
): { readonly field: keyof OrderTerms; readonly told: string }[] {
  return FIELDS.filter((field) => !isSame(sent[field], read[field])).map((field) => ({
    field,
    told: `${field} was sent as ${sent[field]}, read back as ${read[field]}`,
  }));
}

/** The fields that differ, or `as sent`. */
export function readBack(sent: OrderTerms, read: OrderTerms | null): string {
  if (read === null) return 'no terms';
  const fields = differences(sent, read).map(({ field }) => field);
  return fields.length === 0 ? 'as sent' : `otherwise: ${fields.join(', ')}`;
}

function isSame(first: unknown, second: unknown): boolean {
  if (isDecimal(first) && isDecimal(second)) return decimal(first).eq(decimal(second));
  return first === second;
}

/** Notes what an order went through, and what was said about it. */
export function noteCourse(desk: Desk, name: string, ref: string): void {
  desk.note(`${name}: statuses`, desk.seen.statuses(ref));
  desk.note(`${name}: the broker's words`, desk.seen.words(ref));
  const errors = desk.seen.errors(ref);
  if (errors.length === 0) return;
  desk.note(`${name}: messages mean`, meanings(errors));
  desk.note(`${name}: codes`, codes(errors));
}
