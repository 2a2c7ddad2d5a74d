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

/** `warm` is denied: it only makes the quotes fresh that `cancelled` is planned with in its first task. */
const ROLES: readonly Role[] = [
  { name: 'timed', ending: 'holding', maxHolding: `PT${HOLDING_S}S` },
  { name: 'warm', ending: 'denied', contract: 1 },
  { name: 'cancelled', ending: 'cancel', contract: 1 },
];

const commandInFirstTask: Case = {
  name: 'U1-command-in-first-task',
  story:
    'While no worker runs, a trade is submitted and cancelled, and another is commanded as its timer fires.',
  reusable: true,
  play: (stack) =>
    inScene(stack, 'U1-command-in-first-task', ROLES, async (scene) => {
      const actors = await scene.submit('timed', 'warm');
      await scene.rest(actors);
      const timerFiresAtMs = Date.now() + HOLDING_S * 1_000;
      const workers = [stack.parts['trade-1'], stack.parts['trade-2']];
      await Promise.all(workers.map((worker) => worker.kill()));
      actors.push(...(await scene.submit('cancelled')));
      const [timed, , cancelled] = actors as [Actor, Actor, Actor];
      await sleep(Math.max(0, timerFiresAtMs - Date.now()));
      const asked = Promise.all([
        scene.ask(cancelled.tradeId, 'cancel_entry', 'early'),
        scene.ask(timed.tradeId, 'close', 'late'),
        scene.ask(timed.tradeId, 'cancel_entry', 'too late'),
      ]);
      await sleep(ARRIVES_MS);
      const orders = lastBecomesFirst(stack, timed, cancelled);
      await Promise.all(workers.map((worker) => worker.start()));
      const unanswered = (await asked).filter((refusal) => refusal !== null);
      orders.forEach((order) => order.disarm());
      return [
        ...unanswered.map((detail): Finding => ({ kind: 'unanswered', subject: '', detail })),
        ...(await replays(scene, [timed, cancelled])),
        ...(await scene.judge(actors, NOTHING_ALLOWED)),
      ];
    }),
};

/** The server has the commands by then. */
const ARRIVES_MS = 1_000;
/** What else the same task does is done by then. */
const LATER_S = 0.5;

/**
 * What a workflow task begins first ends last, which is when a replay that takes them in order differs.
 * For the new trade that is its plan; for the other, the first of the commands.
 */
function lastBecomesFirst({ failpoints }: ChaosStack, timed: Actor, cancelled: Actor): Armed[] {
  const late = ({ tradeId }: Actor) =>
    ({ action: 'delay', seconds: LATER_S, match: { tradeId } }) as const;
  return [
    armIfKnown(failpoints, 'activity.plan.started', late(cancelled)),
    armIfKnown(failpoints, 'activity.recordCommand.started', late(timed)),
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
