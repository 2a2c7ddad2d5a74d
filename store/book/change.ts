/**
 * Changing a trade: lock, load, decide, save. Everything that changes a trade's rows goes through here,
 * so there is one writer at a time, one way to derive, and one place where what follows by itself (times,
 * protection, reservation, position, snapshot) is made true.
 */
import type { TradeSnapshot } from '../../contract/workflows.js';
import type { Book, Change, TimelineEvent } from '../../domain/trade/book.js';
import { positionMoves } from '../../domain/trade/executions.js';
import { finish } from '../../domain/trade/finish.js';
import { newsOf, type News } from '../../domain/trade/news.js';
import { mayMove } from '../../domain/trade/states.js';
import type { BookView } from '../../domain/trade/view.js';
import type { PairName } from '../../failpoints/table.js';
import { alert, alertsSql, type Alert } from '../alerts.js';
import type { Database, Prisma, Transaction } from '../database.js';
import { movePosition } from '../positions.js';
import { quarantineAccountSymbol } from '../quarantine.js';
import { transact } from '../transact.js';
import { bustedSince, tellBusted } from './busted.js';
import type { BookKeys } from './keys.js';
import { loadBook, lockTrade, type LoadedBook } from './load.js';
import { saveLots } from './lots.js';
import { saveBook } from './save.js';
import { mattersToWorkflow, sameContent, snapshotOf } from './snapshot.js';
import { takenUpParts } from './taken-up.js';

export interface Changed {
  readonly book: Book;
  readonly keys: BookKeys;
  readonly view: BookView;
  readonly snapshot: TradeSnapshot;
  /** The workflow must be told (unless it is the one that asked). */
  readonly wakes: boolean;
  /** False when nothing had changed and nothing was written. */
  readonly changed: boolean;
}

/** Makes the change; it may read in the transaction, and must not write but by what it gives. */
export type MakeChange = (
  book: Book,
  keys: BookKeys,
  /** What is read meanwhile is read here: a second connection might be waited for by all who hold one. */
  tx: Transaction,
) => Change | Promise<Change>;

/** Changes a trade inside a transaction; `nowMs` stamps what becomes true now. */
export async function changeBook(
  tx: Transaction,
  tradeId: string,
  nowMs: number,
  make: MakeChange,
): Promise<Changed> {
  await lockTrade(tx, tradeId);
  const loaded = await loadBook(tx, tradeId);
  return saveChange(tx, loaded, nowMs, await make(loaded.book, loaded.keys, tx));
}

/**
 * The second half of a change: what follows from it, and its save. For those who lock and read more than
 * the trade in the same statements; `beside` is written with it, in one statement.
 */
export async function saveChange(
  tx: Transaction,
  { book: before, keys }: LoadedBook,
  nowMs: number,
  change: Change,
  beside: readonly Prisma.Sql[] = [],
): Promise<Changed> {
  const { book, events: told, view } = finish(before, change, nowMs);
  const events = [...told, ...oddMove(keys, view)];
  const snapshot = snapshotOf(book, view, keys.seq + 1, nowMs);
  const isSame = book === before && events.length === 0 && sameContent(keys.snapshot, snapshot);
  if (isSame && keys.snapshot && beside.length === 0) {
    return { book, keys, view, snapshot: keys.snapshot, wakes: false, changed: false };
  }
  const wakes = mattersToWorkflow(keys.snapshot, snapshot);
  const news = toldOf(before, book, view, keys);
  const parts = [
    ...beside,
    ...(news.length === 0 ? [] : [alertsSql(news)]),
    ...takenUpParts(before, book, keys),
  ];
  await saveBook(tx, { before, after: book, keys, view, snapshot, wakes, events, beside: parts });
  await followUp(tx, before, book, keys);
  for (const busted of bustedSince(before, book)) await tellBusted(tx, book, keys, busted);
  if (view.state === 'OVERFILLED' && keys.snapshot?.state !== 'OVERFILLED')
    await tellOverfill(tx, book, keys, snapshot);
  return {
    book,
    keys: { ...keys, seq: snapshot.seq, snapshot },
    view,
    snapshot,
    wakes,
    changed: true,
  };
}

/** Words must keep no change from being saved: should they fail, that is told. */
function toldOf(before: Book, book: Book, view: BookView, keys: BookKeys): Alert[] {
  const tell = alertOf(keys, book);
  try {
    return newsOf(before, keys.snapshot?.state ?? null, book, view).map(tell);
  } catch (error) {
    const summary = `a change of ${book.side} ${book.symbol} could not be put into words: "ballast trade ${book.id}" shows it`;
    const dedupeKey = `untold:${book.id}:${keys.seq}`;
    return [tell({ kind: 'failed', dedupeKey, summary, detail: { error: String(error) } })];
  }
}

/** What is told of a trade, as a row of the outbox. */
export function alertOf({ userId }: BookKeys, { id: tradeId }: Book): (news: News) => Alert {
  return (news) => ({ ...news, userId, tradeId });
}

/** More was sold than held (TRD-12): no entry in the symbol until a person has looked, who is told of it. */
async function tellOverfill(
  tx: Transaction,
  { id: tradeId, symbol }: Book,
  { userId, accountId }: BookKeys,
  { seq, heldQuantity }: TradeSnapshot,
): Promise<void> {
  const reason = 'more of a trade was sold than it held';
  const causeKey = `overfilled:${tradeId}`;
  await quarantineAccountSymbol(tx, { userId, accountId, symbol, reason, causeKey });
  await alert(tx, {
    ...{ userId, tradeId, kind: 'overfilled', dedupeKey: `overfilled:${tradeId}:${seq}` },
    summary: `${symbol}: exits filled more than was held; its exits end, and the excess is closed`,
    detail: { held: heldQuantity },
  });
}

/** A state that should not follow the last one: told to people, for the facts are as they are. */
function oddMove({ snapshot }: BookKeys, { state }: BookView): TimelineEvent[] {
  if (snapshot === null || mayMove(snapshot.state, state)) return [];
  return [
    { kind: 'odd_state', summary: `${snapshot.state} → ${state}: no such move was foreseen` },
  ];
}

/** The same as a transaction of its own, with the failpoints of the step that it is. */
export async function changeTrade(
  db: Database,
  step: PairName,
  tradeId: string,
  nowMs: number,
  make: MakeChange,
): Promise<Changed> {
  return transact(db, step, { tradeId }, (tx) => changeBook(tx, tradeId, nowMs, make));
}

/** What stands in rows of its own and follows from the book. */
async function followUp(tx: Transaction, before: Book, book: Book, keys: BookKeys): Promise<void> {
  for (const move of positionMoves(before, book)) await movePosition(tx, keys, move);
  const isNewResult = JSON.stringify(before.result) !== JSON.stringify(book.result);
  if (isNewResult) await saveLots(tx, book, keys);
}
