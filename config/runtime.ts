/** The note that `npm start` leaves about what it runs, for the `ballast` command beside it. */
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { stateDir } from '../scripts/lib/paths.mjs';
import { isSameProcess } from '../scripts/lib/processes.mjs';
import { haltFileOf } from './halt-file.js';
import { settings } from './schema.js';

/** Written by the supervisor into the state folder, readable by its owner only. */
export interface Runtime {
  /** The supervisor itself. */
  supervisor: { pid: number; started: string };
  /** Process id by part, such as `broker-worker`. */
  pids: Record<string, number>;
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

export function runtimeFile(env: NodeJS.ProcessEnv = process.env): string {
  return join(stateDir(env), RUNTIME_FILE);
}

/** @returns what runs in this checkout, or undefined when no supervisor is alive */
export function readRuntime(env: NodeJS.ProcessEnv = process.env): Runtime | undefined {
  const file = runtimeFile(env);
  if (!existsSync(file)) return undefined;
  try {
    const runtime = JSON.parse(readFileSync(file, 'utf8')) as Runtime;
    return isSameProcess(runtime.supervisor) ? runtime : undefined;
  } catch {
    // Being written, or cut short by a full disk: as good as none.
    return undefined;
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
