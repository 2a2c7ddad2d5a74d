/** What a reconciliation writes, beside the repairs of trades: external shares, questions, and what trades are told. */
import { EVIDENCE_MAX, type Finding } from '../../domain/reconcile/finding.js';
import { decimal, sum, text } from '../../domain/money.js';
import { alert } from '../alerts.js';
import { changeTrade } from '../book/change.js';
import { textFromRow, type Database } from '../database.js';
import { lockPosition, movePosition } from '../positions.js';
import { transact } from '../transact.js';
import { evidenceOf, lastWithout } from './since.js';

/** What the recovery mode of an account is for, each with its numbers. */
export function recoveryEvidence(findings: readonly Finding[]): string[] {
  return findings
    .filter(({ kind, isUnexplained }) => isUnexplained || kind === 'unknown_reference')
    .slice(0, EVIDENCE_MAX)
    .map(evidenceOf);
}

/**
 * Counts the difference as external, unless the books have moved since they were compared; a repeat counts
 * nothing twice. Gives what became of it, for people.
 */
export async function countExternal(
  db: Database,
  accountId: string,
  found: Finding,
): Promise<string> {
  const { brokerContractId, symbol, books, broker, difference, price } = found;
  if (brokerContractId === null || symbol === null || difference === null) return 'nothing';
  return transact(db, 'reconcile.external.commit', { account: accountId }, async (tx) => {
    await lockPosition(tx, { accountId, strategyId: null }, brokerContractId);
    const rows = await tx.position.findMany({ where: { accountId, brokerContractId } });
    const now = text(sum(rows.map(({ quantity }) => decimal(textFromRow(quantity)))));
    if (now === broker) return 'it is counted as external';
    if (now !== books) return 'nothing: the books have moved meanwhile';
    const { userId } = await tx.account.findUniqueOrThrow({ where: { id: accountId } });
    const external = { userId, accountId, strategyId: null };
    await movePosition(tx, external, {
      ...{ symbol, brokerContractId, change: difference, price: price ?? '0' },
    });
    await alert(tx, {
      ...{ userId, tradeId: null, kind: 'external_position', summary: found.summary },
      dedupeKey: `external:${accountId}:${brokerContractId}:${books}:${broker}:${Date.now()}`,
      detail: { symbol, difference, evidence: evidenceOf(found) },
    });
    return 'it is counted as external; adopt it with "ballast resolve position"';
  });
}

/** Asks a person, once while it lasts with the same numbers. */
export async function askPerson(db: Database, accountId: string, found: Finding): Promise<string> {
  const { userId } = await db.account.findUniqueOrThrow({ where: { id: accountId } });
  const evidence = evidenceOf(found);
  const since = (await lastWithout(db, accountId, found))?.runId ?? 'ever';
  await transact(db, 'reconcile.ask.commit', { account: accountId }, (tx) =>
    alert(tx, {
      ...{ userId, tradeId: found.tradeIds[0] ?? null, kind: `reconcile_${found.kind}` },
      ...{ dedupeKey: `reconcile:${accountId}:${since}:${evidence}`, summary: found.summary },
      detail: { symbol: found.symbol, why: found.why, evidence },
    }),
  );
  return 'a person is asked';
}

const TOLD = 'reconciled';

/** Writes the finding into the trade's own timeline, once while it lasts; false when it stood there. */
export async function noteInTrade(
  db: Database,
  tradeId: string,
  found: Finding,
  nowMs: number,
): Promise<boolean> {
  const summary = `${found.summary}; ${found.why}`;
  let isNew = false;
  await changeTrade(db, 'reconcile.note.commit', tradeId, nowMs, async (book, keys, tx) => {
    const since = (await lastWithout(tx, keys.accountId, found))?.pictureAt;
    const where = { tradeId, kind: TOLD, summary, ...(since && { at: { gt: since } }) };
    isNew = (await tx.tradeEvent.count({ where })) === 0;
    return { book, events: isNew ? [{ kind: TOLD, summary }] : [] };
  });
  return isNew;
}
