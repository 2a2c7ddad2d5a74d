/** A block of ports for one checkout, claimed among all checkouts of the user. */
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readJson } from '../scripts/lib/files.mjs';
import { withLock } from '../scripts/lib/lock.mjs';
import { cacheDir } from '../scripts/lib/paths.mjs';
import { identify, isSameProcess, type ProcessIdentity } from '../scripts/lib/processes.mjs';
import { isPortFree } from '../scripts/infra/ports.js';

/** Their places in the block; the rest is spare for parts to come. */
const PURPOSES = [
  'postgres',
  'temporal',
  'temporal-ui',
  'gateway',
  'gateway-control',
  'api',
  'broker-worker-metrics',
  'trade-worker-metrics',
  'notifier-metrics',
  'watchdog-metrics',
] as const;
export type PortPurpose = (typeof PURPOSES)[number];
export type Ports = Record<PortPurpose, number>;

export interface ClaimedPorts {
  ports: Ports;
  /** For people: why the addresses are not those of the start before; null: they are. */
  moved: string | null;
  release: () => void;
}

/** Below the range that systems hand out for outgoing connections. */
const FIRST_PORT = 21_000;
const BLOCK_SIZE = 20;
const BLOCKS = 500;

const LOCK_TIMEOUT_MS = 30_000;

interface Claim {
  stateDir: string;
  holder: ProcessIdentity;
}

function basesTaken(folder: string): Set<number> {
  const taken = new Set<number>();
  for (const name of readdirSync(folder)) {
    if (!/^\d+\.json$/.test(name)) continue;
    const claim = readJson(join(folder, name)) as Claim | undefined;
    if (claim && isSameProcess(claim.holder)) taken.add(Number.parseInt(name, 10));
    else rmSync(join(folder, name), { force: true });
  }
  return taken;
}

function portsFrom(base: number): Ports {
  return Object.fromEntries(PURPOSES.map((name, index) => [name, base + index])) as Ports;
}

async function isUsable(base: number, taken: Set<number>): Promise<boolean> {
  if (taken.has(base)) return false;
  const free = await Promise.all(Object.values(portsFrom(base)).map(isPortFree));
  return free.every(Boolean);
}

/** The block of the last start first, so that addresses stay the same; then all others. */
function* candidates(remembered: number | undefined): Generator<number> {
  if (remembered !== undefined) yield remembered;
  for (let block = 0; block < BLOCKS; block += 1) yield FIRST_PORT + block * BLOCK_SIZE;
}

async function chooseBase(folder: string, remembered: number | undefined): Promise<number> {
  const taken = basesTaken(folder);
  for (const base of candidates(remembered)) {
    if (await isUsable(base, taken)) return base;
  }
  const last = FIRST_PORT + BLOCKS * BLOCK_SIZE - 1;
  throw new Error(`no block of ${BLOCK_SIZE} ports is free from ${FIRST_PORT} to ${last}`);
}

/** Ports of the block that something listens on. */
async function inUse(base: number): Promise<string[]> {
  const named = await Promise.all(
    Object.entries(portsFrom(base)).map(async ([name, port]) =>
      (await isPortFree(port)) ? [] : [`${port} (${name})`],
    ),
  );
  return named.flat();
}

function movedText(first: number, base: number, used: readonly string[]): string {
  const [why, back] =
    used.length > 0
      ? [`something else listens on ${used.join(', ')}`, 'that is free']
      : [`another checkout has the ports from ${first} on`, 'it stops'];
  return `${why}: the addresses of this start are others, from port ${base} on. Those of before come back with a start after ${back}.`;
}

/**
 * Claims a block until `release` is called or this process ends.
 * @throws Error when no block is free
 */
export async function claimPorts(
  stateDir: string,
  env: NodeJS.ProcessEnv = process.env,
): Promise<ClaimedPorts> {
  const folder = join(cacheDir(env), 'ports');
  mkdirSync(folder, { recursive: true });
  const memory = join(stateDir, 'port-base');
  return withLock(
    join(folder, 'lock'),
    async () => {
      const remembered = existsSync(memory) ? Number(readFileSync(memory, 'utf8')) : undefined;
      const first = remembered || undefined;
      const base = await chooseBase(folder, first);
      const isMoved = first !== undefined && base !== first;
      const moved = isMoved ? movedText(first, base, await inUse(first)) : null;
      const claim: Claim = { stateDir, holder: identify() };
      const file = join(folder, `${base}.json`);
      writeFileSync(file, JSON.stringify(claim));
      mkdirSync(stateDir, { recursive: true });
      // People have bookmarked the first addresses: they come back once they are free.
      if (!isMoved) writeFileSync(memory, String(base));
      const release = () => rmSync(file, { force: true });
      return { ports: portsFrom(base), moved, release };
    },
    { timeoutMs: LOCK_TIMEOUT_MS },
  );
}
