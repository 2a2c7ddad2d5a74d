/**
 * Every activity that a workflow may call, from the table of failpoints, so that a new one is covered by
 * itself: it fails before it does anything, fails after its effect, or runs twice.
 */
import type { Action, FailpointName } from '../../failpoints/table.js';
import { FAILPOINT_NAMES } from '../../failpoints/table.js';
import type { Finding } from '../judge/finding.js';
import { armIfKnown, type Armed } from './failpoints.js';

export type Failure = 'before' | 'after' | 'twice';

interface Way {
  readonly moment: 'started' | 'done';
  readonly action: Action;
  readonly story: string;
}

/**
 * How often each activity is struck: enough for several trades, or for one several times (each failure is
 * tried again after a wait that doubles), and used up by plain trades, so that what is meant to go wrong
 * after them goes wrong as it is meant to.
 */
const STRIKES = 4;

export const WAYS: Readonly<Record<Failure, Way>> = {
  before: { moment: 'started', action: 'throw', story: 'fails before its effect' },
  after: { moment: 'done', action: 'throw', story: 'fails after its effect' },
  twice: { moment: 'done', action: 'repeat', story: 'runs twice' },
};

/** Names of activities in these failpoints, in their order. */
export function activityNames(points: readonly FailpointName[] = FAILPOINT_NAMES): string[] {
  return points.flatMap((point) => /^activity\.(.+)\.started$/.exec(point)?.[1] ?? []);
}

/** Makes the activities fail in this way from now on, until `disarm`. */
export function failActivities(
  folder: string,
  failure: Failure,
  activities: readonly string[],
): Map<string, Armed> {
  const { moment, action } = WAYS[failure];
  return new Map(
    activities.map((activity) => [
      activity,
      armIfKnown(folder, `activity.${activity}.${moment}`, { action, count: STRIKES }),
    ]),
  );
}

/** Activities that nothing has happened to. */
export function unreached(armed: ReadonlyMap<string, Armed>): Finding[] {
  return [...armed]
    .filter(([, { hits }]) => hits() === 0)
    .map(([activity]) => ({
      kind: 'unreached',
      subject: activity,
      detail: 'no trade of the case came to this activity',
    }));
}
