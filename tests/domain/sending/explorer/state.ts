/**
 * A search through every interleaving of two workers, a broker and a database over the protocol's own
 * functions: claims, verdicts, facts and pictures are the real ones; what surrounds them (sockets, leases,
 * processes, the clock) is as small as it can be.
 *
 * Broken on purpose, one at a time (`without`): `cas` verdicts compare nothing; `fence` any write counts
 * as over; `pause` lists count at once; `ids` a resend always keeps its ids; `session` a write goes out on
 * whatever socket there is.
 */
import type { Snapshot } from '../../../../domain/broker/snapshot.js';
import type { SendGroup, WriteRef } from '../../../../domain/sending/group.js';
import { entryOf, type Book } from '../../../../domain/trade/book.js';
import { isOver } from '../../../../domain/trade/is-over.js';
import { plannedBook } from '../../trade/books.js';

export type Rule = 'cas' | 'fence' | 'pause' | 'ids' | 'session';
export type Fault = 'freeze' | 'cut' | 'drop' | 'crash' | 'noise' | 'twin';

/** Longer than the pause before a proof. */
export const STEP_MS = 16_000;

/** Longer than two pictures must be apart, shorter than what is on its way may take. */
export const SHORT_MS = 3_000;
export const DAY = '2026-04-06';

export type OrderState = 'staged' | 'live' | 'filled' | 'dead';
export type Wired = {
  readonly kind: 'place' | 'cancel';
  readonly id: number;
  readonly role: string;
  readonly parent: number;
};

export interface Worker {
  readonly state: 'up' | 'frozen' | 'dead';
  /** The epoch that it believes to hold; 0: none. */
  readonly epoch: number;
  /** The generation that it believes to be connected in; 0: none. */
  readonly generation: number;
  readonly ready: boolean;
}

export interface Activity {
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

export const ACTIVITIES_MAX = 2;
export const NAME = ['A', 'B'] as const;
export const FRESH = { epoch: 0, generation: 0, ready: false } as const;
export const NEW_ACTIVITY: Omit<Activity, 'worker'> = {
  at: 'wants',
  refs: [],
  group: null,
  generation: 0,
  snapshot: null,
};

/** Nothing is written, and nothing can be any more: no activity starts for what is sent or over. */
export function isCalm({ activities, wire, late, book }: State): boolean {
  const isDone = isOver(book) || entryOf(book)!.intent === 'SENT';
  return isDone && activities.length + wire.length + late.length === 0;
}

export function isReady(state: State, w: number): boolean {
  const { state: process, ready, generation, epoch } = state.workers[w]!;
  const { session } = state;
  const isLive = session?.worker === w && session.generation === generation;
  return process === 'up' && ready && epoch !== 0 && isLive;
}

export function spend(state: State, fault: Fault): State['faults'] | null {
  const left = state.faults[fault] ?? 0;
  return left > 0 ? { ...state.faults, [fault]: left - 1 } : null;
}
