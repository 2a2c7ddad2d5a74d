/** Reconciliation on demand (REC-1): a run of each account that begins now, after one that is under way. */
import type { ReconciliationView } from '../contract/views.js';
import { listReconciliations, loadReconciliation } from '../store/reads.js';
import type { App } from './app.js';
import { within } from './within.js';

/** There is no such account. */
export class NoSuchAccountError extends Error {
  override readonly name = 'NoSuchAccountError';
}

/** Nobody did it in time; it goes on all the same. */
export class ReconcileTimeoutError extends Error {
  override readonly name = 'ReconcileTimeoutError';
}

/** Two runs of two looks that are 10 s apart, and a link that comes up meanwhile. */
const WAIT_MS = 60_000;

/**
 * Reconciles one account, or all; gives a report of each.
 * @throws NoSuchAccountError, NotReachableError, or ReconcileTimeoutError after `waitMs`
 */
export async function reconcileNow(
  app: App,
  brokerAccountId: string | null,
  waitMs = WAIT_MS,
): Promise<ReconciliationView[]> {
  const { db, userId } = app;
  const where = { userId, ...(brokerAccountId !== null && { brokerAccountId }) };
  const accounts = await db.account.findMany({ where, orderBy: { brokerAccountId: 'asc' } });
  if (accounts.length === 0) {
    throw new NoSuchAccountError(
      brokerAccountId === null
        ? 'no account is known yet: the first connection to the broker tells them'
        : `there is no account ${brokerAccountId}`,
    );
  }
  const runs = accounts.map(({ id }) => runOf(app, id, waitMs));
  return Promise.all(runs);
}

async function runOf(app: App, accountId: string, waitMs: number): Promise<ReconciliationView> {
  const client = await app.temporal();
  const { reconcileFromNow } = await import('../client/reconcile.js');
  const account = { accountId, queuePrefix: app.config.taskQueuePrefix };
  const { runId } = await within(reconcileFromNow(client, account), waitMs, lateError);
  const report = runId === null ? null : await loadReconciliation(app.db, app.userId, runId);
  if (!report) throw new Error('the reconciliation has no report: see its workflow in Temporal');
  return report;
}

function lateError(waitMs: number): Error {
  return new ReconcileTimeoutError(
    `no report after ${waitMs / 1000} s: it goes on, and waits for the workers or for the broker; ` +
      '"ballast doctor" says which',
  );
}

/** The newest reports, newest first. */
export function listReports(
  { db, userId }: App,
  limit: number,
  after?: string,
): Promise<ReconciliationView[]> {
  return listReconciliations(db, userId, limit, after);
}

/** One report; null when there is none of that id. */
export function loadReport({ db, userId }: App, id: string): Promise<ReconciliationView | null> {
  return loadReconciliation(db, userId, id);
}
