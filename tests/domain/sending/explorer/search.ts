/** The search itself: breadth first, each state once, so the first story found is the shortest. */
import { createHash } from 'node:crypto';
import { firstState, type Rule, type State } from './state.js';
import { World } from './world.js';

export interface Found {
  readonly states: number;
  /** Every state within the bounds was seen. */
  readonly isExhaustive: boolean;
  readonly error: string | null;
  readonly story: readonly string[];
}

/** Searches until something breaks, everything was seen, or the bounds are reached. */
export function explore(
  faults: State['faults'],
  without: Rule | null,
  bounds: { readonly states: number; readonly untilMs: number; readonly nowMs: () => number },
): Found {
  const world = new World(without);
  const queue: (State | null)[] = [firstState(faults)];
  const from: number[] = [-1];
  const labels: string[] = ['the plan is approved'];
  const seen = new Set<string>([keyOf(queue[0]!)]);
  const storyOf = (last: number): string[] => {
    const story: string[] = [];
    for (let at = last; at > 0; at = from[at]!) story.unshift(labels[at]!);
    return story;
  };
  for (let at = 0; at < queue.length; at += 1) {
    if (queue.length > bounds.states || bounds.nowMs() > bounds.untilMs) {
      return { states: queue.length, isExhaustive: false, error: null, story: [] };
    }
    const state = queue[at]!;
    queue[at] = null;
    if (state.error !== null) {
      return { states: queue.length, isExhaustive: false, error: state.error, story: storyOf(at) };
    }
    for (const { label, next } of world.steps(state)) {
      const key = keyOf(next);
      if (seen.has(key)) continue;
      seen.add(key);
      queue.push(next);
      from.push(at);
      labels.push(label);
    }
  }
  return { states: queue.length, isExhaustive: true, error: null, story: [] };
}

/**
 * Everything of a state that can differ, as a digest. Times count by how long ago they were: the functions
 * know only differences, so a story that began later is the same story.
 */
function keyOf(state: State): string {
  const { book, activities, clock, since, ...rest } = state;
  const ago = (atMs: number | null): number | null => (atMs === null ? null : clock - atMs);
  const legs = book.legs.map(({ intent, status, incarnations, filledQuantity }) => [
    ...[intent, status, filledQuantity],
    incarnations.map((each) => [
      ...[each.n, each.state, each.sessionOrderId, each.epoch, each.generation, each.idRefused],
      ...[each.groupKey, each.missed?.generation, ago(each.missed?.atMs ?? null)],
      ago(each.claimedAtMs),
    ]),
  ]);
  const known = [
    book.decided === null,
    book.reservation?.phase,
    book.beforeEntry,
    book.fills.length,
  ];
  const doing = activities.map(({ group, snapshot, ...each }) => ({
    ...each,
    key: group?.key,
    saw: snapshot && [
      ...[snapshot.generation, ago(snapshot.startedAtMs), ago(snapshot.generationSinceMs)],
      ...[...snapshot.orders, ...snapshot.completed].map((o) => `${o.sessionOrderId} ${o.status}`),
    ],
  }));
  const all = [legs, known, doing, ago(since), { ...rest, steps: state.steps }];
  return createHash('sha1').update(JSON.stringify(all)).digest('base64');
}
