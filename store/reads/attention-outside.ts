/** Shares outside of any trade that a person must see to: opposite to a trade, or opened by its exits (TRD-12, TRD-13). */
import type { AttentionView } from '../../contract/views.js';
import { decimal, text } from '../../domain/money.js';
import type { Side } from '../../domain/vocabulary.js';
import { Prisma, type Database } from '../database.js';

/** A trade in doubt whose contract nobody holds outside is shown for a day: nobody can do more than look at it. */
const DOUBT_SHOWN_MS = 86_400_000;

interface Row {
  readonly id: string;
  readonly symbol: string;
  readonly side: Side;
  readonly held: string;
  readonly account: string;
  readonly doubt: string | null;
  readonly since: Date;
  /** Signed, of no strategy, on the other side than the trade; null: none. */
  readonly outside: string | null;
  /** A trade that holds the contract on the other side of that, itself first; null: none does. */
  readonly besideId: string | null;
}

/** Of trade `t` and external position `p` of its contract: together they are less than either. */
const IS_OPPOSITE = Prisma.sql`p.strategy_id IS NULL AND p.account_id = t.account_id
    AND p.broker_contract_id = (t.instrument->>'brokerContractId')::int
    AND sign(p.quantity) = CASE t.side WHEN 'BUY' THEN -1 ELSE 1 END`;

/** Trades whose result is in doubt, and trades whose contract is held on the other side outside; the oldest first. */
export async function listOutside(
  db: Database,
  userId: string,
  max: number,
): Promise<AttentionView[]> {
  const doubtedSince = new Date(Date.now() - DOUBT_SHOWN_MS);
  const rows = await db.$queryRaw<Row[]>`
    SELECT t.id, t.symbol, t.side, trim_scale(t.held_quantity)::text AS held, t.doubt,
           a.broker_account_id AS account, trim_scale(p.quantity)::text AS outside,
           coalesce(p.updated_at, t.closed_at, t.updated_at) AS since,
           (SELECT m.id FROM trades m WHERE m.account_id = p.account_id AND m.closed_at IS NULL AND m.held_quantity > 0
               AND (m.instrument->>'brokerContractId')::int = p.broker_contract_id
               AND sign(p.quantity) = CASE m.side WHEN 'BUY' THEN -1 ELSE 1 END
             ORDER BY m.id = t.id DESC, m.id LIMIT 1) AS "besideId"
      FROM trades t JOIN accounts a ON a.id = t.account_id LEFT JOIN positions p ON ${IS_OPPOSITE}
     WHERE t.user_id = ${userId}::uuid
       -- Few of all the trades there ever were: found before anything is joined.
       AND (t.doubt IS NOT NULL OR (t.closed_at IS NULL AND t.held_quantity <> 0))
       AND ((t.doubt IS NOT NULL AND (p.id IS NOT NULL OR t.closed_at IS NULL OR t.closed_at > ${doubtedSince}))
            OR (t.closed_at IS NULL AND t.held_quantity <> 0 AND p.id IS NOT NULL))
     ORDER BY since, t.id LIMIT ${max}`;
  return rows.map(viewOf);
}

function viewOf({ id, symbol, side, held, besideId, account, ...row }: Row): AttentionView {
  const { doubt, since, outside } = row;
  const at = { symbol, account_id: account, since: since.toISOString() };
  if (doubt !== null) {
    const beside = outside === null ? '' : `; ${outside} ${symbol} are held outside of any trade`;
    const shows = `"ballast trade ${id}" shows its fills`;
    const away = outside === null ? null : awayFrom(symbol, outside, besideId);
    const advice = away === null ? shows : `${shows}; ${away}`;
    return { ...at, kind: 'in_doubt', trade_id: id, reason: `${doubt}${beside}`, advice };
  }
  const trade = `trade ${id.slice(0, 8)} (${side === 'BUY' ? 'long' : 'short'} ${held})`;
  const reason = `${outside} ${symbol} are held outside of any trade, opposite to ${trade}: its exits may close what is not there`;
  return { ...at, kind: 'external_opposite', trade_id: null, reason, advice: settle(id) };
}

/** What is held the other way is, as a rule, the trades' own shares that somebody closed: an order would undo that. */
function settle(id: string): string {
  return `"ballast reconcile" books to its trade what others closed of it; what it leaves, "ballast resolve difference ${id}" takes out of the trade that has none of it at the broker`;
}

function awayFrom(symbol: string, outside: string, besideId: string | null): string {
  return besideId === null ? flatten(symbol, outside) : settle(besideId);
}

function flatten(symbol: string, outside: string): string {
  const quantity = decimal(outside);
  const verb = quantity.lt(0) ? 'buy' : 'sell';
  return `${verb} ${text(quantity.abs())} ${symbol} in TWS unless they are wanted`;
}
