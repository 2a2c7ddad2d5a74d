/**
 * Correlations of the candidate with the account's other trades, where the limit could be met: one statement more,
 * under the plan's lock, for the few plans that need it (PRF-4).
 */
import type { DailyClose } from '../../contract/market.js';
import { correlationsMatter } from '../../domain/risk/check-correlation.js';
import type { PlanContext, TradeCorrelation } from '../../domain/risk/context.js';
import { correlationOf } from '../../domain/risk/correlation.js';
import { otherReservations } from '../../domain/risk/funds.js';
import type { Transaction } from '../database.js';
import type { LoadedContext } from './context.js';

interface Closes {
  /** Null for the candidate. */
  readonly tradeId: string | null;
  readonly closes: readonly DailyClose[];
}

/** The same with what is known of correlations; what a fetch could mend of them is named among what is missing. */
export async function withCorrelations(
  tx: Transaction,
  { context, missing }: LoadedContext,
  accountId: string,
): Promise<LoadedContext> {
  const { contract, book, broker, signal } = context;
  const contractId = contract.kind === 'known' ? contract.instrument.brokerContractId : undefined;
  if (contractId === undefined || !correlationsMatter(context)) return { context, missing };
  const known = await readCloses(tx, context, { accountId, contractId });
  const own = known.find(({ tradeId }) => tradeId === null);
  const correlations = own === undefined ? [] : known.flatMap((other) => correlated(own, other));
  const compared = new Set(correlations.map(({ tradeId: other }) => other));
  // Those of another trade may be under way as well: it was alone when it was planned, and waited for none.
  const lacksOne = otherReservations(context).some(
    (other) => other.symbol !== signal.instrument.symbol && !compared.has(other.tradeId),
  );
  const lacks = lacksOne && broker.ready ? ['closes'] : [];
  return {
    context: { ...context, book: { ...book, correlations } },
    missing: [...missing, ...lacks],
  };
}

function correlated(own: Closes, { tradeId, closes }: Closes): TradeCorrelation[] {
  return tradeId === null ? [] : [{ tradeId, ...correlationOf(own.closes, closes) }];
}

async function readCloses(
  tx: Transaction,
  { nowMs, limits, tradeId }: PlanContext,
  { accountId, contractId }: { readonly accountId: string; readonly contractId: number },
): Promise<Closes[]> {
  const since = new Date(nowMs - limits.closesMaxAgeMs);
  return tx.$queryRaw<Closes[]>`
    WITH wanted AS (
      SELECT NULL::uuid AS trade_id, ${contractId}::int AS contract_id
      UNION ALL
      SELECT r.trade_id, (t.instrument->>'brokerContractId')::int
        FROM reservations r JOIN trades t ON t.id = r.trade_id
       WHERE r.account_id = ${accountId}::uuid AND r.phase <> 'RELEASED'
         AND r.trade_id <> ${tradeId}::uuid)
    SELECT w.trade_id AS "tradeId", c.closes
      FROM wanted w JOIN accounts a ON a.id = ${accountId}::uuid
      JOIN daily_closes c ON c.connection_id = a.connection_id
       AND c.broker_contract_id = w.contract_id AND c.fetched_at >= ${since}`;
}
