/** How the command prints: tables, JSON, colours, and numbers for people. */
import Table from 'cli-table3';
import { decimal, moneyText, text } from '../domain/money.js';
import type { Io } from './io.js';

const CODES = { bold: '1', dim: '2', red: '31', green: '32', yellow: '33' } as const;
export type Paint = keyof typeof CODES;

/** The text in a colour, where the terminal has them and NO_COLOR isn't set. */
export function paint(io: Pick<Io, 'hasColours'>, how: Paint, content: string): string {
  return io.hasColours ? `\u001b[${CODES[how]}m${content}\u001b[0m` : content;
}

const NO_LINES = Object.fromEntries(
  [
    'top top-mid top-left top-right bottom bottom-mid bottom-left bottom-right',
    'left left-mid mid mid-mid right right-mid',
  ]
    .join(' ')
    .split(' ')
    .map((name) => [name, '']),
);

/** Columns without lines, right-aligned where `right` names them. Ends in a line break. */
export function table(
  io: Pick<Io, 'hasColours'>,
  columns: readonly string[],
  rows: readonly (readonly string[])[],
  right: readonly string[] = [],
): string {
  const printed = new Table({
    head: columns.map((column) => paint(io, 'bold', column)),
    colAligns: columns.map((column) => (right.includes(column) ? 'right' : 'left')),
    chars: { ...NO_LINES, middle: '  ' },
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0 },
  });
  printed.push(...rows.map((row) => [...row]));
  const lines = printed.toString().split('\n');
  return `${lines.map((line) => line.trimEnd()).join('\n')}\n`;
}

/** One JSON document, indented. */
export function jsonText(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

/** One line of JSON Lines, for what comes bit by bit. */
export function jsonLine(value: unknown): string {
  return `${JSON.stringify(value)}\n`;
}

/** A fraction as people say it: `"0.0012"` is `0.12 %`. */
export function percent(fraction: string): string {
  return `${text(decimal(fraction).mul(100))} %`;
}

/** Money with two decimals. */
export function money(value: string): string {
  return moneyText(decimal(value));
}

/** A price or an average: two decimals at the least, six at the most. */
export function price(value: string): string {
  const rounded = decimal(value).toDecimalPlaces(6);
  return rounded.decimalPlaces() < 2 ? moneyText(rounded) : text(rounded);
}

/** A ratio or multiple, at most four decimals. */
export function ratio(value: string): string {
  return text(decimal(value).toDecimalPlaces(4));
}

export { span } from '../contract/duration.js';

/** An instant as people read it, in UTC: `2026-11-21 09:40:25`. */
export function when(instant: string | null): string {
  return instant === null ? '' : instant.slice(0, 19).replace('T', ' ');
}
