/**
 * Facts on disk, while the database takes none (BRK-13): files of JSON lines in the state folder, synced
 * before anything else happens, read back by this process or, after its end, by the next one.
 *
 * A file is removed only once all that it holds is committed. Whoever still writes to a file that another
 * has read and removed sees that it has no name any more, and writes its lines to a new one.
 */
import {
  closeSync,
  fdatasyncSync,
  fstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import type { BrokerFact } from '../../domain/broker/fact.js';
import type { Logger } from '../../config/logger.js';

/** All files together: some 500,000 facts, more than an account can cause in a day. */
const BYTES_MAX = 256 * 1024 * 1024;
/** Its owner's only: it holds orders and amounts. */
const MODE = 0o600;

const ENDING = '.jsonl';
const KEPT = '.kept';

interface OpenFile {
  readonly path: string;
  readonly fd: number;
}

export class InboxSpill {
  private file: OpenFile | null = null;
  private pending: string[] = [];
  private flushing: NodeJS.Immediate | null = null;
  private bytes = 0;
  private made = 0;

  constructor(
    private readonly folder: string,
    private readonly log: Logger,
    /** Facts could not be written: they would be lost. */
    private readonly onFull: (reason: string) => void,
  ) {
    this.takeUpKept();
  }

  /** True when files wait to be read back, or lines to be written. */
  hasFacts(): boolean {
    return this.pending.length > 0 || this.files().length > 0;
  }

  /** Takes a fact; it is on disk after the present turn of the event loop. */
  add(fact: BrokerFact): void {
    this.pending.push(`${JSON.stringify(fact)}\n`);
    this.flushing ??= setImmediate(() => this.flush());
  }

  /** Writes what waits, and syncs it. */
  flush(): void {
    if (this.flushing) clearImmediate(this.flushing);
    this.flushing = null;
    const lines = this.pending.splice(0).join('');
    if (lines === '') return;
    try {
      this.write(Buffer.from(lines));
    } catch (error) {
      this.onFull(`the broker's facts could not be kept on disk: ${String(error)}`);
    }
  }

  /** Ends the present file and gives the paths of all, oldest first. */
  takeFiles(): string[] {
    this.flush();
    this.close();
    return this.files();
  }

  /** The facts of a file. What a crash cut short is its last line, and was never relied on. */
  read(path: string): { readonly facts: BrokerFact[]; readonly bytes: number } {
    const content = readFileSync(path);
    const facts: BrokerFact[] = [];
    const lines = content.toString('utf8').split('\n');
    const tail = lines.pop();
    if (tail) this.log.warn({ path }, 'the last line of a spilled file was cut short');
    for (const line of lines) {
      try {
        facts.push(JSON.parse(line) as BrokerFact);
      } catch {
        this.log.error({ path, line }, 'a line of a spilled file can not be read');
      }
    }
    return { facts, bytes: content.length };
  }

  /** Removes a file whose facts are committed, unless it has grown since it was read. */
  remove(path: string, bytesRead: number): void {
    if (statSync(path).size !== bytesRead) return;
    this.bytes = Math.max(0, this.bytes - bytesRead);
    rmSync(path);
  }

  /** Leaves a file to the next worker: something in it can't be booked by this one. */
  keep(path: string): void {
    renameSync(path, `${path}${KEPT}`);
  }

  /** Closes the present file; what it holds stays. */
  close(): void {
    this.flush();
    if (this.file) closeSync(this.file.fd);
    this.file = null;
  }

  /** What earlier workers left aside is tried again. */
  private takeUpKept(): void {
    for (const path of this.paths(`${ENDING}${KEPT}`))
      renameSync(path, path.slice(0, -KEPT.length));
  }

  private write(lines: Buffer): void {
    if (this.bytes + lines.length > BYTES_MAX) throw new Error(`more than ${BYTES_MAX} bytes`);
    this.file ??= this.open();
    append(this.file.fd, lines);
    if (fstatSync(this.file.fd).nlink === 0) {
      this.close();
      this.file = this.open();
      append(this.file.fd, lines);
    }
    this.bytes += lines.length;
  }

  private open(): OpenFile {
    mkdirSync(this.folder, { recursive: true });
    this.made += 1;
    const name = `${Date.now()}-${String(this.made).padStart(6, '0')}-${process.pid}${ENDING}`;
    const path = join(this.folder, name);
    this.log.warn({ path }, "the database takes no facts: the broker's callbacks go to disk");
    return { path, fd: openSync(path, 'ax', MODE) };
  }

  private files(): string[] {
    return this.paths(ENDING);
  }

  private paths(ending: string): string[] {
    let names: string[];
    try {
      names = readdirSync(this.folder);
    } catch {
      return []; // nothing was ever spilled
    }
    return names
      .filter((name) => name.endsWith(ending))
      .sort()
      .map((name) => join(this.folder, name));
  }
}

function append(fd: number, lines: Buffer): void {
  let written = 0;
  while (written < lines.length) written += writeSync(fd, lines, written);
  fdatasyncSync(fd);
}
