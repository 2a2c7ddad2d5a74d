/**
 * Finding out what became of a send (BRK-2). Present: found by our reference in open orders of all
 * clients, executions or completed orders. Absent only when everything that could hide it is ruled out.
 */
import type { EntryOutcome } from '../contract/activities.js';
import type { TradeSnapshot } from '../contract/workflows.js';
import { brokerDay } from '../domain/calendar.js';
import type { TradeView } from '../domain/trade/derive.js';
import { NEW_YORK, wallTimeAt } from '../domain/zone.js';
import { loadBook, lockBook, type TradeBook } from '../store/book/load.js';
import { unansweredExits } from '../store/book/needs-work.js';
import { saveBook, viewOf } from '../store/book/save.js';
import { applyToLeg } from '../store/order-facts.js';
import { abandonTrade } from '../store/settling.js';
import { withdrawBracket } from '../store/sending.js';
import { transact } from '../store/transact.js';
import type { BrokerDeps } from './deps.js';

/** The link must be READY (same client id accepted again, lists synced) before anything is proof. */
const LINK_WAIT_MS = 60_000;
/** Two complete reads this far apart: what was in flight at the first has arrived by the second. */
const BETWEEN_READS_MS = 15_000;
/** An order proven absent is sent again once; absent a second time, it is abandoned. */
const RESENDS_MAX = 1;

/** Gives the outcome that the evidence supports; `unknown` when it supports none yet. */
export async function lookUp(deps: BrokerDeps, tradeId: string): Promise<EntryOutcome> {
  await deps.link.ready(LINK_WAIT_MS);
  const first = await known(deps, tradeId);
  if (first) return first;
  if (!(await readLists(deps))) return unknown(deps, tradeId);
  const second = await known(deps, tradeId);
  if (second) return second;
  await new Promise((resolve) => setTimeout(resolve, BETWEEN_READS_MS));
  const complete = await readLists(deps);
  const third = await known(deps, tradeId);
  if (third) return third;
  return complete && (await absenceIsProof(deps, tradeId))
    ? absent(deps, tradeId)
    : unknown(deps, tradeId);
}

/**
 * Exits of which the broker has shown nothing: found, the planner decides; proven absent, they are
 * over; without proof they stay as they are. Any news of the trade ends the look-up: it goes first.
 */
export async function lookUpExits(deps: BrokerDeps, tradeId: string): Promise<void> {
  if (!(await readLists(deps))) return;
  if (unanswered(await loadBook(deps.db, tradeId)).length === 0) return;
  if (await deps.commits.next(tradeId, ({ wakes }) => wakes, BETWEEN_READS_MS)) return;
  if (!(await readLists(deps)) || !(await absenceIsProof(deps, tradeId))) return;
  await transact(deps.db, 'exits.absent.commit', { tradeId }, async (tx) => {
    const book = await lockBook(tx, tradeId);
    for (const { legId } of unanswered(book)) applyToLeg(book, legId, { kind: 'provenAbsent' });
    await saveBook(tx, book, deps.nowMs());
  });
}

function unanswered(book: TradeBook) {
  return unansweredExits([...book.legs.values()]);
}

/** What a derived trade means for the step that sent it. */
export function entryOutcome(snapshot: TradeSnapshot, view: TradeView): EntryOutcome {
  if (view.isOver && view.entryFilled === '0') {
    return { kind: 'refused', reason: snapshot.failure ?? view.state, snapshot };
  }
  return { kind: 'acknowledged', snapshot };
}

/** Null while the broker has shown nothing of the entry. */
async function known(deps: BrokerDeps, tradeId: string): Promise<EntryOutcome | null> {
  const book = await loadBook(deps.db, tradeId);
  const entry = entryOf(book);
  const snapshot = book.trade.snapshot as unknown as TradeSnapshot;
  if (entry.intent === 'NEW') return { kind: 'not_sent', reason: 'it was never sent', snapshot };
  return entry.intent === 'SENT' ? entryOutcome(snapshot, viewOf(book)) : null;
}

/** Feeds the broker's lists through the inbox; false when one came without its end. */
async function readLists(deps: BrokerDeps): Promise<boolean> {
  const complete = await deps.link.reread();
  await deps.commits.drained();
  return complete;
}

/** The rest of the proof: same broker day, the link up all along, not around the nightly reset. */
async function absenceIsProof(deps: BrokerDeps, tradeId: string): Promise<boolean> {
  const nowMs = deps.nowMs();
  const book = await loadBook(deps.db, tradeId);
  const sendings = [...book.rows.values()].flatMap((row) => row.incarnations);
  const sameDay = sendings.every(
    (sending) => sending.brokerDay.toISOString().slice(0, 10) === brokerDay(nowMs),
  );
  const { ready, brokerServers } = deps.link.port.state();
  return sameDay && ready && brokerServers && !isNightlyReset(nowMs);
}

/** 23:40 to 00:45 New York: the broker's servers restart, and lists may be short. */
const RESET_FROM_MINUTE = 23 * 60 + 40;
const RESET_TO_MINUTE = 45;

function isNightlyReset(nowMs: number): boolean {
  const { hour, minute: minutes } = wallTimeAt(nowMs, NEW_YORK);
  const minute = hour * 60 + minutes;
  return minute >= RESET_FROM_MINUTE || minute < RESET_TO_MINUTE;
}

/** Proven absent: plan again (every check anew) and send once more with the same ids, or give up. */
async function absent(deps: BrokerDeps, tradeId: string): Promise<EntryOutcome> {
  const { db, nowMs } = deps;
  const reason = 'the broker never had it';
  return transact(db, 'absent.commit', { tradeId }, async (tx) => {
    const resent = await tx.tradeEvent.count({
      where: { tradeId, kind: 'not_sent', summary: { contains: reason } },
    });
    const { snapshot } = await withdrawBracket(tx, tradeId, 'absent', reason, nowMs());
    if (resent < RESENDS_MAX) return { kind: 'not_sent', reason, snapshot };
    return { kind: 'not_sent', reason, snapshot: await abandonTrade(tx, tradeId, reason, nowMs()) };
  });
}

async function unknown(deps: BrokerDeps, tradeId: string): Promise<EntryOutcome> {
  const { trade } = await loadBook(deps.db, tradeId);
  return { kind: 'unknown', snapshot: trade.snapshot as unknown as TradeSnapshot };
}

function entryOf(book: TradeBook) {
  return [...book.legs.values()].find((leg) => leg.role === 'ENTRY')!;
}
