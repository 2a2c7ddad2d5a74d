/** The rows of reconciliations: one for each run, with its findings. Nothing of them is deleted (REC-4). */
import type {
  ActedFinding,
  BeginInput,
  BegunRun,
  EndInput,
  ReconcileOutcome,
  ReconcileResult,
  Settled,
} from '../../contract/reconcile.js';
import { toJson, toRow, type Database, type Transaction } from '../database.js';
import { transact } from '../transact.js';

/**
 * Writes the run's row, once whoever repeats it.
 * @throws Error when there is no such account
 */
export async function beginRun(db: Database, input: BeginInput): Promise<BegunRun> {
  const { runId, accountId, trigger } = input;
  return transact(db, 'reconcile.begin.commit', { account: accountId }, async (tx) => {
    const { userId, brokerAccountId } = await tx.account.findUniqueOrThrow({
      where: { id: accountId },
    });
    await tx.reconciliation.createMany({
      data: { id: runId, userId, accountId, cause: trigger },
      skipDuplicates: true,
    });
    const before = await tx.reconciliation.findFirst({
      where: { accountId, id: { not: runId }, pictureAt: { not: null } },
      orderBy: { startedAt: 'desc' },
      select: { startedAt: true },
    });
    return { runId, accountId, brokerAccountId, sinceMs: before?.startedAt.getTime() ?? null };
  });
}

/** Writes what came of the run, once; a repeat gives the same. */
export async function endRun(db: Database, input: EndInput): Promise<ReconcileResult> {
  const { runId } = input;
  const outcome = outcomeOf(input);
  const settled = input.kind === 'settled' ? input.settled : null;
  const reason = input.kind === 'settled' ? input.settled.recovery : input.reason;
  const findings = settled === null ? 0 : settled.findings.length + settled.more;
  await transact(db, 'reconcile.end.commit', { account: runId }, async (tx) => {
    const ended = await tx.reconciliation.updateMany({
      where: { id: runId, finishedAt: null },
      data: {
        ...{ outcome, finishedAt: new Date(), report: toJson(reportOf(settled, reason)) },
        ...(settled && { pictureAt: new Date(settled.atMs) }),
      },
    });
    if (ended.count > 0 && settled) await saveFindings(tx, runId, settled.findings);
  });
  return { runId, outcome, findings, reason };
}

function outcomeOf(input: EndInput): ReconcileOutcome {
  if (input.kind === 'incomplete') return 'incomplete';
  if (input.settled.recovery !== null) return 'recovery';
  return input.settled.findings.length > 0 ? 'found' : 'clean';
}

function reportOf(settled: Settled | null, reason: string | null): object {
  if (settled === null) return { reason };
  const { compared, unexplained, more } = settled;
  return { compared, unexplained, more, reason };
}

async function saveFindings(
  tx: Transaction,
  reconciliationId: string,
  findings: readonly ActedFinding[],
): Promise<void> {
  const { userId } = await tx.reconciliation.findUniqueOrThrow({ where: { id: reconciliationId } });
  await tx.finding.createMany({
    data: findings.map((found) => ({
      ...{ userId, reconciliationId, tradeId: found.tradeIds[0] ?? null },
      ...{ kind: found.kind, symbol: found.symbol, step: found.step, done: found.done },
      ...{ summary: found.summary, why: found.why, body: toJson(found) },
      difference: found.difference === null ? null : toRow(found.difference),
      value: found.value === null ? null : toRow(found.value),
    })),
  });
}
