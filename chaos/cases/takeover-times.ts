/** How long the connection is nobody's when the worker that has it is killed, frozen or cut off. */
import { setTimeout as sleep } from 'node:timers/promises';
import { NOTHING_ALLOWED } from '../disturb/disturbance.js';
import { inScene, type Actor, type Role, type Scene } from '../harness/scene.js';
import { isOpenAndCalm, type TradeRow } from '../judge/engine-books.js';
import type { Finding } from '../judge/finding.js';
import type { ChaosStack } from '../stack/stack.js';
import type { Part } from '../stack/part.js';
import { LEASE_TTL_MS } from '../stack/wiring.js';
import type { Case } from './case.js';
import { waitFor } from './scene.js';

/** What happens to the worker that has the connection; gives how it is taken back. */
interface Blow {
  readonly name: string;
  /** The other one must have the connection afterwards; else the same may. */
  readonly takesOver: boolean;
  strike(stack: ChaosStack, active: Part): Promise<() => Promise<void>>;
}

const BEGIN_AGAIN_MS = 1_500;

const kill: Blow = {
  name: 'killed',
  takesOver: true,
  strike: async (_, active) => {
    await active.kill();
    return async () => {
      await sleep(BEGIN_AGAIN_MS);
      await active.start();
    };
  },
};

const freeze = (seconds: number): Blow => ({
  name: `frozen for ${seconds} s`,
  takesOver: seconds * 1_000 > LEASE_TTL_MS,
  strike: async (_, active) => {
    active.freeze();
    const thawed = sleep(seconds * 1_000).then(() => active.thaw());
    return () => thawed;
  },
});

const cutBroker: Blow = {
  name: 'cut from the broker',
  takesOver: false,
  strike: async ({ gateway }) => {
    await gateway.arm({ name: 'connection-cut' });
    return async () => undefined;
  },
};

/** Longer than a holder that can't renew its lease keeps its socket (three times the lease). */
const CUT_MS = 5 * LEASE_TTL_MS;

const cutDatabase: Blow = {
  name: `cut from the database for ${CUT_MS / 1_000} s`,
  takesOver: true,
  strike: async (stack) => {
    stack.databaseValve.shut();
    const opened = sleep(CUT_MS).then(() => stack.databaseValve.open());
    return () => opened;
  },
};

/** First what needs the valve: it stands before the first worker, which has the connection at first. */
const BLOWS = [cutDatabase, kill, freeze(3), freeze(8), freeze(30), cutBroker];

/** Open when it happens, each with another end; four more come while the connection is nobody's. */
const OPEN: readonly Role[] = [
  { name: 'stopped', ending: 'stop' },
  { name: 'target', ending: 'target' },
  { name: 'held', ending: 'close' },
  { name: 'rests', ending: 'cancel' },
];
const BURST: readonly Role[] = ['a', 'b', 'c', 'd'].map((name) => ({
  name: `burst-${name}`,
  ending: 'close',
}));

/** Lease, take-over, lists, cold quotes and four brackets, on two busy cores. */
const LIMIT_MS = 40_000;
/** A loser that is woken notices that its lease is gone, and ends: then it is started again. */
const LOSER_ENDS_MS = 5_000;
/** A socket that is gone is seen, and told to the database, within this. */
const NOTICED_MS = 1_000;

/** What one blow led to; times from the blow on, null: not within the limit. */
interface Row {
  readonly blow: Blow;
  readonly from: string;
  to: string;
  /** Until somebody has the connection, works, and is in sync. */
  readyMs: number | null;
  /** Until all of the burst hold shares under their stops. */
  enteredMs: number | null;
}

const takeOverTimes: Case = {
  name: 'P-take-over-times',
  story:
    'The worker that has the connection is killed, frozen, and cut off, with trades in flight.',
  databaseValve: true,
  reusable: false,
  // Some three minutes: played when asked for, not with every change.
  onlyByName: true,
  play: async (stack, tell) => {
    const findings: Finding[] = [];
    tell(line(['the holder is', 'held by', 'in sync', 'burst entered']));
    for (const blow of BLOWS) {
      const title = `takeover-${BLOWS.indexOf(blow) + 1}`;
      const play = (scene: Scene) => strikeOnce(scene, blow, tell);
      findings.push(...(await inScene(stack, title, [...OPEN, ...BURST], play)));
    }
    tell(`(a lease of ${LEASE_TTL_MS / 1_000} s; times from the blow on)`);
    return findings;
  },
};

