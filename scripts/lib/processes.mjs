/** Which process is alive, told apart from a later one that got the same number. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/**
 * A number and when it was started; the start is empty where the system does not tell.
 * @typedef {{ pid: number, started: string }} ProcessIdentity
 */

/** Field 22 of /proc/PID/stat is the start time; counted after the name, which may hold blanks. */
const START_TIME_FIELD_AFTER_NAME = 19;

/**
 * @param {number} pid
 * @returns {string} a text that differs for two processes with the same number; '' if unknown
 */
function startOf(pid) {
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const afterName = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return `${boot}/${afterName[START_TIME_FIELD_AFTER_NAME]}`;
  } catch {
    return '';
  }
}

/**
 * @param {number} [pid] this process by default
 * @returns {ProcessIdentity}
 */
export function identify(pid = process.pid) {
  return { pid, started: startOf(pid) };
}

/**
 * @param {number} pid
 * @returns {boolean} whether a process with this number runs
 */
export function isRunning(pid) {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return /** @type {NodeJS.ErrnoException} */ (error).code === 'EPERM';
  }
}

/**
 * @param {ProcessIdentity} identity
 * @returns {boolean} whether that very process still runs
 */
export function isSameProcess(identity) {
  if (!isRunning(identity.pid)) return false;
  const started = startOf(identity.pid);
  return started === '' || identity.started === '' || started === identity.started;
}

/**
 * @param {number} pid
 * @returns {boolean} whether it was stopped by a signal (SIGSTOP, Ctrl-Z) and does nothing until it goes on
 */
export function isFrozen(pid) {
  return stateOf(pid).startsWith('T');
}

/** @param {number} pid @returns {string} `S` asleep, `T` stopped …; '' if it is gone or can't be told */
function stateOf(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2);
  } catch {
    // No /proc: another Unix.
  }
  try {
    return execFileSync('ps', ['-p', String(pid), '-o', 'state='], { encoding: 'utf8' }).trim();
  } catch {
    return '';
  }
}

/**
 * @param {number} pid
 * @returns {number | undefined} its parent
 */
function parentOf(pid) {
  try {
    return Number(execFileSync('ps', ['-p', String(pid), '-o', 'ppid='], { encoding: 'utf8' }));
  } catch {
    // No ps: a slim container.
  }
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
  } catch {
    return undefined;
  }
}

/**
 * Whoever started this process: its parent, and the one above where the parent is only the shell
 * that npm puts between.
 * @returns {ProcessIdentity[]}
 */
export function starters() {
  const found = [identify(process.ppid)];
  const above = /^(\S*\/)?(sh|bash|dash)\s+-c/.test(commandLine(process.ppid))
    ? parentOf(process.ppid)
    : undefined;
  if (above && above > 1) found.push(identify(above));
  return found;
}

/**
 * @param {number} pid
 * @returns {string} its command line, '' if it is gone or can't be read
 */
export function commandLine(pid) {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
  } catch {
    // No /proc: another Unix.
  }
  try {
    return execFileSync('ps', ['-p', String(pid), '-o', 'command='], { encoding: 'utf8' }).trim();
  } catch {
    return '';
  }
}
