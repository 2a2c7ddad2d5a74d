/** One gateway per state folder: two would write the same journals. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const ATTEMPTS_MAX = 3;

/** When a process began, in the system's own ticks: tells a reused process id from the old owner. */
function startOf(pid: number): string {
  try {
    // Field 22 of proc(5) stat; the second one, in parentheses, may hold blanks.
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
  } catch {
    return ''; // not Linux, or gone
  }
}

function isAlive(pid: number, start: string): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
  }
  return startOf(pid) === start;
}

/**
 * Claims the folder (made if missing) for this process; gives the function that frees it.
 * A lock whose owner was killed is taken over.
 * @throws Error when another gateway runs on it.
 */
export function lockState(stateDir: string): () => void {
  mkdirSync(stateDir, { recursive: true });
  const path = join(stateDir, 'gateway.lock');
  const mine = `${process.pid} ${startOf(process.pid)}`;
  for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt += 1) {
    try {
      writeFileSync(path, mine, { flag: 'wx' });
      return () => rmSync(path, { force: true });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    const [pid, start] = readFileSync(path, 'utf8').split(' ');
    if (Number(pid) !== process.pid && isAlive(Number(pid), start ?? '')) {
      throw new Error(
        `${stateDir} is used by the gateway with process id ${pid}; give another --state`,
      );
    }
    rmSync(path, { force: true });
  }
  throw new Error(`can't claim ${path}; remove it if no gateway runs on this folder`);
}
