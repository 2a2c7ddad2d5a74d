/**
 * What the engine's database says, read with plain SQL: the judge trusts none of the engine's code to
 * tell it. Amounts are decimal text.
 */
import pg from 'pg';
import type { DecisionRow } from './decisions.js';
import type { ReservationRow } from './reserved.js';

/** A trade as its row shows it. */
export interface TradeRow {
  readonly id: string;
  readonly symbol: string;
  readonly side: 'BUY' | 'SELL';
  readonly state: string;
  readonly heldQuantity: string;
  readonly filledQuantity: string;
  readonly averageEntry: string | null;
  readonly stopPrice: string | null;
  readonly targetPrice: string | null;
  readonly isProtected: boolean;
  readonly verified: boolean;
  readonly needsWork: boolean;
  readonly denialCodes: readonly string[];
  readonly exitReason: string | null;
  readonly realizedPnl: string | null;
  readonly failure: string | null;
  readonly reservation: string | null;
  readonly createdAtMs: number;
  readonly closedAtMs: number | null;
}

export interface ExecutionRow {
  readonly executionId: string;
  readonly tradeId: string | null;
  readonly symbol: string;
  readonly side: string;
  readonly quantity: string;
  readonly price: string;
  readonly commission: string | null;
}

export interface OrderRow {
  readonly tradeId: string;
  readonly clientOrderId: string;
  readonly role: string;
  readonly intent: string;
  readonly status: string;
}

export interface TimelineRow {
  readonly atMs: number;
  readonly kind: string;
  readonly summary: string;
}

/** A message as the outbox has it. */
export interface NotificationRow {
  readonly id: string;
  /** The order that the messages of a trade are sent in. */
  readonly serial: number;
  readonly kind: string;
  readonly tradeId: string | null;
}

export interface Standing {
  readonly reservations: readonly Pick<
    ReservationRow,
    'tradeId' | 'strategyId' | 'exposure' | 'openRisk'
  >[];
  /** Trades with a decision. */
  readonly decided: readonly string[];
}

/** What a signal came to. */
export interface SignalRow {
  readonly signal: string;
  readonly trades: number;
  readonly tradeId: string | null;
  readonly decided: number;
}

/** States in which nothing more happens by itself. */
const FINAL = new Set([
  'CLOSED',
  'DENIED',
  'REJECTED',
  'CANCELLED',
  'CANCELED',
  'ABANDONED',
  'EXPIRED',
  'FAILED',
]);

/** The trade is at its end, and what it came to is booked. */
export function isSettled(trade: TradeRow): boolean {
  if (!FINAL.has(trade.state) || Number(trade.heldQuantity) !== 0) return false;
  return Number(trade.filledQuantity) === 0 || trade.realizedPnl !== null;
}

/** Shares are held, and everything about their exits is as the engine wants it. */
export function isOpenAndCalm(trade: TradeRow): boolean {
  return trade.state === 'OPEN' && trade.isProtected && trade.verified && !trade.needsWork;
}

const QUERY_LIMIT_MS = 5_000;
const CONNECT_LIMIT_MS = 3_000;
const CONNECTIONS_MAX = 3;

const TRADES = `
  SELECT t.id, t.symbol, t.side, t.state, t.held_quantity::text AS "heldQuantity",
         t.filled_quantity::text AS "filledQuantity", t.average_entry::text AS "averageEntry",
         t.stop_price::text AS "stopPrice", t.target_price::text AS "targetPrice",
         t.is_protected AS "isProtected", t.verified,
         COALESCE((t.snapshot->>'needsWork')::boolean, false) AS "needsWork",
         t.denial_codes AS "denialCodes", t.exit_reason AS "exitReason",
         t.realized_pnl::text AS "realizedPnl", t.failure, r.phase AS reservation,
         (extract(epoch from t.created_at) * 1000)::float8 AS "createdAtMs",
         (extract(epoch from t.closed_at) * 1000)::float8 AS "closedAtMs"
    FROM trades t LEFT JOIN reservations r ON r.trade_id = t.id
   WHERE t.id = ANY($1::uuid[])`;

const EXECUTIONS = `
  SELECT execution_id AS "executionId", trade_id AS "tradeId", symbol, side, quantity::text,
         price::text, commission::text
    FROM executions WHERE NOT superseded AND symbol = ANY($1::text[])`;

const ORDERS = `
  SELECT trade_id AS "tradeId", client_order_id AS "clientOrderId", role, intent, status
    FROM orders WHERE trade_id = ANY($1::uuid[])`;

const TIMELINE = `
  SELECT (extract(epoch from at) * 1000)::float8 AS "atMs", kind, summary
    FROM trade_events WHERE trade_id = $1 ORDER BY id`;

const POSITIONS = `
  SELECT symbol, sum(quantity)::text AS quantity FROM positions GROUP BY symbol`;

const EXTERNAL = `
  SELECT symbol, sum(quantity)::text AS quantity FROM positions
   WHERE strategy_id IS NULL GROUP BY symbol HAVING sum(quantity) <> 0`;

const QUARANTINED = `
  SELECT DISTINCT symbol FROM pauses
   WHERE kind = 'quarantine' AND lifted_at IS NULL AND symbol = ANY($1) ORDER BY symbol`;

const NOTIFICATIONS = `
  SELECT id, serial::float8 AS serial, kind, trade_id AS "tradeId" FROM notifications ORDER BY serial`;

const DECISIONS = `
  SELECT serial::float8 AS serial, account_id AS "accountId", trade_id AS "tradeId", verdict, codes,
         findings, sizing, plan, inputs
    FROM decisions WHERE kind = 'plan' ORDER BY serial`;

