/** The folder of one stack: all that it writes is in there, and goes with it. */
import { chmodSync, mkdtempSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';

const BEGINNING = 'ballast-chaos-';
const NAME = /^ballast-chaos-(\d+)-/;

/** PostgreSQL runs under an account of its own where we are root: its data is to stay in here. */
const OPEN_FOLDER = 0o755;

/** A stack writes its logs all the time: what has been still for so long has no owner, whatever its pid says. */
const STILL_MS = 10 * 60_000;

/** Makes one, and takes away those of judges that were killed. */
export function openStackFolder(parent = tmpdir(), nowMs = Date.now()): string {
  for (const left of leftBehind(parent, nowMs)) rmSync(left, { recursive: true, force: true });
  const folder = mkdtempSync(join(parent, `${BEGINNING}${process.pid}-`));
  chmodSync(folder, OPEN_FOLDER);
  return folder;
}

/** A folder that somebody wants to read is not swept. @returns where it is now */
export function keepFolder(folder: string): string {
  const kept = join(dirname(folder), basename(folder).replace(BEGINNING, 'ballast-kept-'));
  renameSync(folder, kept);
  return kept;
}

/** Folders whose judge is gone, and in which nothing has been written for a while. */
export function leftBehind(parent: string, nowMs: number): string[] {
  return readdirSync(parent)
    .filter((name) => isOfTheDead(name))
    .map((name) => join(parent, name))
    .filter((folder) => nowMs - lastWriteMs(folder) > STILL_MS);
}

function isOfTheDead(name: string): boolean {
  const pid = NAME.exec(name)?.[1];
  return pid !== undefined && !isAlive(Number(pid));
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function lastWriteMs(folder: string): number {
  try {
    const paths = [folder, ...readdirSync(folder).map((name) => join(folder, name))];
    return Math.max(...paths.map((path) => statSync(path).mtimeMs));
  } catch {
    return Infinity; // it is going just now
  }
}
