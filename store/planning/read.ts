/**
 * Reading everything a plan needs: one statement to lock, one to read. The hot path waits for each
 * statement, so this one gathers the trade's surroundings into a document. Amounts are text in it, for a
 * JSON number would be a binary one.
 */
import type { ContractInfo, ExchangeRates } from '../../contract/market.js';
import type { Signal } from '../../contract/signal.js';
import type { TradeSnapshot } from '../../contract/workflows.js';
import type { Parked } from '../../domain/broker/parking.js';
import { brokerDayStart } from '../../domain/calendar.js';
import type { BeforeEntryState } from '../../domain/trade/states.js';
import type { ApprovalFacts } from '../../domain/risk/approval.js';
import type { Mode } from '../../domain/risk/modes.js';
import type {
  HeldPosition,
  OpenReservation,
  OppositeTrade,
  ShownPlan,
} from '../../domain/risk/context.js';
import type { Instrument, Side } from '../../domain/vocabulary.js';
import { approvedSince, ordersSince } from '../account-counts.js';
import { APPROVAL } from '../approval-row.js';
import { CAUSE_TEXT } from '../causes.js';
import { Prisma, type Transaction } from '../database.js';
import { newestDay, type DayFacts } from '../day-facts.js';
import { OF_ACCOUNT } from '../switches.js';

const MINUTE_MS = 60_000;

/** The rows around a trade, as a plan reads them. Amounts are decimal text, instants epoch ms. */
export interface PlanRows {
  readonly trade: {
    readonly id: string;
    readonly userId: string;
    readonly accountId: string;
    readonly strategyId: string;
    readonly symbol: string;
    readonly side: Side;
    readonly instrument: Instrument;
    readonly decisionId: string | null;
    readonly beforeEntry: BeforeEntryState;
    /** A leg is, or may be, at the broker. */
    readonly wasTaken: boolean;
    readonly cancelRequested: boolean;
    readonly seq: number;
    readonly snapshot: TradeSnapshot | null;
  };
  readonly signal: { readonly body: Signal; readonly receivedAtMs: number };
  readonly strategy: {
    readonly id: string;
    readonly name: string;
    readonly mode: Mode;
    readonly settings: object;
  };
  readonly installationMode: Mode;
  readonly account: AccountFacts;
  /** The trading day that the day's loss is measured from; it may not be today's. */
  readonly day: DayFacts | null;
  readonly connection: ConnectionFacts;
  readonly contract: {
    readonly body: Omit<ContractInfo, 'industry'> & { industry?: string; unknown?: string };
    fetchedAtMs: number;
  } | null;
  readonly quotes: readonly QuoteFacts[];
  readonly pauses: readonly PauseFacts[];
  readonly reservations: readonly OpenReservation[];
  readonly positions: readonly HeldPosition[];
  readonly tradesToday: number;
  readonly ordersLastMinute: number;
  /** Another trade of the account has an order of unknown fate in this symbol (BRK-2). */
  readonly hasUnknownOrder: boolean;
  /** Null while nobody was asked (SIG-3). */
  readonly approval: ApprovalFacts | null;
  /** Null unless it executes a preview (PRV-2). */
  readonly shown: ShownPlan | null;
  /** The database's clock, by which an approval is too late. */
  readonly databaseNowMs: number;
  /** Of the same strategy in the same contract; by their ids, which is the order they are locked in. */
  readonly opposites: readonly OppositeTrade[];
  /** Of the same strategy in the same contract, of the other direction, and before it; none where it says no time. */
  readonly earlier: readonly EarlierSignal[];
}

/** When a signal was made is text here: the domain reads it, as it does that of the trade's own. */
export interface EarlierSignal {
  readonly tradeId: string;
  readonly side: Side;
  readonly generatedAt: string;
  readonly receivedAtMs: number;
}

export interface AccountFacts {
  readonly id: string;
  readonly brokerAccountId: string;
  readonly broker: string;
  readonly isPaper: boolean;
  readonly kind: 'cash' | 'margin';
  readonly baseCurrency: string;
  readonly mode: Mode;
  readonly settings: object;
  readonly netLiquidation: string;
  readonly settledCash: string;
  readonly availableFunds: string;
  readonly buyingPower: string;
  readonly excessLiquidity: string;
  /** Base currency per unit, by currency; of the same instant as the values. */
  readonly exchangeRates: ExchangeRates;
  /** Null before the broker gave any values. */
  readonly valuesAtMs: number | null;
}

