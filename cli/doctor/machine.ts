/** Checks of what this machine gives: a state folder that can be written, and space on its disk. */
import { accessSync, constants, existsSync, statfsSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { stateDir } from '../../scripts/lib/paths.mjs';
import { note, ok, reasonOf, wrong, type Check } from '../../app/doctor/check.js';
import type { Io } from '../io.js';

const MIB = 1_024 * 1_024;
/** Below it PostgreSQL may stop within minutes of trading: its log of writes alone takes that. */
const DISK_WRONG_BYTES = 256 * MIB;
/** Below it somebody should look within days. */
const DISK_NOTE_BYTES = 2_048 * MIB;
/** Others may read it: the bits of group and world. */
const OTHERS = 0o077;

/** Of the folder that `npm start` keeps its databases, logs and secrets in. */
export function machineChecks(io: Io): Check[] {
  const folder = stateDir(io.env);
  const checks = [folderCheck(folder), ...secretChecks(folder)];
  try {
    const { bavail, bsize } = statfsSync(nearest(folder));
    return [...checks, diskCheck(bavail * bsize, folder)];
  } catch (error) {
    return [...checks, note('disk', `its space is not known: ${reasonOf(error)}`)];
  }
}

const ELSEWHERE = 'or name another folder with BALLAST_STATE_DIR';

function folderCheck(folder: string): Check {
  const name = 'state folder';
  try {
    const found = nearest(folder);
    if (!statSync(found).isDirectory()) {
      const what = found === folder ? 'is no folder' : `can't be made: ${found} is no folder`;
      return wrong(name, `${folder} ${what}`, `move it away, ${ELSEWHERE}`);
    }
    accessSync(found, constants.W_OK | constants.X_OK);
    return ok(name, found === folder ? folder : `${folder} is made with the first start`);
  } catch (error) {
    const remedy = `give it to the account that runs Ballast (chown), ${ELSEWHERE}`;
    return wrong(name, `${folder} can't be written: ${reasonOf(error)}`, remedy);
  }
}

/** The key of the API's tokens: whoever reads it can make any. */
function secretChecks(folder: string): Check[] {
  const file = join(folder, 'jwt-secret');
  try {
    if ((statSync(file).mode & OTHERS) === 0) return [];
    const found = `${file} can be read by other accounts: it signs tokens`;
    return [wrong('state folder', found, `chmod 600 ${file}; take it away for a new one`)];
  } catch {
    // There is none yet, or the folder's own line says what is wrong.
    return [];
  }
}

/**
 * @param freeBytes what this account may still write
 * @param folder where
 */
export function diskCheck(freeBytes: number, folder: string): Check {
  const found = `${Math.floor(freeBytes / MIB)} MiB free for ${folder}`;
  const remedy = 'free some: a database that can not write takes no signal and records no fill';
  if (freeBytes < DISK_WRONG_BYTES) return wrong('disk', found, remedy);
  return freeBytes < DISK_NOTE_BYTES ? note('disk', found, remedy) : ok('disk', found);
}

/** The folder, or the one above it that is there. */
function nearest(folder: string): string {
  let at = folder;
  while (!existsSync(at) && dirname(at) !== at) at = dirname(at);
  return at;
}
