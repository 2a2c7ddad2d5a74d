/**
 * An incarnation: one intended write of a leg with its ids (BRK-2). Everything that is said of a write is
 * applied by compare-and-set on its incarnation, so a late word about an old one changes nothing.
 *
 *   CLAIMED ─ NOT_WRITTEN      nothing left this system
 *      │  └── SHOWN ─ ENDED    the broker has shown it (a place); its order has ended
 *      │       └──── VANISHED  it was shown, and is gone without a word
 *   UNKNOWN ─ SHOWN, ABSENT    no answer in time; found, or proven never to have arrived
 *      └───── REFUSED          the broker said no
 */
import type { OrderTerms } from '../orders/terms.js';
import type { EpochMs } from '../vocabulary.js';

export type IncarnationKind = 'place' | 'modify' | 'cancel';

export type IncarnationState =
  'CLAIMED' | 'UNKNOWN' | 'SHOWN' | 'NOT_WRITTEN' | 'ABSENT' | 'REFUSED' | 'VANISHED' | 'ENDED';

/** A complete picture of the broker in which it was looked for in vain. */
export interface Missed {
  readonly generation: number;
  /** When the reading of that picture began. */
  readonly atMs: EpochMs;
}

export interface Incarnation {
  /** 1 for the leg's first write of any kind, counting up. */
  readonly n: number;
  readonly kind: IncarnationKind;
  readonly state: IncarnationState;
  readonly sessionOrderId: number;
  readonly sessionClientId: number;
  /** The broker's durable ids, oldest first: several are possible (BRK-3). */
  readonly brokerOrderIds: readonly string[];
  /** The lease's epoch at the claim, as text. */
  readonly epoch: string;
  readonly generation: number;
  /** Past this day, absence from the broker's lists proves nothing. */
  readonly brokerDay: string;
  /** Names the messages of one write. */
  readonly groupKey: string;
  readonly claimedAtMs: EpochMs;
  readonly writtenAtMs: EpochMs | null;
  /** As written; null for a cancel. */
  readonly terms: OrderTerms | null;
  /** The broker refused the write because of its id (103): the next write takes another. */
  readonly idRefused: boolean;
  readonly missed: Missed | null;
}

/** Its outcome is still to come: nothing else may be written for the leg. */
export function isOpen({ state }: Incarnation): boolean {
  return state === 'CLAIMED' || state === 'UNKNOWN';
}

type WithIncarnations = { readonly incarnations: readonly Incarnation[] };

/** The incarnation of that number; undefined when the leg never had one. */
export function incarnationOf(leg: WithIncarnations, n: number): Incarnation | undefined {
  return leg.incarnations.find((incarnation) => incarnation.n === n);
}

/** The newest of a kind; undefined when there was none. */
export function newestOf(leg: WithIncarnations, kind: IncarnationKind): Incarnation | undefined {
  return leg.incarnations.filter((incarnation) => incarnation.kind === kind).at(-1);
}

/** The placing that the leg's order stands for; undefined before anything was claimed. */
export function placing(leg: WithIncarnations): Incarnation | undefined {
  return newestOf(leg, 'place');
}

/** The open incarnation of the leg's present order, if any: there is at most one. */
export function openIncarnation(leg: WithIncarnations): Incarnation | undefined {
  const place = placing(leg);
  if (place === undefined || isOpen(place)) return place;
  return changesSincePlacing(leg).find(isOpen);
}

/** Modifications and cancels of the present order, oldest first. */
export function changesSincePlacing(leg: WithIncarnations): Incarnation[] {
  const place = placing(leg);
  return leg.incarnations.filter(
    ({ n, sessionOrderId }) =>
      place !== undefined && n > place.n && sessionOrderId === place.sessionOrderId,
  );
}

/** Whether a placing is of an order that the leg no longer stands for; one id is one order. */
export function isReplaced(place: Incarnation, present: Incarnation | undefined): boolean {
  return present !== undefined && present.sessionOrderId !== place.sessionOrderId;
}
