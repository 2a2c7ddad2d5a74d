/**
 * The halt file (RSK-5): which files an engine of this checkout may look at, and whether one is there.
 * It depends on no other setting: halting must work when everything else is wrong.
 */
import { lstatSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { projectRoot, stateDir } from '../scripts/lib/paths.mjs';
import { identify, isSameProcess } from '../scripts/lib/processes.mjs';

/** Where `npm start` says which halt file its workers look at: from before the first until after the last. */
const NOTE = 'halt-file.json';

interface Note {
  readonly supervisor: { pid: number; started: string };
  readonly haltFile: string;
}

export interface HaltFiles {
  /** All that an engine of this checkout may look at; one at the least. */
  readonly files: readonly string[];
  /** The one that the running engine looks at; null when none is known to run. */
  readonly running: string | null;
}

/** The halt file that an environment names, absolute. */
export function haltFileOf(env: NodeJS.ProcessEnv): string {
  return resolve(projectRoot(), env['HALT_FILE']?.trim() || join(stateDir(env), 'HALT'));
}

/**
 * The halt files of this checkout. What `npm start` has noted counts after its death too, for workers may
 * outlive it; what the environment names is added, for they may have been started by hand.
 */
export function haltFilesOf(env: NodeJS.ProcessEnv): HaltFiles {
  const note = readNote(env);
  const running = note && isSameProcess(note.supervisor) ? note.haltFile : null;
  const isNamed = Boolean(env['HALT_FILE']?.trim());
  const own = isNamed || running === null ? [haltFileOf(env)] : [];
  return { files: [...new Set([...(note ? [note.haltFile] : []), ...own])], running };
}

/** Notes which file the workers of this process look at. To be called before the first is started. */
export function noteHaltFile(env: NodeJS.ProcessEnv, haltFile: string): void {
  const file = join(stateDir(env), NOTE);
  const note: Note = { supervisor: identify(), haltFile };
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(`${file}.new`, `${JSON.stringify(note)}\n`);
  renameSync(`${file}.new`, file);
}

function readNote(env: NodeJS.ProcessEnv): Note | null {
  try {
    return JSON.parse(readFileSync(join(stateDir(env), NOTE), 'utf8')) as Note;
  } catch {
    // None was written, or nobody can read it: then nothing is confirmed.
    return null;
  }
}

/** Whether a halt file is there. A link to nowhere is one, and so is what can't be looked at. */
export function isHaltFile(path: string): boolean {
  try {
    lstatSync(path);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ENOENT';
  }
}
