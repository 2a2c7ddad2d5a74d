/** Marking trades whose result may not be what their own fills say (domain/trade/doubt.ts). */
import type { ExecutionReport } from '../domain/broker/fact.js';
import { decimal } from '../domain/money.js';
import { GONE_PREFIX, PART_PREFIX, PRICED_PREFIX } from '../domain/trade/closed-outside.js';
import { doubtOf, doubtText, unpricedText, type ContractFill } from '../domain/trade/doubt.js';
import type { Book } from '../domain/trade/book.js';
import type { Side } from '../domain/vocabulary.js';
import { alert } from './alerts.js';
import type { Transaction } from './database.js';
import { addTradeEvent } from './timeline.js';

/** What is looked at of one contract and trade: far more than a hand and a trade make of each other. */
const FILLS_MAX = 2_000;

/**
 * Looks at a trade whose exit has just filled, under its lock: only an account that is on the other side now
 * has anything to tell, unless the trade was in doubt before.
 */
export async function doubtAfterExit(
  tx: Transaction,
  { id: tradeId, side, instrument }: Pick<Book, 'id' | 'side' | 'instrument'>,
  accountId: string,
): Promise<void> {
  await inTurn(tx, accountId, instrument.brokerContractId ?? 0);
  const [row] = await tx.$queryRaw<{ net: string; doubt: string | null }[]>`
    SELECT t.doubt, (SELECT trim_scale(coalesce(sum(p.quantity), 0))::text FROM positions p
        WHERE p.account_id = ${accountId}::uuid
          AND p.broker_contract_id = ${instrument.brokerContractId ?? 0}) AS net
      FROM trades t WHERE t.id = ${tradeId}::uuid`;
  const net = decimal(row?.net ?? '0');
  const isOnOtherSide = side === 'BUY' ? net.lt(0) : net.gt(0);
  if (isOnOtherSide || (row?.doubt ?? null) !== null) await lookAt(tx, tradeId);
}

/**
 * Locks the trades whose exits an execution of others may have forestalled: those with an exit in its
 * contract that filled then or later, or in doubt already. Before anything else of the execution is locked,
 * as every change of a trade does. A trade whose exits have not filled can't be in doubt, and a contract may
 * have hundreds: none of them is waited for.
 */
export async function lockForestalled(
  tx: Transaction,
  accountId: string,
  { brokerContractId, executedAtMs }: ExecutionReport,
): Promise<readonly string[]> {
  const rows = await tx.$queryRaw<{ id: string }[]>`
    SELECT t.id FROM trades t
     WHERE t.id IN (SELECT e.trade_id FROM executions e JOIN trades x ON x.id = e.trade_id
             WHERE e.account_id = ${accountId}::uuid AND e.broker_contract_id = ${brokerContractId}
               AND e.side <> x.side AND NOT e.superseded
               AND (e.executed_at >= ${new Date(executedAtMs)} OR x.doubt IS NOT NULL))
     ORDER BY t.id FOR NO KEY UPDATE`;
  return rows.map(({ id }) => id);
}

/**
 * Looks at those trades once the execution is booked, and at those whose exits were booked meanwhile: of an
 * exit and an execution of others at the same moment the later one sees the earlier.
 */
export async function doubtAfterOthers(
  tx: Transaction,
  accountId: string,
  report: ExecutionReport,
  tradeIds: readonly string[],
): Promise<void> {
  await inTurn(tx, accountId, report.brokerContractId);
  const meanwhile = await lockForestalled(tx, accountId, report);
  for (const tradeId of new Set([...tradeIds, ...meanwhile])) await lookAt(tx, tradeId);
}

/** Looks at a trade, under its lock, once a close without a price was booked to it. */
export async function doubtAfterConcluded(
  tx: Transaction,
  accountId: string,
  { id: tradeId, instrument }: Pick<Book, 'id' | 'instrument'>,
): Promise<void> {
  await inTurn(tx, accountId, instrument.brokerContractId ?? 0);
  await lookAt(tx, tradeId);
}

