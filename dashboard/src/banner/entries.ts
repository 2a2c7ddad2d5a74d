/** What a halt, or a pause, does to entries that work at the broker: it cancels them, and no resuming brings them back. */
import { count } from '../format/words.js';

/** An entry is at the broker, or may be, and some of it is unfilled. */
const ENTERING = ['ENTERING', 'ENTRY_UNKNOWN', 'PARTIALLY_OPEN'];

/** How many of these trades have an entry that would be cancelled. */
export function entriesAtBroker(trades: readonly { readonly state: string }[]): number {
  return trades.filter(({ state }) => ENTERING.includes(state)).length;
}

/** `2 entries that wait at the broker are cancelled`. @param entries null: how many is not known */
export function cancelledText(entries: number | null): string {
  if (entries === null) {
    return 'Entries that wait at the broker are cancelled; resuming does not bring them back.';
  }
  if (entries === 0) return 'No entry waits at the broker; one that is on its way is cancelled.';
  const [verb, them] = entries === 1 ? ['waits', 'is cancelled'] : ['wait', 'are cancelled'];
  const all = `${count(entries, 'entry', 'entries')} that ${verb} at the broker ${them}`;
  return `${all}; what was filled stays, and resuming does not bring the rest back.`;
}

/** Beside a question about resuming. */
export const NOT_BACK =
  'Entries that were cancelled by it do not come back: send their signals again, with new ids.';
