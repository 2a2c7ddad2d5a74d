/**
 * One file of recorded quotes, `time,bid,bid_size,ask,ask_size` as CSV, gzip allowed. The bytes are
 * kept, a row is read only when it is wanted, so a day costs its own size in memory and no parsing
 * up front.
 */
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { decimal } from '../../domain/money.js';
import type { Decimal } from '../../domain/money.js';

const HEADER = 'time,bid,bid_size,ask,ask_size';
/** Ten times a full day of a busy symbol with a row every 10 ms; more is surely not such a file. */
const FILE_BYTES_MAX = 1_000_000_000;
const NEWLINE = 10;

export interface RecordedRow {
  /** Recorded time, epoch ms. */
  timeMs: number;
  bid: Decimal;
  bidSize: Decimal;
  ask: Decimal;
  askSize: Decimal;
}

export class RecordedFile {
  private readonly bytes: Buffer;
  private readonly bodyStart: number;
  private offset: number;

  /** Reads the file. @throws Error naming the file when it can't be read or has another header. */
  constructor(private readonly path: string) {
    const raw = readFileSync(path);
    this.bytes = path.endsWith('.gz') ? gunzipSync(raw, { maxOutputLength: FILE_BYTES_MAX }) : raw;
    const headerEnd = this.lineEnd(0);
    const header = this.bytes.toString('latin1', 0, headerEnd).trim();
    if (header !== HEADER) {
      throw new Error(`${path}: the first line must be "${HEADER}", not ${JSON.stringify(header)}`);
    }
    this.bodyStart = headerEnd + 1;
    this.offset = this.bodyStart;
  }

  private lineEnd(from: number): number {
    const end = this.bytes.indexOf(NEWLINE, from);
    return end < 0 ? this.bytes.length : end;
  }

  private parse(from: number, to: number): RecordedRow | undefined {
    const line = this.bytes.toString('latin1', from, to).trim();
    if (line === '') return undefined;
    const fields = line.split(',');
    const timeMs = Date.parse(fields[0] ?? '');
    if (fields.length !== 5 || Number.isNaN(timeMs)) throw this.badLine(line, 'five fields');
    const [, bid, bidSize, ask, askSize] = fields as [string, string, string, string, string];
    try {
      const prices = { bid: decimal(bid), ask: decimal(ask) };
      return { timeMs, ...prices, bidSize: decimal(bidSize), askSize: decimal(askSize) };
    } catch {
      throw this.badLine(line, 'plain decimals');
    }
  }

  private badLine(line: string, wanted: string): Error {
    return new Error(`${this.path}: expected ${wanted} (${HEADER}), got ${JSON.stringify(line)}`);
  }

  /** The next row, or undefined after the last. */
  read(): RecordedRow | undefined {
    while (this.offset < this.bytes.length) {
      const end = this.lineEnd(this.offset);
      const row = this.parse(this.offset, end);
      this.offset = end + 1;
      if (row) return row;
    }
    return undefined;
  }

  rewind(): void {
    this.offset = this.bodyStart;
  }

  /**
   * Positions the file so that `read` gives the first row later than `timeMs`, and returns the last
   * row at or before it, if any (binary search: rows are in time order).
   */
  seek(timeMs: number): RecordedRow | undefined {
    let low = this.bodyStart;
    let high = this.bytes.length;
    // Invariant: rows that start before `low` are <= timeMs, rows at or after `high` are later.
    while (low < high) {
      const start = this.lineStart(Math.floor((low + high) / 2), low);
      const end = this.lineEnd(start);
      const row = this.parse(start, end);
      if (!row || row.timeMs <= timeMs) low = end + 1;
      else high = start;
    }
    this.offset = low;
    return low > this.bodyStart ? this.rowBefore(low) : undefined;
  }

  private rowBefore(offset: number): RecordedRow | undefined {
    let end = offset - 1;
    while (end > this.bodyStart) {
      const start = this.lineStart(end - 1, this.bodyStart);
      const row = this.parse(start, end);
      if (row) return row;
      end = start - 1;
    }
    return undefined;
  }

  private lineStart(within: number, floor: number): number {
    const newline = within <= floor ? -1 : this.bytes.lastIndexOf(NEWLINE, within - 1);
    return Math.max(floor, newline + 1);
  }
}
