/** Workflows of trades are reset to every workflow task, with signals and updates applied again. */
import { NOTHING_ALLOWED } from '../disturb/disturbance.js';
import { armIfKnown } from '../harness/failpoints.js';
import { giveUp } from '../harness/hardships.js';
import { resetEverywhere } from '../harness/resets.js';
import { inScene, type Actor, type Role, type Scene } from '../harness/scene.js';
import type { Finding } from '../judge/finding.js';
import type { Case } from './case.js';

/** More than is displayed at a price: many fills, many signals, and a story that goes on in another run. */
const IN_PARTS = 1_500;
/** Beyond the case: the trade waits with a timer, and never closes itself. */
const LONG_HOLDING = 'PT1H';

const OPEN: readonly Role[] = [
  { name: 'open', ending: 'close' },
  { name: 'open-in-parts', ending: 'close', quantity: IN_PARTS },
  { name: 'open-timed', ending: 'close', maxHolding: LONG_HOLDING },
  { name: 'resting', ending: 'cancel' },
];

const resetOpen: Case = {
  name: 'PRF3-reset-open',
  story: 'Trades that are open or rest are reset to every workflow task, then closed or cancelled.',
  reusable: true,
  play: (stack) =>
    inScene(stack, 'PRF3-reset-open', OPEN, async (scene) => {
      const actors = await scene.submit();
      await scene.rest(actors);
      return [
        ...(await resetAll(scene, actors, false)),
        ...(await scene.finish(actors)),
        ...(await scene.judge(actors, NOTHING_ALLOWED)),
      ];
    }),
};

const ENDED: readonly Role[] = [
  { name: 'stopped', ending: 'stop' },
  { name: 'target-in-parts', ending: 'target', quantity: IN_PARTS },
  { name: 'held-its-time', ending: 'holding' },
  { name: 'denied', ending: 'denied' },
];

const resetEnded: Case = {
  name: 'PRF3-reset-ended',
  story: 'Trades that ended by price, by time or by a denial are reset to every workflow task.',
  reusable: true,
  play: (stack) =>
    inScene(stack, 'PRF3-reset-ended', ENDED, async (scene) => {
      const actors = await scene.play();
      return [
        ...(await resetAll(scene, actors, true)),
        ...(await scene.judge(actors, NOTHING_ALLOWED)),
      ];
    }),
};

const PLAN_TAKES_S = 0.5;
/** More than there are resets in the case. */
const PLANS_MAX = 500;

const COMMANDED: readonly Role[] = [
  { name: 'refused', ending: 'close' },
  { name: 'closed', ending: 'close' },
  { name: 'cancelled', ending: 'cancel' },
];

const reappliesUpdate: Case = {
  name: 'U1-reset-reapplies-update',
  story: 'Trades that were commanded are reset to every workflow task; then one is closed.',
  reusable: true,
  play: (stack) =>
    inScene(stack, 'U1-reset-reapplies-update', COMMANDED, async (scene) => {
      const actors = await scene.submit();
      await scene.rest(actors);
      const [refused, ...ended] = actors as [Actor, ...Actor[]];
      // Its entry is filled: there is nothing to cancel, and the trade stays open.
      const refusal = await scene.ask(refused.tradeId, 'cancel_entry', 'too late');
      if (refusal !== null) throw new Error(refusal);
      await scene.finish(ended);
      // A plan that is looked up again ends after the command that is applied again beside it.
      const later = { action: 'delay', seconds: PLAN_TAKES_S, count: PLANS_MAX } as const;
      const plans = (['activity.plan.started', 'activity.enter.started'] as const).map((point) =>
        armIfKnown(stack.failpoints, point, later),
      );
      const resets = await Promise.all([
        resetAll(scene, [refused], false),
        resetAll(scene, ended, true),
      ]).finally(() => plans.forEach((armed) => armed.disarm()));
      return [
        ...resets.flat(),
        ...(await scene.finish([refused])),
        ...(await scene.judge(actors, NOTHING_ALLOWED)),
      ];
    }),
};

const abandonedStaysSo: Case = {
  name: 'T11-reset-abandoned',
  story:
    'A trade whose entry was given up unsent is reset to every workflow task: none may send it.',
  reusable: true,
  play: (stack) =>
    inScene(
      stack,
      'T11-reset-abandoned',
      [{ name: 'abandoned', ending: 'abandoned' }],
      async (scene) => {
        const actors = [await giveUp(scene, 'abandoned')];
        return [
          ...(await resetAll(scene, actors, true)),
          ...(await scene.judge(actors, NOTHING_ALLOWED)),
        ];
      },
    ),
};

async function resetAll(
  scene: Scene,
  actors: readonly Actor[],
  isOver: boolean,
): Promise<Finding[]> {
  const each = actors.map((actor) => resetEverywhere(scene, actor, isOver));
  return (await Promise.all(each)).flat();
}

export const RESET_CASES: readonly Case[] = [
  resetOpen,
  resetEnded,
  reappliesUpdate,
  abandonedStaysSo,
];
