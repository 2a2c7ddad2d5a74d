/**
 * From a book back to rows: only what differs, in one statement. The trade's row is written under the
 * number it was loaded with, so a change that went around the lock is found and not overwritten.
 */
import { randomUUID } from 'node:crypto';
import type { TradeSnapshot } from '../../contract/workflows.js';
import type { Book, BookFill, Leg, Reservation, TimelineEvent } from '../../domain/trade/book.js';
import type { Incarnation } from '../../domain/trade/incarnation.js';
import type { Moves } from '../../domain/trade/moves.js';
import type { BookView } from '../../domain/trade/view.js';
import { brokerDay } from '../../domain/calendar.js';
import { Prisma, type Transaction } from '../database.js';
import type { BookKeys } from './keys.js';
import { columnText } from './snapshot.js';

/** The trade's row is not what was loaded: somebody changed it without its lock. */
export class BookMovedError extends Error {
  override readonly name = 'BookMovedError';
}

export interface Save {
  readonly before: Book;
  readonly after: Book;
  readonly keys: BookKeys;
  readonly view: BookView;
  readonly snapshot: TradeSnapshot;
  readonly wakes: boolean;
  readonly events: readonly TimelineEvent[];
  /** Written in the same statement: what of other rows goes with this change. */
  readonly beside: readonly Prisma.Sql[];
}

/**
 * Writes the differences.
 * @throws BookMovedError when the row has another number than the one loaded
 */
export async function saveBook(tx: Transaction, save: Save): Promise<void> {
  const parts = [
    ...orderParts(save),
    ...incarnationParts(save),
    ...fillParts(save),
    ...eventParts(save),
    ...reservationParts(save),
    ...save.beside,
  ];
  const ctes = parts.map((part, index) => Prisma.sql`${Prisma.raw(`p${index}`)} AS (${part})`);
  const head = ctes.length === 0 ? Prisma.empty : Prisma.sql`WITH ${Prisma.join(ctes)}`;
  const written = await tx.$executeRaw`${head} ${tradeUpdate(save)}`;
  if (written !== 1)
    throw new BookMovedError(`trade ${save.after.id} was changed without its lock`);
}

/** Rows as one JSON parameter: the statement's text is the same for any number of them. */
function rows(values: readonly object[]): string {
  return JSON.stringify(values);
}

const differs = (a: unknown, b: unknown): boolean => JSON.stringify(a) !== JSON.stringify(b);

// ── the trade ────────────────────────────────────────────────────────────────────────────────────

function tradeUpdate({ after, keys, view, snapshot, wakes }: Save): Prisma.Sql {
  const { exits, wishes, result } = after;
  return Prisma.sql`UPDATE trades SET state = ${view.state}, before_entry = ${after.beforeEntry},
      decision_id = ${after.decided?.decisionId ?? null}::uuid,
      held_quantity = ${view.heldQuantity}::numeric, filled_quantity = ${view.entryFilled}::numeric,
      average_entry = ${view.averageEntry && columnText(view.averageEntry)}::numeric,
      average_exit = ${view.averageExit && columnText(view.averageExit)}::numeric,
      stop_price = ${exits.stopPrice}::numeric, target_price = ${exits.targetPrice}::numeric,
      reanchored = ${exits.reanchored}, verified = ${exits.verified},
      is_protected = ${view.isProtected}, unarmed_since = ${at(after.unarmedSinceMs)},
      flattened_at = ${at(after.flattenedAtMs ?? null)},
      close_requested = ${wishes.close}, cancel_requested = ${wishes.cancelEntry},
      moves = ${movesJson(wishes.moves)}::jsonb, exit_reason = ${view.exitReason}, failure = ${after.failure},
      gross_pnl = ${result?.grossPnl ?? null}::numeric,
      commission = ${result?.commission ?? null}::numeric,
      realized_pnl = ${result?.realizedPnl ?? null}::numeric,
      r_multiple = ${result?.rMultiple ?? null}::numeric,
      opened_at = ${at(after.openedAtMs)}, closed_at = ${at(after.closedAtMs)},
      settled_at = ${at(after.settledAtMs)}, snapshot = ${JSON.stringify(snapshot)}::jsonb,
      seq = ${snapshot.seq}, updated_at = now(),
      wake_seq = CASE WHEN ${wakes} THEN ${snapshot.seq}::bigint ELSE wake_seq END
     WHERE id = ${after.id}::uuid AND seq = ${keys.seq}`;
}

