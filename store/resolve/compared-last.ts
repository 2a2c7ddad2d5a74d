/**
 * What the newest comparison of each account found of a symbol's position, beside what the books say by now: what nobody
 * has settled yet. A resolution that finds nothing to resolve, or lets a symbol go, says it with the way that settles it.
 */
import type { ActedFinding } from '../../contract/reconcile.js';
import { decimal } from '../../domain/money.js';
import type { Step } from '../../domain/reconcile/finding.js';
import type { Transaction } from '../database.js';
import { expectedPosition } from '../positions.js';
import { evidenceOf } from '../reconcile/since.js';

/** A difference that the books still have. */
export interface Standing {
  /** The broker's id of the account. */
  readonly account: string;
  readonly found: ActedFinding;
  readonly comparedAt: Date;
  /** Signed: what the books say now. */
  readonly books: string;
}

export interface ComparedLast {
  /** When the oldest of the accounts' newest pictures was begun; null: one of them was never compared. */
  readonly at: Date | null;
  readonly standing: readonly Standing[];
}

interface Place {
  readonly symbol: string;
  /** Null: every one. */
  readonly account?: string | null;
  readonly brokerContractId?: number | null;
}

/** What the newest comparisons found of the symbol's positions, as far as the books still differ from it. */
export async function comparedLast(
  tx: Transaction,
  userId: string,
  { symbol, account = null, brokerContractId = null }: Place,
): Promise<ComparedLast> {
  const accounts = await tx.account.findMany({
    where: { userId, ...(account !== null && { brokerAccountId: account }) },
    orderBy: { brokerAccountId: 'asc' },
  });
  const ats: (Date | null)[] = [];
  const standing: Standing[] = [];
  for (const { id: accountId, brokerAccountId } of accounts) {
    const run = await tx.reconciliation.findFirst({
      where: { accountId, finishedAt: { not: null }, pictureAt: { not: null } },
      orderBy: { finishedAt: 'desc' },
      include: { findings: { where: { symbol, difference: { not: null } } } },
    });
    ats.push(run?.pictureAt ?? null);
    for (const { body } of run?.findings ?? []) {
      const found = body as unknown as ActedFinding;
      const contractId = found.brokerContractId!;
      if (brokerContractId !== null && contractId !== brokerContractId) continue;
      const now = await expectedPosition(tx, accountId, brokerAccountId, contractId);
      const { quantity: books } = now;
      if (!decimal(found.broker!).eq(books))
        standing.push({ account: brokerAccountId, found, comparedAt: run!.pictureAt!, books });
    }
  }
  return { at: oldest(ats), standing };
}

function oldest(ats: readonly (Date | null)[]): Date | null {
  const times = ats.map((at) => at?.getTime() ?? null);
  if (times.length === 0 || times.includes(null)) return null;
  return new Date(Math.min(...times.map(Number)));
}

/** For people: why there is no such external position, and what comes first. */
export function notHeldText(what: string, { at, standing }: ComparedLast): string {
  const [difference] = standing;
  if (difference !== undefined) {
    const { found, comparedAt } = difference;
    return `no ${what} is counted yet: ${found.summary}, as compared at ${comparedAt.toISOString()}; ${wayOf(difference)}`;
  }
  const last =
    at === null
      ? 'books and broker were never compared'
      : `books and broker were compared last at ${at.toISOString()}; if the broker shows one`;
  return `no ${what} is held, by the books; ${last}: give "ballast reconcile" first`;
}

/** What the finding itself says of it, unless the books have moved since: then the next one says it. */
function wayOf({ found, books }: Standing): string {
  return isOfNow({ found, books })
    ? found.why
    : `the books say ${books} by now: give "ballast reconcile", and it names what settles the rest`;
}

function isOfNow({ found, books }: Pick<Standing, 'found' | 'books'>): boolean {
  return found.books !== null && decimal(found.books).eq(books);
}

const QUARANTINES: ReadonlySet<Step> = new Set(['quarantine', 'book_outside']);

/**
 * For people: a difference beside which a symbol is released. `seen`: the evidence of what is released, for which no
 * comparison makes another quarantine.
 */
export function stillStandsText(
  symbol: string,
  standing: Standing,
  seen: readonly string[],
): string {
  const { account, found, comparedAt, books } = standing;
  const isSeen = isOfNow(standing) && seen.includes(evidenceOf(found));
  const again = isSeen
    ? `; a comparison quarantines ${symbol} again only with other numbers`
    : `; the next comparison quarantines ${symbol} again`;
  const then = QUARANTINES.has(found.step) ? again : '';
  return `${account}: the broker held ${found.broker} ${symbol} at ${comparedAt.toISOString()}, and the books say ${books}: that still stands (${wayOf(standing)})${then}`;
}
