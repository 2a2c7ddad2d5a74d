/**
 * Looking for an order and claiming it, so that exactly as many passes take it as it says, however
 * many processes pass at once. Each pass that an order counts is a numbered file, made exclusively:
 * whoever makes it has that number. The numbers below `skip` let their passes through.
 */
import {
  appendFileSync,
  closeSync,
  existsSync,
  fstatSync,
  linkSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import {
  checkOrder,
  concerns,
  type Context,
  type Folders,
  type FullOrder,
  type Order,
  type Passed,
  type Taken,
} from './order.js';
import type { FailpointName } from './table.js';

interface Found {
  readonly order: FullOrder;
  /** Tells this arming from an earlier or later one of the same point. */
  readonly arming: string;
}

/** One process's view of the folders. */
export class Claims {
  private readonly noted = new Set<FailpointName>();
  /** By point: the arming last seen and its first number that may be free. */
  private readonly next = new Map<FailpointName, { arming: string; number: number }>();

  constructor(
    private readonly folders: Folders,
    private readonly process: string,
    private readonly pid: number,
    private readonly nowMs: () => number,
  ) {}

  /** Notes the first pass of this process, and gives what it must do here, or null. */
  pass(point: FailpointName, context: Context): FullOrder | null {
    if (!this.noted.has(point)) this.note(point);
    const file = join(this.folders.armed, `${point}.json`);
    if (!existsSync(file)) return null;
    const found = this.read(point, file);
    if (!found || !concerns(found.order, context, this.pid)) return null;
    return this.claim(point, file, found, context) ? found.order : null;
  }

  private note(point: FailpointName): void {
    this.noted.add(point);
    const line: Passed = { pid: this.pid, process: this.process, atMs: this.nowMs() };
    appendFileSync(join(this.folders.passed, point), `${JSON.stringify(line)}\n`);
  }

  /** Null when it is gone, being written, or refused. */
  private read(point: FailpointName, file: string): Found | null {
    const opened = open(file);
    if (!opened || opened.text.trim() === '') return null;
    try {
      const order = checkOrder(point, JSON.parse(opened.text) as Order);
      return { order, arming: opened.arming };
    } catch (error) {
      this.refuse(point, file, error);
      return null;
    }
  }

  /** Moved out of the way with its reason, so that nobody waits for what can't happen. */
  private refuse(point: FailpointName, file: string, error: unknown): void {
    const why = error instanceof Error ? error.message : String(error);
    const target = join(this.folders.refused, `${point}.${this.pid}.json`);
    ignoringGone(() => renameSync(file, target));
    writeFileSync(`${target}.reason`, `${why}\n`);
    process.stderr.write(`failpoint order refused, see ${target}: ${why}\n`);
  }

  /** True when this pass has a number at which the action happens. */
  private claim(point: FailpointName, file: string, found: Found, context: Context): boolean {
    const { order, arming } = found;
    const end = order.skip + order.count;
    const known = this.next.get(point);
    let number = known?.arming === arming ? known.number : 0;
    for (; number < end; number += 1) {
      const name = `${point}.${arming}.${number}`;
      const isSkip = number < order.skip;
      const made = isSkip
        ? makeFile(join(this.folders.skipped, name))
        : this.makeTaken(point, name, order, context);
      if (!made) continue;
      this.next.set(point, { arming, number: number + 1 });
      if (number === end - 1) dropSpent(file, arming);
      return !isSkip;
    }
    this.next.set(point, { arming, number: end });
    return false;
  }

  /** The record appears whole, under its number, or not at all. */
  private makeTaken(
    point: FailpointName,
    name: string,
    { action, seconds }: FullOrder,
    context: Context,
  ): boolean {
    const { pid, process } = this;
    const taken: Taken = { point, action, seconds, pid, process, atMs: this.nowMs(), context };
    const draft = join(this.folders.taken, `.${name}.${pid}`);
    writeFileSync(draft, JSON.stringify(taken));
    try {
      linkSync(draft, join(this.folders.taken, `${name}.json`));
      return true;
    } catch (error) {
      if (codeOf(error) === 'EEXIST') return false;
      throw error;
    } finally {
      rmSync(draft, { force: true });
    }
  }
}

/** The text of a file and which file it was; null when it is gone. */
function open(file: string): { text: string; arming: string } | null {
  return ignoringGone(() => {
    const descriptor = openSync(file, 'r');
    try {
      return { arming: armingOf(descriptor), text: readFileSync(descriptor, 'utf8') };
    } finally {
      closeSync(descriptor);
    }
  });
}

function armingOf(descriptor: number): string {
  const { ino, mtimeNs } = fstatSync(descriptor, { bigint: true });
  return `${ino}-${mtimeNs}`;
}

/** Its last pass is taken: the point is free to be armed anew. */
function dropSpent(file: string, arming: string): void {
  ignoringGone(() => {
    const { ino, mtimeNs } = statSync(file, { bigint: true });
    if (`${ino}-${mtimeNs}` === arming) rmSync(file);
  });
}

/** False when somebody else has made it. */
function makeFile(path: string): boolean {
  try {
    writeFileSync(path, '', { flag: 'wx' });
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  }
}

function ignoringGone<T>(work: () => T): T | null {
  try {
    return work();
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null;
    throw error;
  }
}

function codeOf(error: unknown): string | undefined {
  return (error as NodeJS.ErrnoException).code;
}
