/** Deposits and withdrawals as rows (RSK-8): kept as they were told, once for each reference, and counted once. */
import { randomUUID } from 'node:crypto';
import type { MovementView } from '../contract/views.js';
import { brokerDay } from '../domain/calendar.js';
import { differences, type Movement } from '../domain/cash-movement.js';
import { decimal } from '../domain/money.js';
import { counterpart, type KnownCash } from '../domain/statement/cash.js';
import type { CashKind } from '../domain/statement/statement.js';
import type { Prisma } from './generated/client.js';
import { textFromRow, toRow, type Database, type Transaction } from './database.js';

export interface MovementWrite {
  readonly userId: string;
  readonly accountId: string;
  readonly actor: string;
  readonly source: 'person' | 'flex';
  readonly movement: Movement;
  /** Its instant was told, and not taken from the clock: the same reference then means the same instant. */
  readonly isTimed: boolean;
}

export interface MovementWritten {
  /** `exists`: told before, and nothing was written. `differs`: that reference is another movement's. */
  readonly kind: 'recorded' | 'exists' | 'differs';
  /** What differs from the row that stands. */
  readonly fields: readonly string[];
  /** As it stands. */
  readonly row: MovementView;
}

/**
 * Writes down what a person told, unless its reference is taken. Whoever comes second, twice or beside another gets what
 * stands. What a statement has named already is kept as told, and counts once.
 */
export async function recordMovement(
  tx: Transaction,
  { movement, isTimed, userId, accountId, actor, source }: MovementWrite,
): Promise<MovementWritten> {
  const { amount, atMs, reference, note } = movement;
  const kind: CashKind = decimal(amount).gt(0) ? 'deposit' : 'withdrawal';
  await lockCash(tx, accountId);
  const telling = { kind, amount, atMs, days: [brokerDay(atMs)], isExact: true };
  const same = counterpart(telling, await cashAround(tx, accountId, [atMs]), 'flex');
  const { count } = await tx.cashMovement.createMany({
    data: {
      ...{ id: randomUUID(), userId, accountId, reference, note, source, actor, kind },
      ...{ amount: toRow(amount), at: new Date(atMs), sameAsId: same?.id ?? null },
    },
    skipDuplicates: true,
  });
  const stored = await tx.cashMovement.findUniqueOrThrow({
    where: { accountId_reference: { accountId, reference } },
    include: SHOWN_WITH,
  });
  const row = viewOf(stored);
  if (count === 1) return { kind: 'recorded', fields: [], row };
  const known = { amount: textFromRow(stored.amount), atMs: stored.at.getTime() };
  const fields = differences(known, movement, isTimed);
  return { kind: fields.length === 0 ? 'exists' : 'differs', fields, row };
}

/** One writer at a time: two tellings of a movement must see each other. Held until the transaction's end. */
export async function lockCash(tx: Transaction, accountId: string): Promise<void> {
  const name = `cash/${accountId}`;
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${name}, 0))`;
}

/** Longer than any zone is from New York, and than the hours in which a day's movement is told. */
const AROUND_MS = 2 * 86_400_000;

/** What is recorded around instants, of deposits and withdrawals, and what stands under references. */
export async function cashAround(
  tx: Transaction,
  accountId: string,
  instantsMs: readonly number[],
  references: readonly string[] = [],
): Promise<KnownCash[]> {
  const [from, until] = [Math.min(...instantsMs) - AROUND_MS, Math.max(...instantsMs) + AROUND_MS];
  const rows = await tx.cashMovement.findMany({
    where: {
      accountId,
      OR: [
        {
          kind: { in: ['deposit', 'withdrawal'] },
          at: { gte: new Date(from), lte: new Date(until) },
        },
        { reference: { in: [...references] } },
      ],
    },
    include: { again: { select: { id: true } }, account: { select: { baseCurrency: true } } },
  });
  return rows.map(({ id, reference, source, kind, amount, at, sameAsId, again, ...row }) => ({
    ...{ id, reference, amount: textFromRow(amount), atMs: at.getTime() },
    ...{ source: source as KnownCash['source'], kind: kind as CashKind },
    ...{ toldAmount: textFromRow(row.toldAmount), toldCurrency: row.toldCurrency },
    isExact: row.toldCurrency === null || row.toldCurrency === row.account.baseCurrency,
    isPaired: sameAsId !== null || again !== null,
  }));
}

/** The newest of the user, or of one account of theirs by the broker's id; by their instants, newest first. */
export async function listMovements(
  db: Database,
  userId: string,
  { account, limit }: { readonly account: string | null; readonly limit: number },
): Promise<MovementView[]> {
  const rows = await db.cashMovement.findMany({
    where: { userId, ...(account !== null && { account: { brokerAccountId: account } }) },
    include: SHOWN_WITH,
    orderBy: [{ at: 'desc' }, { createdAt: 'desc' }],
    take: limit,
  });
  return rows.map(viewOf);
}

const SHOWN_WITH = { account: true, sameAs: { select: { reference: true } } } as const;
type Row = Prisma.CashMovementGetPayload<{ include: typeof SHOWN_WITH }>;

function viewOf({ account, amount, reference, source, note, actor, at, createdAt, ...row }: Row) {
  return {
    ...{ account_id: account.brokerAccountId, reference, kind: row.kind },
    ...{ amount: textFromRow(amount), currency: account.baseCurrency },
    ...{ told_amount: textFromRow(row.toldAmount), told_currency: row.toldCurrency },
    ...{ at: at.toISOString(), source, same_as: row.sameAs?.reference ?? null, note, actor },
    recorded_at: createdAt.toISOString(),
  };
}
