/**
 * Writing a plan down: decision, reservation, intents, timeline and the trade itself in one statement.
 * A plan made again, after one of which nothing was sent, takes the place of the earlier.
 */
import { randomUUID } from 'node:crypto';
import type { OrderTerms } from '../../domain/orders/terms.js';
import type { TradeSnapshot } from '../../contract/workflows.js';
import type { Shown } from '../../domain/risk/approval.js';
import { sectorOf } from '../../domain/risk/check-sector.js';
import type { PlanContext } from '../../domain/risk/context.js';
import type { PlanDecision } from '../../domain/risk/plan.js';
import type { EpochMs, Instrument, LegRole } from '../../domain/vocabulary.js';
import { alertsSql, type Alert } from '../alerts.js';
import { Prisma, type Transaction } from '../database.js';
import type { PlanRows } from './read.js';

type TradeFacts = PlanRows['trade'];

export interface Intent {
  readonly role: LegRole;
  readonly clientOrderId: string;
  readonly terms: OrderTerms;
}

type DecidedFrom = object & { readonly nowMs: EpochMs };
type ApprovedFrom = DecidedFrom & Pick<PlanContext, 'contract' | 'limits'>;

interface DecisionWrite<Decision extends PlanDecision> {
  readonly decision: Decision;
  /** What it was decided from, and when; kept whole for audit (SIZ-5). */
  readonly context: DecidedFrom;
  readonly snapshot: TradeSnapshot;
}

export type DenialWrite = DecisionWrite<Extract<PlanDecision, { verdict: 'denied' }>> & {
  readonly codes: readonly string[];
  /** For people: every finding with its measure and limit. */
  readonly details: string;
};

export type ApprovalWrite = DecisionWrite<Extract<PlanDecision, { verdict: 'approved' }>> & {
  readonly context: ApprovedFrom;
  readonly intents: readonly Intent[];
  readonly summary: string;
  /** As the broker resolved it: what will be sent. */
  readonly instrument: Instrument;
};

/** Records a denial; the trade ends with it. */
export async function writeDenial(
  tx: Transaction,
  trade: TradeFacts,
  { decision, context, snapshot, codes, details }: DenialWrite,
): Promise<void> {
  const decisionId = randomUUID();
  const event = { kind: 'denied', summary: details, detail: { findings: decision.findings } };
  await tx.$executeRaw`
    WITH d AS (${insertDecision(trade, decisionId, decision, context, codes)}),
         e AS (${insertEvent(trade, event)}),
         n AS (${alertsSql([denialAlert(trade, codes, details)])})
    UPDATE trades SET state = ${snapshot.state}, before_entry = 'DENIED', failure = ${details},
           decision_id = ${decisionId}::uuid, denial_codes = ${[...codes]}::text[],
           closed_at = now(), ${snapshotColumns(snapshot)}
     WHERE id = ${trade.id}::uuid`;
}

function denialAlert(trade: TradeFacts, codes: readonly string[], details: string): Alert {
  const { id: tradeId, userId, side, symbol } = trade;
  return {
    ...{ userId, tradeId, kind: 'denied', dedupeKey: `denied:${tradeId}` },
    summary: `denied: ${side} ${symbol}: ${details}`,
    detail: { side, symbol, codes },
  };
}

export interface ParkingWrite {
  readonly snapshot: TradeSnapshot;
  readonly state: 'AWAITING_APPROVAL' | 'AWAITING_OPEN' | 'PARKED';
  readonly cause: string;
  readonly untilMs: number;
  /** What a person is asked for by it (SIG-3), once for each trade. */
  readonly asks?: Shown;
}

const PARKING_KINDS = {
  AWAITING_APPROVAL: 'approval_wanted',
  AWAITING_OPEN: 'queued',
  PARKED: 'parked',
} as const;

/** Records that a trade waits: for a person, for the link to the broker, or for its market. */
export async function writeParking(
  tx: Transaction,
  trade: TradeFacts,
  { snapshot, state, cause, untilMs, asks }: ParkingWrite,
): Promise<void> {
  const longest = `: waits until ${new Date(untilMs).toISOString()} at the longest`;
  const event = {
    kind: PARKING_KINDS[state],
    summary: state === 'AWAITING_OPEN' ? cause : `${cause}${longest}`,
    detail: { until_ms: untilMs, ...(asks && { shown: asks }) },
  };
  await tx.$executeRaw`
    WITH e AS (${insertEvent(trade, event)})${asks ? askingSql(trade, asks, untilMs) : Prisma.empty}
    UPDATE trades SET state = ${state}, before_entry = ${state}, failure = ${cause},
           ${snapshotColumns(snapshot)}
     WHERE id = ${trade.id}::uuid`;
}

/** The row that a person's word is written to, and the message that it is wanted. */
function askingSql({ id, userId, symbol }: TradeFacts, shown: Shown, untilMs: number): Prisma.Sql {
  const until = new Date(untilMs);
  const how = `"ballast approve ${id}" or "ballast reject ${id}" until ${until.toISOString()}`;
  const { summary, ...numbers } = shown;
  const wanted: Alert = {
    ...{ userId, tradeId: id, kind: 'approval_wanted', dedupeKey: `approval:${id}` },
    summary: `to be approved: ${summary}: ${how}`,
    detail: { symbol, ...numbers, expires_at: until.toISOString() },
  };
  return Prisma.sql`,
    n AS (${alertsSql([wanted])}),
    ap AS (INSERT INTO approvals (trade_id, user_id, shown, asked_at, expires_at)
           VALUES (${id}::uuid, ${userId}::uuid, ${json(shown)}::jsonb, clock_timestamp(), ${until}))`;
}