/** Null for the many trades of which nobody wants anything. */
function movesJson(moves: Moves): string | null {
  return Object.values(moves).some((move) => move !== null) ? JSON.stringify(moves) : null;
}

function at(instantMs: number | null): Prisma.Sql {
  return Prisma.sql`${instantMs === null ? null : new Date(instantMs)}::timestamptz`;
}

function reservationParts({ before, after, keys }: Save): Prisma.Sql[] {
  const { reservation } = after;
  if (reservation === null) return [];
  if (before.reservation === null) return [newReservation(after, reservation, keys)];
  if (!differs(before.reservation, reservation)) return [];
  const { phase, cash, restingCash, exposure, filledAtMs, openRisk } = reservation;
  // Account values move the phase and lower the cash too, without the trade's lock: then theirs stands.
  return [
    Prisma.sql`UPDATE reservations SET resting_cash = ${restingCash}::numeric,
        cash = greatest(least(cash, ${cash}::numeric), CASE WHEN ${phase} = 'CASH'
                 THEN ${restingCash}::numeric ELSE 0 END),
        exposure = ${exposure}::numeric, filled_at = ${at(filledAtMs)}, open_risk = ${openRisk}::numeric,
        phase = CASE WHEN phase = ${before.reservation.phase} OR ${phase} = 'RELEASED'
                     THEN ${phase} ELSE phase END,
        released_at = CASE WHEN ${phase} = 'RELEASED' THEN now() ELSE NULL END
       WHERE trade_id = ${after.id}::uuid`,
  ];
}

/** Of a trade whose row somebody has taken away; its sector is what the plan knew of it. */
function newReservation(
  { id, symbol, side }: Book,
  { phase, cash, restingCash, exposure, openRisk, filledAtMs }: Reservation,
  { userId, accountId, strategyId }: BookKeys,
): Prisma.Sql {
  return Prisma.sql`
    INSERT INTO reservations (trade_id, user_id, account_id, strategy_id, symbol, side, phase,
                              cash, resting_cash, exposure, open_risk, filled_at, sector)
    SELECT ${id}::uuid, ${userId}::uuid, ${accountId}::uuid, ${strategyId}::uuid, ${symbol}, ${side},
           ${phase}, ${cash}::numeric, ${restingCash}::numeric, ${exposure}::numeric,
           ${openRisk}::numeric, ${at(filledAtMs)},
           (SELECT d.inputs->'contract'->'sector'->>'name' FROM decisions d
             WHERE d.trade_id = ${id}::uuid AND d.verdict = 'approved' ORDER BY d.serial DESC LIMIT 1)`;
}

function eventParts({ after, keys, events }: Save): Prisma.Sql[] {
  if (events.length === 0) return [];
  const told = events.map(({ kind, summary, detail }) => ({ kind, summary, detail: detail ?? {} }));
  return [
    Prisma.sql`INSERT INTO trade_events (user_id, trade_id, kind, summary, detail)
      SELECT ${keys.userId}::uuid, ${after.id}::uuid, v->>'kind', v->>'summary', v->'detail'
        FROM jsonb_array_elements(${rows(told)}::jsonb) WITH ORDINALITY AS e(v, place)
       ORDER BY place`,
  ];
}

// ── orders ───────────────────────────────────────────────────────────────────────────────────────

function orderParts({ before, after, keys }: Save): Prisma.Sql[] {
  const known = new Map(before.legs.map((leg) => [leg.legId, leg]));
  const added = after.legs.filter(({ legId }) => !known.has(legId));
  const changed = after.legs.filter((leg) => {
    const old = known.get(leg.legId);
    return old !== undefined && differs(orderColumns(old), orderColumns(leg));
  });
  const parts: Prisma.Sql[] = [];
  if (added.length > 0) {
    parts.push(Prisma.sql`INSERT INTO orders (id, user_id, account_id, trade_id, role, sequence,
        client_order_id, intent, status, terms, created_at)
      SELECT c.id, ${keys.userId}::uuid, ${keys.accountId}::uuid, ${after.id}::uuid, c.role,
             c.sequence, c.client_order_id, c.intent, c.status, c.terms, clock_timestamp()
        FROM jsonb_to_recordset(${rows(added.map(orderColumns))}::jsonb) AS c(id uuid, role text,
             sequence int, client_order_id text, intent text, status text, terms jsonb)`);
  }
  if (changed.length > 0) parts.push(orderUpdate(changed));
  return parts;
}

