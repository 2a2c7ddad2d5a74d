/** The programs of a Temporal cluster, compiled from the module proxy into the user's cache: once, in some minutes. */
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { withLock } from '../lib/lock.mjs';
import { cacheDir } from '../lib/paths.mjs';

/** The newest whose module compiles with the Go releases of today and needs nothing generated. */
export const CLUSTER_VERSION = '1.29.1';

const MODULE = 'go.temporal.io/server/cmd';
/** The server by itself takes two to ten minutes, by how many share the machine. */
const COMPILE_LIMIT_MS = 30 * 60_000;
/** Another check may be compiling it. */
const LOCK_TIMEOUT_MS = 40 * 60_000;

export interface ClusterPrograms {
  /** All four services in one process. */
  readonly server: string;
  /** Makes and upgrades the databases' schemas. */
  readonly sql: string;
}

/**
 * Finds or compiles them.
 * @param note takes what is being done, for progress
 * @throws Error with the remedy where there is no Go, or the compiler's own words
 */
export async function clusterPrograms(note: (text: string) => void): Promise<ClusterPrograms> {
  const folder = join(cacheDir(), 'bin', `cluster-${CLUSTER_VERSION}`);
  const found = { server: join(folder, 'server'), sql: join(folder, 'sql') };
  if (isThere(found)) {
    note('from the cache');
    return found;
  }
  mkdirSync(join(cacheDir(), 'bin'), { recursive: true });
  await withLock(
    `${folder}.lock`,
    async () => {
      if (!isThere(found)) await compileInto(folder, note);
    },
    { timeoutMs: LOCK_TIMEOUT_MS },
  );
  return found;
}

const isThere = ({ server, sql }: ClusterPrograms) => existsSync(server) && existsSync(sql);

/** Both appear there at once, or neither. */
async function compileInto(folder: string, note: (text: string) => void): Promise<void> {
  const draft = `${folder}.making.${process.pid}`;
  mkdirSync(draft, { recursive: true });
  const env = { ...process.env, GOBIN: draft, CGO_ENABLED: '0' };
  try {
    for (const program of ['server', 'tools/sql']) {
      note(`go install ${program} ${CLUSTER_VERSION}`);
      const args = ['install', `${MODULE}/${program}@v${CLUSTER_VERSION}`];
      await promisify(execFile)('go', args, { env, timeout: COMPILE_LIMIT_MS });
    }
    rmSync(folder, { recursive: true, force: true });
    renameSync(draft, folder);
  } catch (error) {
    const { code, stderr } = error as { code?: unknown; stderr?: string };
    const why =
      code === 'ENOENT' ? 'there is no Go here: install it (go.dev)' : (stderr ?? '').trim();
    throw new Error(`the Temporal server could not be compiled: ${why || String(error)}`, {
      cause: error,
    });
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
}
