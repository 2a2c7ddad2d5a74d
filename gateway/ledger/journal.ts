/** The facts on disk, one JSON line each, so that a killed gateway's referee remembers everything. */
import { closeSync, fsyncSync, ftruncateSync, openSync, readSync, writeSync } from 'node:fs';
import type { LedgerInput } from './inputs.js';

type OnFact = (fact: LedgerInput) => void;

const NEWLINE = 10;
/** Read at once: longer than any line, and no bound to the length of the file. */
const CHUNK_BYTES = 4_194_304;

function take(path: string, line: Buffer, position: number, onFact: OnFact): void {
  try {
    onFact(JSON.parse(line.toString('utf8')) as LedgerInput);
  } catch (error) {
    throw new Error(`${path}, byte ${position}: not a fact of the ledger (${String(error)})`, {
      cause: error,
    });
  }
}

/** Calls `onFact` for each whole line; gives the length of the file up to the last of them. */
function readFacts(file: number, path: string, onFact: OnFact): number {
  const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
  let rest: Buffer = Buffer.alloc(0);
  let whole = 0;
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

export class LedgerJournal {
  private readonly file: number;
  private pending = '';
  private closed = false;

  /** Opens or creates the file and reads what is there; a line cut by a kill is cut off. */
  constructor(path: string, onFact: OnFact) {
    this.file = openSync(path, 'a+');
    ftruncateSync(this.file, readFacts(this.file, path, onFact));
  }

  append(fact: LedgerInput): void {
    if (this.closed) return;
    this.pending += `${JSON.stringify(fact)}\n`;
  }

  /** Hands the pending lines to the system: they survive the process, though not a power cut. */
  flush(): void {
    if (this.pending === '') return;
    const lines = this.pending;
    this.pending = '';
    writeSync(this.file, lines);
  }

  close(): void {
    this.flush();
    this.closed = true;
    fsyncSync(this.file);
    closeSync(this.file);
  }
}