export interface ConnectionFacts {
  readonly port: number;
  readonly ready: boolean;
  /** Somebody holds the lease, by the database's own clock. */
  readonly leased: boolean;
  readonly health: {
    readonly reason?: string;
    readonly accounts?: readonly string[];
    readonly generationSinceMs?: number | null;
  };
  readonly clockSkewMs: number | null;
  readonly parked: Parked | null;
}

export interface QuoteFacts {
  readonly brokerContractId: number;
  readonly bid: string | null;
  readonly ask: string | null;
  readonly bidSize: string | null;
  readonly askSize: string | null;
  readonly kind: string;
  readonly halted: boolean;
  readonly atMs: number;
}

export interface PauseFacts {
  readonly accountId: string | null;
  readonly strategyId: string | null;
  readonly symbol: string | null;
  readonly side: string | null;
  readonly reason: string;
  /** Null: until somebody lifts it. */
  readonly endsAtMs: number | null;
}

/** Serialises check and reservation of one account; foreign keys to its rows may still be taken. */
export async function lockForPlan(tx: Transaction, tradeId: string): Promise<void> {
  await tx.$executeRaw`
    SELECT 1 FROM trades t JOIN accounts a ON a.id = t.account_id
     WHERE t.id = ${tradeId}::uuid FOR NO KEY UPDATE OF a, t`;
}

/**
 * Reads a trade's surroundings. Call under the lock: what is read is what is decided on. The wider bounds by
 * `now()` change no answer: without them the server takes a third of the table for what a parameter will
 * leave, and makes its plan anew each time.
 */
export async function readPlanRows(
  tx: Transaction,
  tradeId: string,
  nowMs: number,
): Promise<PlanRows> {
  const now = new Date(nowMs);
  const minuteAgo = new Date(nowMs - MINUTE_MS);
  const dayStart = new Date(brokerDayStart(nowMs));
  const rows = await tx.$queryRaw<{ document: PlanRows }[]>`
    SELECT jsonb_build_object(
      'trade', jsonb_build_object('id', t.id, 'userId', t.user_id, 'accountId', t.account_id,
        'strategyId', t.strategy_id, 'symbol', t.symbol, 'side', t.side,
        'instrument', t.instrument, 'decisionId', t.decision_id, 'seq', t.seq,
        'snapshot', t.snapshot, 'beforeEntry', t.before_entry,
        'cancelRequested', t.cancel_requested, 'wasTaken', EXISTS
          (SELECT 1 FROM orders o WHERE o.trade_id = t.id AND o.intent <> 'NEW')),
      'signal', jsonb_build_object('body', s.body, 'receivedAtMs', ${epochMs('s.received_at')}),
      'strategy', jsonb_build_object('id', st.id, 'name', st.name, 'mode', st.mode, 'settings', st.settings),
      'installationMode', (SELECT mode FROM installation LIMIT 1),
      'account', ${ACCOUNT}, 'connection', ${CONNECTION},
      'day', ${newestDay(nowMs)},
      'contract', ${CONTRACT_OF_TRADE},
      'quotes', ${listOf(
        QUOTE,
        Prisma.sql`quotes q
        WHERE q.connection_id = a.connection_id AND q.symbol = t.symbol`,
      )},
      'pauses', ${listOf(
        PAUSE,
        Prisma.sql`pauses p
        WHERE (p.strategy_id = st.id OR p.strategy_id IS NULL AND ${OF_ACCOUNT})
          AND p.lifted_at IS NULL AND p.starts_at <= ${now}
          AND (p.ends_at IS NULL OR p.ends_at > ${now})`,
      )},
      'reservations', ${listOf(
        RESERVATION,
        Prisma.sql`reservations r
        WHERE r.account_id = a.id AND r.phase <> 'RELEASED'`,
      )},
      'positions', ${listOf(
        POSITION,
        Prisma.sql`positions po
        WHERE po.account_id = a.id AND po.quantity <> 0`,
      )},
      'tradesToday', ${approvedSince(dayStart, OWN)},
      'hasUnknownOrder', EXISTS (SELECT 1 FROM orders o JOIN trades u ON u.id = o.trade_id
        WHERE o.account_id = a.id AND o.status = 'UNKNOWN' AND u.symbol = t.symbol
          AND u.id <> t.id),
      'opposites', ${listOf(OPPOSITE, OPPOSITES)},
      'earlier', ${listOf(EARLIER, EARLIER_SIGNALS)},
      'approval', ${APPROVAL_OF_TRADE}, 'shown', ${SHOWN_OF_TRADE}, 'databaseNowMs', ${epochMs('clock_timestamp()')},
      'ordersLastMinute', ${ordersSince(minuteAgo, OWN)}
    ) AS document
      FROM trades t JOIN signals s ON s.id = t.signal_row_id
      JOIN strategies st ON st.id = t.strategy_id JOIN accounts a ON a.id = t.account_id
      JOIN connections cn ON cn.id = a.connection_id
     WHERE t.id = ${tradeId}::uuid`;
  const row = rows[0];
  if (!row) throw new Error(`there is no trade ${tradeId}`);
  return row.document;
}

