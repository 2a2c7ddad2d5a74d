/**
 * A search through every state that can be reached from a first one: breadth first, each state once, so the
 * first story found is the shortest. It knows nothing of what the states mean.
 */

export interface Step<S> {
  /** For the story: what happens. */
  readonly label: string;
  readonly next: S;
}

export interface Problem<S> {
  readonly first: S;
  readonly steps: (state: S) => Iterable<Step<S>>;
  /** The same for states from which the same can happen. */
  readonly keyOf: (state: S) => string;
  /** What is wrong in a state, in words that name the kind of wrong; null when nothing is. */
  readonly wrongIn: (state: S) => string | null;
}

export interface Bounds {
  readonly states: number;
  readonly depth: number;
  /** So many findings are enough. */
  readonly findings: number;
  readonly untilMs: number;
  readonly nowMs: () => number;
}

export interface Finding {
  readonly what: string;
  readonly story: readonly string[];
}

export interface Found {
  readonly states: number;
  readonly steps: number;
  /** The longest way, in steps, to a state that no shorter way leads to. */
  readonly depth: number;
  /** Every state was seen, none left out by a bound. */
  readonly isExhaustive: boolean;
  /** The first of each kind; nothing is searched behind a state that is wrong. */
  readonly findings: readonly Finding[];
}

interface Node<S> {
  state: S | null;
  readonly from: number;
  readonly label: string;
  readonly depth: number;
}

/** Asking the clock costs more than a state. */
const CLOCK_EVERY = 256;

/** Searches until everything was seen or a bound is reached. */
export function explore<S>({ first, steps, keyOf, wrongIn }: Problem<S>, bounds: Bounds): Found {
  const nodes: Node<S>[] = [{ state: first, from: -1, label: '', depth: 0 }];
  const seen = new Set<string>([keyOf(first)]);
  const findings: Finding[] = [];
  let taken = 0;
  let isExhaustive = true;
  let isLate = false;
  for (let at = 0; at < nodes.length; at += 1) {
    const node = nodes[at]!;
    const state = node.state!;
    node.state = null;
    const what = wrongIn(state);
    if (what !== null) {
      if (!findings.some((other) => other.what === what)) {
        findings.push({ what, story: storyOf(nodes, at) });
      }
      continue;
    }
    isLate ||= at % CLOCK_EVERY === 0 && bounds.nowMs() > bounds.untilMs;
    const isFull = isLate || nodes.length >= bounds.states || findings.length >= bounds.findings;
    if (isFull || node.depth >= bounds.depth) {
      isExhaustive = false;
      continue;
    }
    for (const { label, next } of steps(state)) {
      taken += 1;
      const key = keyOf(next);
      if (seen.has(key)) continue;
      seen.add(key);
      nodes.push({ state: next, from: at, label, depth: node.depth + 1 });
    }
  }
  const depth = nodes.at(-1)!.depth;
  return { states: nodes.length, steps: taken, depth, isExhaustive, findings };
}

function storyOf<S>(nodes: readonly Node<S>[], last: number): string[] {
  const story: string[] = [];
  for (let at = last; at > 0; at = nodes[at]!.from) story.unshift(nodes[at]!.label);
  return story;
}
