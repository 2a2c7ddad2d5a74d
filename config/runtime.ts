/** The note that `npm start` leaves about what it runs, for the `ballast` command beside it. */
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { stateDir } from '../scripts/lib/paths.mjs';
import { isSameProcess } from '../scripts/lib/processes.mjs';
import { haltFileOf } from './halt-file.js';
import { settings } from './schema.js';

/** How a part that `npm start` runs is, as its supervisor sees it. */
export interface PartState {
  /** `restarting`: it ended and is, or will be, started again. `down`: it ended and stays so. */
  state: 'up' | 'restarting' | 'down';
  /** The process that works, and the parent above it where there is one; none while it isn't up. */
  pids: number[];
  /** When this state was entered: ISO 8601, UTC. */
  since: string;
  /** How often it ended lately; 0 for one that never did. */
  attempt: number;
  log: string;
}

/** Written by the supervisor into the state folder, readable by its owner only. */
export interface Runtime {
  /** The supervisor itself. */
  supervisor: { pid: number; started: string };
  /** Process id by part, such as `broker-worker`. */
  pids: Record<string, number>;
  /** State by part; only those that a process stands for. */
  parts: Record<string, PartState>;
  /** Port by purpose, such as `gateway-control`. */
  ports: Record<string, number>;
  /** Addresses for people, such as `temporal-ui`. */
  urls: Record<string, string>;
  /** What the children were started with and a command needs too. */
  env: Record<string, string>;
  /** ISO 8601, UTC. */
  startedAt: string;
}

const RUNTIME_FILE = 'runtime.json';
/** Held by the supervisor as long as it lives, from before the first part until after the last. */
export const SUPERVISOR_LOCK = 'supervisor.lock';

export function runtimeFile(env: NodeJS.ProcessEnv = process.env): string {
  return join(stateDir(env), RUNTIME_FILE);
}

/** @returns what runs in this checkout, or undefined when no supervisor is alive */
export function readRuntime(env: NodeJS.ProcessEnv = process.env): Runtime | undefined {
  const file = runtimeFile(env);
  if (!existsSync(file)) return undefined;
  try {
    const read = JSON.parse(readFileSync(file, 'utf8')) as Runtime;
    // A start of an earlier version, still running, tells nothing of its parts.
    const runtime = { ...read, parts: read.parts ?? {} };
    return isSameProcess(runtime.supervisor) ? runtime : undefined;
  } catch {
    // Being written, or cut short by a full disk: as good as none.
    return undefined;
  }
}

/** @returns the process that starts, runs or stops this checkout, or undefined when there is none */
export function supervisorPid(env: NodeJS.ProcessEnv = process.env): number | undefined {
  try {
    const lock = readFileSync(join(stateDir(env), SUPERVISOR_LOCK), 'utf8');
    const holder = JSON.parse(lock) as Runtime['supervisor'];
    return isSameProcess(holder) ? holder.pid : undefined;
  } catch {
    return undefined; // nobody holds it
  }
}

/**
 * The environment completed by what `npm start` runs, so that a command reaches the same parts.
 * What is set explicitly wins; an empty variable counts as unset, as everywhere.
 */
export function withRuntime(env: NodeJS.ProcessEnv = process.env): NodeJS.ProcessEnv {
  const running = Object.entries(readRuntime(env)?.env ?? {});
  const open = running.filter(([name]) => formsOf(name).every((form) => !env[form]?.trim()));
  return { ...env, ...Object.fromEntries(open) };
}

/**
 * All settings that an environment gives, for a command beside what is started with it: what decides
 * where that command looks must not depend on the shell it is given in. Paths are made absolute.
 */
export function givenSettings(env: NodeJS.ProcessEnv): Record<string, string> {
  const given: Record<string, string> = {};
  for (const name of Object.keys(settings)) {
    const [value, file] = [env[name]?.trim(), env[`${name}_FILE`]?.trim()];
    if (value) given[name] = value;
    else if (file) given[`${name}_FILE`] = resolve(file);
  }
  return { ...given, HALT_FILE: haltFileOf(env) };
}

/** A setting has two forms, itself and a file that holds it: one in both is refused. */
function formsOf(name: string): string[] {
  if (name in settings) return [name, `${name}_FILE`];
  return [name, name.replace(/_FILE$/, '')];
}
