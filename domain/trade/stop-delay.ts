/**
 * How long the first shares of a trade were without a stop (BRK-9). Where the stop goes with the entry that is no
 * time at all; where the broker knows no brackets it is placed after the fill, and the time is measured and shown
 * for what it is.
 */
import type { EpochMs } from '../vocabulary.js';
import { goesAlone } from './bracket.js';
import type { Book, TimelineEvent } from './book.js';

/** A fill of the entry. */
export interface EntryFill {
  /** By the broker's clock. */
  readonly executedAtMs: EpochMs;
  /** By this system's. */
  readonly receivedAtMs: EpochMs;
}

/**
 * From the first fill of the entry to the broker's first word of a stop, in milliseconds; null while either is
 * missing. A broker's clock that is ahead makes it no shorter than what this system has seen.
 */
export function stopDelayMs(
  fills: readonly EntryFill[],
  stopsAcknowledgedAtMs: readonly (EpochMs | null)[],
): number | null {
  const filledAtMs = Math.min(...fills.map(filledAt));
  const standsAtMs = Math.min(...stopsAcknowledgedAtMs.filter((atMs) => atMs !== null));
  const tookMs = standsAtMs - filledAtMs;
  return Number.isFinite(tookMs) ? Math.max(0, tookMs) : null;
}

/** Some brokers tell no time of a fill. */
function filledAt({ executedAtMs, receivedAtMs }: EntryFill): EpochMs {
  return executedAtMs > 0 ? Math.min(executedAtMs, receivedAtMs) : receivedAtMs;
}

/** The same of a book. */
export function stopDelayOf({ fills, legs }: Pick<Book, 'fills' | 'legs'>): number | null {
  const entries = new Set(legs.filter(({ role }) => role === 'ENTRY').map(({ legId }) => legId));
  const stops = legs.filter(({ role }) => role === 'STOP');
  return stopDelayMs(
    fills.filter(({ legId }) => entries.has(legId)),
    stops.map(({ acknowledgedAtMs }) => acknowledgedAtMs),
  );
}

const SECOND_MS = 1_000;

/** The line of the timeline, once, when the stop of an entry that went alone stands. */
export function stopStands(before: Book, book: Book): TimelineEvent[] {
  if (!goesAlone(book) || stopDelayOf(before) !== null) return [];
  const delayMs = stopDelayOf(book);
  if (delayMs === null) return [];
  const summary = `the stop stands ${(delayMs / SECOND_MS).toFixed(1)} s after the first fill`;
  return [{ kind: 'stop_stands', summary, detail: { delayMs } }];
}

/** A stop that is placed after the fill is on its way for so long; beyond it shares without one are a breach. */
export const STOP_DUE_MS = 30_000;

/** Whether shares are without a stop for no other reason than that the entry went alone, just now. */
export function isStopUnderWay(
  book: Pick<Book, 'plan' | 'unarmedSinceMs'>,
  nowMs: EpochMs,
): boolean {
  const { unarmedSinceMs } = book;
  return goesAlone(book) && unarmedSinceMs !== null && nowMs - unarmedSinceMs < STOP_DUE_MS;
}