const RESERVATIONS = `
  SELECT trade_id AS "tradeId", account_id AS "accountId", strategy_id AS "strategyId", phase,
         cash::text, resting_cash::text AS "restingCash", exposure::text, open_risk::text AS "openRisk"
    FROM reservations`;

/** In one statement: what is kept, and what is decided, at one instant. */
const STANDING = `
  SELECT (SELECT coalesce(jsonb_agg(jsonb_build_object('tradeId', trade_id, 'strategyId', strategy_id,
            'exposure', exposure::text, 'openRisk', open_risk::text)), '[]'::jsonb)
            FROM reservations WHERE phase <> 'RELEASED') AS reservations,
         (SELECT coalesce(array_agg(id::text), '{}') FROM trades
           WHERE decision_id IS NOT NULL) AS decided`;

/** Trades of a signal, by the id that its sender gave it. */
const SIGNALS = `
  SELECT s.signal_id AS signal, count(t.id)::int AS trades, min(t.id::text) AS "tradeId",
         count(t.decision_id)::int AS decided
    FROM signals s LEFT JOIN trades t ON t.signal_row_id = s.id GROUP BY s.signal_id`;

export class EngineBooks {
  private readonly pool: pg.Pool;

  constructor(databaseUrl: string) {
    this.pool = new pg.Pool({
      connectionString: databaseUrl,
      max: CONNECTIONS_MAX,
      connectionTimeoutMillis: CONNECT_LIMIT_MS,
      query_timeout: QUERY_LIMIT_MS,
      keepAlive: true,
    });
    // A killed server ends idle connections; the next question opens another.
    this.pool.on('error', () => undefined);
  }

  /** The trades' rows by id. @throws while the database is away */
  async trades(ids: readonly string[]): Promise<Map<string, TradeRow>> {
    const { rows } = await this.pool.query<TradeRow>(TRADES, [ids]);
    return new Map(rows.map((row) => [row.id, row]));
  }

  /** Executions that count, of these symbols. */
  async executions(symbols: readonly string[]): Promise<ExecutionRow[]> {
    return (await this.pool.query<ExecutionRow>(EXECUTIONS, [symbols])).rows;
  }

  async orders(tradeIds: readonly string[]): Promise<OrderRow[]> {
    return (await this.pool.query<OrderRow>(ORDERS, [tradeIds])).rows;
  }

  async timeline(tradeId: string): Promise<TimelineRow[]> {
    return (await this.pool.query<TimelineRow>(TIMELINE, [tradeId])).rows;
  }

  /** Every decision on a plan, in the order of commits. */
  async decisions(): Promise<DecisionRow[]> {
    return (await this.pool.query<DecisionRow>(DECISIONS)).rows;
  }

  async reservations(): Promise<ReservationRow[]> {
    return (await this.pool.query<ReservationRow>(RESERVATIONS)).rows;
  }

  /** What is kept from others, and which trades are decided, at one instant. */
  async standing(): Promise<Standing> {
    return (await this.pool.query<Standing>(STANDING)).rows[0]!;
  }

  async signals(): Promise<SignalRow[]> {
    return (await this.pool.query<SignalRow>(SIGNALS)).rows;
  }

  /** Everything that people are to be told. */
  async notifications(): Promise<NotificationRow[]> {
    return (await this.pool.query<NotificationRow>(NOTIFICATIONS)).rows;
  }

  /** Shares by symbol, over all strategies and what is external. */
  async positions(): Promise<Map<string, string>> {
    const { rows } = await this.pool.query<{ symbol: string; quantity: string }>(POSITIONS);
    return new Map(rows.map(({ symbol, quantity }) => [symbol, quantity]));
  }

  /** Shares by symbol that no strategy holds. */
  async externalPositions(): Promise<Map<string, string>> {
    const { rows } = await this.pool.query<{ symbol: string; quantity: string }>(EXTERNAL);
    return new Map(rows.map(({ symbol, quantity }) => [symbol, quantity]));
  }

  /** Those of the symbols that take no entries until a person says so. */
  async quarantined(symbols: readonly string[]): Promise<string[]> {
    const { rows } = await this.pool.query<{ symbol: string }>(QUARANTINED, [symbols]);
    return rows.map(({ symbol }) => symbol);
  }

  /** Process id in the lease holder's name; undefined while nobody holds it or the database is away. */
  async leaseHolderPid(): Promise<number | undefined> {
    const asked = this.pool.query<{ holder: string }>(
      'SELECT lease_holder AS holder FROM connections WHERE lease_until > now() LIMIT 1',
    );
    const found = await asked.then(
      ({ rows }) => rows[0]?.holder,
      () => undefined,
    );
    return found === undefined ? undefined : Number(found.split('/')[1]);
  }

  /** True while the link to the broker is up, in sync, and somebody's. */
  async isLinkReady(): Promise<boolean> {
    const asked = this.pool.query<{ ready: boolean }>(
      'SELECT bool_or(ready AND lease_until > now()) AS ready FROM connections',
    );
    return asked.then(
      ({ rows }) => rows[0]?.ready ?? false,
      () => false,
    );
  }

  /** Ends every other connection to the database, as a fail-over of a managed one does. */
  async cutConnections(): Promise<void> {
    await this.pool.query(
      'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND datname = current_database()',
    );
  }

  /** Makes new transactions read-only, or writable again; running connections are ended for it. */
  async setReadOnly(readOnly: boolean): Promise<void> {
    const client = await this.pool.connect();
    try {
      await client.query('SET default_transaction_read_only = off');
      await client.query(
        `DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET default_transaction_read_only = ${
          readOnly ? 'on' : 'off'
        }', current_database()); END $$`,
      );
    } finally {
      client.release();
    }
    await this.cutConnections().catch(() => undefined);
  }

  async close(): Promise<void> {
    await this.pool.end();
  }
}
