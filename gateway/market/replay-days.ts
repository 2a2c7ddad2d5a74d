/** A replay folder: SYMBOL.csv(.gz) files, or day folders that hold such files, played in order. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Decimal } from '../../domain/money.js';
import { RecordedFile } from './recording.js';
import type { RecordedRow } from './recording.js';

const QUOTE_FILE = /^([A-Za-z0-9][A-Za-z0-9. -]*)\.csv(\.gz)?$/;

export interface ReplayDay {
  name: string;
  /** Symbol → file. */
  files: ReadonlyMap<string, string>;
}

function quoteFiles(folder: string): Map<string, string> {
  const files = new Map<string, string>();
  for (const name of readdirSync(folder).sort()) {
    const symbol = QUOTE_FILE.exec(name)?.[1];
    if (symbol) files.set(symbol.toUpperCase(), join(folder, name));
  }
  return files;
}

/**
 * The days of a replay folder, in order of their names.
 * @throws Error when the folder can't be read or holds no quotes.
 */
export function listReplayDays(folder: string): ReplayDay[] {
  let own: Map<string, string>;
  try {
    own = quoteFiles(folder);
  } catch (error) {
    const reason = (error as Error).message;
    throw new Error(`can't read the replay folder ${folder}: ${reason}`, { cause: error });
  }
  if (own.size > 0) return [{ name: folder, files: own }];
  const days = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => ({ name: entry.name, files: quoteFiles(join(folder, entry.name)) }))
    .filter((day) => day.files.size > 0)
    .sort((first, second) => (first.name < second.name ? -1 : 1));
  if (days.length === 0) {
    throw new Error(`no SYMBOL.csv or SYMBOL.csv.gz in ${folder} or its folders`);
  }
  return days;
}

function firstRow(path: string): RecordedRow | undefined {
  return new RecordedFile(path).read();
}

/** The first recorded mid of each symbol of the folder. */
export function firstMids(days: readonly ReplayDay[]): Map<string, Decimal> {
  const mids = new Map<string, Decimal>();
  for (const [symbol, path] of days.flatMap((day) => [...day.files])) {
    if (mids.has(symbol)) continue;
    const row = firstRow(path);
    if (row) mids.set(symbol, row.bid.add(row.ask).div(2));
  }
  return mids;
}

/** Index of the last day whose rows begin at or before a recorded instant; 0 if none does. */
export function dayIndexAt(days: readonly ReplayDay[], atMs: number): number {
  let low = 0;
  let high = days.length - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    const starts = [...(days[middle]?.files.values() ?? [])].map((path) => firstRow(path)?.timeMs);
    const startMs = Math.min(...starts.map((each) => each ?? Infinity));
    if (startMs <= atMs) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** The rows of one day, all symbols merged in time order (then by symbol). */
export class DayCursor {
  private readonly files: ReadonlyMap<string, RecordedFile>;
  private readonly heads = new Map<string, RecordedRow>();

  constructor(readonly day: ReplayDay) {
    const opened = [...day.files].map(
      ([symbol, path]) => [symbol, new RecordedFile(path)] as const,
    );
    this.files = new Map(opened);
    this.rewind();
  }

  rewind(): void {
    for (const [symbol, file] of this.files) {
      file.rewind();
      this.setHead(symbol, file.read());
    }
  }

  private setHead(symbol: string, row: RecordedRow | undefined): void {
    if (row) this.heads.set(symbol, row);
    else this.heads.delete(symbol);
  }

  /** The next row of the day without taking it. */
  peek(): { symbol: string; row: RecordedRow } | undefined {
    let first: { symbol: string; row: RecordedRow } | undefined;
    for (const symbol of this.files.keys()) {
      const row = this.heads.get(symbol);
      if (row && (!first || row.timeMs < first.row.timeMs)) first = { symbol, row };
    }
    return first;
  }

  /** Steps over a symbol's head row. */
  take(symbol: string): void {
    this.setHead(symbol, this.files.get(symbol)?.read());
  }

  /** Moves to a recorded instant; gives each symbol's last row at or before it. */
  seek(timeMs: number): Map<string, RecordedRow> {
    const current = new Map<string, RecordedRow>();
    for (const [symbol, file] of this.files) {
      const row = file.seek(timeMs);
      if (row) current.set(symbol, row);
      this.setHead(symbol, file.read());
    }
    return current;
  }

  /** True while the symbol has rows to come today. */
  hasMore(symbol: string): boolean {
    return this.heads.has(symbol);
  }
}
