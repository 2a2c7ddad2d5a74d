/** Everything that can happen next: at the broker, on the wire, in the market, at our side, and to the clock. */
import {
  canFill,
  Happening,
  isDead,
  isEntry,
  isExit,
  nameOf,
  rest,
  type Message,
  type Order,
  type Told,
} from './broker.js';
import {
  act,
  ask,
  deliver,
  dueAtMs,
  enterAgain,
  isUnsent,
  learn,
  look,
  mayPlan,
  moveStop,
  needsNow,
  wait,
} from './engine.js';
import type { Step } from './search.js';
import { isQuiet, spend, type Chance, type Setting, type State } from './state.js';

/** Longer than a write is waited for. */
const SLOW_MS = 6_000;

/** All next states, each with its line of the story. */
export function* stepsOf(setting: Setting, state: State): Generator<Step<State>> {
  yield* onTheWire(setting, state);
  yield* backToUs(setting, state);
  yield* inTheMarket(setting, state);
  yield* outside(setting, state);
  yield* ourSide(setting, state);
  yield* inTime(setting, state);
}

/** The same, once all that is on its way has arrived: the entry works, its exits sleep. */
export function arrived(setting: Setting, from: State): State {
  let state = from;
  while (!isQuiet(state)) {
    const [message, ...wire] = state.wire;
    state = message ? taken(setting, { ...state, wire }, message) : deliver(setting, state, 0);
  }
  return state;
}

/** Something happens at the broker; what it tells is on its way from then on. */
export function happen(
  { switches, mixes }: Setting,
  state: State,
  change: (broker: Happening) => void,
  more: Partial<State> = {},
): State {
  const happening = new Happening(state.broker, switches);
  change(happening);
  const { after, told } = happening;
  const packets = mixes ? told.map((one) => [one]) : told.length > 0 ? [told] : [];
  return { ...state, broker: after, told: [...state.told, ...packets], ...more };
}

// ── the wire ─────────────────────────────────────────────────────────────────────────────────────

function* onTheWire(setting: Setting, state: State): Generator<Step<State>> {
  const [message, ...wire] = state.wire;
  if (message) yield* arrivals(setting, { ...state, wire }, message);
  for (const straggler of state.stragglers) {
    const stragglers = state.stragglers.filter((other) => other !== straggler);
    const next = happen(setting, { ...state, stragglers }, (broker) => broker.take(straggler));
    yield { label: `long after, the broker takes ${told(state, straggler)}`, next };
  }
}

function* arrivals(setting: Setting, state: State, message: Message): Generator<Step<State>> {
  const what = told(state, message);
  yield { label: `the broker takes ${what}`, next: taken(setting, state, message) };
  const isCancel = message.kind === 'cancel';
  const isFirst = message.kind === 'place' && message.parent === 0 && message.id === 1;
  const refusal = isFirst ? null : spend(state, isCancel ? 'cancelRefusal' : 'refusal');
  if (refusal) {
    const next = happen(setting, state, (broker) => broker.refuse(message), { left: refusal });
    yield { label: `the broker refuses ${what}`, next };
  }
  const hung = isCancel && spend(state, 'hang');
  if (hung) {
    const next = happen(setting, state, (broker) => broker.hang(message.id), { left: hung });
    yield { label: `the broker takes ${what}, and nothing comes of it`, next };
  }
  const lost = spend(state, 'loss');
  if (lost) yield { label: `${what} is lost`, next: { ...state, left: lost } };
  const strays = message.kind === 'place' && spend(state, 'straggler');
  if (strays) {
    const stragglers = [...state.stragglers, message];
    const next = { ...state, left: strays, stragglers, isTainted: true };
    yield { label: `${what} is delayed`, next };
  }
}

/** As the broker takes it; a setting may let it refuse each cancel of the entry. */
export function taken(setting: Setting, state: State, message: Message): State {
  const isDeaf = setting.isDeaf && message.kind === 'cancel' && isOfEntry(state, message.id);
  return happen(setting, state, (broker) =>
    isDeaf ? broker.refuse(message) : broker.take(message),
  );
}

function isOfEntry({ broker }: State, id: number): boolean {
  return broker.orders.some((order) => order.id === id && isEntry(order) && !isDead(order));
}

function told({ broker }: State, message: Message): string {
  const { kind, id } = message;
  const known = broker.orders.find((order) => order.id === id)?.reference;
  const reference = message.kind === 'place' ? message.reference : (known ?? '-order');
  const size = message.kind === 'cancel' ? '' : ` (${message.terms.quantity})`;
  return `${kind} of ${nameOf(id, reference)}${size}`;
}

function* backToUs(setting: Setting, state: State): Generator<Step<State>> {
  const ways = [0];
  const firstFill = state.told.findIndex(([first]) => first!.what === 'execution');
  if (setting.mixes && firstFill > 0) ways.push(firstFill);
  for (const at of state.told.length > 0 ? ways : []) {
    yield {
      label: `we learn: ${state.told[at]!.map(heard).join('; ')}`,
      next: deliver(setting, state, at),
    };
  }
  const [old, ...late] = state.late;
  if (old) {
    yield {
      label: `long after, we learn: ${heard(old)}`,
      next: learn(setting, { ...state, late }, [old]),
    };
  }
}

function heard(news: Told): string {
  if (news.what === 'refusal') return `${news.about} ${news.id}: code ${news.code}`;
  if (news.what === 'execution') {
    const { id, quantity, correction } = news.execution;
    return correction > 1
      ? `a fill of order ${id} is taken back`
      : `order ${id} filled ${quantity}`;
  }
  const { id, reference, state, filled, total } = news.order;
  return `${nameOf(id, reference)} is ${state}, ${filled} of ${total} filled`;
}

