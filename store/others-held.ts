/** What others hold of a trade's contract: what of the broker's net position is not the trade's. */
import { decimal, sum, text, type DecimalText } from '../domain/money.js';
import { filledAtBroker } from '../domain/orders/machine.js';
import type { Holder } from '../domain/trade/dealt-shares.js';
import { fillableMax } from '../domain/trade/exposure.js';
import { tradeLeg } from '../domain/trade/leg.js';
import type { OthersHeld } from '../domain/trade/own-share.js';
import type { Book } from '../domain/trade/book.js';
import type { BookKeys } from './book/keys.js';
import { LEG, legFrom, type LegDocument } from './book/load.js';
import type { Database } from './database.js';

/** Of one moment: both sums come from one statement. */
export async function othersHeld(
  db: Pick<Database, '$queryRaw'>,
  { id, side, instrument }: Pick<Book, 'id' | 'side' | 'instrument'>,
  { accountId }: Pick<BookKeys, 'accountId'>,
): Promise<OthersHeld> {
  const { brokerContractId } = instrument;
  // What was never resolved was never sent, and nobody else can hold it either.
  if (brokerContractId === undefined) return { byTrades: '0', external: '0' };
  const [row] = await db.$queryRaw<[OthersHeld]>`
    SELECT (SELECT trim_scale(coalesce(sum(t.held_quantity), 0))::text FROM trades t
             WHERE t.account_id = ${accountId}::uuid AND t.id <> ${id}::uuid
               AND t.closed_at IS NULL AND t.side = ${side} AND t.held_quantity > 0
               AND t.instrument->>'brokerContractId' = ${String(brokerContractId)}) AS "byTrades",
           (SELECT trim_scale(coalesce(sum(p.quantity), 0))::text FROM positions p
             WHERE p.account_id = ${accountId}::uuid AND p.strategy_id IS NULL
               AND p.broker_contract_id = ${brokerContractId}) AS external`;
  return row;
}

/**
 * All open trades of the contract in that direction, with what each holds and what its exits could fill. Fills
 * that a status told of, and whose executions are to come, have left both.
 */
export async function holdersOf(
  db: Pick<Database, '$queryRaw'>,
  { side, instrument: { brokerContractId } }: Pick<Book, 'side' | 'instrument'>,
  { accountId }: Pick<BookKeys, 'accountId'>,
): Promise<readonly HolderBooked[]> {
  if (brokerContractId === undefined) return [];
  const rows = await db.$queryRaw<HolderRow[]>`
    SELECT t.id::text AS "tradeId", trim_scale(t.held_quantity)::text AS booked,
           t.close_requested IS NOT NULL AS "isClosing",
           (SELECT coalesce(jsonb_agg(${LEG}), '[]'::jsonb) FROM orders o
             WHERE o.trade_id = t.id AND o.role <> 'ENTRY' AND o.intent <> 'NEW') AS legs
      FROM trades t
     WHERE t.account_id = ${accountId}::uuid AND t.closed_at IS NULL AND t.side = ${side}
       AND t.held_quantity > 0 AND t.instrument->>'brokerContractId' = ${String(brokerContractId)}
     ORDER BY t.id`;
  return rows.map(({ legs, booked, ...row }) => {
    const exits = legs.map((leg) => legFrom(leg, [])).filter((leg) => leg.side !== side);
    const untold = sum(exits.map((leg) => filledAtBroker(leg).sub(decimal(leg.filledQuantity))));
    const held = text(decimal(booked).sub(untold));
    return { ...row, booked, held, exits: text(fillableMax(exits.map(tradeLeg))) };
  });
}

/** `booked`: what its executions say. */
export type HolderBooked = Holder & { readonly booked: DecimalText };

type HolderRow = Pick<HolderBooked, 'tradeId' | 'booked' | 'isClosing'> & {
  readonly legs: readonly LegDocument[];
};
