/** Lists as CSV (RFC 4180): a header, then a line for each row. */

/** A table program takes these for formulas: text that begins so gets an apostrophe before it. */
const FORMULA = /^[=+\-@\t\r]/;
const NUMBER = /^-?\d+(\.\d+)?$/;

export type Cell = string | number | boolean | null | undefined | readonly string[];

/** A line, ended. */
export function csvLine(cells: readonly Cell[]): string {
  return `${cells.map(cellOf).join(',')}\r\n`;
}

function cellOf(value: Cell): string {
  if (value === null || value === undefined) return '';
  const plain = typeof value === 'object' ? value.join(' ') : value.toString();
  const text = FORMULA.test(plain) && !NUMBER.test(plain) ? `'${plain}` : plain;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
