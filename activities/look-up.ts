/**
 * Finding out what became of writes (BRK-2): pictures of the broker, as far apart as proof needs them,
 * each laid over the book (domain/sending/picture.ts), until nothing is open or the time is over.
 */
import type { EntryOutcome } from '../contract/activities.js';
import type { TradeSnapshot } from '../contract/workflows.js';
import { isBlindTo, isInReset, withoutReset } from '../domain/broker/day.js';
import { entryOf, type Book } from '../domain/trade/book.js';
import { isLongUnknown } from '../domain/trade/needs.js';
import { viewOf, type BookView } from '../domain/trade/view.js';
import { alertUnknownEntry } from '../store/alerts.js';
import { changeTrade, type Changed } from '../store/book/change.js';
import { judgeTrade, type Viewpoint } from '../store/book/judge.js';
import { loadBook } from '../store/book/load.js';
import type { BrokerDeps } from './deps.js';

/** The link must be READY (same client id accepted again, lists synced) before anything is proof. */
const LINK_WAIT_MS = 60_000;
/** Long enough for a proof (15 s and two pictures); then the workflow takes a breath. */
const LOOK_UP_MAX_MS = 40_000;

/** Gives the outcome that the evidence supports; `unknown` when it supports none yet. */
export async function lookUp(deps: BrokerDeps, tradeId: string): Promise<EntryOutcome> {
  await deps.link.ready(LINK_WAIT_MS);
  const untilMs = deps.nowMs() + LOOK_UP_MAX_MS;
  for (;;) {
    const loaded = await loadBook(deps.db, tradeId);
    const known = knownOutcome(loaded.book, loaded.keys.snapshot!, viewOf(loaded.book));
    if (known) return known;
    const { changed, lookAgainAtMs } = await lookOnce(deps, tradeId);
    const found = knownOutcome(changed.book, changed.snapshot, changed.view);
    if (found) return found;
    if (lookAgainAtMs === null || lookAgainAtMs > untilMs) {
      return { kind: 'unknown', snapshot: await askPerson(deps, changed) };
    }
    await newsOrUntil(deps, tradeId, lookAgainAtMs);
  }
}

/** An entry that nobody could find out about for long is told to a person, once; looking goes on. */
async function askPerson(deps: BrokerDeps, { book, snapshot }: Changed): Promise<TradeSnapshot> {
  const { db, nowMs } = deps;
  if (!isLongUnknown(book, nowMs())) return snapshot;
  const told = await changeTrade(db, 'unknown.commit', book.id, nowMs(), async (now, keys, tx) => {
    const isNew = isLongUnknown(now, nowMs()) && (await alertUnknownEntry(tx, now, keys));
    const summary =
      'ENTRY: of unknown fate for long; a person is asked, and it is looked up further';
    return { book: now, events: isNew ? [{ kind: 'asks_person', summary }] : [] };
  });
  return told.snapshot;
}

export interface Looked {
  readonly changed: Changed;
  /** When a further picture could settle what is still open; null when nothing is. */
  readonly lookAgainAtMs: number | null;
}

/** One picture, and what it proves for a trade. */
export async function lookOnce(deps: BrokerDeps, tradeId: string): Promise<Looked> {
  const picture = await deps.link.picture();
  // A book that lacks what the broker told is no measure of a picture.
  const snapshot = deps.commits.isStuck(tradeId) ? { ...picture, isComplete: false } : picture;
  const { changed, judgement } = await judgeTrade(deps.db, snapshot, tradeId, viewpoint(deps));
  return { changed, lookAgainAtMs: judgement.lookAgainAtMs };
}

/** From where pictures are judged: what this process may still be writing proves nothing. */
export function viewpoint(deps: BrokerDeps): Viewpoint {
  const { capabilities } = deps.link.port;
  const day = deps.settings.knowsNights ? capabilities.day : withoutReset(capabilities.day);
  return {
    nowMs: deps.nowMs(),
    epoch: String(deps.link.lease().epoch),
    writing: deps.writing,
    answerTimeoutMs: deps.settings.ackTimeoutMs,
    isBlindTo: (claimDay, nowMs) => isBlindTo(day, claimDay, nowMs),
    isInReset: (nowMs) => isInReset(day, nowMs),
  };
}

/** Waits for a moment, or for any news of the trade before it. */
export async function newsOrUntil(deps: BrokerDeps, tradeId: string, atMs: number): Promise<void> {
  await deps.commits.next(tradeId, () => true, Math.max(0, atMs - deps.nowMs()));
}

/** What a derived trade means for the step that sent it. */
export function entryOutcome(snapshot: TradeSnapshot, view: BookView): EntryOutcome {
  if (view.isOver && view.entryFilled === '0') {
    return { kind: 'refused', reason: snapshot.failure ?? view.state, snapshot };
  }
  return { kind: 'acknowledged', snapshot };
}

/** Null while the broker has shown nothing of the entry, and nothing is proven. */
function knownOutcome(book: Book, snapshot: TradeSnapshot, view: BookView): EntryOutcome | null {
  const entry = entryOf(book);
  if (entry === undefined || entry.intent === 'NEW') {
    return { kind: 'not_sent', reason: book.failure ?? 'it was never sent', snapshot };
  }
  return entry.intent === 'SENT' ? entryOutcome(snapshot, view) : null;
}
