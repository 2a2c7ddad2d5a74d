/** Reconciliations with what they found, for people and programs. */
import type { ActedFinding, Settled } from '../../contract/reconcile.js';
import type { ComparedView, DifferenceView, ReconciliationView } from '../../contract/views.js';
import type { Database, Prisma } from '../database.js';
import { instant } from './shape.js';
import { pageFrom, pageOf } from './trades.js';

type Row = Prisma.ReconciliationGetPayload<{ include: { account: true; findings: true } }>;

const WITH_ALL = { account: true, findings: true } as const;

/** One of the user's, or null. */
export async function loadReconciliation(
  db: Database,
  userId: string,
  id: string,
): Promise<ReconciliationView | null> {
  const row = await db.reconciliation.findFirst({ where: { id, userId }, include: WITH_ALL });
  return row && viewOf(row);
}

/** The newest of the user's, newest first. */
export async function listReconciliations(
  db: Database,
  userId: string,
  limit: number,
  after?: string,
): Promise<ReconciliationView[]> {
  const rows = await db.reconciliation.findMany({
    ...{ where: { userId }, include: WITH_ALL },
    orderBy: [{ startedAt: 'desc' }, { id: 'desc' }],
    ...pageFrom({ after, limit }),
  });
  return pageOf(rows, { after, limit }).map(viewOf);
}

interface Report {
  readonly compared?: Settled['compared'];
  readonly unexplained?: string | null;
  readonly more?: number;
  readonly reason?: string | null;
}

function viewOf({ id, account, findings, ...row }: Row): ReconciliationView {
  const report = row.report as Report;
  return {
    reconciliation_id: id,
    account_id: account.brokerAccountId,
    trigger: row.cause,
    started_at: row.startedAt.toISOString(),
    picture_at: instant(row.pictureAt),
    finished_at: instant(row.finishedAt),
    outcome: row.outcome,
    reason: report.reason ?? null,
    compared: report.compared ? comparedView(report.compared) : null,
    unexplained_value: report.unexplained ?? null,
    findings: findings.map(({ body, done }) => findingView(body as unknown as ActedFinding, done)),
    more_findings: report.more ?? 0,
  };
}

function comparedView(compared: Settled['compared']): ComparedView {
  return {
    contracts: compared.contracts,
    held_contracts: compared.heldContracts,
    external_contracts: compared.externalContracts,
    trades: compared.trades,
    orders_in_books: compared.ordersInBooks,
    own_orders_at_broker: compared.ownOrders,
    foreign_orders: compared.foreignOrders,
    executions: compared.executions,
    unknown_orders_over: compared.unknownOver ?? 0,
  };
}

function findingView(found: ActedFinding, done: string): DifferenceView {
  const { kind, symbol, books, broker, difference, value, summary, step, why } = found;
  const trade_ids = found.tradeIds;
  return { kind, symbol, trade_ids, books, broker, difference, value, summary, step, why, done };
}
