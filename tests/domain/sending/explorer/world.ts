/** Everything that can happen next: messages, time, Temporal, leases, sockets, processes and their faults. */
import { entryOf } from '../../../../domain/trade/book.js';
import { isOpen } from '../../../../domain/trade/incarnation.js';
import { isOver } from '../../../../domain/trade/is-over.js';
import { wasTaken } from '../../../../domain/trade/wishes.js';
import { judged, parentsOf, take, withFacts } from './broker.js';
import { Copies } from './copies.js';
import {
  ACTIVITIES_MAX,
  FRESH,
  isCalm,
  isReady,
  NAME,
  NEW_ACTIVITY,
  SHORT_MS,
  spend,
  STEP_MS,
  type Rule,
  type State,
  type Step,
  type Worker,
} from './state.js';

/** The transitions; one rule may be taken out. */
export class World {
  private readonly copies: Copies;

  constructor(without: Rule | null) {
    this.copies = new Copies(without);
  }

  steps(state: State): Step[] {
    if (isCalm(state)) return [];
    return [
      ...this.network(state),
      ...this.time(state),
      ...this.temporal(state),
      ...[0, 1].flatMap((w) => this.worker(state, w)),
      ...state.activities.flatMap((activity) => this.copies.steps(state, activity)),
    ];
  }

  private network(state: State): Step[] {
    const steps: Step[] = [];
    const [message, ...wire] = state.wire;
    if (message) {
      const name = `${message.kind} ${message.id}`;
      steps.push({
        label: `the broker takes ${name}`,
        next: take({ ...state, wire }, message, false),
      });
      const faults = spend(state, 'drop');
      if (faults)
        steps.push({ label: `the broker loses ${name}`, next: { ...state, wire, faults } });
    }
    const [old, ...late] = state.late;
    if (old) {
      const next = take({ ...state, late }, old, true);
      steps.push({ label: `the broker takes, late, ${old.kind} ${old.id}`, next });
    }
    for (const id of parentsOf(state).filter((each) => state.orders[each] === 'live')) {
      const orders = { ...state.orders, [id]: 'filled' as const };
      steps.push({ label: `entry ${id} fills`, next: judged({ ...state, orders }) });
    }
    return steps;
  }

  /** Time matters only while a write is open; what dead sessions left arrives within the long step. */
  private time(state: State): Step[] {
    const isWaiting = state.book.legs.some((leg) => leg.incarnations.some(isOpen));
    if (!isWaiting) return [];
    const later = (ms: number, more: Partial<State>): State => ({
      ...state,
      ...more,
      clock: state.clock + ms,
    });
    const steps: Step[] = [];
    const { short, long } = state.steps;
    if (short > 0) {
      const next = later(SHORT_MS, { steps: { short: short - 1, long } });
      steps.push({ label: 'three seconds pass', next });
    }
    if (long > 0 && state.late.length === 0) {
      const next = later(STEP_MS, { steps: { short, long: long - 1 } });
      steps.push({ label: 'sixteen seconds pass', next });
    }
    return steps;
  }

  private temporal(state: State): Step[] {
    const running = state.activities.filter(({ worker }) => state.workers[worker]!.state === 'up');
    const isTwin = running.length > 0;
    const faults = isTwin ? spend(state, 'twin') : state.faults;
    if (!faults || isOver(state.book) || entryOf(state.book)!.intent === 'SENT') return [];
    const { book } = state;
    const steps: Step[] = [];
    if (!wasTaken(book) && book.decided === null && !isTwin) {
      const reservation = { ...book.reservation!, phase: 'CASH' as const };
      const decided = { decisionId: 'again', verdict: 'approved', decidedAtMs: 0 } as const;
      return [
        { label: 'planned again', next: { ...state, book: { ...book, decided, reservation } } },
      ];
    }
    for (const worker of [0, 1]) {
      if (!isReady(state, worker) || state.activities.length >= ACTIVITIES_MAX) continue;
      const activity = { ...NEW_ACTIVITY, worker };
      const activities = [...state.activities, activity];
      steps.push({
        label: `an activity starts on ${NAME[worker]!}`,
        next: { ...state, activities, faults },
      });
    }
    return steps;
  }