// ── the market and the world ─────────────────────────────────────────────────────────────────────

function* inTheMarket(setting: Setting, state: State): Generator<Step<State>> {
  for (const order of state.broker.orders.filter(canFill)) {
    const isBuy = order.terms.side === 'BUY';
    const isOpening = isEntry(order);
    const there = isBuy ? -state.broker.position : state.broker.position;
    const most = isOpening ? rest(order) : Math.min(rest(order), Math.max(0, there));
    for (const quantity of most > 0 ? new Set([1, most]) : []) {
      const next = happen(setting, state, (broker) => broker.fill(order.id, quantity));
      yield { label: `${nameOf(order.id, order.reference)} fills ${quantity}`, next };
    }
    const beyond = !isOpening && rest(order) > there ? spend(state, 'overfill') : null;
    if (beyond) {
      const more = { left: beyond, isTainted: true };
      const next = happen(setting, state, (broker) => broker.fill(order.id, rest(order)), more);
      yield { label: `${nameOf(order.id, order.reference)} fills ${rest(order)}, beyond`, next };
    }
    if (!isOpening && most === rest(order) && most > 0) yield* oddFills(setting, state, order);
  }
}

/** Both exits of a group fill; or one fills in single shares, and nobody tells for long. */
function* oddFills(setting: Setting, state: State, order: Readonly<Order>): Generator<Step<State>> {
  const name = nameOf(order.id, order.reference);
  const burst = spend(state, 'burst');
  const hasSibling = state.broker.orders.some(
    (other) => other !== order && canFill(other) && other.terms.ocaGroup === order.terms.ocaGroup,
  );
  if (burst && hasSibling) {
    const more = { left: burst, isTainted: true };
    yield {
      label: `${name} and its sibling both fill`,
      next: happen(setting, state, (b) => b.burst(order.id), more),
    };
  }
  const hush = spend(state, 'hush');
  if (!hush) return;
  const before = state.broker.executions.length;
  const hidden = happen(
    setting,
    state,
    (broker) => {
      for (let share = rest(order); share > 0; share -= 1) broker.fill(order.id, 1, false);
    },
    { left: hush },
  );
  const late = hidden.broker.executions.slice(before).map((execution): Told => ({
    what: 'execution',
    execution: { ...execution, isHidden: false },
  }));
  yield { label: `${name} fills ${rest(order)}, and nobody tells`, next: { ...hidden, late } };
}

function* outside(setting: Setting, state: State): Generator<Step<State>> {
  const doing = (
    chance: Chance,
    label: string,
    change: (broker: Happening) => void,
    more: Partial<State> = {},
  ) => {
    const left = spend(state, chance);
    return left ? [{ label, next: happen(setting, state, change, { left, ...more }) }] : [];
  };
  for (const order of state.broker.orders.filter((each) => isExit(each) && !isDead(each))) {
    const { id } = order;
    const name = nameOf(id, order.reference);
    yield* doing('outside', `${name} is cancelled by others`, (broker) => broker.cancel(id));
    yield* doing('vanish', `${name} vanishes`, (broker) => broker.vanish(id));
  }
  for (const [n, { correction, isHidden, id }] of state.broker.executions.entries()) {
    if (correction > 1 || isHidden) continue;
    yield* doing('bust', `a fill of order ${id} is taken back`, (broker) => broker.bust(n), {
      isTainted: true,
    });
  }
}

// ── our side ─────────────────────────────────────────────────────────────────────────────────────

function* ourSide(setting: Setting, state: State): Generator<Step<State>> {
  const asking = (chance: 'close' | 'cancel', label: string): Step<State>[] => {
    const left = spend(state, chance);
    const next = left && ask(setting, { ...state, left }, chance);
    return next ? [{ label, next }] : [];
  };
  yield* asking('close', 'a close is asked for, or due');
  yield* asking('cancel', 'a cancel is asked for');
  const left = spend(state, 'move');
  const moved = left && moveStop(setting, { ...state, left });
  if (moved) yield { label: 'the stop is moved', next: moved };
  if (!mayPlan(state)) return;
  const again = isUnsent(state.book) && spend(state, 'again');
  if (again) {
    yield { label: 'planned again', next: enterAgain(setting, { ...state, left: again }) };
  }
  const next = act(setting, state);
  if (next !== state) yield { label: doneBy(setting, state), next };
}

function doneBy(setting: Setting, state: State): string {
  if (setting.rules.over(state.book)) return 'the trade is settled';
  if (isUnsent(state.book)) return 'the entry is given up';
  const steps = needsNow(setting, state).actions.map((action) => {
    const size = 'quantity' in action ? ` ${action.quantity}` : '';
    const leg = 'legId' in action ? ` ${action.legId}` : '';
    return `${action.kind}${leg}${size} (${action.cause})`;
  });
  return `we write: ${steps.join(', ')}`;
}

// ── time ─────────────────────────────────────────────────────────────────────────────────────────

function* inTime(setting: Setting, state: State): Generator<Step<State>> {
  if (!isQuiet(state)) {
    const left = spend(state, 'slow');
    const next = left && wait(setting, { ...state, left }, state.nowMs + SLOW_MS);
    if (next) yield { label: 'six seconds pass', next };
    return;
  }
  yield { label: 'a picture of the broker is taken', next: look(setting, state) };
  const untilMs = nextDueMs(setting, state);
  if (untilMs === null) return;
  const label = `${((untilMs - state.nowMs) / 1_000).toFixed(1)} seconds pass`;
  yield { label, next: wait(setting, state, untilMs) };
}

/** Time goes on only when nothing can be done before; null when nothing is due. */
export function nextDueMs(setting: Setting, state: State): number | null {
  const needs = needsNow(setting, state);
  return needs.actions.length > 0 ? null : dueAtMs(state, needs);
}
