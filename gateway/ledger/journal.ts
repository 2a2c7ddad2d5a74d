/** The facts on disk, one JSON line each, so that a killed gateway's referee remembers everything. */
import { closeSync, fsyncSync, ftruncateSync, openSync, readFileSync, writeSync } from 'node:fs';
import type { LedgerInput } from './inputs.js';

const NEWLINE = 10;

/** Calls `onFact` for each whole line; gives the length of the file up to the last of them. */
function readFacts(path: string, onFact: (fact: LedgerInput) => void): number {
  const bytes = readFileSync(path);
  let start = 0;
  for (let end = bytes.indexOf(NEWLINE); end >= 0; end = bytes.indexOf(NEWLINE, start)) {
    try {
      onFact(JSON.parse(bytes.toString('utf8', start, end)) as LedgerInput);
    } catch (error) {
      throw new Error(`${path}, byte ${start}: not a fact of the ledger (${String(error)})`, {
        cause: error,
      });
    }
    start = end + 1;
  }
  return start;
}

export class LedgerJournal {
  private readonly file: number;
  private pending = '';
  private closed = false;

  /** Opens or creates the file and reads what is there; a line cut by a kill is cut off. */
  constructor(path: string, onFact: (fact: LedgerInput) => void) {
    this.file = openSync(path, 'a+');
    ftruncateSync(this.file, readFacts(path, onFact));
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
