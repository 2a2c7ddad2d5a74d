/** What an account's values show of its fills, and the cash that is let go with them (RSK-2). */
import type { AccountSnapshot } from '../contract/market.js';
import { shownBy, VALUES_LAG_MAX_MS, type UnseenFill } from '../domain/risk/values-lag.js';
import { Prisma, type Transaction } from './database.js';

/** Beyond so many executions in three minutes the time alone lets cash go. */
const UNSEEN_MAX = 2_000;

interface UnseenRow extends Omit<UnseenFill, 'rate' | 'commissionRate'> {
  readonly currency: string | null;
  readonly commissionCurrency: string | null;
}

/**
 * Marks the executions that these values show, and lets go the cash of reservations that is in them. `matchedCash`
 * is the account's. Call with the account's row locked. Gives its new `matchedCash`.
 */
export async function takeShown(
  tx: Transaction,
  accountId: string,
  matchedCash: string | null,
  values: AccountSnapshot,
): Promise<string | null> {
  await lockCash(tx, accountId);
  const rows = await readUnseen(tx, accountId);
  const isTooMuch = rows.length > UNSEEN_MAX;
  const fills = rows.map((row) => withRates(row, values));
  const shown = isTooMuch
    ? { ids: [], matchedCash: null }
    : shownBy(matchedCash, { totalCash: values.totalCash, atMs: values.atMs }, fills);
  if (rows.length > 0) await markShown(tx, accountId, shown.ids, values.atMs);
  await letGo(tx, accountId, values.atMs);
  return shown.matchedCash;
}

/**
 * A fill that is being booked, without the account's lock, holds its reservation: it is waited for here, in a statement
 * of its own, so that the next ones see its execution too and not the changed reservation alone. Before any
 * execution, as a book is saved, and by trade: nobody who is waited for waits for what is held here.
 */
async function lockCash(tx: Transaction, accountId: string): Promise<void> {
  await tx.$executeRaw`
    SELECT 1 FROM reservations WHERE account_id = ${accountId}::uuid AND phase = 'CASH'
     ORDER BY trade_id FOR NO KEY UPDATE`;
}

/** In the order they were booked. Those of no trade may be of anything, an option's lot of a hundred too. */
function readUnseen(tx: Transaction, accountId: string): Promise<UnseenRow[]> {
  return tx.$queryRaw<UnseenRow[]>`
    SELECT e.id::text, e.side, trim_scale(e.quantity)::text AS quantity, trim_scale(e.price)::text AS price,
           trim_scale(e.commission)::text AS commission, e.commission_currency AS "commissionCurrency",
           t.instrument->>'currency' AS currency,
           (t.instrument->>'securityType' = 'STK' AND e.correction = 1 AND NOT e.superseded
             AND NOT e.inferred) IS TRUE AS "isPlain",
           (extract(epoch FROM e.received_at) * 1000)::float8 AS "receivedAtMs"
      FROM executions e LEFT JOIN trades t ON t.id = e.trade_id
     WHERE e.account_id = ${accountId}::uuid AND NOT e.in_values
     ORDER BY e.id LIMIT ${UNSEEN_MAX + 1}`;
}

function withRates(row: UnseenRow, { baseCurrency, exchangeRates }: AccountSnapshot): UnseenFill {
  const rateOf = (currency: string | null) => {
    if (currency === null) return null;
    return currency === baseCurrency ? '1' : (exchangeRates[currency] ?? null);
  };
  const { currency, commissionCurrency, ...fill } = row;
  return { ...fill, rate: rateOf(currency), commissionRate: rateOf(commissionCurrency) };
}

async function markShown(
  tx: Transaction,
  accountId: string,
  ids: readonly string[],
  atMs: number,
): Promise<void> {
  await tx.$executeRaw`
    UPDATE executions SET in_values = true
     WHERE account_id = ${accountId}::uuid AND NOT in_values
       AND (received_at <= ${new Date(atMs - VALUES_LAG_MAX_MS)} OR id = ANY(${[...ids]}::bigint[]))`;
}

/**
 * What was bought and is shown is in the values now. Cash stays reserved for what may still be bought, and for the
 * shares that were bought and are not shown, at their part of what was approved. Call with the reservations locked.
 */
async function letGo(tx: Transaction, accountId: string, atMs: number): Promise<void> {
  const isDone = Prisma.sql`r.resting_cash = 0 AND u.unseen = 0`;
  await tx.$executeRaw`
    UPDATE reservations r
       SET phase = CASE WHEN ${isDone} THEN 'EXPOSURE' ELSE 'CASH' END,
           cash = CASE WHEN ${isDone} THEN r.cash ELSE least(r.cash, r.resting_cash
             + CASE WHEN u.unseen = 0 THEN 0 ELSE coalesce(round(r.exposure * u.share, 8), r.cash) END) END,
           filled_at = CASE WHEN u.unseen = 0 AND r.resting_cash > 0 THEN NULL ELSE r.filled_at END
      FROM (SELECT t.id, s.unseen, s.unseen / nullif(t.planned_quantity, 0) AS share
              FROM reservations k JOIN trades t ON t.id = k.trade_id
                   CROSS JOIN LATERAL (SELECT coalesce(sum(e.quantity), 0) AS unseen FROM executions e
                     WHERE e.trade_id = k.trade_id AND e.side = k.side
                       AND NOT e.in_values AND NOT e.superseded) s
             WHERE k.account_id = ${accountId}::uuid AND k.phase = 'CASH') u
     WHERE r.trade_id = u.id AND r.phase = 'CASH' AND r.filled_at < ${new Date(atMs)}`;
}
