/** Every failpoint of the engine with each of its actions: exit, freeze, throw or delay right there. */
import { setTimeout as sleep } from 'node:timers/promises';
import { arm, disarm, taken } from '../../failpoints/arm.js';
import {
  FAILPOINT_NAMES,
  FAILPOINTS,
  type Action,
  type FailpointName,
} from '../../failpoints/table.js';
import type { ChaosStack } from '../stack/stack.js';
import { LEASE_TTL_MS } from '../stack/wiring.js';
import { NOTHING_ALLOWED, type Disturbance, type Stage } from './disturbance.js';

/** Longer than the lease and a take-over: what freezes there is overtaken. */
const FREEZE_S = (2.5 * LEASE_TTL_MS) / 1_000;
const DELAY_S = 2;
const SECONDS: Partial<Record<Action, number>> = { freeze: FREEZE_S, delay: DELAY_S };

/** Of the passes in a run, any of the first may be the one. */
const SKIP_AT_MOST = 6;
/** What did not happen by then does not happen in this run. */
const WAIT_MS = 25_000;
const POLL_MS = 100;
/** As a supervisor would start it again. */
const RESTART_AFTER_MS = 1_500;

type Occasion = (stage: Stage) => Promise<void>;

const atStart: Occasion = async ({ stack }) => {
  const { active } = await stack.brokers();
  await active.kill();
  await active.start();
};
const atStop: Occasion = async ({ stack }) => {
  const { active } = await stack.brokers();
  await active.stop();
  await active.start();
};
const lostSend: Occasion = ({ stack }) =>
  stack.gateway.arm({ name: 'order-dropped', count: WHOLE_GROUP });
const cutSend: Occasion = ({ stack }) => stack.gateway.arm({ name: 'cut-before-ack' });

const WHOLE_GROUP = 3;

/** Points that an ordinary run passes seldom, by how their name begins, with what makes it pass. */
export const OCCASIONS: readonly (readonly [beginning: string, occasion: Occasion])[] = [
  ['installation.', atStart],
  ['connection.', atStart],
  ['account.record', atStart],
  ['lease.take', atStart],
  ['lease.release', atStop],
  ['generation.', atStart],
  ['sync.', atStart],
  ['picture.', lostSend],
  ['unknown.', lostSend],
  ['activity.lookUpEntry', lostSend],
  ['withdraw.', cutSend],
];

function disturbanceOf(point: FailpointName, action: Action): Disturbance {
  let sinceMs = 0;
  const takenSince = (stack: ChaosStack) =>
    taken(stack.failpoints, point).filter(({ atMs }) => atMs >= sinceMs);
  return {
    name: `${point}=${action}`,
    family: 'failpoint',
    allows: NOTHING_ALLOWED,
    strike: async (stage) => {
      const { stack, random } = stage;
      sinceMs = Date.now();
      const occasion = OCCASIONS.find(([beginning]) => point.startsWith(beginning))?.[1];
      const skip = occasion ? 0 : random.below(SKIP_AT_MOST);
      arm(stack.failpoints, point, { action, skip, seconds: SECONDS[action] ?? 1 });
      await occasion?.(stage);
      while (takenSince(stack).length === 0 && Date.now() < sinceMs + WAIT_MS) await sleep(POLL_MS);
      const [first] = takenSince(stack);
      if (first && action === 'exit') {
        await sleep(RESTART_AFTER_MS);
        await stack.startWhatIsDown();
      }
      return first?.atMs;
    },
    heal: async ({ stack }) => {
      disarm(stack.failpoints, point);
      await stack.gateway.arm({ name: 'order-dropped', count: 0 });
      await stack.gateway.arm({ name: 'cut-before-ack', count: 0 });
    },
    hits: async ({ stack }) => takenSince(stack).length,
  };
}

/** In the order of the engine's own table; the notifier trades nothing, and is not part of the judge's stack. */
export const FAILPOINT_DISTURBANCES: readonly Disturbance[] = FAILPOINT_NAMES.filter(
  (point) => FAILPOINTS[point].process !== 'notifier',
).flatMap((point) =>
  FAILPOINTS[point].actions
    .filter((action) => action !== 'repeat')
    .map((action) => disturbanceOf(point, action)),
);
