/** The gateway's faults, each with what it is armed with here and what it may cost. */
import { setTimeout as sleep } from 'node:timers/promises';
import { clearUp } from './by-hand.js';
import {
  NOTHING_ALLOWED,
  REPAIR_WINDOW_MS,
  type Allowance,
  type Disturbance,
  type Stage,
} from './disturbance.js';

type Parameters = Readonly<Record<string, unknown>>;

interface FaultUse {
  /** The menu's name, then what tells this use of it from others. */
  readonly fault: string;
  readonly as?: string;
  readonly with?: (stage: Stage) => Parameters;
  readonly allows?: Partial<Allowance>;
  readonly heal?: (stage: Stage) => Promise<void>;
}

/** Exits were refused, lost or overfilled at the broker itself: they may be repaired within the window. */
const BREAKS_STOP: Partial<Allowance> = { repairWithinMs: REPAIR_WINDOW_MS };
const REFUSES_ENTRY: Partial<Allowance> = { unfilled: true };

const SECONDS = 3;
const seconds = () => ({ seconds: SECONDS });

/** The events of a bracket: parent, target, stop. */
const WHOLE_GROUP = 3;

const USES: readonly FaultUse[] = [
  { fault: 'order-dropped', with: () => ({ count: WHOLE_GROUP }) },
  { fault: 'order-dropped', as: 'one', allows: BREAKS_STOP },
  { fault: 'order-dropped', as: 'stop', with: () => ({ leg: 'stop' }), allows: BREAKS_STOP },
  { fault: 'cut-before-ack' },
  { fault: 'cut-before-ack', as: 'lost', with: () => ({ lost: true }) },
  { fault: 'cut-before-ack', as: 'stop', with: () => ({ leg: 'stop' }), allows: BREAKS_STOP },
  { fault: 'client-id-in-use', with: () => ({ count: 2 }) },
  { fault: 'connection-lost-1101', with: seconds },
  { fault: 'connection-lost-1102', with: seconds },
  { fault: 'data-farm-flap', with: seconds },
  { fault: 'missing-exec-details' },
  { fault: 'missing-end-marker', with: () => ({ count: 2 }) },
  // Each may cost a picture of its own its ten seconds: with a third, signals would wait longer than they may.
  { fault: 'missing-end-marker', as: 'empty', with: () => ({ count: 2, empty: true }) },
  { fault: 'duplicate-status', with: () => ({ count: 10 }) },
  { fault: 'out-of-order-status', with: () => ({ count: 5 }) },
  { fault: 'nightly-restart', with: seconds },
  { fault: 'stall', with: seconds },
  { fault: 'order-id-rollback', with: () => ({ by: 30 }) },
  { fault: 'late-commission', with: () => ({ count: 3, seconds: SECONDS }) },
  { fault: 'execution-correction', with: () => ({ count: 2, ticks: 2 }) },
  // A bust may take back all that was filled.
  { fault: 'execution-bust', allows: { ...BREAKS_STOP, unfilled: true } },
  { fault: 'tif-preset-10349', with: () => ({ count: 2 }), allows: BREAKS_STOP },
  { fault: 'tif-preset-10349', as: 'gtc', with: () => ({ count: 2, tif: 'GTC' }) },
  { fault: 'rejected-201-inactive', allows: { ...REFUSES_ENTRY, ...BREAKS_STOP } },
  { fault: 'child-refused', allows: { ...REFUSES_ENTRY, ...BREAKS_STOP } },
  { fault: 'cancel-10147' },
  { fault: 'cancel-10147', as: 'dead', with: () => ({ dead: true }), allows: BREAKS_STOP },
  { fault: 'cancel-10148' },
  { fault: 'cancel-10148', as: 'dead', with: () => ({ dead: true }), allows: BREAKS_STOP },
  { fault: 'modify-110', with: () => ({ count: 2 }) },
  { fault: 'modify-104', allows: BREAKS_STOP },
  { fault: 'modify-dropped' },
  { fault: 'cancel-dropped' },
  { fault: 'manual-cancel', with: () => ({ role: 'stop' }), allows: BREAKS_STOP },
  { fault: 'order-vanished', with: () => ({ role: 'stop' }), allows: BREAKS_STOP },
  { fault: 'second-perm-id', with: () => ({ count: 2 }) },
  { fault: 'fill-beats-cancel', allows: BREAKS_STOP },
  { fault: 'oca-overfill', allows: BREAKS_STOP },
  {
    fault: 'external-order',
    with: ({ foreignSymbol }) => ({ symbol: foreignSymbol, action: 'BUY', quantity: 10 }),
    heal: closeForeign,
  },
  {
    fault: 'manual-close',
    with: ({ symbols, random }) => ({ symbol: symbols[random.below(symbols.length)]! }),
    allows: BREAKS_STOP,
    heal: clearUp,
  },
  { fault: 'day-expiry', allows: REFUSES_ENTRY },
  {
    fault: 'halt',
    with: ({ symbols, random }) => ({
      symbol: symbols[random.below(symbols.length)]!,
      seconds: SECONDS,
    }),
    allows: { denials: ['SYMBOL_HALTED'], unfilled: true },
  },
  { fault: 'locate-hold', with: seconds },
  { fault: 'locate-hold', as: 'never-found', allows: REFUSES_ENTRY },
  { fault: 'midnight-execution-loss' },
  {
    // In a contract that is traded, a person must act: the case P-split shows that nothing else does.
    fault: 'overnight-split',
    with: ({ foreignSymbol }) => ({ symbol: foreignSymbol, ratio: 2 }),
  },
  { fault: 'account-values-lag', with: seconds },
];