function orderUpdate(changed: readonly Leg[]): Prisma.Sql {
  return Prisma.sql`UPDATE orders o SET intent = c.intent, status = c.status,
      why_held = c.why_held, broker_status = c.broker_status, terms = c.terms,
      read_back = c.read_back, reported = c.reported, filled_quantity = c.filled_quantity,
      average_price = c.average_price, error_code = c.error_code, error_text = c.error_text,
      acknowledged_at = to_timestamp(c.acknowledged_ms / 1000.0), updated_at = now()
     FROM jsonb_to_recordset(${rows(changed.map(orderColumns))}::jsonb) AS c(id uuid, intent text,
          status text, why_held text, broker_status text, terms jsonb, read_back jsonb,
          reported jsonb, filled_quantity numeric, average_price numeric, error_code int,
          error_text text, acknowledged_ms bigint)
    WHERE o.id = c.id`;
}

function orderColumns(leg: Leg) {
  return {
    id: leg.legId,
    role: leg.role,
    sequence: leg.sequence,
    client_order_id: leg.clientOrderId,
    intent: leg.intent,
    status: leg.status,
    why_held: leg.whyHeld,
    broker_status: leg.brokerStatus,
    terms: leg.wanted,
    read_back: leg.readBack,
    reported: leg.reported,
    filled_quantity: leg.filledQuantity,
    average_price: leg.averagePrice && columnText(leg.averagePrice),
    error_code: leg.error?.code ?? null,
    error_text: leg.error?.message ?? null,
    acknowledged_ms: leg.acknowledgedAtMs,
  };
}

// ── incarnations ─────────────────────────────────────────────────────────────────────────────────

function incarnationParts({ before, after, keys }: Save): Prisma.Sql[] {
  const known = new Map(before.legs.map((leg) => [leg.legId, leg.incarnations]));
  const all = after.legs.flatMap(({ legId, incarnations }) =>
    incarnations.map((incarnation) => {
      const old = known.get(legId)?.find(({ n }) => n === incarnation.n);
      return { old, columns: incarnationColumns(legId, incarnation), incarnation };
    }),
  );
  const added = all.filter(({ old }) => old === undefined).map(({ columns }) => columns);
  const changed = all
    .filter(({ old, incarnation }) => old !== undefined && differs(old, incarnation))
    .map(({ columns }) => columns);
  const parts: Prisma.Sql[] = [];
  if (added.length > 0) {
    parts.push(Prisma.sql`INSERT INTO order_incarnations (id, user_id, order_row_id, connection_id, n,
        kind, state, client_id, session_order_id, broker_order_ids, lease_epoch, generation,
        broker_day, group_key, claimed_at, written_at, terms, id_refused)
      SELECT c.id, ${keys.userId}::uuid, c.leg, ${keys.connectionId}::uuid, c.n, c.kind, c.state,
             c.client_id, c.session_order_id, c.broker_order_ids, c.lease_epoch, c.generation,
             c.broker_day, c.group_key, to_timestamp(c.claimed_ms / 1000.0),
             to_timestamp(c.written_ms / 1000.0), c.terms, c.id_refused
        FROM ${incarnationRecords(added)}`);
  }
  if (changed.length > 0) {
    parts.push(Prisma.sql`UPDATE order_incarnations i SET state = c.state,
        broker_order_ids = c.broker_order_ids, id_refused = c.id_refused,
        written_at = coalesce(to_timestamp(c.written_ms / 1000.0), i.written_at),
        missed_generation = c.missed_generation, missed_at = to_timestamp(c.missed_ms / 1000.0)
       FROM ${incarnationRecords(changed)} WHERE i.order_row_id = c.leg AND i.n = c.n`);
  }
  return parts;
}

function incarnationRecords(columns: readonly object[]): Prisma.Sql {
  return Prisma.sql`jsonb_to_recordset(${rows(columns)}::jsonb) AS c(id uuid, leg uuid, n int,
    kind text, state text, client_id int, session_order_id int, broker_order_ids text[],
    lease_epoch bigint, generation bigint, broker_day date, group_key text, claimed_ms bigint,
    written_ms bigint, terms jsonb, id_refused boolean, missed_generation bigint, missed_ms bigint)`;
}

