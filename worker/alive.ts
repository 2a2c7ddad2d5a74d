/**
 * The sign of life of one process, for a container's health check (`scripts/alive.mjs`): a file that is written anew
 * every few seconds, by the loop that does the work. Where it grows old the process is frozen, or gone.
 */
import { writeFile } from 'node:fs/promises';
import type { Logger } from '../config/logger.js';

/** Four of them are missed before a health check takes the process for frozen. */
const EVERY_MS = 5_000;

/** Begins to write the file, and does so until the process ends; does nothing without one. */
export function showAlive(file: string | undefined, log: Logger): void {
  if (file === undefined) return;
  let isWarned = false;
  const write = () => {
    writeFile(file, `${process.pid}\n`).catch((error: unknown) => {
      if (!isWarned) log.warn({ file, error: String(error) }, 'the sign of life was not written');
      isWarned = true;
    });
  };
  write();
  setInterval(write, EVERY_MS).unref();
}
