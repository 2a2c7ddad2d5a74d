/**
 * What a person may declare of an order whose fate no evidence settles (TRD-11). A declaration goes the
 * way of the broker's own words: through the order machine, and any later word of the broker's overrules it.
 */
import type { EpochMs } from '../vocabulary.js';
import { ENDED } from '../orders/table.js';
import type { WriteRef } from '../sending/group.js';
import { ARRIVAL_MS } from '../sending/picture.js';
import {
  inTurn,
  legOf,
  unchanged,
  type Book,
  type Change,
  type Leg,
  type Unchanged,
} from './book.js';
import { applyFact } from './fact.js';
import { incarnationOf, isOpen, placing } from './incarnation.js';
import { absent, vanished } from './outcome.js';
import { countedFromNow } from './unarmed.js';

/** Why the order can't be declared on; null when it can. */
export function undeclarable(leg: Leg): string | null {
  if (leg.intent === 'NEW') return `the ${nameOf(leg)} was never written`;
  if (ENDED.has(leg.status)) return `the ${nameOf(leg)} has ended: ${leg.status}`;
  return placing(leg) ? null : `the ${nameOf(leg)} has no write to declare on`;
}

/** What is known of the broker's own lists where an order is declared absent. */
export interface Pictured {
  /** When the newest complete picture of the broker was begun; null before the first. */
  readonly atMs: EpochMs | null;
  /** When the picture was begun in which the newest comparison missed the order; null: it did not. */
  readonly comparedMissingAtMs: EpochMs | null;
  readonly nowMs: EpochMs;
}

/** The guard takes one every 30 s; an older one says that nobody looks. */
const PICTURE_MAX_AGE_MS = 120_000;

/** Whether a picture is fresh, and was begun once the order had arrived, if it ever did (R-11). */
function speaksOf(leg: Leg, atMs: EpochMs | null, nowMs: EpochMs): boolean {
  const place = placing(leg);
  if (place === undefined || atMs === null || nowMs - atMs > PICTURE_MAX_AGE_MS) return false;
  return atMs > (place.writtenAtMs ?? place.claimedAtMs) + ARRIVAL_MS;
}

/** Why the broker's own word stands against a person's "it is not there"; null when it doesn't. */
export function shownAlive(
  leg: Leg,
  { atMs, comparedMissingAtMs, nowMs }: Pictured,
): string | null {
  const place = placing(leg);
  if (place?.state !== 'SHOWN' || place.missed !== null) return null;
  if (speaksOf(leg, comparedMissingAtMs, nowMs)) return null;
  const since = leg.acknowledgedAtMs === null ? '' : ` since ${isoOf(leg.acknowledgedAtMs)}`;
  const id = place.brokerOrderIds.at(-1);
  const how = `the ${nameOf(leg)} as ${leg.status}${since}${id ? ` (permId ${id})` : ''}`;
  const seen = speaksOf(leg, atMs, nowMs)
    ? `the broker shows ${how} in its newest complete picture, of ${isoOf(atMs!)}: cancel it there, or close the trade`
    : `the broker showed ${how}, and there is no complete picture of it since (${newestOf(atMs)}): "ballast doctor" says what keeps one`;
  return `${seen}. If it is not there, "ballast reconcile" compares anew: what that misses may be declared absent`;
}

/** Why nothing but a person says that the order is absent; null where a picture lacks it. */
export function unpictured(leg: Leg, { atMs, nowMs }: Pictured): string | null {
  if (speaksOf(leg, atMs, nowMs)) return null;
  return `no complete picture of the broker has been taken since it was written and could have arrived, or it is old (${newestOf(atMs)})`;
}

function newestOf(atMs: EpochMs | null): string {
  return atMs === null ? 'there was none yet' : `the newest is of ${isoOf(atMs)}`;
}

function isoOf(atMs: EpochMs): string {
  return new Date(atMs).toISOString();
}

/** Ids that a broker gives for good are numbers; up to 19 digits are one of 64 bits. */
const DURABLE_ID = /^[1-9]\d{0,18}$/;