function incarnationColumns(legId: string, incarnation: Incarnation) {
  const { n, kind, state, terms, generation } = incarnation;
  return {
    ...{ id: randomUUID(), leg: legId, n, kind, state, terms, generation },
    client_id: incarnation.sessionClientId,
    session_order_id: incarnation.sessionOrderId,
    broker_order_ids: incarnation.brokerOrderIds,
    lease_epoch: incarnation.epoch,
    broker_day: incarnation.brokerDay,
    group_key: incarnation.groupKey,
    claimed_ms: incarnation.claimedAtMs,
    written_ms: incarnation.writtenAtMs,
    id_refused: incarnation.idRefused,
    missed_generation: incarnation.missed?.generation ?? null,
    missed_ms: incarnation.missed?.atMs ?? null,
  };
}

// ── executions ───────────────────────────────────────────────────────────────────────────────────

function fillParts({ before, after, keys }: Save): Prisma.Sql[] {
  const known = new Map(before.fills.map((fill) => [fill.executionId, fill]));
  const added = after.fills.filter(({ executionId }) => !known.has(executionId));
  const changed = after.fills.filter((fill) => {
    const old = known.get(fill.executionId);
    return old !== undefined && differs(old, fill);
  });
  const parts: Prisma.Sql[] = [];
  if (added.length > 0) {
    parts.push(Prisma.sql`INSERT INTO executions (user_id, account_id, trade_id, order_row_id,
        execution_id, execution_key, correction, superseded, inferred, symbol, broker_contract_id,
        side, quantity, price, commission, commission_currency, commission_rate, broker_realized_pnl,
        broker_order_id, broker_day, executed_at, received_at)
      SELECT ${keys.userId}::uuid, ${keys.accountId}::uuid, ${after.id}::uuid, c.leg, c.execution_id,
             c.execution_key, c.correction, c.superseded, c.inferred, c.symbol,
             c.broker_contract_id, c.side, c.quantity, c.price, c.commission, c.currency,
             c.commission_rate, c.realized, c.broker_order_id, c.broker_day, to_timestamp(c.executed_ms / 1000.0),
             to_timestamp(c.received_ms / 1000.0)
        FROM ${fillRecords(added)}
          ON CONFLICT (account_id, execution_id) DO UPDATE
             SET trade_id = excluded.trade_id, order_row_id = excluded.order_row_id`);
  }
  if (changed.length > 0) {
    parts.push(Prisma.sql`UPDATE executions e SET superseded = c.superseded,
        commission = c.commission, commission_currency = c.currency, commission_rate = c.commission_rate,
        broker_realized_pnl = c.realized
       FROM ${fillRecords(changed)}
      WHERE e.account_id = ${keys.accountId}::uuid AND e.execution_id = c.execution_id`);
  }
  return parts;
}

function fillRecords(fills: readonly BookFill[]): Prisma.Sql {
  const columns = fills.map((fill) => ({
    leg: fill.legId,
    execution_id: fill.executionId,
    execution_key: fill.executionKey,
    correction: fill.correction,
    superseded: fill.superseded,
    inferred: fill.inferred,
    symbol: fill.symbol,
    broker_contract_id: fill.brokerContractId,
    side: fill.side,
    quantity: fill.quantity,
    price: fill.price,
    commission: fill.commission,
    currency: fill.commissionCurrency,
    commission_rate: fill.commissionRate ?? null,
    realized: fill.brokerRealizedPnl,
    broker_order_id: fill.brokerOrderId,
    broker_day: brokerDay(fill.executedAtMs),
    executed_ms: fill.executedAtMs,
    received_ms: fill.receivedAtMs,
  }));
  return Prisma.sql`jsonb_to_recordset(${rows(columns)}::jsonb) AS c(leg uuid, execution_id text,
    execution_key text, correction int, superseded boolean, inferred boolean, symbol text,
    broker_contract_id int, side text, quantity numeric, price numeric, commission numeric,
    currency text, commission_rate numeric, realized numeric, broker_order_id text, broker_day date, executed_ms bigint,
    received_ms bigint)`;
}
