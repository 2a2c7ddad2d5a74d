/** Kills, freezes, restarts, cuts, an unwilling database, other switches, a halt. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { ChaosStack } from '../stack/stack.js';
import { LEASE_TTL_MS } from '../stack/wiring.js';
import { ALL_SWITCHES, type Switches } from '../stack/switches.js';
import type { Part } from '../stack/part.js';
import type { Finding } from '../judge/finding.js';
import type { LedgerOrder } from '../stack/gateway-control.js';
import { allowedBy, NOTHING_ALLOWED, type Disturbance } from './disturbance.js';

type Pick = (stack: ChaosStack) => Promise<Part>;

const WHO: Readonly<Record<string, Pick>> = {
  'active-broker': async (stack) => (await stack.brokers()).active,
  'stand-by': async (stack) => (await stack.brokers()).standBy,
  'trade-worker': async (stack) => stack.parts['trade-1'],
  gateway: async (stack) => stack.parts.gateway,
  temporal: async (stack) => stack.parts.temporal,
  postgres: async (stack) => stack.parts.postgres,
};

/** As a supervisor would: soon, but not at once. */
const RESTART_AFTER_MS = 1_500;

function kill(who: string): Disturbance {
  return {
    name: `kill-${who}`,
    family: 'kill',
    allows: NOTHING_ALLOWED,
    strike: async ({ stack }) => {
      const part = await WHO[who]!(stack);
      await part.kill();
      await sleep(RESTART_AFTER_MS);
      await part.start();
    },
  };
}

function killSeveral(name: string, pick: (stack: ChaosStack) => Part[]): Disturbance {
  return {
    name,
    family: 'kill',
    allows: NOTHING_ALLOWED,
    strike: async ({ stack }) => {
      await Promise.all(pick(stack).map((part) => part.kill()));
      await sleep(RESTART_AFTER_MS);
      await stack.startWhatIsDown();
    },
  };
}

/** A process that is asked to stop has this long; a supervisor kills it then. */
const STOP_LIMIT_MS = 10_000;

function restart(who: string): Disturbance {
  let tookMs = 0;
  return {
    name: `restart-${who}`,
    family: 'restart',
    allows: NOTHING_ALLOWED,
    strike: async ({ stack }) => {
      const part = await WHO[who]!(stack);
      tookMs = await part.stop();
      await part.start();
    },
    judge: () =>
      tookMs < STOP_LIMIT_MS
        ? []
        : [{ kind: 'slow', subject: who, detail: `it took ${tookMs} ms to stop` }],
  };
}

function freeze(who: string, seconds: number): Disturbance {
  return {
    name: `freeze-${who}-${seconds}s`,
    family: 'freeze',
    allows: NOTHING_ALLOWED,
    strike: async ({ stack }) => {
      const part = await WHO[who]!(stack);
      part.freeze();
      await sleep(seconds * 1_000);
      part.thaw();
    },
  };
}

/** Shorter than the lease, and longer than it and a take-over together. */
const SHORT_S = LEASE_TTL_MS / 2_000;
const LONG_S = (3 * LEASE_TTL_MS) / 1_000;
/** Longer than a workflow task may take. */
const TASK_LOST_S = 7;

const cutDatabase: Disturbance = {
  name: 'cut-database',
  family: 'cut',
  allows: NOTHING_ALLOWED,
  strike: ({ stack }) => stack.books.cutConnections(),
};

const cutBroker: Disturbance = {
  name: 'cut-broker',
  family: 'cut',
  allows: NOTHING_ALLOWED,
  strike: ({ stack }) => stack.gateway.arm({ name: 'connection-cut' }),
};

const READ_ONLY_MS = 4_000;

const readOnlyDatabase: Disturbance = {
  name: 'database-read-only',
  family: 'database',
  allows: NOTHING_ALLOWED,
  strike: async ({ stack }) => {
    await stack.books.setReadOnly(true);
    await sleep(READ_ONLY_MS);
    await stack.books.setReadOnly(false);
  },
  heal: ({ stack }) => stack.books.setReadOnly(false),
};

/** The gateway comes back with other rules for the children of part-filled parents. */
function switchTo(index: number): Disturbance {
  const switches = ALL_SWITCHES[index]!;
  let before = switches;
  return {
    name: `switch-${switches.children}-${switches.parentCancel}`,
    family: 'switches',
    allows: allowedBy(switches),
    strike: async ({ stack }) => {
      before = stack.switches;
      await comeBackWith(stack, switches);
    },
    // The next run is to find the stack as it was planned.
    heal: ({ stack }) => comeBackWith(stack, before),
  };
}

async function comeBackWith(stack: ChaosStack, switches: Switches): Promise<void> {
  stack.switches = switches;
  await stack.parts.gateway.stop();
  await stack.parts.gateway.start();
}

const HALT_MS = 3_000;
/** From the write to the gateway's own clock: a busy machine reads a socket late. */
const ON_THE_WAY_MS = 250;

/** Entries stop; what is open is protected and closed as ever. */
function haltFile(): Disturbance {
  let haltedAtMs = 0;
  let liftedAtMs = 0;
  return {
    name: 'halt-file',
    family: 'halt',
    allows: { ...NOTHING_ALLOWED, denials: ['TRADING_HALTED'], unfilled: true },
    strike: async ({ stack }) => {
      stack.halt();
      haltedAtMs = Date.now();
      await sleep(HALT_MS);
      liftedAtMs = Date.now();
      stack.liftHalt();
    },
    judge: ({ stack }, { orders }) =>
      entriesWritten(
        orders,
        stack.frontDoor.orderRefPrefix,
        haltedAtMs + ON_THE_WAY_MS,
        liftedAtMs,
      ),
  };
}

/** An `after-halt` finding for each of our entries that reached the broker between two instants. */
export function entriesWritten(
  orders: readonly LedgerOrder[],
  orderRefPrefix: string,
  fromMs: number,
  toMs: number,
): Finding[] {
  return orders
    .filter(({ role, orderRef }) => role === 'entry' && orderRef.startsWith(orderRefPrefix))
    .filter(({ firstAtMs }) => firstAtMs > fromMs && firstAtMs < toMs)
    .map(({ symbol, orderRef, firstAtMs }) => ({
      kind: 'after-halt',
      subject: symbol,
      detail: `entry ${orderRef} came ${firstAtMs - fromMs + ON_THE_WAY_MS} ms after the halt`,
    }));
}

export const PROCESS_DISTURBANCES: readonly Disturbance[] = [
  ...Object.keys(WHO).map(kill),
  killSeveral('kill-both-brokers', ({ parts }) => [parts['broker-1'], parts['broker-2']]),
  killSeveral('kill-both-trade-workers', ({ parts }) => [parts['trade-1'], parts['trade-2']]),
  killSeveral('kill-all-workers', ({ parts }) => [
    ...[parts['broker-1'], parts['broker-2']],
    ...[parts['trade-1'], parts['trade-2']],
  ]),
  killSeveral('kill-everything', ({ parts }) => Object.values(parts)),
  ...['active-broker', 'trade-worker', 'gateway'].map(restart),
  ...[SHORT_S, LONG_S].map((seconds) => freeze('active-broker', seconds)),
  ...[SHORT_S, TASK_LOST_S].map((seconds) => freeze('trade-worker', seconds)),
  ...['gateway', 'temporal', 'postgres'].map((who) => freeze(who, SHORT_S)),
  cutDatabase,
  cutBroker,
  readOnlyDatabase,
  ...ALL_SWITCHES.map((_, index) => switchTo(index)),
  haltFile(),
];
