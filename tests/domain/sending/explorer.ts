/**
 * A search through every interleaving of two workers, a broker and a database over the protocol's own
 * functions: claims, verdicts, facts and pictures are the real ones; what surrounds them (sockets, leases,
 * processes, the clock) is as small as it can be. Breadth first, so the first story found is the shortest.
 *
 * Broken on purpose, one at a time (`without`): `cas` verdicts compare nothing; `fence` any write counts
 * as over; `pause` lists count at once; `ids` a resend always keeps its ids; `session` a write goes out on
 * whatever socket there is.
 */
import { createHash } from 'node:crypto';
import type { ExecutionReport, OrderReport } from '../../../domain/broker/fact.js';
import type { Snapshot } from '../../../domain/broker/snapshot.js';
import type { SendGroup, WriteRef } from '../../../domain/sending/group.js';
import { factsOf, judgePicture } from '../../../domain/sending/picture.js';
import { entryOf, type Book, type Change } from '../../../domain/trade/book.js';
import { claimEntry, entryIds } from '../../../domain/trade/claim.js';
import { applyFact } from '../../../domain/trade/fact.js';
import { finish } from '../../../domain/trade/finish.js';
import { isOpen, placing } from '../../../domain/trade/incarnation.js';
import { isOver } from '../../../domain/trade/is-over.js';
import { notWritten } from '../../../domain/trade/outcome.js';
import { abandon, wasTaken } from '../../../domain/trade/wishes.js';
import { ACCOUNT, CLIENT, CONTRACT_ID, plannedBook, report } from '../trade/books.js';

export type Rule = 'cas' | 'fence' | 'pause' | 'ids' | 'session';
export type Fault = 'freeze' | 'cut' | 'drop' | 'crash' | 'noise' | 'twin';

/** Between two moments at which something could be concluded. */
const STEP_MS = 16_000;
/** Longer than two pictures must be apart, shorter than what is on its way may take. */
const SHORT_MS = 3_000;
const DAY = '2026-04-06';

type OrderState = 'staged' | 'live' | 'filled' | 'dead';
type Wired = {
  readonly kind: 'place' | 'cancel';
  readonly id: number;
  readonly role: string;
  readonly parent: number;
};

interface Worker {
  readonly state: 'up' | 'frozen' | 'dead';
  /** The epoch that it believes to hold; 0: none. */
  readonly epoch: number;
  /** The generation that it believes to be connected in; 0: none. */
  readonly generation: number;
  readonly ready: boolean;
}

interface Activity {
  readonly worker: number;
  readonly at: 'wants' | 'claimed' | 'middle' | 'undo' | 'looks' | 'judges';
  readonly refs: readonly WriteRef[];
  readonly group: SendGroup | null;
  readonly generation: number;
  readonly snapshot: Snapshot | null;
}

export interface State {
  readonly book: Book;
  readonly epoch: number;
  readonly holder: number;
  readonly generation: number;
  readonly since: number;
  readonly lastId: number;
  readonly clock: number;
  /** How much time may pass yet, in steps shorter and longer than the pause before a proof. */
  readonly steps: { readonly short: number; readonly long: number };
  /** The one session of the client id: whose, and in which generation; null: none. */
  readonly session: { readonly worker: number; readonly generation: number } | null;
  readonly wire: readonly Wired[];
  /** Left by dead sessions, to arrive within the pause or never. */
  readonly late: readonly Wired[];
  readonly orders: Readonly<Record<number, OrderState>>;
  readonly highest: number;
  readonly refused: readonly number[];
  readonly workers: readonly [Worker, Worker];
  readonly activities: readonly Activity[];
  readonly faults: Readonly<Partial<Record<Fault, number>>>;
  /** What was broken, if anything was. */
  readonly error: string | null;
}

export interface Step {
  readonly label: string;
  readonly next: State;
}

export function firstState(faults: State['faults']): State {
  const up: Worker = { state: 'up', epoch: 1, generation: 1, ready: true };
  const idle: Worker = { state: 'up', epoch: 0, generation: 0, ready: false };
  const book = plannedBook({ targetPrice: null });
  return {
    ...{ book, epoch: 1, holder: 0, generation: 1, since: 0, lastId: 0, clock: 0 },
    steps: { short: 1, long: 1 },
    ...{ session: { worker: 0, generation: 1 }, wire: [], late: [], orders: {}, highest: 0 },
    ...{ refused: [], workers: [up, idle], activities: [], faults, error: null },
  };
}

// ── the broker ───────────────────────────────────────────────────────────────────────────────────

