/** A lock file between processes of one machine; one left by a dead process is taken over. */
import { randomBytes } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { identify, isSameProcess } from './processes.mjs';

const POLL_MS = 50;

/** A file without readable content is being written, or its writer died in between. */
const UNREADABLE_GRACE_MS = 2_000;

/** @param {string} file */
function holderOf(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}

/** @param {string} file @returns {boolean} whether this process holds it now */
function tryTake(file) {
  // Written aside and linked, so that the lock never exists without its holder's name.
  const draft = `${file}.${process.pid}.${randomBytes(4).toString('hex')}`;
  writeFileSync(draft, JSON.stringify(identify()));
  try {
    linkSync(draft, file);
    return true;
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'EEXIST') throw error;
    return false;
  } finally {
    rmSync(draft, { force: true });
  }
}

/** Removes a dead holder's lock; if another has taken it meanwhile, it is put back. */
function dropStale(/** @type {string} */ file) {
  const aside = `${file}.stale.${process.pid}.${randomBytes(4).toString('hex')}`;
  try {
    renameSync(file, aside);
  } catch {
    return;
  }
  const holder = holderOf(aside);
  if (holder && isSameProcess(holder)) {
    try {
      linkSync(aside, file);
    } catch {
      // Somebody else took it in the meantime: both were told so by their own link.
    }
  }
  rmSync(aside, { force: true });
}

/**
 * Takes a lock for as long as this process lives, without waiting.
 * @param {string} file path of the lock file
 * @returns {{ holder: import('./processes.mjs').ProcessIdentity } | { release: () => void }} the
 *   live process that has it, or how to give it back
 */
export function tryHold(file) {
  mkdirSync(dirname(file), { recursive: true });
  while (!tryTake(file)) {
    const holder = holderOf(file);
    if (holder && isSameProcess(holder)) return { holder };
    dropStale(file);
  }
  return {
    release: () => {
      if (holderOf(file)?.pid === process.pid) rmSync(file, { force: true });
    },
  };
}

/**
 * Runs `work` while holding the lock.
 * @template T
 * @param {string} file path of the lock file
 * @param {() => Promise<T> | T} work
 * @param {{ timeoutMs: number, onWait?: (pid: number) => void }} options how long to wait for
 *   another live holder, and what to do once when waiting begins
 * @returns {Promise<T>}
 * @throws Error naming the holder when the time is up
 */
export async function withLock(file, work, options) {
  mkdirSync(dirname(file), { recursive: true });
  const started = Date.now();
  let told = false;
  while (!tryTake(file)) {
    const holder = holderOf(file);
    const waitedMs = Date.now() - started;
    const stale = holder ? !isSameProcess(holder) : waitedMs > UNREADABLE_GRACE_MS;
    if (stale) dropStale(file);
    if (waitedMs > options.timeoutMs) {
      throw new Error(
        `process ${holder?.pid ?? 'unknown'} has held ${file} for more than ` +
          `${options.timeoutMs / 1000} s; end it, or remove the file if it does not run`,
      );
    }
    if (!stale && holder && !told) {
      told = true;
      options.onWait?.(holder.pid);
    }
    if (!stale) await sleep(POLL_MS);
  }
  try {
    return await work();
  } finally {
    if (holderOf(file)?.pid === process.pid) rmSync(file, { force: true });
  }
}
