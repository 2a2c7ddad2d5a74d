/** The facts on disk, one JSON line each, so that a killed gateway's referee remembers everything. */
import { createHash } from 'node:crypto';
import {
  closeSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  readSync,
  writeSync,
} from 'node:fs';
import type { LedgerInput } from './inputs.js';
import type { JournalPlace } from './snapshot.js';

type OnFact = (fact: LedgerInput) => void;

const NEWLINE = 10;
/** Read at once: longer than any line, and no bound to the length of the file. */
const CHUNK_BYTES = 4_194_304;
/** So much before a place tells whether it is a place in this very file. */
const FINGERPRINT_BYTES = 4_096;

function take(path: string, line: Buffer, position: number, onFact: OnFact): void {
  try {
    onFact(JSON.parse(line.toString('utf8')) as LedgerInput);
  } catch (error) {
    throw new Error(`${path}, byte ${position}: not a fact of the ledger (${String(error)})`, {
      cause: error,
    });
  }
}

/** Calls `onFact` for each whole line from a place on; gives the length of the file up to the last. */
function readFacts(file: number, path: string, from: number, onFact: OnFact): number {
  const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
  let rest: Buffer = Buffer.alloc(0);
  let whole = from;
  for (;;) {
    const size = readSync(file, chunk, 0, CHUNK_BYTES, whole + rest.length);
    if (size === 0) return whole;
    const bytes = Buffer.concat([rest, chunk.subarray(0, size)]);
    let start = 0;
    for (let end = bytes.indexOf(NEWLINE); end >= 0; end = bytes.indexOf(NEWLINE, start)) {
      take(path, bytes.subarray(start, end), whole + start, onFact);
      start = end + 1;
    }
    rest = bytes.subarray(start);
    whole += start;
  }
}

function fingerprintAt(file: number, bytes: number): string {
  const tail = Buffer.alloc(Math.min(bytes, FINGERPRINT_BYTES));
  readSync(file, tail, 0, tail.length, bytes - tail.length);
  return createHash('sha256').update(tail).digest('hex');
}

export class LedgerJournal {
  private readonly file: number;
  private length = 0;
  private pending = '';
  private closed = false;

  /** Opens or creates the file. */
  constructor(private readonly path: string) {
    this.file = openSync(path, 'a+');
  }

  /** Whether a place noted earlier is one of this file. */
  has({ bytes, fingerprint }: JournalPlace): boolean {
    return bytes <= fstatSync(this.file).size && fingerprintAt(this.file, bytes) === fingerprint;
  }

  /**
   * Reads what was written from a place on (default: all); a line cut by a kill is cut off.
   * @throws Error naming the byte where something else than a fact stands
   */
  read(onFact: OnFact, from = 0): void {
    this.length = readFacts(this.file, this.path, from, onFact);
    ftruncateSync(this.file, this.length);
  }

  /** Bytes that were read and written. */
  get bytes(): number {
    return this.length;
  }

  /** The end of what is written now. */
  place(): JournalPlace {
    this.flush();
    return { bytes: this.length, fingerprint: fingerprintAt(this.file, this.length) };
  }

  append(fact: LedgerInput): void {
    if (this.closed) return;
    this.pending += `${JSON.stringify(fact)}\n`;
  }

  /** Hands the pending lines to the system: they survive the process, though not a power cut. */
  flush(): void {
    if (this.pending === '') return;
    const lines = Buffer.from(this.pending);
    this.pending = '';
    let written = 0;
    while (written < lines.length) written += writeSync(this.file, lines, written);
    this.length += lines.length;
  }

  close(): void {
    this.flush();
    this.closed = true;
    fsyncSync(this.file);
    closeSync(this.file);
  }
}