function take(state: State, message: Wired, isLate: boolean): State {
  const { id, role, parent } = message;
  const orders: Record<number, OrderState> = { ...state.orders };
  if (message.kind === 'cancel') {
    for (const each of [id, id + 1]) {
      if (orders[each] === 'staged' || orders[each] === 'live') orders[each] = 'dead';
    }
    return judged({ ...state, orders });
  }
  const known = orders[id];
  if (known === undefined && id <= state.highest) {
    return { ...state, refused: isLate ? state.refused : [...state.refused, id] };
  }
  const highest = Math.max(state.highest, id);
  if (known !== undefined && known !== 'staged') return { ...state, highest };
  // A child needs its parent; the stop transmits the group.
  if (role === 'STOP' && orders[parent] === undefined) return { ...state, highest };
  orders[id] = 'staged';
  if (role === 'STOP' && orders[parent] === 'staged') orders[parent] = orders[id] = 'live';
  return judged({ ...state, orders, highest });
}

const parentsOf = (state: State): number[] =>
  Object.keys(state.orders)
    .map(Number)
    .filter((id) => id % 2 === 1);

/** The invariants that the broker's own books show. */
function judged(state: State): State {
  const alive = parentsOf(state).filter((id) => ['live', 'filled'].includes(state.orders[id]!));
  const entry = entryOf(state.book)!;
  let error = state.error;
  if (alive.length > 1) error ??= 'two live or filled entries of one trade';
  if (alive.some((id) => state.orders[id] === 'filled' && state.orders[id + 1] !== 'live')) {
    error ??= 'a filled share without a live stop';
  }
  const isFree = state.book.reservation?.phase === 'RELEASED' && entry.intent !== 'SENT';
  if (isFree && alive.length > 0) error ??= 'the reservation is released while an entry lives';
  return error === state.error ? state : { ...state, error };
}

/** What the broker's lists show now. */
function listed(state: State): Snapshot {
  const orders: OrderReport[] = [];
  const completed: OrderReport[] = [];
  const executions: ExecutionReport[] = [];
  for (const [key, status] of Object.entries(state.orders)) {
    const id = Number(key);
    const role = id % 2 === 1 ? 'ENTRY' : 'STOP';
    const leg = state.book.legs.find((each) => each.role === role)!;
    const { clientOrderId, wanted: terms } = leg;
    const instrument = state.book.instrument;
    const shown = report({
      clientOrderId,
      sessionOrderId: id,
      account: ACCOUNT,
      instrument,
      terms,
    });
    if (status === 'live') orders.push(shown);
    if (status === 'dead') completed.push({ ...shown, status: 'CANCELLED' });
    if (status === 'filled') {
      completed.push({
        ...shown,
        status: 'EXECUTED',
        filledQuantity: '100',
        remainingQuantity: '0',
      });
      executions.push(fillOf(clientOrderId, id));
    }
  }
  const held = executions.length * 100;
  const at = { account: ACCOUNT, symbol: 'AAA', brokerContractId: CONTRACT_ID, averageCost: '1' };
  const { generation, since: generationSinceMs, clock } = state;
  return {
    ...{ generation, generationSinceMs, startedAtMs: clock, endedAtMs: clock, isComplete: true },
    ...{ orders, completed, executions },
    positions: held === 0 ? [] : [{ ...at, quantity: String(held) }],
  };
}

function fillOf(clientOrderId: string, id: number): ExecutionReport {
  return {
    ...{ executionId: `x${id}.01`, executionKey: `x${id}`, correction: 1, clientOrderId },
    ...{ brokerOrderId: `perm-${id}`, sessionOrderId: id, sessionClientId: CLIENT },
    ...{ account: ACCOUNT, symbol: 'AAA', brokerContractId: CONTRACT_ID, side: 'BUY' as const },
    ...{ quantity: '100', price: '100', executedAtMs: 0 },
  };
}

// ── the database ─────────────────────────────────────────────────────────────────────────────────

function commit(state: State, change: Change): State {
  const { book } = finish(state.book, change, state.clock);
  return judged({ ...state, book });
}

/** The book takes what the broker shows, and which ids it refused. */
function withFacts(state: State): State {
  if (Object.keys(state.orders).length + state.refused.length === 0) return state;
  let book = state.book;
  for (const fact of factsOf(listed(state), state.clock)) book = applyFact(book, fact).book;
  for (const sessionOrderId of state.refused) {
    const role = sessionOrderId % 2 === 1 ? 'ENTRY' : 'STOP';
    const { clientOrderId } = book.legs.find((leg) => leg.role === role)!;
    const told = { code: 103, message: '', errorClass: 'unknown', about: 'write' } as const;
    const error = { clientOrderId, sessionOrderId, ...told };
    book = applyFact(book, { kind: 'order_error', error, receivedAtMs: state.clock }).book;
  }
  return { ...commit(state, { book, events: [] }), refused: [] };
}