/** What happens at the next connection needs one. */
async function cutNow({ stack }: Stage): Promise<void> {
  await stack.gateway.arm({ name: 'connection-cut' });
}

async function closeForeign({ stack, foreignSymbol }: Stage): Promise<void> {
  await stack.gateway.arm({ name: 'manual-close', symbol: foreignSymbol });
}

/** These happen at a connect: after arming, one is brought about. */
const AT_CONNECT = new Set(['client-id-in-use', 'missing-end-marker', 'order-id-rollback']);

/** Most faults wait for an event of the twelve trades' first seconds. */
const WAIT_MS = 12_000;
const POLL_MS = 200;

/** When the fault first happened after the strike; undefined when it hasn't by the end of the wait. */
async function firstHit(hits: () => Promise<number>, before: number): Promise<number | undefined> {
  const endMs = Date.now() + WAIT_MS;
  while (Date.now() < endMs) {
    const askedAtMs = Date.now();
    // A gateway that is down just now answers later; one that was started anew counts from zero.
    const now = await hits().catch(() => before);
    if (now > before) return askedAtMs;
    before = Math.min(before, now);
    await sleep(POLL_MS);
  }
  return undefined;
}

function disturbanceOf(use: FaultUse): Disturbance {
  const { fault, as } = use;
  let hitsBefore = 0;
  let hitAtMs: number | undefined;
  const hits = async ({ stack }: Stage) => (await stack.gateway.faultHits()).get(fault) ?? 0;
  return {
    name: as ? `${fault}-${as}` : fault,
    family: 'fault',
    allows: { ...NOTHING_ALLOWED, ...use.allows },
    strike: async (stage) => {
      hitsBefore = await hits(stage);
      await stage.stack.gateway.arm({ name: fault, ...use.with?.(stage) });
      if (AT_CONNECT.has(fault)) await cutNow(stage);
      hitAtMs = await firstHit(() => hits(stage), hitsBefore);
      return hitAtMs;
    },
    heal: async (stage) => {
      await stage.stack.gateway.arm({ name: fault, count: 0 });
      await use.heal?.(stage);
    },
    hits: async (stage) =>
      Math.max(hitAtMs === undefined ? 0 : 1, (await hits(stage)) - hitsBefore),
  };
}

export const FAULT_DISTURBANCES: readonly Disturbance[] = USES.map(disturbanceOf);

/** The names of the menu that are used here: a test holds them against the menu. */
export const FAULTS_USED: ReadonlySet<string> = new Set(USES.map(({ fault }) => fault));
