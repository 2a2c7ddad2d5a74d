/** A statement's cash as rows (REC-6): once for each of the broker's transactions, and never twice beside a person's. */
import { randomUUID } from 'node:crypto';
import {
  cashRow,
  counterpart,
  isSameCash,
  tellingOf,
  type CashRow,
  type KnownCash,
} from '../../domain/statement/cash.js';
import type { StatementMovement } from '../../domain/statement/statement.js';
import { cashAround, lockCash } from '../cash-movements.js';
import { toRow, type Transaction } from '../database.js';

export interface CashOwner {
  readonly userId: string;
  readonly accountId: string;
  readonly baseCurrency: string;
  readonly actor: string;
}

/** What became of a movement. */
export type CashOutcome =
  | { readonly kind: 'recorded'; readonly row: CashRow; readonly sameAs: string | null }
  | { readonly kind: 'exists' }
  /** Another one stands under its id. */
  | { readonly kind: 'differs'; readonly row: CashRow; readonly known: KnownCash }
  | { readonly kind: 'unusable'; readonly why: string };

export interface CashWritten {
  readonly movement: StatementMovement;
  readonly outcome: CashOutcome;
}

/** Records them, in one transaction, under the account's turn; each sees those before it. */
export async function recordStatementCash(
  tx: Transaction,
  { userId, accountId, baseCurrency, actor }: CashOwner,
  movements: readonly StatementMovement[],
  nowMs: number,
): Promise<CashWritten[]> {
  await lockCash(tx, accountId);
  const read = movements.map((movement) => cashRow(movement, baseCurrency, nowMs));
  const rows = read.flatMap((one) => (one.kind === 'row' ? [one.row] : []));
  const instants = rows.map(({ atMs }) => atMs);
  const references = rows.map(({ reference }) => reference);
  let known = rows.length === 0 ? [] : await cashAround(tx, accountId, instants, references);
  const writes: (CashRow & { id: string; sameAsId: string | null })[] = [];
  const written = movements.map((movement, n): CashWritten => {
    const one = read[n]!;
    if (one.kind === 'unusable') return { movement, outcome: one };
    const { row } = one;
    const stands = known.find(({ reference }) => reference === row.reference);
    if (stands !== undefined) {
      const kind = isSameCash(stands, row) ? 'exists' : 'differs';
      return { movement, outcome: { kind, row, known: stands } };
    }
    const telling = tellingOf(movement, row, baseCurrency);
    const same = counterpart(telling, known, 'person');
    const id = randomUUID();
    writes.push({ ...row, id, sameAsId: same?.id ?? null });
    known = [
      ...known.map((other) => (other === same ? { ...other, isPaired: true } : other)),
      { ...row, id, source: 'flex', isExact: telling.isExact, isPaired: same !== null },
    ];
    return { movement, outcome: { kind: 'recorded', row, sameAs: same?.reference ?? null } };
  });
  await tx.cashMovement.createMany({
    data: writes.map(({ id, reference, kind, amount, toldAmount, toldCurrency, atMs, ...row }) => ({
      ...{ id, userId, accountId, actor, source: 'flex', reference, kind },
      ...{ amount: toRow(amount), toldAmount: toRow(toldAmount), toldCurrency },
      ...{ at: new Date(atMs), sameAsId: row.sameAsId, note: row.note === '' ? null : row.note },
    })),
  });
  return written;
}
