/** What to do about a part that doesn't answer: that depends on whether "npm start" runs, and what it is at. */
import { readRuntime, supervisorPid, type PartState } from '../../config/index.js';
import { isFrozen, isRunning } from '../../scripts/lib/processes.mjs';
import type { Remedy } from '../../app/doctor/check.js';
import type { Io } from '../io.js';

/** The remedies as things stand now. */
export function remedyOf(io: Io): Remedy {
  const runtime = readRuntime(io.env);
  const holder = supervisorPid(io.env);
  return (part, since = null) => {
    if (!runtime) return holder === undefined ? 'start it with "npm start"' : comingUp(holder);
    const { supervisor, parts } = runtime;
    if (isFrozen(supervisor.pid)) return frozen([supervisor.pid], '"npm start" itself', null);
    const state = parts[part];
    return state
      ? aboutPart(state, supervisor.pid, since)
      : `"npm start" (process ${supervisor.pid}) does not run it: see to it where it runs`;
  };
}

/** Of a start that has told nothing yet, or takes everything down. */
export function comingUp(pid: number): string {
  return `"npm start" (process ${pid} is starting or stopping): wait, and see what it prints`;
}

function aboutPart(part: PartState, supervisor: number, brokenSince: string | null): string {
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
