/** Deposits and withdrawals as rows (RSK-8): kept as they were told, once for each reference. */
import { randomUUID } from 'node:crypto';
import type { MovementView } from '../contract/views.js';
import { differences, type Movement } from '../domain/cash-movement.js';
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

/** Writes one down, unless its reference is taken. Whoever comes second, twice or beside another gets what stands. */
export async function recordMovement(
  tx: Transaction,
  { movement, isTimed, userId, accountId, actor, source }: MovementWrite,
): Promise<MovementWritten> {
  const { amount, atMs, reference, note } = movement;
  const { count } = await tx.cashMovement.createMany({
    data: {
      ...{ id: randomUUID(), userId, accountId, reference, note, source, actor },
      ...{ amount: toRow(amount), at: new Date(atMs) },
    },
    skipDuplicates: true,
  });
  const stored = await tx.cashMovement.findUniqueOrThrow({
    where: { accountId_reference: { accountId, reference } },
    include: { account: true },
  });
  const row = viewOf(stored);
  if (count === 1) return { kind: 'recorded', fields: [], row };
  const known = { amount: textFromRow(stored.amount), atMs: stored.at.getTime() };
  const fields = differences(known, movement, isTimed);
  return { kind: fields.length === 0 ? 'exists' : 'differs', fields, row };
}

/** The newest of the user, or of one account of theirs by the broker's id; by their instants, newest first. */
export async function listMovements(
  db: Database,
  userId: string,
  { account, limit }: { readonly account: string | null; readonly limit: number },
): Promise<MovementView[]> {
  const rows = await db.cashMovement.findMany({
    where: { userId, ...(account !== null && { account: { brokerAccountId: account } }) },
    include: { account: true },
    orderBy: [{ at: 'desc' }, { createdAt: 'desc' }],
    take: limit,
  });
  return rows.map(viewOf);
}

type Row = Prisma.CashMovementGetPayload<{ include: { account: true } }>;

function viewOf({ account, amount, reference, source, note, actor, at, createdAt }: Row) {
  return {
    ...{ account_id: account.brokerAccountId, reference, amount: textFromRow(amount) },
    ...{ currency: account.baseCurrency, at: at.toISOString(), source, note, actor },
    recorded_at: createdAt.toISOString(),
  };
}