/** Records an approval with its reservation and the intents of its legs; gives the decision's id. */
export async function writeApproval(
  tx: Transaction,
  trade: TradeFacts,
  { decision, context, snapshot, intents, summary, instrument }: ApprovalWrite,
): Promise<string> {
  const decisionId = randomUUID();
  const { plan } = decision;
  const detail = { sizing: decision.sizing, applied_defaults: decision.appliedDefaults };
  const event = { kind: 'approved', summary, detail };
  await tx.$executeRaw`
    WITH d AS (${insertDecision(trade, decisionId, decision, context, [])}),
         r AS (${upsertReservation(trade, decision, sectorOf(context))}),
         o AS (${upsertIntents(trade, intents, context.nowMs)}),
         e AS (${insertEvent(trade, event)})
    UPDATE trades SET state = ${snapshot.state}, before_entry = 'RECEIVED', failure = NULL,
           instrument = ${json(instrument)}::jsonb,
           decision_id = ${decisionId}::uuid,
           planned_quantity = ${plan.quantity}::numeric,
           reference_price = ${plan.referencePrice}::numeric,
           stop_price = ${plan.stopPrice}::numeric, target_price = ${plan.targetPrice}::numeric,
           ${snapshotColumns(snapshot)}
     WHERE id = ${trade.id}::uuid`;
  return decisionId;
}

function insertDecision(
  trade: TradeFacts,
  id: string,
  decision: PlanDecision,
  context: DecidedFrom,
  codes: readonly string[],
): Prisma.Sql {
  const plan =
    decision.verdict === 'approved'
      ? json({ ...decision.plan, appliedDefaults: decision.appliedDefaults })
      : null;
  return Prisma.sql`
    INSERT INTO decisions (id, user_id, account_id, trade_id, kind, verdict, codes, findings,
                           sizing, plan, inputs, decided_at)
    VALUES (${id}::uuid, ${trade.userId}::uuid, ${trade.accountId}::uuid, ${trade.id}::uuid, 'plan',
            ${decision.verdict}, ${[...codes]}::text[], ${json(decision.findings)}::jsonb,
            ${decision.sizing ? json(decision.sizing) : null}::jsonb, ${plan}::jsonb,
            ${json(context)}::jsonb, ${new Date(context.nowMs)})`;
}

function upsertReservation(
  trade: TradeFacts,
  decision: ApprovalWrite['decision'],
  sector: string | null,
): Prisma.Sql {
  const { side, reservation } = decision.plan;
  return Prisma.sql`
    INSERT INTO reservations (trade_id, user_id, account_id, strategy_id, symbol, side, phase,
                              cash, resting_cash, exposure, open_risk, sector)
    VALUES (${trade.id}::uuid, ${trade.userId}::uuid, ${trade.accountId}::uuid,
            ${trade.strategyId}::uuid, ${trade.symbol}, ${side}, 'CASH',
            ${reservation.cash}::numeric, ${reservation.cash}::numeric,
            ${reservation.exposure}::numeric,
            ${reservation.openRisk}::numeric, ${sector})
    ON CONFLICT (trade_id) DO UPDATE
       SET phase = 'CASH', cash = excluded.cash, resting_cash = excluded.resting_cash,
           exposure = excluded.exposure, open_risk = excluded.open_risk, sector = excluded.sector, released_at = NULL, filled_at = NULL`;
}

/**
 * Those of a plan that was withdrawn unsent become this one's: they count among the orders of this minute (RSK-1). The
 * server's `now()` is older by as long as the plan waited for its account.
 */
function upsertIntents(
  trade: TradeFacts,
  intents: readonly Intent[],
  decidedAtMs: EpochMs,
): Prisma.Sql {
  const rows = intents.map((intent) => ({ id: randomUUID(), ...intent }));
  return Prisma.sql`
    INSERT INTO orders (id, user_id, account_id, trade_id, role, client_order_id, terms, created_at)
    SELECT i.id, ${trade.userId}::uuid, ${trade.accountId}::uuid, ${trade.id}::uuid, i.role,
           i."clientOrderId", i.terms, ${new Date(decidedAtMs)}
      FROM jsonb_to_recordset(${json(rows)}::jsonb)
           AS i(id uuid, role text, "clientOrderId" text, terms jsonb)
    ON CONFLICT (client_order_id) DO UPDATE
       SET terms = excluded.terms, read_back = NULL, created_at = excluded.created_at`;
}

function insertEvent(
  trade: TradeFacts,
  event: { readonly kind: string; readonly summary: string; readonly detail: object },
): Prisma.Sql {
  return Prisma.sql`
    INSERT INTO trade_events (user_id, trade_id, kind, summary, detail)
    VALUES (${trade.userId}::uuid, ${trade.id}::uuid, ${event.kind}, ${event.summary},
            ${json(event.detail)}::jsonb)`;
}

/** The workflow gets this snapshot as the plan's answer: it need not be told of it again. */
function snapshotColumns(snapshot: TradeSnapshot): Prisma.Sql {
  const { seq } = snapshot;
  return Prisma.sql`snapshot = ${json(snapshot)}::jsonb, seq = ${seq}, wake_seq = ${seq},
    delivered_seq = ${seq}, updated_at = now()`;
}

function json(value: unknown): string {
  return JSON.stringify(value);
}
