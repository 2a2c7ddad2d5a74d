/** What to do about a part that doesn't answer: that depends on whether "npm start" runs, and what it is at. */
import { readRuntime, supervisorPid, type PartState } from '../../config/index.js';
import { isFrozen, isRunning } from '../../scripts/lib/processes.mjs';
import type { Away, Remedy, Trouble } from '../../app/doctor/check.js';
import type { Io } from '../io.js';
import { elsewhereOf, elsewhereText } from './elsewhere.js';

/** The remedies as things stand now. */
export function remedyOf(io: Io): Remedy {
  const runtime = readRuntime(io.env);
  const holder = supervisorPid(io.env);
  const elsewhere = elsewhereOf(io);
  return (part, trouble = {}) => {
    // What did not answer is none of the processes here: nothing is done to them for it.
    const asked = elsewhereText(elsewhere, part);
    if (asked !== null) return asked;
    if (!runtime && holder !== undefined) return comingUp(holder);
    // It runs elsewhere, and is at work.
    if (!runtime) return trouble.waitsFor ?? 'start it with "npm start"';
    const { supervisor, parts } = runtime;
    if (isFrozen(supervisor.pid)) return frozen([supervisor.pid], '"npm start" itself', null);
    const state = parts[part];
    if (state) return aboutPart(state, supervisor.pid, trouble);
    return trouble.waitsFor
      ? trouble.waitsFor
      : `"npm start" (process ${supervisor.pid}) does not run it: see to it where it runs`;
  };
}

/** Which parts of "npm start" are not up now; of what runs elsewhere nothing is known. */
export function awayOf(io: Io): Away {
  const runtime = readRuntime(io.env);
  return (part) => {
    const state = runtime?.parts[part];
    if (!state) return null;
    if (state.state !== 'up') return awayText(part, state);
    return state.pids.length > 0 && !state.pids.some(isRunning) ? `${part} has ended` : null;
  };
}

/** What "npm start" is at with a part that is not up. */
export function awayText(part: string, { state, attempt }: PartState): string {
  return state === 'down' ? `${part} is down` : `${part} is started again, attempt ${attempt}`;
}

/** Of a start that has told nothing yet, or takes everything down. */
export function comingUp(pid: number): string {
  return `"npm start" (process ${pid} is starting or stopping): wait, and see what it prints`;
}

function aboutPart(
  part: PartState,
  supervisor: number,
  { since: brokenSince = null, waitsFor = null }: Trouble,
): string {
  const { state, pids, attempt, since, log } = part;
  const start = `"npm start" (process ${supervisor})`;
  if (state === 'restarting') {
    const again = `starts it again, attempt ${attempt}, down since ${since}`;
    return `${start} ${again}: wait; if it stays so, see ${log}`;
  }
  if (state === 'down') {
    return `it ended at ${since} and BALLAST_RESTART is off: give "npm start" once more; ${log} says why`;
  }
  const living = pids.filter(isRunning);
  const stopped = living.filter(isFrozen);
  if (stopped.length > 0) return frozen(stopped, 'it', brokenSince);
  const [is, does] = living.length > 1 ? ['are', 'do'] : ['is', 'does'];
  const who = namesOf(living.length > 0 ? living : pids);
  if (living.length === 0)
    return `${who} ${pids.length > 1 ? 'have' : 'has'} ended: ${start} starts it again; see ${log}`;
  if (waitsFor !== null) return waitsFor;
  const silent = `${is} alive and ${does} not answer${sinceText(brokenSince)}`;
  const kill = `"kill -9 ${living.join(' ')}" has it started again`;
  return `${who} ${silent}: wait some seconds; if it stays so, see ${log}; ${kill}`;
}

function frozen(pids: readonly number[], what: string, since: string | null): string {
  const all = pids.join(' ');
  const is = pids.length > 1 ? 'are' : 'is';
  const who = `${namesOf(pids)} ${is} frozen (stopped by a signal)${sinceText(since)}`;
  return `${who}: "kill -CONT ${all}" lets ${what} go on, "kill -9 ${all}" ends it`;
}

const namesOf = (pids: readonly number[]) =>
  `${pids.length > 1 ? 'processes' : 'process'} ${pids.join(' and ')}`;

function sinceText(since: string | null): string {
  return since === null ? '' : ` since ${since}`;
}
