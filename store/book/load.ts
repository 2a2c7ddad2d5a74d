/**
 * From rows to a book: one statement that locks the trade, one that reads everything of it as a document.
 * Amounts are text in it, for a JSON number would be a binary one; instants are epoch ms.
 */
import type { OrderTerms } from '../../domain/orders/terms.js';
import type { Book, BookFill, Leg } from '../../domain/trade/book.js';
import { fillsToExecutions } from '../../domain/trade/executions.js';
import type { Incarnation } from '../../domain/trade/incarnation.js';
import { Prisma, type Database, type Transaction } from '../database.js';
import type { BookKeys } from './keys.js';

export interface LoadedBook {
  readonly book: Book;
  readonly keys: BookKeys;
}

/** Locks a trade's row until the transaction ends: whoever changes a trade does this first. */
export async function lockTrade(tx: Transaction, tradeId: string): Promise<void> {
  await tx.$executeRaw`SELECT 1 FROM trades WHERE id = ${tradeId}::uuid FOR NO KEY UPDATE`;
}

/** Loads a trade's book; without the lock, for reading only. @throws when there is no such trade. */
export async function loadBook(tx: Transaction | Database, tradeId: string): Promise<LoadedBook> {
  return loadBookWith(tx, tradeId, NOTHING_ELSE);
}

/**
 * The same with one value more, read in the same statement: `beside` is an expression over the trade's row
 * `t` and its account's `a`.
 */
export async function loadBookWith<T>(
  tx: Transaction | Database,
  tradeId: string,
  beside: Prisma.Sql,
): Promise<LoadedBook & { readonly beside: T }> {
  const rows = await tx.$queryRaw<{ document: Document; beside: T }[]>`
    SELECT jsonb_build_object('trade', ${TRADE}, 'keys', ${KEYS}, 'account', a.broker_account_id,
      'rates', jsonb_build_object('baseCurrency', a.base_currency, 'perUnit', a.exchange_rates),
      'decided', (SELECT jsonb_build_object('decisionId', d.id, 'verdict', d.verdict,
                           'decidedAtMs', ${ms('d.decided_at')})
                    FROM decisions d WHERE d.id = t.decision_id),
      'plan', (SELECT d.plan FROM decisions d WHERE d.trade_id = t.id AND d.verdict = 'approved'
                ORDER BY d.serial DESC LIMIT 1),
      'reservation', (SELECT ${RESERVATION} FROM reservations r WHERE r.trade_id = t.id),
      'legs', (SELECT coalesce(jsonb_agg(${LEG} ORDER BY o.created_at, o.role, o.sequence), '[]'::jsonb)
                 FROM orders o WHERE o.trade_id = t.id),
      'fills', (SELECT coalesce(jsonb_agg(${FILL} ORDER BY e.id), '[]'::jsonb)
                  FROM executions e WHERE e.trade_id = t.id)
    ) AS document, ${beside} AS beside
      FROM trades t JOIN accounts a ON a.id = t.account_id WHERE t.id = ${tradeId}::uuid`;
  const row = rows[0];
  if (!row) throw new Error(`there is no trade ${tradeId}`);
  return { ...fromDocument(row.document), beside: row.beside };
}

/** Nothing beside the book. */
export const NOTHING_ELSE = Prisma.sql`NULL::jsonb`;

export type LegDocument = Omit<Leg, 'side' | 'quantity' | 'executions' | 'incarnations'> & {
  readonly incarnations: readonly Incarnation[];
};

interface Document {
  readonly trade: Pick<
    Book,
    | 'id'
    | 'side'
    | 'symbol'
    | 'instrument'
    | 'beforeEntry'
    | 'exits'
    | 'wishes'
    | 'unarmedSinceMs'
    | 'flattenedAtMs'
    | 'openedAtMs'
    | 'closedAtMs'
    | 'failure'
    | 'settledAtMs'
    | 'result'
  >;
  readonly keys: BookKeys;
  readonly account: string;
  readonly rates: NonNullable<Book['rates']>;
  readonly decided: Book['decided'];
  readonly plan: Book['plan'];
  readonly reservation: Book['reservation'];
  readonly legs: readonly LegDocument[];
  readonly fills: readonly BookFill[];
}

function fromDocument(document: Document): LoadedBook {
  const { trade, keys, account, rates, decided, plan, reservation, fills } = document;
  const legs = document.legs.map((leg) => legFrom(leg, fills));
  const result = trade.result?.realizedPnl ? trade.result : null;
  const book: Book = { ...trade, result, account, rates, decided, plan, reservation, legs, fills };
  return { book, keys };
}

/** A leg from its document. */
export function legFrom(leg: LegDocument, fills: readonly BookFill[]): Leg {
  const { side, quantity }: OrderTerms = leg.readBack ?? leg.wanted;
  const own = fills.filter((fill) => fill.legId === leg.legId);
  return { ...leg, side, quantity, executions: fillsToExecutions(own, leg.incarnations) };
}

