/** Results and commissions of an account in its base currency, whatever the contracts were traded in (SIZ-8). */
import { ZERO, text, type DecimalText } from '../domain/money.js';
import { Prisma, type Transaction } from './database.js';

/** From the first instant on, and before the second; null: all that came since. */
export interface Span {
  readonly since: Date;
  readonly before: Date | null;
}

/** What account `a` takes for one unit of a currency: null for one that its ledger at the broker does not name. */
const rateOf = (currency: Prisma.Sql) => Prisma.sql`
  CASE WHEN ${currency} = a.base_currency THEN 1 ELSE (a.exchange_rates->>(${currency}))::numeric END`;

/**
 * What the trades that closed in a span came to, net of commissions, at the rates of the account's newest values. One
 * in a currency without a rate is left out: its number says nothing in another.
 */
export function realizedWithin(
  tx: Transaction,
  accountId: string,
  { since, before }: Span,
): Promise<DecimalText> {
  return total(
    tx,
    Prisma.sql`t.realized_pnl * ${rateOf(Prisma.sql`t.instrument->>'currency'`)}`,
    Prisma.sql`trades t JOIN accounts a ON a.id = t.account_id
     WHERE t.account_id = ${accountId}::uuid AND t.closed_at >= ${since}
       AND (${before}::timestamptz IS NULL OR t.closed_at < ${before}::timestamptz)`,
  );
}

/** What the fills of a broker's day cost, those of others included; converted and left out in the same way. */
export function commissionsOf(tx: Transaction, accountId: string, day: Date): Promise<DecimalText> {
  return total(
    tx,
    Prisma.sql`e.commission * ${rateOf(Prisma.sql`coalesce(e.commission_currency, a.base_currency)`)}`,
    Prisma.sql`executions e JOIN accounts a ON a.id = e.account_id
     WHERE e.account_id = ${accountId}::uuid AND e.broker_day = ${day}::date AND NOT e.superseded`,
  );
}

async function total(tx: Transaction, amount: Prisma.Sql, from: Prisma.Sql): Promise<DecimalText> {
  const [row] = await tx.$queryRaw<{ total: string }[]>`
    SELECT trim_scale(coalesce(sum(round(${amount}, 8)), 0))::text AS total FROM ${from}`;
  return row?.total ?? text(ZERO);
}
