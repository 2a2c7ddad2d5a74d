/** What each run does, from the seed and its number alone, so that one command repeats it. Pure. */
import { hashText, Random } from '../gateway/market/random.js';
import type { Disturbance } from './disturb/disturbance.js';
import { ALL_SWITCHES } from './stack/switches.js';
import { shuffled } from './traffic/plan.js';

export interface RunPlan {
  readonly run: number;
  readonly disturbances: readonly Disturbance[];
  /** When each strikes, after the run's start. */
  readonly strikeAtMs: readonly number[];
  /** Which of the six switch settings its stack begins with: the same for all runs of one stack. */
  readonly switchIndex: number;
  /** Of its stack's market. */
  readonly stackSeed: number;
  /** The stack is made anew before this run. */
  readonly freshStack: boolean;
  readonly seed: number;
}

/** Two disturbances that were found to hurt together; a third of all pairs are these. */
export const NAMED_PAIRS: readonly (readonly [string, string])[] = [
  ['freeze-active-broker-12s', 'order-dropped'],
  ['execution-bust', 'late-commission'],
  ['halt-file', 'kill-trade-worker'],
  ['child-refused', 'cancel-10148'],
  ['kill-active-broker', 'cut-before-ack'],
  ['connection-lost-1102', 'order-dropped'],
];

/** Of the runs; there are more failpoints than other disturbances, and each costs one process at most. */
const FAILPOINT_SHARE = 0.4;
const PAIR_SHARE = 0.25;
const NAMED_PAIR_SHARE = 0.33;

/** The first signals are on their way; the last are still to come. */
const STRIKE_FROM_MS = 100;
const STRIKE_SPAN_MS = 5_000;

/** A stack lives for 8 to 15 runs: long enough to carry things over, short enough to start anew often. */
const STACK_RUNS_MIN = 8;
const STACK_RUNS_SPAN = 8;

/** Goes through all disturbances in rounds, each round in another order, so that none is left out. */
function inRounds<T>(items: readonly T[], seed: number, index: number): T {
  const round = Math.floor(index / items.length);
  const order = shuffled(new Random(hashText(`round ${round}`, seed)), items);
  return order[index % items.length]!;
}

const isInner = ({ family }: Disturbance) => family === 'failpoint';

/** The run's own disturbance: from inside the engine or from outside, each in rounds of its own. */
function firstOf(seed: number, run: number, menu: readonly Disturbance[]): Disturbance {
  const [inner, outer] = [menu.filter(isInner), menu.filter((each) => !isInner(each))];
  const before = (wanted: boolean) =>
    Array.from({ length: run - 1 }, (_, index) => fromInside(seed, index + 1)).filter(
      (inside) => inside === wanted,
    ).length;
  const inside = fromInside(seed, run);
  if (outer.length === 0) return inRounds(inner, seed, run - 1);
  if (inner.length === 0) return inRounds(outer, seed, run - 1);
  return inRounds(inside ? inner : outer, seed, before(inside));
}

function fromInside(seed: number, run: number): boolean {
  return new Random(hashText(`side ${run}`, seed)).next() < FAILPOINT_SHARE;
}

/**
 * @param run from 1
 * @param partners each run has one of these besides; null: a quarter of the runs has another of the menu
 */
export function planRun(
  seed: number,
  run: number,
  menu: readonly Disturbance[],
  partners: readonly Disturbance[] | null = null,
): RunPlan {
  const random = new Random(hashText(`run ${run}`, seed));
  const disturbances = [firstOf(seed, run, menu)];
  if (partners) {
    disturbances.push(inRounds(partners, hashText('partners', seed), run - 1));
  } else if (random.next() < PAIR_SHARE && menu.length > 1) {
    const partner = partnerOf(disturbances[0]!, random, menu);
    if (partner) disturbances.push(partner);
  }
  const begunAt = stackBeginning(seed, run);
  return {
    run,
    disturbances,
    strikeAtMs: disturbances.map(() => STRIKE_FROM_MS + random.below(STRIKE_SPAN_MS)),
    switchIndex: new Random(hashText(`switches ${begunAt}`, seed)).below(ALL_SWITCHES.length),
    stackSeed: hashText(`stack ${begunAt}`, seed),
    freshStack: run === begunAt,
    seed: hashText(`trades ${run}`, seed),
  };
}

function partnerOf(
  first: Disturbance,
  random: Random,
  menu: readonly Disturbance[],
): Disturbance | undefined {
  const named = NAMED_PAIRS.flatMap(([one, other]) =>
    one === first.name ? [other] : other === first.name ? [one] : [],
  )
    .map((name) => menu.find((disturbance) => disturbance.name === name))
    .filter((found) => found !== undefined);
  if (named.length > 0 && random.next() < NAMED_PAIR_SHARE) return named[0]!;
  const others = menu.filter(
    (each) => each.name !== first.name && each.family !== 'switches' && !isInner(each),
  );
  return others[random.below(Math.max(1, others.length))];
}

/** The run for which the stack of this one was made. */
function stackBeginning(seed: number, run: number): number {
  const random = new Random(hashText('stacks', seed));
  let begunAt = 1;
  for (let next = 1; next <= run; next += STACK_RUNS_MIN + random.below(STACK_RUNS_SPAN)) {
    begunAt = next;
  }
  return begunAt;
}
