/** The state folder of a checkout: who runs in it, what is kept, what others may know. */
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { statSync, truncateSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { runtimeFile, SUPERVISOR_LOCK, type Runtime } from '../config/runtime.js';
import { tryHold } from '../scripts/lib/lock.mjs';
import { postgresDataDir } from '../scripts/infra/postgres.js';

/**
 * What `--fresh` drops, by name, for the folder may be anyone's. Not the halt file: halting was
 * somebody's decision. Not the port base: people have bookmarked the addresses.
 */
const DROPPED_WHEN_FRESH = ['postgres', 'postgres.password', 'temporal', 'gateway', 'logs'].concat([
  'jwt-secret',
  'runtime.json',
]);

/** A log that has grown beyond this is begun anew by the next start. */
const LOG_MAX_BYTES = 20_000_000;

const PRIVATE_FILE = 0o600;

const SECRET_BYTES = 32;

/** What a file system says no with, in words, and what to do about it. */
const REMEDIES: Readonly<Record<string, string>> = {
  EACCES: 'this account may not write it: give it the folder (chown)',
  EPERM: 'this account may not write it: give it the folder (chown)',
  EROFS: 'it lies on a file system that is read-only',
  ENOSPC: 'no space is left on its disk: free some',
  EDQUOT: 'the disk quota of this account is used up: free some',
  ENOTDIR: 'a part of its path is no folder',
};

/** A bare error of the file system as something a person can act on; null: it is none of those. */
export function stateProblem(error: unknown, stateDir: string): Error | null {
  const { code = '', path } = error as NodeJS.ErrnoException;
  const remedy = REMEDIES[code];
  if (remedy === undefined) return null;
  const place = `${path ?? stateDir} can't be written: ${remedy}`;
  const other = `or name another folder with BALLAST_STATE_DIR (it is ${stateDir} now)`;
  return new Error(`${place}, ${other}.`, { cause: error });
}

/** Makes this process the one that runs the checkout, or names the one that does. */
export function holdState(stateDir: string) {
  return tryHold(join(stateDir, SUPERVISOR_LOCK));
}

/** Where the embedded PostgreSQL's data would be kept. */
export function postgresFolder(stateDir: string): string {
  return join(stateDir, 'postgres');
}

/** Drops what earlier starts left: databases, workflows, the gateway's books, logs. */
export function dropState(stateDir: string): void {
  const data = postgresDataDir(postgresFolder(stateDir));
  if (data !== postgresFolder(stateDir)) rmSync(dirname(data), { recursive: true, force: true });
  for (const name of DROPPED_WHEN_FRESH) {
    rmSync(join(stateDir, name), { recursive: true, force: true });
  }
}

/** @returns path of a part's log, whose folder exists and which is not too long */
export function logFile(stateDir: string, name: string): string {
  const file = join(stateDir, 'logs', `${name}.log`);
  mkdirSync(dirname(file), { recursive: true });
  if (existsSync(file) && statSync(file).size > LOG_MAX_BYTES) truncateSync(file);
  return file;
}

/** The key of the API's tokens: made once, so that tokens outlive a restart. */
export function jwtSecret(stateDir: string): string {
  const file = join(stateDir, 'jwt-secret');
  if (!existsSync(file)) {
    writeFileSync(file, randomBytes(SECRET_BYTES).toString('hex'), { mode: PRIVATE_FILE });
  }
  return readFileSync(file, 'utf8').trim();
}

/** Replaces the note for other commands in one step. It holds a password: owner only. */
export function writeRuntime(runtime: Runtime, env: NodeJS.ProcessEnv): void {
  const file = runtimeFile(env);
  writeFileSync(`${file}.new`, `${JSON.stringify(runtime, null, 2)}\n`, { mode: PRIVATE_FILE });
  renameSync(`${file}.new`, file);
}

export function removeRuntime(env: NodeJS.ProcessEnv): void {
  rmSync(runtimeFile(env), { force: true });
}
