/**
 * From any state, with a broker that plays fair from now on, the trade must come to its end. One course of
 * things is followed: what is on its way arrives, the planner acts, pictures are taken, time goes on where
 * nothing else does; the market moves only when all of that has come to rest, and then shares must be
 * covered exactly. A course that meets one which is known to end well ends well too.
 */
import { entryOf } from '../../../../domain/trade/book.js';
import { canFill, isDead, isEntry, rest, type Order } from './broker.js';
import { act, deliver, look, mayPlan, needsNow, wait } from './engine.js';
import { happen, nextDueMs, taken } from './moves.js';
import { isExposed, wrongAtEnd, wrongAtRest, wrongNow } from './rules.js';
import { fairKeyOf, isQuiet, type Setting, type State } from './state.js';

/** Far more than any course takes. */
const STEPS_MAX = 400;
/** Shares that stand longer without enough stops than any proof or pause takes. */
const EXPOSED_MAX_MS = 30_000;
/** An entry whose cancel was refused that often fills after all. */
const CANCELS_MAX = 7;
/** Where the market stands: what is to be had for a sale. */
const BID = 99.99;

export interface Measured {
  /** The longest course, in steps. */
  stepsMax: number;
  /** The longest that shares stood without enough stops, by the trade's clock, while the market stood still. */
  exposedMaxMs: number;
}

interface Ahead {
  readonly steps: number;
  readonly exposedMs: number;
}

export class Fairness {
  readonly measured: Measured = { stepsMax: 0, exposedMaxMs: 0 };
  private readonly ahead = new Map<string, Ahead>();

  constructor(private readonly setting: Setting) {}

  /** Why the trade does not end from here; null when it does. */
  wrongAfter(from: State): string | null {
    const path: { readonly key: string; readonly state: State }[] = [];
    const onPath = new Set<string>();
    let state = from;
    let sinceMs: number | null = null;
    for (let count = 0; count < STEPS_MAX; count += 1) {
      const key = fairKeyOf(state);
      if (this.ahead.has(key)) return this.ended(path, key, state);
      const isAgain = onPath.has(key);
      if (!isAgain) path.push({ key, state });
      onPath.add(key);
      const wrong = wrongNow(this.setting, state);
      if (wrong !== null) return `then: ${wrong}`;
      sinceMs = isExposed(state) ? (sinceMs ?? state.nowMs) : null;
      if (sinceMs !== null && state.nowMs - sinceMs > EXPOSED_MAX_MS) return this.tooLong(state);
      const next = (isAgain ? null : this.step(state)) ?? this.market(state);
      if (typeof next === 'string') return next;
      if (next === null) return this.ended(path, key, state);
      state = next;
    }
    return 'the trade does not end';
  }

  private tooLong(state: State): string {
    const isEntering = state.broker.orders.some((order) => isEntry(order) && canFill(order));
    const { wait: awaited } = needsNow(this.setting, state);
    const why = awaited ? ` (${awaited.what})` : '';
    return `unprotected for too long${isEntering ? ' while the entry works' : ''}${why}`;
  }

  /** What comes by itself, before the market moves; null at rest. */
  private step(state: State): State | null {
    const { setting } = this;
    const entry = state.broker.orders.find((order) => isEntry(order) && canFill(order));
    const vain = entryOf(state.book)!.incarnations.filter(({ kind }) => kind === 'cancel').length;
    if (entry && vain >= CANCELS_MAX && isQuiet(state)) return this.fill(state, entry);
    const [message, ...wire] = state.wire;
    if (message) return taken(setting, { ...state, wire }, message);
    if (state.told.length > 0) return deliver(setting, state, 0);
    if (mayPlan(state)) {
      const next = act(setting, state);
      if (next !== state) return next;
    }
    const due = state.broker.orders.find((order) => canFill(order) && isMarketable(order));
    if (due && fillable(state, due) > 0) return this.fill(state, due);
    const seen = look(setting, state);
    if (fairKeyOf(seen) !== fairKeyOf(state)) return seen;
    const untilMs = nextDueMs(setting, state);
    // A person is waited for once: whoever is asked may never come.
    return untilMs === null ? null : look(setting, wait(setting, state, untilMs));
  }

  /** At rest: all must be covered, and then the market moves; null at the end of the trade. */
  private market(state: State): State | string | null {
    const { setting } = this;
    if (setting.rules.over(state.book)) return wrongAtEnd(state);
    const wrong = wrongAtRest(state);
    const { wait: awaited } = needsNow(setting, state);
    const why = awaited ? ` (${awaited.what})` : '';
    if (wrong !== null) return `${wrong}${why}`;
    const fills = state.broker.orders.filter(canFill);
    const order = fills.find(isEntry) ?? fills.find(({ stop }) => stop !== null) ?? fills[0];
    if (order && fillable(state, order) > 0) return this.fill(state, order);
    const isSleeping = state.broker.orders.some((each) => !isDead(each));
    return isSleeping ? `at rest, nothing can fill${why}` : `at rest, and not over${why}`;
  }

  private fill(state: State, order: Readonly<Order>): State {
    const quantity = fillable(state, order);
    return happen(this.setting, state, (broker) => broker.fill(order.id, quantity));
  }

  /** What is known of this end holds for each state on the way to it. */
  private ended(path: readonly { key: string; state: State }[], end: string, last: State): null {
    let next = this.ahead.get(end) ?? { steps: 0, exposedMs: 0 };
    this.ahead.set(end, next);
    let atMs = last.nowMs;
    for (const { key, state } of [...path].reverse()) {
      const exposedMs = isExposed(state) ? next.exposedMs + atMs - state.nowMs : 0;
      next = { steps: next.steps + 1, exposedMs };
      atMs = state.nowMs;
      this.ahead.set(key, next);
      this.measured.stepsMax = Math.max(this.measured.stepsMax, next.steps);
      this.measured.exposedMaxMs = Math.max(this.measured.exposedMaxMs, exposedMs);
    }
    return null;
  }
}

function fillable({ broker }: State, order: Readonly<Order>): number {
  if (isEntry(order)) return rest(order);
  const there = order.terms.side === 'BUY' ? -broker.position : broker.position;
  return Math.min(rest(order), Math.max(0, there));
}

function isMarketable(order: Readonly<Order>): boolean {
  const { terms, limit, stop } = order;
  if (isEntry(order)) return false;
  if (stop !== null) return Number(stop) >= BID;
  return terms.orderType === 'MKT' || (limit !== null && Number(limit) <= BID);
}
