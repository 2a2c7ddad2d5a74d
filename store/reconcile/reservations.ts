/** Reservations that may not be what they should be, as books, and what mends them (RSK-2). */
import { leakOf, mendReservation } from '../../domain/reconcile/reservations.js';
import type { Finding } from '../../domain/reconcile/finding.js';
import type { Book } from '../../domain/trade/book.js';
import type { EpochMs } from '../../domain/vocabulary.js';
import { changeTrade } from '../book/change.js';
import { loadBook } from '../book/load.js';
import { Prisma, type Database } from '../database.js';
import type { Limits } from '../protections.js';
import { settleTrade } from '../settlement.js';

/** Books that one look loads, some milliseconds each; the next look finds the others. */
const BOOKS_MAX = 500;

/** Something of trade `t` was sent, or may have been. */
const SENT = Prisma.sql`EXISTS (SELECT 1 FROM orders o WHERE o.trade_id = t.id AND o.intent <> 'NEW')`;

/** What the newest approved plan of trade `t` was to keep, as its columns take it. */
const PLANNED = Prisma.sql`(SELECT round((d.plan->'reservation'->>'exposure')::numeric, 8) AS exposure,
         round((d.plan->'reservation'->>'openRisk')::numeric, 8) AS open_risk
    FROM decisions d WHERE d.trade_id = t.id AND d.verdict = 'approved' ORDER BY d.serial DESC LIMIT 1)`;

/**
 * The books of an account's trades whose reservation only they can judge: those that keep cash, those that are over
 * or unsent and keep anything, those that keep other limits than were planned, and those that aren't over and keep
 * nothing, or have no row. All others keep limits for a trade that goes on, and are as they should be. Those come
 * first that keep something for nothing.
 */
export async function loadReserved(db: Database, accountId: string): Promise<Book[]> {
  const rows = await db.$queryRaw<{ id: string }[]>`
    SELECT t.id, (t.closed_at IS NULL) AS is_open, r.created_at
      FROM reservations r JOIN trades t ON t.id = r.trade_id LEFT JOIN LATERAL ${PLANNED} p ON true
     WHERE r.account_id = ${accountId}::uuid AND r.phase <> 'RELEASED'
       AND (r.phase = 'CASH' OR t.closed_at IS NOT NULL OR t.decision_id IS NULL OR NOT ${SENT}
            OR r.resting_cash <> 0 OR r.exposure <> p.exposure OR r.open_risk < p.open_risk)
    UNION ALL
    SELECT t.id, true, r.created_at FROM trades t JOIN reservations r ON r.trade_id = t.id
     WHERE t.account_id = ${accountId}::uuid AND t.closed_at IS NULL AND r.phase = 'RELEASED' AND ${SENT}
    UNION ALL
    SELECT t.id, true, t.created_at FROM trades t JOIN decisions d ON d.id = t.decision_id
     WHERE t.account_id = ${accountId}::uuid AND t.closed_at IS NULL AND d.verdict = 'approved'
       AND NOT EXISTS (SELECT 1 FROM reservations r WHERE r.trade_id = t.id)
     ORDER BY is_open, created_at LIMIT ${BOOKS_MAX}`;
  const books: Book[] = [];
  for (const { id } of rows) books.push((await loadBook(db, id)).book);
  return books;
}

/** Mends what was found, if it still is so; the trade's timeline says what. Gives what became of it, for people. */
export async function mendReserved(
  db: Database,
  { tradeIds: [tradeId] }: Finding,
  nowMs: EpochMs,
  limits: Limits,
): Promise<string> {
  if (tradeId === undefined) return 'nothing';
  let isUnsettled = false;
  let isMended = false;
  await changeTrade(db, 'reconcile.note.commit', tradeId, nowMs, (book) => {
    isUnsettled = leakOf(book, nowMs)?.cause === 'unsettled';
    const change = isUnsettled ? null : mendReservation(book, nowMs);
    isMended = change !== null;
    return change ?? { book, events: [] };
  });
  if (isUnsettled) {
    // What else hangs on a result (lots, news, protections) comes with the settlement alone.
    await settleTrade(db, tradeId, nowMs, limits);
    return 'its result is booked, and what it kept is let go';
  }
  return isMended ? 'it keeps what its book asks for now' : 'nothing: it has mended itself';
}