// ── documents ────────────────────────────────────────────────────────────────────────────────────

/** An instant as epoch ms. */
export function ms(column: string): Prisma.Sql {
  return Prisma.raw(`(extract(epoch FROM ${column}) * 1000)::bigint`);
}

/** An amount as text. */
export function amount(column: string): Prisma.Sql {
  return Prisma.raw(`trim_scale(${column})::text`);
}

const TRADE = Prisma.sql`jsonb_build_object('id', t.id, 'side', t.side, 'symbol', t.symbol,
  'instrument', t.instrument, 'beforeEntry', t.before_entry,
  'exits', jsonb_build_object('stopPrice', ${amount('t.stop_price')},
    'targetPrice', ${amount('t.target_price')}, 'reanchored', t.reanchored, 'verified', t.verified),
  'wishes', jsonb_build_object('close', t.close_requested, 'cancelEntry', t.cancel_requested,
    'moves', coalesce(t.moves, '{"stop":null,"target":null,"trail":null}'::jsonb)),
  'unarmedSinceMs', ${ms('t.unarmed_since')}, 'flattenedAtMs', ${ms('t.flattened_at')}, 'openedAtMs', ${ms('t.opened_at')},
  'closedAtMs', ${ms('t.closed_at')}, 'failure', t.failure, 'settledAtMs', ${ms('t.settled_at')},
  'result', jsonb_build_object('grossPnl', ${amount('t.gross_pnl')},
    'commission', ${amount('t.commission')}, 'realizedPnl', ${amount('t.realized_pnl')},
    'rMultiple', ${amount('t.r_multiple')}))`;

const KEYS = Prisma.sql`jsonb_build_object('userId', t.user_id, 'accountId', t.account_id,
  'connectionId', a.connection_id, 'strategyId', t.strategy_id, 'seq', t.seq, 'snapshot', t.snapshot)`;

const RESERVATION = Prisma.sql`jsonb_build_object('phase', r.phase, 'cash', ${amount('r.cash')},
  'exposure', ${amount('r.exposure')}, 'openRisk', ${amount('r.open_risk')},
  'restingCash', ${amount('r.resting_cash')}, 'filledAtMs', ${ms('r.filled_at')})`;

const INCARNATION = Prisma.sql`jsonb_build_object('n', i.n, 'kind', i.kind, 'state', i.state,
  'sessionOrderId', i.session_order_id, 'sessionClientId', i.client_id,
  'brokerOrderIds', to_jsonb(i.broker_order_ids), 'epoch', i.lease_epoch::text,
  'generation', i.generation, 'brokerDay', i.broker_day::text, 'groupKey', i.group_key,
  'claimedAtMs', ${ms('i.claimed_at')}, 'writtenAtMs', ${ms('i.written_at')}, 'terms', i.terms,
  'idRefused', i.id_refused, 'missed', CASE WHEN i.missed_at IS NULL THEN NULL ELSE
    jsonb_build_object('generation', i.missed_generation, 'atMs', ${ms('i.missed_at')}) END)`;

/** An order's row `o` with its writes, as the document that `legFrom` reads. */
export const LEG = Prisma.sql`jsonb_build_object('legId', o.id, 'role', o.role, 'sequence', o.sequence,
  'clientOrderId', o.client_order_id, 'intent', o.intent, 'status', o.status,
  'whyHeld', o.why_held, 'filledQuantity', ${amount('o.filled_quantity')},
  'averagePrice', ${amount('o.average_price')}, 'reported', o.reported,
  'error', CASE WHEN o.error_code IS NULL THEN NULL ELSE
    jsonb_build_object('code', o.error_code, 'message', coalesce(o.error_text, '')) END,
  'wanted', o.terms, 'readBack', o.read_back, 'brokerStatus', o.broker_status,
  'acknowledgedAtMs', ${ms('o.acknowledged_at')},
  'incarnations', (SELECT coalesce(jsonb_agg(${INCARNATION} ORDER BY i.n), '[]'::jsonb)
                     FROM order_incarnations i WHERE i.order_row_id = o.id))`;

const FILL = Prisma.sql`jsonb_build_object('legId', e.order_row_id, 'executionId', e.execution_id,
  'executionKey', e.execution_key, 'correction', e.correction, 'superseded', e.superseded,
  'inferred', e.inferred, 'symbol', e.symbol, 'brokerContractId', e.broker_contract_id,
  'side', e.side, 'quantity', ${amount('e.quantity')}, 'price', ${amount('e.price')},
  'brokerOrderId', e.broker_order_id, 'executedAtMs', ${ms('e.executed_at')},
  'receivedAtMs', ${ms('e.received_at')}, 'commission', ${amount('e.commission')},
  'commissionCurrency', e.commission_currency, 'commissionRate', ${amount('e.commission_rate')},
  'brokerRealizedPnl', ${amount('e.broker_realized_pnl')})`;
