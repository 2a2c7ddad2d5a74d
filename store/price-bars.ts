/** Bars of prices for charts: written by the broker worker behind everything else, read by the pages of trades. */
import type { PriceBarsView, PriceBarView } from '../contract/views.js';
import { BAR_MS, type PriceBar } from '../domain/price-bars.js';
import type { Database } from './database.js';

export interface BarOfContract extends PriceBar {
  readonly brokerContractId: number;
}

/** Stores bars in one statement; one that is known is told anew, with all that came since. */
export async function saveBars(
  db: Database,
  connectionId: string,
  bars: readonly BarOfContract[],
): Promise<void> {
  if (bars.length === 0) return;
  const rows = bars.map(({ brokerContractId, startsAtMs, open, high, low, close }) => ({
    ...{ connection_id: connectionId, broker_contract_id: brokerContractId },
    ...{ at: new Date(startsAtMs).toISOString(), open, high, low, close },
  }));
  await db.$executeRaw`
    INSERT INTO price_bars
    SELECT * FROM jsonb_populate_recordset(NULL::price_bars, ${JSON.stringify(rows)}::jsonb)
    ON CONFLICT (connection_id, broker_contract_id, at) DO UPDATE
       SET high = greatest(price_bars.high, excluded.high),
           low = least(price_bars.low, excluded.low), close = excluded.close`;
}

/** Drops bars that are older than that. @returns how many */
export function dropBars(db: Database, olderThanMs: number): Promise<number> {
  return db.$executeRaw`DELETE FROM price_bars WHERE at < ${new Date(Date.now() - olderThanMs)}`;
}

/** So much is shown before a trade began and after it ended: half of its life, within these. */
const MARGIN_MIN_MS = 30_000;
const MARGIN_MAX_MS = 20 * 60_000;
/** More bars than a wide screen has pixels show nothing more. */
const BARS_MAX = 1_500;
/** Bars of a chart are made of these, the shortest that fit. */
const STEPS_MS = [BAR_MS, 15_000, 60_000, 300_000, 900_000, 3_600_000, 86_400_000];

interface Span {
  readonly fromMs: number;
  readonly untilMs: number;
  readonly connectionId: string;
  readonly brokerContractId: number | null;
}

/** The bars around a trade's life; null when the user has none of that id. */
export async function barsOfTrade(
  db: Database,
  userId: string,
  tradeId: string,
): Promise<PriceBarsView | null> {
  const [span] = await db.$queryRaw<Span[]>`
    SELECT extract(epoch FROM t.created_at)::float8 * 1000 AS "fromMs",
           extract(epoch FROM coalesce(t.closed_at, now()))::float8 * 1000 AS "untilMs",
           a.connection_id AS "connectionId",
           (t.instrument->>'brokerContractId')::int AS "brokerContractId"
      FROM trades t JOIN accounts a ON a.id = t.account_id
     WHERE t.id = ${tradeId}::uuid AND t.user_id = ${userId}::uuid`;
  if (span === undefined) return null;
  const half = (span.untilMs - span.fromMs) / 2;
  const margin = Math.min(MARGIN_MAX_MS, Math.max(MARGIN_MIN_MS, half));
  const [from, until] = [span.fromMs - margin, span.untilMs + margin];
  const isFine = (step: number) => (until - from) / step <= BARS_MAX;
  const stepMs = STEPS_MS.find(isFine) ?? STEPS_MS.at(-1)!;
  return { trade_id: tradeId, bar_ms: stepMs, bars: await readBars(db, span, from, until, stepMs) };
}

async function readBars(
  db: Database,
  { connectionId, brokerContractId }: Span,
  fromMs: number,
  untilMs: number,
  stepMs: number,
): Promise<PriceBarView[]> {
  if (brokerContractId === null) return [];
  return db.$queryRaw<PriceBarView[]>`
    SELECT to_char(bin AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS at,
           trim_scale((array_agg(open ORDER BY b.at))[1])::text AS open,
           trim_scale(max(high))::text AS high, trim_scale(min(low))::text AS low,
           trim_scale((array_agg(close ORDER BY b.at DESC))[1])::text AS close
      FROM price_bars b,
           LATERAL (SELECT date_bin(${stepMs}::float8 * interval '1 millisecond', b.at,
                                    timestamptz 'epoch') AS bin) s
     WHERE b.connection_id = ${connectionId}::uuid AND b.broker_contract_id = ${brokerContractId}
       AND b.at >= ${new Date(fromMs)} AND b.at <= ${new Date(untilMs)}
     GROUP BY bin ORDER BY bin`;
}