/** Makes the verdict fit whatever the book holds now: what happens when nothing is compared. */
function blinded(book: Book): Book {
  return {
    ...book,
    legs: book.legs.map((leg) => ({
      ...leg,
      intent: 'SENDING' as const,
      status: 'PENDING' as const,
      incarnations: leg.incarnations.map((each) => ({
        ...each,
        state: each === placing(leg) ? ('CLAIMED' as const) : each.state,
      })),
    })),
  };
}

const presentRefs = (book: Book): WriteRef[] =>
  book.legs.map((leg) => ({ legId: leg.legId, n: placing(leg)!.n }));

// ── the search ───────────────────────────────────────────────────────────────────────────────────

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

/** The transitions. */
class World {
  constructor(private readonly without: Rule | null) {}

  steps(state: State): Step[] {
    if (isCalm(state)) return [];
    return [
      ...this.network(state),
      ...this.time(state),
      ...this.temporal(state),
      ...[0, 1].flatMap((w) => this.worker(state, w)),
      ...state.activities.flatMap((activity) => this.activity(state, activity)),
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
      const decided = { decisionId: 'again', verdict: 'approved' } as const;
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
        each.worker === w && each.at === 'claimed' && this.mayWrite(state, each)
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
    const wakes = middle ? this.written(woken, middle) : woken;
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

  // ── the activity ───────────────────────────────────────────────────────────────────────────────

  private activity(state: State, activity: Activity): Step[] {
    const { worker: w, at } = activity;
    if (state.workers[w]!.state !== 'up') return [];
    const name = NAME[w]!;
    const become = (change: Partial<Activity> | null, more: Partial<State> = {}): State => {
      const others = state.activities.filter((each) => each !== activity);
      const activities = change === null ? others : [...others, { ...activity, ...change }];
      return { ...state, ...more, activities };
    };
    switch (at) {
      case 'wants':
        return this.wants(state, activity, become);
      case 'claimed':
        return this.mayWrite(state, activity)
          ? [{ label: `${name} checks and writes`, next: this.written(state, activity) }]
          : [{ label: `${name}: a check fails, nothing is written`, next: become({ at: 'undo' }) }];
      case 'undo':
        return [
          { label: `${name} commits NOT_WRITTEN`, next: this.undone(become(null), activity) },
        ];
      case 'looks': {
        if (!isReady(state, w)) return [{ label: `${name}: no link`, next: become(null) }];
        if (state.wire.length > 0) return [];
        const told = withFacts(state);
        const snapshot = listed(state);
        const next = { ...become({ at: 'judges', snapshot }), book: told.book, refused: [] };
        return [{ label: `${name} takes a picture`, next: { ...next, error: told.error } }];
      }
      case 'judges': {
        const next = this.proven(become(null), activity);
        const isOpenStill = entryOf(next.book)!.intent === 'SENDING';
        const looksOn = this.proven(become({ at: 'looks', snapshot: null }), activity);
        return [{ label: `${name} commits what it proves`, next: isOpenStill ? looksOn : next }];
      }
      case 'middle':
        return [];
    }
  }

  private wants(
    state: State,
    { worker: w }: Activity,
    become: (change: Partial<Activity> | null, more?: Partial<State>) => State,
  ): Step[] {
    const name = NAME[w]!;
    const { book } = state;
    if (!isReady(state, w)) return [{ label: `${name}: not READY`, next: become(null) }];
    if (wasTaken(book))
      return [{ label: `${name} finds it taken, and looks`, next: become({ at: 'looks' }) }];
    const isTurnTaken = state.activities.some(
      (other) => other.worker === w && (other.at === 'claimed' || other.at === 'middle'),
    );
    if (isTurnTaken) return [];
    const self = state.workers[w]!;
    const isCurrent = self.epoch === state.epoch && self.generation === state.generation;
    if (!isCurrent) return [{ label: `${name}: the claim is refused`, next: become(null) }];
    const ids = this.idsOf(state);
    const sender = { epoch: String(self.epoch), generation: self.generation };
    const who = { ...sender, sessionClientId: CLIENT, brokerDay: DAY, nowMs: state.clock };
    const claimed = claimEntry(book, ids, who);
    if (claimed.kind === 'refused')
      return [{ label: `${name}: ${claimed.reason}`, next: become(null) }];
    const { group } = claimed;
    const refs = group.messages.map(({ legId, n }) => ({ legId, n }));
    const lastId = Math.max(state.lastId, ...ids);
    const isHighest = Math.max(...ids) === lastId;
    const error = isHighest
      ? state.error
      : 'ids are used again though a higher one was given (103)';
    const next = become(
      { at: 'claimed', group, refs, generation: self.generation },
      { lastId, error },
    );
    return [
      {
        label: `${name} commits the claim of ids ${ids.join(', ')}`,
        next: commit(next, claimed.change),
      },
    ];
  }

  private idsOf(state: State): readonly number[] {
    const given = { lastGivenId: state.lastId, sessionClientId: CLIENT };
    const { keep } = entryIds(state.book, given);
    const before = state.book.legs.map((leg) => placing(leg)?.sessionOrderId);
    if (this.without === 'ids' && before.every((id) => id !== undefined)) return before;
    return keep ?? [state.lastId + 1, state.lastId + 2];
  }

  private mayWrite(state: State, { worker, generation }: Activity): boolean {
    const { epoch, ready, generation: own } = state.workers[worker]!;
    return epoch !== 0 && ready && (own === generation || this.without === 'session');
  }

  private written(state: State, activity: Activity): State {
    const { worker, group, generation } = activity;
    const activities = state.activities.filter((each) => each !== activity);
    const { session } = state;
    const isOwn = session?.worker === worker;
    const goesOut = isOwn && (session.generation === generation || this.without === 'session');
    if (!goesOut) return { ...state, activities };
    const parent = group!.messages.find((m) => m.kind === 'place' && m.legId === 'ENTRY');
    const parentId = parent?.kind === 'place' ? parent.order.sessionOrderId : 0;
    const messages = group!.messages.map((message): Wired => {
      const id = message.kind === 'cancel' ? message.sessionOrderId : message.order.sessionOrderId;
      const kind = message.kind === 'cancel' ? 'cancel' : 'place';
      return { kind, id, role: message.legId, parent: parentId };
    });
    return { ...state, activities, wire: [...state.wire, ...messages] };
  }

  private undone(state: State, { refs }: Activity): State {
    if (this.without !== 'cas') return commit(state, notWritten(state.book, refs, 'not written'));
    const book = blinded(state.book);
    return commit(state, notWritten(book, presentRefs(book), 'not written'));
  }

  private proven(state: State, { worker, snapshot }: Activity): State {
    const writing = state.activities
      .filter((each) => each.worker === worker && (each.at === 'claimed' || each.at === 'undo'))
      .map(({ group }) => group!.key);
    const held = state.book.fills.length * 100;
    const from = {
      nowMs: state.clock,
      epoch: String(state.workers[worker]!.epoch),
      writing: new Set(this.without === 'fence' ? [] : writing),
      answerTimeoutMs: 5_000,
      expected: { account: ACCOUNT, brokerContractId: CONTRACT_ID, quantity: String(held) },
      isBlindTo: () => false,
    };
    const seen =
      this.without === 'pause' ? { ...snapshot!, generationSinceMs: -STEP_MS } : snapshot!;
    return commit(state, giveUpAtEnd(judgePicture(state.book, seen, from)));
  }
}

/** Bounded: the third placing is not searched, so the second absence ends the trade. */
function giveUpAtEnd(change: Change): Change {
  const entry = entryOf(change.book)!;
  const isSecond = entry.incarnations.filter(({ kind }) => kind === 'place').length >= 2;
  return isSecond && !wasTaken(change.book) ? abandon(change.book, 'bounded') : change;
}

const LONG_AGO_MS = 1_000_000;
const ACTIVITIES_MAX = 2;
const NAME = ['A', 'B'] as const;
const FRESH = { epoch: 0, generation: 0, ready: false } as const;
const NEW_ACTIVITY: Omit<Activity, 'worker'> = {
  at: 'wants',
  refs: [],
  group: null,
  generation: 0,
  snapshot: null,
};

/** Nothing is written, and nothing can be any more: no activity starts for what is sent or over. */
function isCalm({ activities, wire, late, book }: State): boolean {
  const isDone = isOver(book) || entryOf(book)!.intent === 'SENT';
  return isDone && activities.length + wire.length + late.length === 0;
}

function isReady(state: State, w: number): boolean {
  const { state: process, ready, generation, epoch } = state.workers[w]!;
  const { session } = state;
  const isLive = session?.worker === w && session.generation === generation;
  return process === 'up' && ready && epoch !== 0 && isLive;
}

function spend(state: State, fault: Fault): State['faults'] | null {
  const left = state.faults[fault] ?? 0;
  return left > 0 ? { ...state.faults, [fault]: left - 1 } : null;
}
