/** Every activity fails before its effect, fails after it, and runs twice, under trades of every kind of end. */
import { NOTHING_ALLOWED } from '../disturb/disturbance.js';
import {
  activityNames,
  failActivities,
  unreached,
  WAYS,
  type Failure,
} from '../harness/activities.js';
import { approve, dropEntry, giveUp, leaveWaiting } from '../harness/hardships.js';
import { inScene, type Role, type Scene } from '../harness/scene.js';
import type { Finding } from '../judge/finding.js';
import type { ChaosStack } from '../stack/stack.js';
import type { Case } from './case.js';

/** More than is displayed at a price: it fills in parts. */
const IN_PARTS = 1_500;

const PLAIN: readonly Role[] = [
  { name: 'stopped', ending: 'stop' },
  { name: 'target-in-parts', ending: 'target', quantity: IN_PARTS },
  { name: 'held-its-time', ending: 'holding' },
  { name: 'closed', ending: 'close' },
  { name: 'cancelled', ending: 'cancel' },
  { name: 'denied', ending: 'denied' },
];

/** Each comes to steps that a plain trade doesn't; `waiting` is planned at once, for its contract is warm. */
const IN_TROUBLE: readonly Role[] = [
  { name: 'dropped', ending: 'close' },
  { name: 'abandoned', ending: 'abandoned' },
  { name: 'approved', ending: 'close' },
  { name: 'waiting', ending: 'cancel', contract: 0 },
];

async function play(
  stack: ChaosStack,
  failure: Failure,
  activities: readonly string[],
): Promise<readonly Finding[]> {
  const armed = failActivities(stack.failpoints, failure, activities);
  try {
    return await inScene(stack, `PRF3-${failure}`, [...PLAIN, ...IN_TROUBLE], async (scene) => [
      ...(await playAll(scene)),
      ...unreached(armed),
    ]);
  } finally {
    for (const each of armed.values()) each.disarm();
  }
}

/**
 * The plain ones first. While it is looked up whether the dropped one is at the broker, nothing else may be
 * sent (B2): two of the others never are, and one is approved after that.
 */
async function playAll(scene: Scene): Promise<Finding[]> {
  const plain = await scene.submit(...PLAIN.map(({ name }) => name));
  const findings = await scene.finish(plain);
  const dropped = await dropEntry(scene, 'dropped');
  const abandoned = await giveUp(scene, 'abandoned');
  const waiting = await leaveWaiting(scene, 'waiting', plain[0]!);
  const approved = await approve(scene, 'approved');
  findings.push(...(await scene.finish([dropped, waiting, approved])));
  const actors = [...plain, dropped, abandoned, waiting, approved];
  return [...findings, ...(await scene.judge(actors, NOTHING_ALLOWED))];
}

const FAILURES = ['before', 'after', 'twice'] as const;

/** Of the day's jobs, of reconciliations and of previews, which are no trade's: tests of their own repeat and fail them. */
const OF_NO_TRADE: ReadonlySet<string> = new Set([
  ...['beginDay', 'endDay', 'fetchValues', 'verifyAccount', 'sweepAccount'],
  ...['beginReconcile', 'endReconcile', 'lookForReconcile', 'settleReconcile'],
  'makePreview',
]);

const OF_TRADES = activityNames().filter((activity) => !OF_NO_TRADE.has(activity));

/** Three cases for all activities at once, and one for each alone, which is played only when it is named. */
export const ACTIVITY_CASES: readonly Case[] = FAILURES.flatMap((failure): Case[] => [
  {
    name: `PRF3-${failure}`,
    story: `Every activity ${WAYS[failure].story}, under trades of every kind of end.`,
    reusable: true,
    play: (stack) => play(stack, failure, OF_TRADES),
  },
  ...OF_TRADES.map((activity) => ({
    name: `PRF3-${failure}-${activity}`,
    story: `The activity ${activity} alone ${WAYS[failure].story}.`,
    reusable: true,
    onlyByName: true,
    play: (stack: ChaosStack) => play(stack, failure, [activity]),
  })),
]);
