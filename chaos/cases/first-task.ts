/** Commands that meet other work in one workflow task: what comes of it must replay. */
import { setTimeout as sleep } from 'node:timers/promises';
import { NOTHING_ALLOWED } from '../disturb/disturbance.js';
import { armIfKnown, type Armed } from '../harness/failpoints.js';
import { inScene, type Actor, type Role, type Scene } from '../harness/scene.js';
import type { Finding } from '../judge/finding.js';
import type { ChaosStack } from '../stack/stack.js';
import type { Case } from './case.js';

/** Its time is over while no worker runs; long enough to be at rest before that. */
const HOLDING_S = 8;

/**
 * Those that are denied only make the quotes fresh that the others are planned with: `cancelled` in its
 * first task, and `timed` with so few events that it doesn't go on in a new run instead.
 */
const ROLES: readonly Role[] = [
  { name: 'warms-timed', ending: 'denied', contract: 0 },
  { name: 'warms-cancelled', ending: 'denied', contract: 1 },
  { name: 'timed', ending: 'holding', maxHolding: `PT${HOLDING_S}S`, contract: 0 },
  { name: 'cancelled', ending: 'cancel', contract: 1 },
];

const commandInFirstTask: Case = {
  name: 'U1-command-in-first-task',
  story:
    'While no worker runs, a trade is submitted and cancelled, and another is commanded as its timer fires.',
  reusable: true,
  play: (stack) =>
    inScene(stack, 'U1-command-in-first-task', ROLES, async (scene) => {
      const warming = await scene.submit('warms-timed', 'warms-cancelled');
      await scene.rest(warming);
      const [timed] = (await scene.submit('timed')) as [Actor];
      await scene.rest([timed]);
      const timerFiresAtMs = Date.now() + HOLDING_S * 1_000;
      const workers = [stack.parts['trade-1'], stack.parts['trade-2']];
      await Promise.all(workers.map((worker) => worker.kill()));
      const [cancelled] = (await scene.submit('cancelled')) as [Actor];
      await sleep(Math.max(0, timerFiresAtMs - Date.now()));
      const asked = Promise.all([
        scene.ask(cancelled.tradeId, 'cancel_entry', 'early'),
        scene.ask(timed.tradeId, 'close', 'late'),
        scene.ask(timed.tradeId, 'cancel_entry', 'too late'),
      ]);
      await sleep(ARRIVES_MS);
      const orders = oneAfterTheOther(stack, timed, cancelled);
      await Promise.all(workers.map((worker) => worker.start()));
      const unanswered = (await asked).filter((refusal) => refusal !== null);
      orders.forEach((order) => order.disarm());
      return [
        ...unanswered.map((detail): Finding => ({ kind: 'unanswered', subject: '', detail })),
        ...(await replays(scene, [timed, cancelled])),
        ...(await scene.judge([...warming, timed, cancelled], NOTHING_ALLOWED)),
      ];
    }),
};

/** The server has the commands by then. */
const ARRIVES_MS = 1_000;
/** What the same task began first has ended by then. */
const LATER_S = 0.5;

/**
 * What a workflow task begins first ends well before the rest: the worker hears of one after the other,
 * a replay of both at once. Of the new trade the cancel comes before its plan, of the other the timer's
 * close before the commands.
 */
function oneAfterTheOther({ failpoints }: ChaosStack, timed: Actor, cancelled: Actor): Armed[] {
  const later = { action: 'delay', seconds: LATER_S } as const;
  const match = { tradeId: cancelled.tradeId };
  return [
    // Its plan is made by the visit that enters, or before.
    armIfKnown(failpoints, 'activity.plan.started', { ...later, match }),
    armIfKnown(failpoints, 'activity.enter.started', { ...later, match }),
    armIfKnown(failpoints, 'activity.recordCommand.started', {
      ...later,
      skip: 1,
      count: 2,
      match: { tradeId: timed.tradeId },
    }),
  ];
}

async function replays(scene: Scene, actors: readonly Actor[]): Promise<Finding[]> {
  await scene.rest(actors);
  const each = actors.map(async ({ name, story }) =>
    (await story.faults()).map((detail): Finding => ({ kind: 'replay', subject: name, detail })),
  );
  return (await Promise.all(each)).flat();
}

export const FIRST_TASK_CASES: readonly Case[] = [commandInFirstTask];