/** One at a time looks at a contract of an account, until its transaction has ended. */
async function inTurn(tx: Transaction, accountId: string, brokerContractId: number): Promise<void> {
  const name = `doubt:${accountId}:${brokerContractId}`;
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${name}, 0))`;
}

interface Row {
  readonly userId: string;
  readonly symbol: string;
  readonly side: Side;
  readonly doubt: string | null;
  readonly net: string;
  readonly fills: readonly ContractFill[];
  /** Shares closed at a price that nobody knows; null: none. */
  readonly unpriced: string | null;
}

/** A close that this system never wrote is others' (closed-outside.ts); of its parts the whole counts. */
async function lookAt(tx: Transaction, tradeId: string): Promise<void> {
  const [row] = await tx.$queryRaw<Row[]>`
    WITH t AS (
      SELECT *, (instrument->>'brokerContractId')::int AS contract_id,
             (SELECT min(e.executed_at) FROM executions e
               WHERE e.trade_id = trades.id AND e.side = trades.side AND NOT e.superseded) AS began
        FROM trades WHERE id = ${tradeId}::uuid),
    fills AS (
      SELECT e.id, e.side, trim_scale(e.quantity)::text AS quantity,
             (extract(epoch FROM e.executed_at) * 1000)::bigint AS executed_at_ms,
             CASE WHEN e.trade_id IS NULL OR EXISTS (SELECT 1 FROM orders o
                         WHERE o.id = e.order_row_id AND o.role = 'CLOSE' AND NOT EXISTS
                           (SELECT 1 FROM order_incarnations i WHERE i.order_row_id = o.id))
                    THEN 'others'
                  WHEN e.trade_id = t.id AND e.side <> t.side THEN 'exit' ELSE 'trade' END AS by,
             CASE WHEN starts_with(e.reference, i.id || '-') THEN e.reference END AS lost_reference
        FROM t JOIN executions e ON e.account_id = t.account_id
             AND e.broker_contract_id = t.contract_id AND e.executed_at >= t.began
             LEFT JOIN installation i ON true
       WHERE NOT e.superseded AND NOT starts_with(e.execution_key, ${PART_PREFIX})
       ORDER BY e.executed_at DESC LIMIT ${FILLS_MAX})
    SELECT t.user_id AS "userId", t.symbol, t.side, t.doubt,
           (SELECT trim_scale(coalesce(sum(p.quantity), 0))::text FROM positions p
             WHERE p.account_id = t.account_id AND p.broker_contract_id = t.contract_id) AS net,
           (SELECT trim_scale(sum(e.quantity))::text FROM executions e
             WHERE e.trade_id = t.id AND NOT e.superseded AND starts_with(e.execution_key, ${GONE_PREFIX})
               AND NOT starts_with(e.execution_key, ${PRICED_PREFIX})) AS unpriced,
           coalesce((SELECT jsonb_agg(jsonb_build_object('by', f.by, 'side', f.side,
             'quantity', f.quantity, 'executedAtMs', f.executed_at_ms,
             'lostReference', f.lost_reference) ORDER BY f.id) FROM fills f),
             '[]'::jsonb) AS fills
      FROM t`;
  if (row === undefined) return;
  const found = doubtOf(row.side, row.net, row.fills);
  const unpriced = row.unpriced === null ? null : unpricedText(row.unpriced);
  const doubt = found === null ? unpriced : doubtText(found);
  if (doubt === row.doubt) return;
  await tx.$executeRaw`UPDATE trades SET doubt = ${doubt} WHERE id = ${tradeId}::uuid`;
  const { userId, symbol } = row;
  const summary = doubt ?? 'nothing speaks against its result any more';
  await addTradeEvent(tx, { userId, tradeId }, 'result_in_doubt', summary, { net: row.net });
  if (doubt === null) return;
  await alert(tx, {
    ...{ userId, tradeId, kind: 'result_in_doubt', dedupeKey: `doubt:${tradeId}:${doubt}` },
    summary: `${symbol}: ${doubt}`,
    detail: { net: row.net },
  });
}
