/** What is searched: under each side of the switches, and with what may go wrong. */
import { decimal } from '../../../../domain/money.js';
import { heldQuantity } from '../../../../domain/trade/exposure.js';
import type { Needs } from '../../../../domain/trade/needs.js';
import type { ProtectiveAction } from '../../../../domain/trade/actions.js';
import { ALL_SWITCHES } from './broker.js';
import { firstState } from './engine.js';
import { Fairness, type Measured } from './fair.js';
import { arrived, stepsOf } from './moves.js';
import { wrongNow } from './rules.js';
import { explore, type Bounds, type Found } from './search.js';
import { keyOf, REAL, type Budget, type Rules, type Setting } from './state.js';

export interface Scenario {
  readonly budget: Budget;
  readonly setting?: Partial<Setting>;
  /** The search begins with the first byte; else when the broker has told of the whole bracket. */
  readonly fromTheSend?: boolean;
}

/** Two shares, so that each fill may be a part; a stop and a target; a live quote. */
const USUAL: Setting = {
  ...{ switches: ALL_SWITCHES[0]!, quantity: 2, hasTarget: true, hasQuote: true },
  ...{ mixes: false, isDeaf: false, rules: REAL },
};
const STOP_ONLY = { hasTarget: false } as const;

/** Under each of the six sides of the switches. */
export const EVERYWHERE: Readonly<Record<string, Scenario>> = {
  'an exit is ended by others': { budget: { outside: 1 } },
  'a message is lost': { budget: { loss: 1 } },
  'both exits fill': { budget: { burst: 1 } },
  'a close at any time': { budget: { close: 1 }, setting: STOP_ONLY },
  'a fill is taken back': { budget: { bust: 1 }, setting: STOP_ONLY },
};

/** Where the switches matter less: under one of them. */
export const ONCE: Readonly<Record<string, Scenario>> = {
  'a close by the target': { budget: { close: 1 } },
  'a cancel is refused': { budget: { cancel: 1, cancelRefusal: 1 }, setting: STOP_ONLY },
  'a close, and a refusal': { budget: { close: 1, refusal: 1 }, setting: STOP_ONLY },
  'a refusal of any leg': { budget: { refusal: 1 }, fromTheSend: true },
  'the bracket is lost in part': { budget: { loss: 1 }, fromTheSend: true },
  'an exit vanishes': { budget: { vanish: 1 }, setting: STOP_ONLY },
  'answers come late': { budget: { slow: 1 }, fromTheSend: true },
  'full-size exits fill beyond': {
    budget: { overfill: 1 },
    setting: { switches: ALL_SWITCHES[2]! },
  },
  'statuses and executions apart': { budget: {}, setting: { mixes: true } },
  'three shares': { budget: {}, setting: { quantity: 3 } },
  'the cancel of an entry is always refused': { budget: { outside: 1 }, setting: { isDeaf: true } },
  'a close beside an entry whose cancel is always refused': {
    budget: { close: 1 },
    setting: { isDeaf: true },
  },
  'an earlier order of the entry turns up': {
    budget: { straggler: 1, again: 1 },
    setting: { ...STOP_ONLY, quantity: 1 },
    fromTheSend: true,
  },
  'a cancel hangs': { budget: { hang: 1 } },
  'a stop is moved, and moved again': { budget: { move: 2 }, setting: STOP_ONLY },
  'a stop is moved, and refused': { budget: { move: 2, refusal: 1 }, setting: STOP_ONLY },
  'a stop is moved, and the message lost': { budget: { move: 1, loss: 1 }, setting: STOP_ONLY },
  'a stop is moved, and answered late': { budget: { move: 1, slow: 1 }, setting: STOP_ONLY },
  'a stop is moved, and a close comes': { budget: { move: 1, close: 1 } },
  'without a quote': { budget: { outside: 1 }, setting: { ...STOP_ONLY, hasQuote: false } },
};

export interface Searched extends Found {
  readonly measured: Measured;
}

/** Searches one scenario. */
export function search({ budget, setting, fromTheSend }: Scenario, bounds: Bounds): Searched {
  const whole = { ...USUAL, ...setting };
  const fair = new Fairness(whole);
  const sent = firstState(whole, budget);
  const found = explore(
    {
      first: fromTheSend ? sent : arrived(whole, sent),
      steps: (state) => stepsOf(whole, state),
      keyOf,
      wrongIn: (state) => wrongNow(whole, state) ?? fair.wrongAfter(state),
    },
    bounds,
  );
  return { ...found, measured: fair.measured };
}

// ── planted bugs ─────────────────────────────────────────────────────────────────────────────────

export type Bug = 'sells at once' | 'replaces nothing' | 'resizes nothing' | 'over when flat';

/** The real functions, but for one that is wrong. */
export function withBug(bug: Bug): Rules {
  if (bug === 'over when flat') {
    const over: Rules['over'] = (book) =>
      REAL.over(book) || (hasFills(book) && heldQuantity(book.legs, book.side).eq(0));
    return { ...REAL, over };
  }
  const needs: Rules['needs'] = (book, world, nowMs) => {
    const real = REAL.needs(book, world, nowMs);
    const held = heldQuantity(book.legs, book.side);
    if (bug !== 'sells at once') return without(real, bug);
    if (book.wishes.close === null || held.lte(decimal('0'))) return real;
    const sale: ProtectiveAction = {
      ...{ kind: 'market_close', side: 'SELL', quantity: held.toFixed() },
      ...{ ocaGroup: null, cause: 'close_requested' },
    };
    return { ...real, actions: [sale] };
  };
  return { ...REAL, needs };
}

function hasFills({ legs }: Parameters<Rules['over']>[0]): boolean {
  return legs.some(({ filledQuantity }) => filledQuantity !== '0');
}

function without(real: Needs, bug: Bug): Needs {
  const isMissing = ({ kind, cause }: ProtectiveAction): boolean =>
    bug === 'replaces nothing' ? kind === 'place_exits' : cause === 'quantity';
  const actions = real.actions.filter((action) => !isMissing(action));
  return actions.length === real.actions.length ? real : { ...real, actions, wait: null };
}
