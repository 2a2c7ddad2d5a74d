/** The newest comparison of an account with the broker, as far as a person's word may rest on it. */
import type { ActedFinding } from '../../contract/reconcile.js';
import type { Transaction } from '../database.js';
import { CannotResolveError } from './prepared.js';

/** The session's own comparisons are that far apart: what is older has had its successor. */
const FRESH_MS = 5 * 60_000;

export interface NewestFindings {
  readonly runId: string;
  /** When the picture was begun that showed them last. */
  readonly pictureAtMs: number;
  /** Those of the contract. */
  readonly findings: readonly ActedFinding[];
  /** It found so many more, of whatever contract, than it names. */
  readonly unnamed: number;
}

/**
 * What the newest comparison found in one contract.
 * @throws CannotResolveError when there is none that is complete and fresh
 */
export async function newestFindings(
  tx: Transaction,
  accountId: string,
  brokerContractId: number,
  nowMs: number,
): Promise<NewestFindings> {
  const run = await tx.reconciliation.findFirst({
    where: { accountId, finishedAt: { not: null } },
    orderBy: { finishedAt: 'desc' },
    include: { findings: true },
  });
  const pictureAtMs = run?.pictureAt?.getTime() ?? null;
  if (run === null || pictureAtMs === null || nowMs - pictureAtMs > FRESH_MS) {
    const what = run === null ? 'books and broker were never compared' : staleText(pictureAtMs);
    throw new CannotResolveError(`${what}: give "ballast reconcile" first`);
  }
  const findings = run.findings
    .map(({ body }) => body as unknown as ActedFinding)
    .filter((one) => one.brokerContractId === brokerContractId);
  const { more = 0 } = (run.report ?? {}) as { readonly more?: number };
  return { runId: run.id, pictureAtMs, findings, unnamed: more };
}

function staleText(pictureAtMs: number | null): string {
  if (pictureAtMs === null) return 'the newest comparison had no complete picture of the broker';
  return `books and broker were compared last at ${new Date(pictureAtMs).toISOString()}`;
}