async function strikeOnce(
  scene: Scene,
  blow: Blow,
  tell: (line: string) => void,
): Promise<readonly Finding[]> {
  const { stack } = scene;
  const open = await scene.submit(...OPEN.map(({ name }) => name));
  await scene.rest(open);
  const { active } = await stack.brokers();
  const pid = active.pid()!;
  const struckAtMs = Date.now();
  const sinceMs = () => Date.now() - struckAtMs;
  const takeBack = await blow.strike(stack, active);
  const isReady = blow.takesOver ? inSync(stack, pid) : takeBack().then(() => inSync(stack, null));
  const ready = isReady.then((is) => (is ? sinceMs() : null));
  const burst = await scene.submit(...BURST.map(({ name }) => name));
  const enteredMs = (await entered(scene, burst, struckAtMs + LIMIT_MS)) ? sinceMs() : null;
  const readyMs = await ready;
  const { active: after } = await stack.brokers();
  await takeBack();
  await whole(stack);
  const row: Row = { blow, from: active.name, to: after.name, readyMs, enteredMs };
  tell(rowLine(row));
  const all = [...open, ...burst];
  const ended = await scene.finish(all);
  return [...slow(row), ...ended, ...(await scene.judge(all, NOTHING_ALLOWED))];
}

/** Waits until somebody else than this process has the connection (anybody, for null), and it is in sync. */
async function inSync(stack: ChaosStack, loserPid: number | null): Promise<boolean> {
  // Who only loses the socket may be back before this is asked for the first time.
  if (loserPid === null) await waitFor(NOTICED_MS, async () => !(await stack.books.isLinkReady()));
  return waitFor(LIMIT_MS, async () => {
    const holderPid = await stack.books.leaseHolderPid();
    const isHeld = holderPid !== undefined && holderPid !== loserPid;
    return isHeld && (await stack.books.isLinkReady());
  });
}

async function entered(scene: Scene, burst: readonly Actor[], deadlineMs: number) {
  const isIn = (row: TradeRow) => isOpenAndCalm(row);
  const all = burst.map(({ tradeId }) => scene.watch.until(tradeId, isIn, deadlineMs));
  return (await Promise.all(all)).every(Boolean);
}

/** Both workers up, whoever had to end has ended and was started again, the link ready. */
async function whole(stack: ChaosStack): Promise<void> {
  await sleep(LOSER_ENDS_MS);
  await stack.heal();
  if (!(await waitFor(LIMIT_MS, () => stack.books.isLinkReady())))
    throw new Error('the link did not come back');
}

function slow({ blow, from, to, readyMs, enteredMs }: Row): Finding[] {
  const told = (detail: string): Finding => ({ kind: 'slow', subject: blow.name, detail });
  return [
    ...(blow.takesOver && to === from ? [told(`${from} still has the connection`)] : []),
    ...(readyMs === null ? [told(`nobody was in sync after ${LIMIT_MS} ms`)] : []),
    ...(enteredMs === null ? [told(`the burst had not entered after ${LIMIT_MS} ms`)] : []),
  ];
}

function rowLine({ blow, from, to, readyMs, enteredMs }: Row): string {
  const seconds = (ms: number | null) => (ms === null ? 'never' : `${(ms / 1_000).toFixed(1)} s`);
  const holders = from === to ? from : `${from} → ${to}`;
  return line([blow.name, holders, seconds(readyMs), seconds(enteredMs)]);
}

const COLUMN_CHARS = [36, 22, 9, 0];

function line(cells: readonly string[]): string {
  return `    ${cells.map((cell, column) => cell.padEnd(COLUMN_CHARS[column] ?? 0)).join('')}`;
}

export const TAKEOVER_TIMES: readonly Case[] = [takeOverTimes];
