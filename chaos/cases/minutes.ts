/** Cases about a server that is away, or unwilling, for a whole minute, while trades end at the broker. */
import { rmSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { NOTHING_ALLOWED } from '../disturb/disturbance.js';
import { inScene, type Actor, type Role, type Scene } from '../harness/scene.js';
import type { Finding } from '../judge/finding.js';
import type { ChaosStack } from '../stack/stack.js';
import type { Case } from './case.js';

const MINUTE_MS = 60_000;
/** Into the outage before the market moves. */
const BEFORE_MOVE_MS = 5_000;
/** Beyond a stop or a target of three percent. */
const FALL = 0.95;
const RISE = 1.05;

/** Two that end by their stops and two by their targets meanwhile, two closed and two cancelled after it. */
const ROLES: readonly Role[] = [
  { name: 'stopped', ending: 'stop' },
  { name: 'stopped-in-parts', ending: 'stop', quantity: 1_500 },
  { name: 'target', ending: 'target' },
  { name: 'target-in-parts', ending: 'target', quantity: 1_500 },
  { name: 'held', ending: 'close' },
  { name: 'held-too', ending: 'bare close' },
  { name: 'rests', ending: 'cancel' },
  { name: 'rests-too', ending: 'cancel' },
];

type Outage = (stack: ChaosStack) => Promise<() => Promise<void>>;

/** Opens the trades, begins the outage, moves the market, ends the outage after a minute; then all must end well. */
async function through(scene: Scene, begin: Outage): Promise<readonly Finding[]> {
  const { stack } = scene;
  const actors = await scene.submit();
  await scene.rest(actors);
  const end = await begin(stack);
  await sleep(BEFORE_MOVE_MS);
  await move(stack, actors, 'stop', FALL);
  await move(stack, actors, 'target', RISE);
  await sleep(MINUTE_MS - BEFORE_MOVE_MS);
  await end();
  return [...(await scene.finish(actors)), ...(await scene.judge(actors, NOTHING_ALLOWED))];
}

async function move(
  { gateway }: ChaosStack,
  actors: readonly Actor[],
  ending: 'stop' | 'target',
  factor: number,
): Promise<void> {
  const prices = await gateway.prices();
  const moved = actors
    .filter(({ lived }) => lived.plan.ending === ending)
    .map(({ symbol }) => [symbol, (Number(prices[symbol]!.bid) * factor).toFixed(2)] as const);
  await gateway.setPrices(Object.fromEntries(moved));
}

function minute(name: string, story: string, begin: Outage, more: Partial<Case> = {}): Case {
  return {
    name,
    story,
    reusable: false,
    // Over a minute each: played when asked for, not with every change.
    onlyByName: true,
    play: (stack) => inScene(stack, name, ROLES, (scene) => through(scene, begin)),
    ...more,
  };
}

const down =
  (part: 'postgres' | 'temporal'): Outage =>
  async ({ parts }) => {
    await parts[part].kill();
    return () => parts[part].start();
  };

const readOnly: Outage = async ({ books }) => {
  await books.setReadOnly(true);
  return () => books.setReadOnly(false);
};

const FILLER_STEP = Buffer.alloc(256 * 1024, 7);
/** More than a small disk holds. */
const FILLER_STEPS_MAX = 4_096;

/** Writes until nothing more fits; afterwards the database starts again where it gave up. */
const fullDisk: Outage = async ({ databaseDisk, parts }) => {
  if (databaseDisk === null) throw new Error('this stack has no small disk');
  const filler = `${databaseDisk}/filler`;
  let isFull = false;
  for (let step = 0; step < FILLER_STEPS_MAX && !isFull; step += 1) {
    try {
      writeFileSync(filler, FILLER_STEP, { flag: 'a' });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
      isFull = true;
    }
  }
  if (!isFull) throw new Error('the disk did not become full');
  return async () => {
    rmSync(filler);
    await parts.postgres.start();
  };
};

/** A fresh database and its log with room to live, and little to grow. */
const SMALL_DISK_MB = 256;

export const MINUTES: readonly Case[] = [
  minute('P-postgres-down', 'PostgreSQL is down for a minute while exits fill.', down('postgres')),
  minute('P-temporal-down', 'Temporal is down for a minute while exits fill.', down('temporal')),
  minute('P-read-only', 'PostgreSQL is read-only for a minute while exits fill.', readOnly),
  minute('P-full-disk', "PostgreSQL's disk is full for a minute while exits fill.", fullDisk, {
    databaseDiskMb: SMALL_DISK_MB,
  }),
];
