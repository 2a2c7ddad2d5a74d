/** The timeline's entries in words: what no row of the trade tells better, and no repetition of it. */
import type { TimelineEntry } from '../../contract/views.js';
import { line, type LifeLine, type Tone } from './line.js';

/** Told better from the rows themselves than from the timeline's one line. */
const TOLD_ELSEWHERE: ReadonlySet<string> = new Set(['signal', 'approved', 'denied', 'settled']);

/** Kinds that need a shorter name, or a colour. */
const NAMES: Readonly<Record<string, string>> = {
  broker_message: 'broker',
  reanchored: 're-anchor',
  not_sent: 'not sent',
};
const BAD_KINDS: ReadonlySet<string> = new Set(['broker_message', 'not_sent', 'correction']);

/** IBKR's way of confirming a cancel: the status says the same. */
const CANCEL_CONFIRMED = 202;

/** A line for an entry, or null when it says nothing new. */
export function timelineLine(entry: TimelineEntry): LifeLine | null {
  const { at, kind } = entry;
  if (TOLD_ELSEWHERE.has(kind)) return null;
  if (kind === 'order_status') return statusLine(entry);
  if (kind === 'broker_message' && codeOf(entry) === CANCEL_CONFIRMED) return null;
  const tone: Tone = BAD_KINDS.has(kind) ? 'bad' : 'plain';
  return line(at, NAMES[kind] ?? kind.replaceAll('_', ' '), tidy(entry.summary), tone);
}

const STATUS_CHANGE = /^(ENTRY|STOP|TARGET|CLOSE): (\w+) → (\w+)/;

/** Being acknowledged is told with the order itself; being about to be cancelled, by its end. */
function statusLine({ at, summary }: TimelineEntry): LifeLine | null {
  const [, role, from, to] = STATUS_CHANGE.exec(summary) ?? [];
  if (role === undefined) return line(at, 'order', tidy(summary));
  const isAcknowledged = from === 'PENDING' && (to === 'ACCEPTED' || to === 'HELD');
  if (isAcknowledged || to === 'CANCEL_PENDING') return null;
  const change = tidy(summary.slice(role.length + 2)).replace('CANCEL_PENDING → ', '');
  return line(at, role.toLowerCase(), change, 'quiet');
}

function codeOf({ detail }: TimelineEntry): unknown {
  return typeof detail === 'object' && detail !== null && 'code' in detail ? detail['code'] : null;
}

function tidy(text: string): string {
  return text.replace(/ {2,}/g, ' ').trim();
}
