/**
 * The journal on disk: `exchange.json` is a snapshot with a generation number, and
 * `exchange-<generation>.jsonl` the batches since, one line each, written before anyone hears of them.
 * A kill between any two writes leaves a state that was true: a torn last line was never told.
 * What the operating system has taken over survives the process; a power cut is not guarded against.
 */
import {
  appendFileSync,
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';

const SNAPSHOT = 'exchange.json';
const JOURNAL = /^exchange-\d+\.jsonl$/;
const VERSION = 1;
/** Some ten thousand orders' lives; reading it back takes well under a second. */
const COMPACT_BYTES = 32 * 1024 * 1024;

interface SnapshotFile {
  version: number;
  generation: number;
  state: unknown;
}

export class Journal {
  private generation = 0;
  private file: number | undefined;
  private bytes = 0;

  constructor(private readonly folder: string) {
    mkdirSync(folder, { recursive: true });
  }

  /**
   * Reads what an earlier run left: its snapshot (undefined for a new folder) and the batches since.
   * @throws Error naming the file when a snapshot or any line but the last can't be read.
   */
  load(): { snapshot: unknown; batches: unknown[] } {
    const path = join(this.folder, SNAPSHOT);
    if (!existsSync(path)) return { snapshot: undefined, batches: [] };
    const saved = parse<SnapshotFile>(readFileSync(path, 'utf8'), path);
    if (saved.version !== VERSION) {
      throw new Error(
        `${path} has version ${saved.version}, this program reads ${VERSION}: use another folder`,
      );
    }
    this.generation = saved.generation;
    return { snapshot: saved.state, batches: this.readBatches() };
  }

  private get journalPath(): string {
    return join(this.folder, `exchange-${this.generation}.jsonl`);
  }

  private readBatches(): unknown[] {
    const path = this.journalPath;
    if (!existsSync(path)) return [];
    const lines = readFileSync(path, 'utf8').split('\n');
    // What follows the last newline is empty, or was torn by a kill.
    lines.pop();
    return lines.map((line, index) => parse(line, `${path}, line ${index + 1}`));
  }

  /** Replaces snapshot and journal by a new snapshot, in an order that a kill can't hurt. */
  compact(state: unknown): void {
    const next = this.generation + 1;
    const path = join(this.folder, SNAPSHOT);
    const body: SnapshotFile = { version: VERSION, generation: next, state };
    writeFileSync(`${path}.new`, JSON.stringify(body));
    renameSync(`${path}.new`, path);
    this.closeFile();
    this.generation = next;
    this.file = openSync(this.journalPath, 'w');
    this.bytes = 0;
    for (const name of readdirSync(this.folder)) {
      if (JOURNAL.test(name) && join(this.folder, name) !== this.journalPath) {
        rmSync(join(this.folder, name));
      }
    }
  }

  /** Writes one batch. @returns whether the journal has grown so long that it should be compacted. */
  append(batch: unknown): boolean {
    if (this.file === undefined) throw new Error('the journal is closed');
    const line = Buffer.from(`${JSON.stringify(batch)}\n`);
    let written = 0;
    while (written < line.length) written += writeSync(this.file, line, written);
    this.bytes += line.length;
    return this.bytes > COMPACT_BYTES;
  }

  /** Puts finished records aside for good, one line each, in a file of their day. */
  archive(day: string, records: readonly unknown[]): void {
    if (records.length === 0) return;
    const folder = join(this.folder, 'archive');
    mkdirSync(folder, { recursive: true });
    const lines = records.map((record) => `${JSON.stringify(record)}\n`).join('');
    appendFileSync(join(folder, `${day}.jsonl`), lines);
  }

  close(): void {
    this.closeFile();
  }

  private closeFile(): void {
    if (this.file !== undefined) closeSync(this.file);
    this.file = undefined;
  }
}

function parse<Type>(text: string, where: string): Type {
  try {
    return JSON.parse(text) as Type;
  } catch (error) {
    throw new Error(`${where} is damaged (${String(error)}); restore it, or use another folder`, {
      cause: error,
    });
  }
}
