/**
 * The trades that aren't over, with the legs that a picture of the broker can tell something of: what
 * all pictures are compared with, a page at a time, so that 10,000 trades fit into little memory.
 */
import type { Leg } from '../../domain/trade/book.js';
import type { GuardedTrade } from '../../domain/trade/guard.js';
import { Prisma, type Database } from '../database.js';
import { LIVE_STATUSES } from '../live.js';
import { amount, LEG, legFrom, ms, type LegDocument } from './load.js';

/** Some 10 MB of documents. */
const PAGE = 2_000;
const FIRST_ID = '00000000-0000-0000-0000-000000000000';

export interface OpenTrade extends GuardedTrade {
  readonly accountId: string;
}

type Row = Omit<OpenTrade, 'legs'> & { readonly legs: readonly LegDocument[] };

/**
 * Pages of a connection's open trades. `unsettledOnly`: those alone of which a write is open, or an
 * order's fate is in doubt.
 */
export async function* openTrades(
  db: Database,
  connectionId: string,
  unsettledOnly: boolean,
): AsyncGenerator<readonly OpenTrade[]> {
  for (let after = FIRST_ID; ;) {
    const rows = await db.$queryRaw<{ document: Row }[]>`
      SELECT jsonb_build_object('tradeId', t.id, 'accountId', t.account_id,
          'account', a.broker_account_id, 'symbol', t.symbol, 'side', t.side,
          'securityType', t.instrument->>'securityType',
          'brokerContractId', t.instrument->'brokerContractId', 'external', ${EXTERNAL},
          'held', ${amount('t.held_quantity')}, 'stopPrice', ${amount('t.stop_price')},
          'targetPrice', ${amount('t.target_price')},
          'unarmedSinceMs', ${ms('t.unarmed_since')}, 'legs', l.legs) AS document
        FROM trades t JOIN accounts a ON a.id = t.account_id
        JOIN LATERAL (
          SELECT coalesce(jsonb_agg(${LEG} ORDER BY o.created_at), '[]'::jsonb) AS legs
            FROM orders o WHERE o.trade_id = t.id AND (${MATTERS})) l ON true
       WHERE t.closed_at IS NULL AND a.connection_id = ${connectionId}::uuid
         AND t.id > ${after}::uuid
         AND (t.held_quantity <> 0 OR EXISTS
              (SELECT 1 FROM orders o WHERE o.trade_id = t.id AND o.intent <> 'NEW'))
         ${unsettledOnly ? Prisma.sql`AND (t.unarmed_since IS NOT NULL OR EXISTS (SELECT 1 FROM orders o WHERE o.trade_id = t.id AND ${UNSETTLED}))` : Prisma.empty}
       ORDER BY t.id LIMIT ${PAGE}`;
    if (rows.length === 0) return;
    const page = rows.map(({ document }) => fromRow(document));
    yield page;
    if (page.length < PAGE) return;
    after = page.at(-1)!.tradeId;
  }
}

export interface OwnedLeg {
  readonly tradeId: string;
  readonly leg: Leg;
}

/** The legs of these client order ids, whether their trades are over or not. */
export async function* legsOf(
  db: Database,
  clientOrderIds: readonly string[],
): AsyncGenerator<readonly OwnedLeg[]> {
  for (let from = 0; from < clientOrderIds.length; from += PAGE) {
    const page = clientOrderIds.slice(from, from + PAGE);
    const rows = await db.$queryRaw<{ tradeId: string; leg: LegDocument }[]>`
      SELECT o.trade_id AS "tradeId", ${LEG} AS leg FROM orders o
       WHERE o.client_order_id = ANY(${page})`;
    yield rows.map(({ tradeId, leg }) => ({ tradeId, leg: legFrom(leg, []) }));
  }
}

function fromRow(row: Row): OpenTrade {
  return { ...row, legs: row.legs.map((leg) => legFrom(leg, [])) };
}

/** What the account holds of the contract in no trade's book. */
const EXTERNAL = Prisma.sql`(SELECT trim_scale(coalesce(sum(p.quantity), 0))::text FROM positions p
  WHERE p.account_id = t.account_id AND p.strategy_id IS NULL
    AND p.broker_contract_id = (t.instrument->>'brokerContractId')::int)`;

/** A write of it has no outcome yet. */
const OPEN = Prisma.sql`EXISTS (SELECT 1 FROM order_incarnations i
  WHERE i.order_row_id = o.id AND i.state IN ('CLAIMED', 'UNKNOWN'))`;

/** An order that another one has replaced was shown, and neither its end nor that it is gone (ids.ts). */
const STRAY = Prisma.sql`EXISTS (SELECT 1 FROM order_incarnations i
  JOIN order_incarnations later ON later.order_row_id = i.order_row_id AND later.n > i.n
 WHERE i.order_row_id = o.id AND i.kind = 'place' AND i.state = 'SHOWN'
   AND later.kind = 'place' AND later.session_order_id <> i.session_order_id)`;

/** The broker may have something to tell of it. */
const MATTERS = Prisma.sql`o.intent <> 'NEW' AND (o.status = ANY(${LIVE_STATUSES}) OR ${OPEN}
  OR o.reported->'sinceMs' IS NOT NULL OR ${STRAY})`;

/** A write, or what an order is, is in doubt. */
const UNSETTLED = Prisma.sql`o.intent <> 'NEW' AND (${OPEN}
  OR o.status IN ('CANCEL_PENDING', 'UNKNOWN')
  OR EXISTS (SELECT 1 FROM order_incarnations i
              WHERE i.order_row_id = o.id AND i.state = 'SHOWN' AND i.missed_at IS NOT NULL))`;