  private worker(state: State, w: number): Step[] {
    const self = state.workers[w]!;
    const name = NAME[w]!;
    const steps: Step[] = [];
    const set = (change: Partial<Worker>, more: Partial<State> = {}): State => ({
      ...state,
      ...more,
      workers: state.workers.map((each, i) => (i === w ? { ...each, ...change } : each)) as never,
    });
    if (self.state === 'dead') {
      steps.push({ label: `${name} is started again`, next: set({ ...FRESH, state: 'up' }) });
      return steps;
    }
    if (self.state === 'frozen') return [...steps, ...this.frozen(state, w, set)];
    const isFree = state.workers[state.holder]!.state !== 'up' || state.holder === w;
    if (self.epoch === 0 && isFree) {
      const epoch = state.epoch + 1;
      steps.push({ label: `${name} takes the lease`, next: set({ epoch }, { epoch, holder: w }) });
    }
    if (self.epoch !== 0 && self.epoch !== state.epoch) {
      const lost = this.closed(state, w, 'late');
      const activities = lost.activities.filter((a) => a.worker !== w || a.at === 'undo');
      const next = { ...set(FRESH, { ...lost, activities }), workers: set(FRESH).workers };
      steps.push({ label: `${name} sees that its lease is lost`, next });
    }
    const isHolder = self.epoch === state.epoch;
    if (isHolder && self.generation === 0 && state.session === null) {
      const generation = state.generation + 1;
      const more = { generation, since: state.clock, session: { worker: w, generation } };
      steps.push({ label: `${name} connects`, next: set({ generation }, more) });
    }
    const isConnected = state.session?.worker === w && state.session.generation === self.generation;
    if (self.generation !== 0 && !isConnected) {
      steps.push({
        label: `${name} notices that its socket is dead`,
        next: set({ generation: 0, ready: false }),
      });
    }
    if (isHolder && isConnected && !self.ready) {
      const told = withFacts(state);
      steps.push({ label: `${name} reads the lists: READY`, next: set({ ready: true }, told) });
    }
    if (isHolder && isReady(state, w)) {
      const told = withFacts(state);
      if (told.book !== state.book) steps.push({ label: `${name} commits callbacks`, next: told });
      const faults = spend(state, 'noise');
      if (faults && state.wire.length === 0) {
        const lastId = state.lastId + 2;
        const more = { faults, lastId, highest: Math.max(state.highest, lastId) };
        steps.push({ label: 'another trade takes an id', next: { ...state, ...more } });
      }
    }
    return [...steps, ...this.faults(state, w, set)];
  }

  private faults(
    state: State,
    w: number,
    set: (change: Partial<Worker>, more?: Partial<State>) => State,
  ): Step[] {
    const steps: Step[] = [];
    const name = NAME[w]!;
    const frozen = spend(state, 'freeze');
    if (frozen) {
      steps.push({ label: `${name} freezes`, next: set({ state: 'frozen' }, { faults: frozen }) });
      const activities = state.activities.map((each) =>
        each.worker === w && each.at === 'claimed' && this.copies.mayWrite(state, each)
          ? { ...each, at: 'middle' as const }
          : each,
      );
      if (activities.some(({ at }) => at === 'middle')) {
        const next = set({ state: 'frozen' }, { faults: frozen, activities });
        steps.push({ label: `${name} freezes between its last check and the write`, next });
      }
    }
    const crashed = spend(state, 'crash');
    if (crashed) {
      const closed = this.closed({ ...state, faults: crashed }, w, 'late');
      const activities = closed.activities.filter(({ worker }) => worker !== w);
      const workers = set({ ...FRESH, state: 'dead' }).workers;
      steps.push({ label: `${name} crashes`, next: { ...closed, activities, workers } });
    }
    const cut = spend(state, 'cut');
    if (cut && state.session?.worker === w) {
      for (const how of state.wire.length > 0 ? (['lost', 'late'] as const) : (['lost'] as const)) {
        const next = this.closed({ ...state, faults: cut }, w, how);
        steps.push({ label: `the socket of ${name} is cut (unread bytes: ${how})`, next });
      }
    }
    return steps;
  }

  /** It wakes, and writes what it was about to write; or its parent kills it. */
  private frozen(
    state: State,
    w: number,
    set: (change: Partial<Worker>, more?: Partial<State>) => State,
  ): Step[] {
    const middle = state.activities.find(({ worker, at }) => worker === w && at === 'middle');
    const woken = set({ state: 'up' });
    const wakes = middle ? this.copies.written(woken, middle) : woken;
    const closed = this.closed(state, w, 'late');
    const activities = closed.activities.filter(({ worker }) => worker !== w);
    const workers = set({ ...FRESH, state: 'dead' }).workers;
    return [
      { label: `${NAME[w]!} wakes up`, next: wakes },
      { label: `${NAME[w]!} is killed by its parent`, next: { ...closed, activities, workers } },
    ];
  }

  private closed(state: State, w: number, how: 'lost' | 'late'): State {
    if (state.session?.worker !== w) return state;
    const late = how === 'late' ? [...state.late, ...state.wire] : state.late;
    return { ...state, session: null, wire: [], late };
  }
}
