/** Cases about a server that is away, or unwilling, for a minute or more, while trades end at the broker. */
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

const LOOK_EVERY_MS = 500;
/** Longer than any restart: the broker has the stops, and nothing but them may close anything. */
const LINK_DOWN_MS = 5 * MINUTE_MS;

type Outage = (stack: ChaosStack) => Promise<() => Promise<void>>;

/** Opens the trades, begins the outage, moves the market, ends the outage after a minute; then all must end well. */
async function through(scene: Scene, begin: Outage, lastsMs: number): Promise<readonly Finding[]> {
  const { stack } = scene;
  const actors = await scene.submit();
  await scene.rest(actors);
  const end = await begin(stack);
  await sleep(BEFORE_MOVE_MS);
  await move(stack, actors, 'stop', FALL);
  await move(stack, actors, 'target', RISE);
  await sleep(lastsMs - BEFORE_MOVE_MS);
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

function minute(
  name: string,
  story: string,
  begin: Outage,
  { lastsMs = MINUTE_MS, ...more }: Partial<Case> & { readonly lastsMs?: number } = {},
): Case {
  return {
    name,
    story,
    reusable: false,
    // Over a minute each: played when asked for, not with every change.
    onlyByName: true,
    play: (stack) => inScene(stack, name, ROLES, (scene) => through(scene, begin, lastsMs)),
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

/** The gateway lives on and fills; every socket to it is refused. */
const linkDown: Outage = async ({ gateway, books }) => {
  await gateway.arm({ name: 'nightly-restart', seconds: LINK_DOWN_MS / 1_000 });
  return async () => {
    const deadlineMs = Date.now() + MINUTE_MS;
    while (!(await books.isLinkReady())) {
      if (Date.now() > deadlineMs) throw new Error('the link is not back');
      await sleep(LOOK_EVERY_MS);
    }
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
  minute(
    'P-link-down-5m',
    'The link is down for five minutes while exits fill: nothing is closed for it, and all is right on return.',
    linkDown,
    { lastsMs: LINK_DOWN_MS },
  ),
];
