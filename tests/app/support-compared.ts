/** Books beside a picture of the broker that a test makes, kept as the report of a run. */
import { randomUUID } from 'node:crypto';
import type { Snapshot } from '../../domain/broker/snapshot.js';
import { compare } from '../../domain/reconcile/compare.js';
import type { Finding } from '../../domain/reconcile/finding.js';
import type { Database } from '../../store/database.js';
import { accountOf, loadAccountBooks } from '../../store/reconcile/books.js';
import { beginRun, endRun } from '../../store/reconcile/runs.js';
import { ACCOUNT } from '../store/support/ready-account.js';

export interface Shown {
  readonly symbol: string;
  readonly brokerContractId: number;
  readonly quantity: string;
  readonly averageCost: string;
}

/** A complete picture of one position, `atMs`, and nothing else. */
export function pictureOf({ quantity, ...row }: Shown, atMs: number): Snapshot {
  const position = { ...row, account: ACCOUNT, securityType: 'STK', quantity };
  return {
    ...{ generation: 1, generationSinceMs: 0, startedAtMs: atMs, endedAtMs: atMs },
    ...{ isComplete: true, orders: [], completed: [], executions: [] },
    positions: quantity === '0' ? [] : [position],
  };
}

/** Compares, and writes the report; gives what was found of positions. */
export async function compared(
  db: Database,
  accountId: string,
  shown: Shown,
  { atMs = Date.now(), done = 'the symbol is quarantined' } = {},
): Promise<readonly Finding[]> {
  const runId = randomUUID();
  await beginRun(db, { runId, accountId, trigger: 'demand' });
  const picture = pictureOf(shown, atMs);
  const books = await loadAccountBooks(db, await accountOf(db, accountId), picture, null);
  const all = compare(books, picture);
  const findings = all.findings.filter(({ difference }) => difference !== null);
  const settled = {
    ...{ atMs, compared: all.compared, more: 0, unexplained: '0', recovery: null },
    findings: findings.map((found) => ({ ...found, done })),
  };
  await endRun(db, { runId, kind: 'settled', settled });
  return findings;
}

/** A run without a complete picture. */
export async function comparedInVain(db: Database, accountId: string): Promise<void> {
  const runId = randomUUID();
  await beginRun(db, { runId, accountId, trigger: 'demand' });
  await endRun(db, { runId, kind: 'incomplete', reason: 'the list of positions had no end' });
}