function epochMs(column: string): Prisma.Sql {
  return Prisma.raw(`(extract(epoch FROM ${column}) * 1000)::bigint`);
}

function listOf(item: Prisma.Sql, from: Prisma.Sql): Prisma.Sql {
  return Prisma.sql`(SELECT coalesce(jsonb_agg(${item}), '[]'::jsonb) FROM ${from})`;
}

/** The trade itself: one that is planned again doesn't compete with itself. */
const OWN = Prisma.sql`t.id`;

const ACCOUNT = Prisma.sql`jsonb_build_object('id', a.id, 'brokerAccountId', a.broker_account_id,
  'broker', a.broker, 'isPaper', a.is_paper, 'kind', a.kind, 'baseCurrency', a.base_currency, 'mode', a.mode, 'settings', a.settings,
  'netLiquidation', trim_scale(a.net_liquidation)::text,
  'settledCash', trim_scale(a.settled_cash)::text,
  'availableFunds', trim_scale(a.available_funds)::text,
  'buyingPower', trim_scale(a.buying_power)::text,
  'excessLiquidity', trim_scale(a.excess_liquidity)::text, 'exchangeRates', a.exchange_rates,
  'valuesAtMs', ${epochMs('a.values_at')})`;

const CONNECTION = Prisma.sql`jsonb_build_object('port', cn.port, 'ready', cn.ready,
  'leased', COALESCE(cn.lease_until > clock_timestamp(), false), 'health', cn.health,
  'clockSkewMs', cn.clock_skew_ms, 'parked', CASE WHEN cn.parked_reason IS NOT NULL THEN
    jsonb_build_object('reason', cn.parked_reason, 'untilMs', ${epochMs('cn.parked_until')}) END)`;

const CONTRACT_OF_TRADE = Prisma.sql`(SELECT jsonb_build_object('body', c.body,
    'fetchedAtMs', ${epochMs('c.fetched_at')})
  FROM contracts c WHERE c.connection_id = a.connection_id AND c.symbol = t.symbol
   AND c.security_type = t.instrument->>'securityType'
   AND c.exchange = t.instrument->>'exchange' AND c.currency = t.instrument->>'currency')`;

const APPROVAL_OF_TRADE = Prisma.sql`(SELECT ${APPROVAL} FROM approvals ap WHERE ap.trade_id = t.id)`;

const SHOWN_OF_TRADE = Prisma.sql`(SELECT jsonb_build_object('plan', p.content->'plan',
    'appliedDefaults', p.content->'appliedDefaults', 'sizeTolerance', p.content->'sizeTolerance',
    'sendByMs', ${epochMs('p.executed_at + (p.expires_at - p.made_at)')})
  FROM previews p WHERE p.trade_id = t.id)`;

const QUOTE = Prisma.sql`jsonb_build_object('brokerContractId', q.broker_contract_id,
  'bid', trim_scale(q.bid)::text, 'ask', trim_scale(q.ask)::text,
  'bidSize', trim_scale(q.bid_size)::text, 'askSize', trim_scale(q.ask_size)::text,
  'kind', q.kind, 'halted', q.halted, 'atMs', ${epochMs('q.at')})`;

const PAUSE = Prisma.sql`jsonb_build_object('accountId', p.account_id,
  'strategyId', p.strategy_id, 'symbol', p.symbol, 'side', p.side, 'reason', ${CAUSE_TEXT},
  'endsAtMs', ${epochMs('p.ends_at')})`;