/** Why the order can't be present under that durable id; null when it can (BRK-3). */
export function misnamed(leg: Leg, brokerOrderId: string): string | null {
  if (!DURABLE_ID.test(brokerOrderId))
    return `"${brokerOrderId}" is no permanent id: it is a number`;
  const known = placing(leg)?.brokerOrderIds ?? [];
  if (known.length === 0 || known.includes(brokerOrderId)) return null;
  return `the broker has shown the ${nameOf(leg)} under ${known.join(' and ')}, not ${brokerOrderId}`;
}

/** It is not at the broker: never was, or is gone. With an entry goes what was sent with it. */
export function declareAbsent(book: Book, legId: string, actor: string): Change | Unchanged {
  const leg = legOf(book, legId);
  const place = placing(leg);
  if (!place) return unchanged(book, 'there is no write to declare on');
  const change = isOpen(place)
    ? absent(book, openRefs(book, leg))
    : vanished(book, { legId, n: place.n });
  const told = declared(book, change, leg, `absent by ${actor}`);
  if (leg.role === 'ENTRY' || told.book === book) return told;
  return { ...told, book: countedFromNow(told.book) };
}

/** It works at the broker; `brokerOrderId` is the durable id that the person read there. */
export function declarePresent(
  book: Book,
  legId: string,
  brokerOrderId: string,
  actor: string,
  nowMs: EpochMs,
): Change | Unchanged {
  const leg = legOf(book, legId);
  const place = placing(leg);
  if (!place) return unchanged(book, 'there is no write to declare on');
  const change = applyFact(book, {
    kind: 'order',
    listed: true,
    receivedAtMs: nowMs,
    report: {
      ...{ clientOrderId: leg.clientOrderId, brokerOrderId, account: book.account },
      ...{ sessionOrderId: place.sessionOrderId, sessionClientId: place.sessionClientId },
      ...{ symbol: book.symbol, brokerContractId: book.instrument.brokerContractId ?? null },
      ...{ status: 'ACCEPTED', brokerStatus: 'declared', whyHeld: '' },
      ...{ filledQuantity: leg.filledQuantity, remainingQuantity: leg.quantity },
      ...{ averageFillPrice: null, terms: leg.readBack ?? leg.wanted, parentSessionOrderId: null },
    },
  });
  return declared(book, change, leg, `present as ${brokerOrderId} by ${actor}`);
}

function declared(before: Book, change: Change, leg: Leg, what: string): Change {
  if (change.book === before) return change;
  const event = { kind: 'resolved', summary: `${leg.role}: declared ${what}` };
  return inTurn(before, () => ({ book: change.book, events: [event, ...change.events] }));
}

/** Open writes of the leg, and for an entry those of its whole group. */
function openRefs(book: Book, leg: Leg): WriteRef[] {
  const groupKey = placing(leg)?.groupKey;
  const legs = leg.role === 'ENTRY' ? book.legs : [leg];
  return legs.flatMap(({ legId, incarnations }) =>
    incarnations
      .filter((one) => isOpen(one) && (legId === leg.legId || one.groupKey === groupKey))
      .map(({ n }) => ({ legId, n })),
  );
}

/** `stop`, `stop 2`: as people name a leg of a trade. */
export function nameOf({ role, sequence }: Pick<Leg, 'role' | 'sequence'>): string {
  return sequence > 1 ? `${role.toLowerCase()} ${sequence}` : role.toLowerCase();
}

/** What is known of the order, for whoever decides. */
export function evidenceOf(leg: Leg): string[] {
  const place = placing(leg);
  const writes = leg.incarnations.map(
    ({ n, kind, state, sessionOrderId, brokerOrderIds, generation }) =>
      `write ${n}: ${kind} under order id ${sessionOrderId}, generation ${generation}, ${state}` +
      (brokerOrderIds.length > 0 ? `, permId ${brokerOrderIds.join(' ')}` : ''),
  );
  const missed = place && incarnationOf(leg, place.n)?.missed;
  return [
    `${nameOf(leg)} ${leg.clientOrderId}: ${leg.status}, ${leg.filledQuantity} of ${leg.quantity} filled`,
    ...writes,
    ...(missed ? [`a complete picture lacked it at ${new Date(missed.atMs).toISOString()}`] : []),
    ...(leg.error ? [`the broker said: ${leg.error.code} ${leg.error.message}`] : []),
  ];
}
