/** Giving orders to failpoints from outside, and reading what became of them: for tests and the judge. */
import { existsSync, linkSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { checkOrder, foldersIn, type Order, type Passed, type Taken } from './order.js';
import { isFailpointName, type FailpointName } from './table.js';

export type { Order, Passed, Taken } from './order.js';

let drafts = 0;

/**
 * Arms a point: from its next pass on the order counts.
 * @throws RangeError naming what is wrong with the order; Error when the point is armed already
 */
export function arm(folder: string, point: FailpointName, order: Order): void {
  checkOrder(point, order);
  const { armed } = foldersIn(folder);
  drafts += 1;
  const draft = join(armed, `.${point}.${process.pid}.${drafts}`);
  writeFileSync(draft, JSON.stringify(order));
  try {
    linkSync(draft, fileOf(armed, point));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    throw new Error(`${point} is armed already: disarm it first`, { cause: error });
  } finally {
    rmSync(draft, { force: true });
  }
}

/**
 * Takes an order back; true when there was one. A pass that has read it in this very moment may still
 * take it: look at what was taken a little later.
 */
export function disarm(folder: string, point: FailpointName): boolean {
  const was = isArmed(folder, point);
  rmSync(fileOf(foldersIn(folder).armed, point), { force: true });
  return was;
}

/** True until the last pass that the order is for. */
export function isArmed(folder: string, point: FailpointName): boolean {
  return existsSync(fileOf(foldersIn(folder).armed, point));
}

/** Everything that has happened, oldest first; of one point when it is named. */
export function taken(folder: string, point?: FailpointName): Taken[] {
  const path = foldersIn(folder).taken;
  return readdirSync(path)
    .filter((name) => name.endsWith('.json') && !name.startsWith('.'))
    .map((name) => JSON.parse(readFileSync(join(path, name), 'utf8')) as Taken)
    .filter((row) => point === undefined || row.point === point)
    .sort((a, b) => a.atMs - b.atMs);
}

const POLL_MS = 20;

/**
 * Waits until a point's order was taken `count` times in all; gives those records.
 * @throws Error naming the point after the time
 */
export async function untilTaken(
  folder: string,
  point: FailpointName,
  { count = 1, timeoutMs = 20_000 }: { count?: number; timeoutMs?: number } = {},
): Promise<Taken[]> {
  const deadlineMs = Date.now() + timeoutMs;
  for (;;) {
    const rows = taken(folder, point);
    if (rows.length >= count) return rows;
    if (Date.now() > deadlineMs) {
      throw new Error(`${point} was taken ${rows.length} of ${count} times in ${timeoutMs} ms`);
    }
    await sleep(POLL_MS);
  }
}

/** The first pass of each point by each process, since the folder was made. */
export function passed(folder: string): Map<FailpointName, Passed[]> {
  const path = foldersIn(folder).passed;
  const found = new Map<FailpointName, Passed[]>();
  for (const name of readdirSync(path).filter(isFailpointName)) {
    // What follows the last line break is being written.
    const lines = readFileSync(join(path, name), 'utf8').split('\n').slice(0, -1);
    const passes = lines.map((line) => JSON.parse(line) as Passed);
    if (passes.length > 0) found.set(name, passes);
  }
  return found;
}

/** Orders that no process could read, by file name, with the reason. */
export function refused(folder: string): Record<string, string> {
  const path = foldersIn(folder).refused;
  const reasons = readdirSync(path).filter((name) => name.endsWith('.reason'));
  return Object.fromEntries(
    reasons.map((name) => [name, readFileSync(join(path, name), 'utf8').trim()]),
  );
}

function fileOf(armed: string, point: FailpointName): string {
  return join(armed, `${point}.json`);
}