const RESERVATION = Prisma.sql`jsonb_build_object('tradeId', r.trade_id,
  'strategyId', r.strategy_id, 'symbol', r.symbol, 'side', r.side, 'phase', r.phase,
  'cash', trim_scale(r.cash)::text, 'exposure', trim_scale(r.exposure)::text,
  'openRisk', trim_scale(r.open_risk)::text, 'sector', r.sector,
  'heldShare', ${heldShare()}) || ${nameIfOf('r')}`;

/** An adopted trade was never planned: its reservation is of what it holds. */
function heldShare(): Prisma.Sql {
  return Prisma.sql`(SELECT trim_scale(coalesce(round(h.held_quantity / nullif(h.planned_quantity, 0), 8),
      CASE r.phase WHEN 'EXPOSURE' THEN 1 ELSE 0 END))::text
    FROM trades h WHERE h.id = r.trade_id)`;
}

const POSITION = Prisma.sql`jsonb_build_object('strategyId', po.strategy_id,
  'symbol', po.symbol, 'quantity', trim_scale(po.quantity)::text) || ${nameIfOf('po')}`;

/** The strategy's own name, where a denial may have to name it: in the symbol of trade `t`. */
function nameIfOf(row: 'r' | 'po'): Prisma.Sql {
  const of = Prisma.raw(row);
  return Prisma.sql`CASE WHEN ${of}.symbol = t.symbol AND ${of}.strategy_id IS NOT NULL
    THEN jsonb_build_object('strategyName', (SELECT n.name FROM strategies n WHERE n.id = ${of}.strategy_id))
    ELSE '{}'::jsonb END`;
}

/** The key of the command by which one trade wants the end of another (TRD-7). */
export function oppositeKey(tradeId: string): string {
  return `${OPPOSITE_KEY}${tradeId}`;
}

const OPPOSITE_KEY = 'opposite-signal-';

/**
 * Trades that came before this one, of the other direction: not over, or over and still keeping a reservation
 * until they are accounted. One that came later is opposite to nothing: it looks at this one.
 */
const OPPOSITES = Prisma.sql`(
    SELECT o.* FROM trades o WHERE o.closed_at IS NULL AND o.account_id = t.account_id
    UNION ALL
    SELECT o.* FROM reservations r JOIN trades o ON o.id = r.trade_id
     WHERE r.account_id = t.account_id AND r.strategy_id = t.strategy_id AND r.symbol = t.symbol
       AND r.phase <> 'RELEASED' AND o.closed_at IS NOT NULL) o
 WHERE o.strategy_id = t.strategy_id AND o.symbol = t.symbol AND o.side <> t.side
   AND o.instrument->>'securityType' = t.instrument->>'securityType'
   AND o.instrument->>'currency' = t.instrument->>'currency'
   AND (o.created_at, o.id) < (t.created_at, t.id)`;

/** Of more of the other direction than that, the last ones tell as much. */
const EARLIER_LOOKED_AT = 20;

const EARLIER_SIGNALS = Prisma.sql`(
    SELECT o.id, o.side, os.body->>'generated_at' AS generated_at, os.received_at
      FROM trades o JOIN signals os ON os.id = o.signal_row_id
     WHERE s.body->>'generated_at' IS NOT NULL AND os.body->>'generated_at' IS NOT NULL
       AND o.strategy_id = t.strategy_id AND o.symbol = t.symbol AND o.side <> t.side
       AND o.account_id = t.account_id
       AND o.instrument->>'securityType' = t.instrument->>'securityType'
       AND o.instrument->>'currency' = t.instrument->>'currency'
       AND o.created_at <= t.created_at AND (o.created_at, o.id) < (t.created_at, t.id)
     ORDER BY o.created_at DESC LIMIT ${EARLIER_LOOKED_AT}) e`;

const EARLIER = Prisma.sql`jsonb_build_object('tradeId', e.id, 'side', e.side,
  'generatedAt', e.generated_at, 'receivedAtMs', ${epochMs('e.received_at')})`;

const OPPOSITE = Prisma.sql`jsonb_build_object('tradeId', o.id, 'side', o.side, 'state', o.state,
  'isOver', o.closed_at IS NOT NULL,
  'wantedAtMs', (SELECT ${epochMs('k.done_at')} FROM commands k
    WHERE k.trade_id = o.id AND k.key = ${OPPOSITE_KEY} || t.id::text)) ORDER BY o.id`;
