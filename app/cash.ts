/** Deposits, withdrawals, and what the day of an account is measured from, for every surface (RSK-8). */
import type { DayView, EquityView, MovementView } from '../contract/views.js';
import { movementOf, type MovementTold } from '../domain/cash-movement.js';
import { appendAudit } from '../store/audit.js';
import * as movements from '../store/cash-movements.js';
import * as equity from '../store/equity.js';
import { listDays } from '../store/reads/day.js';
import { plainTransact } from '../store/transact.js';
import type { App } from './app.js';

export { NOTE_CHARACTERS_MAX, REFERENCE_CHARACTERS_MAX } from '../domain/cash-movement.js';

export interface MovementAnswer {
  readonly kind: 'recorded' | 'exists' | 'differs';
  /** Of `differs`: what is not as it stands. */
  readonly fields: readonly string[];
  readonly movement: MovementView;
  /** The account's day with it. */
  readonly day: DayView;
  /** Whether it is among what is taken out of that day's result; one that a statement has named counts as that. */
  readonly counts: boolean;
}

/**
 * Records a deposit or a withdrawal, audited; the same reference again is the same one.
 * @returns null when there is no such account of the user
 * @throws RangeError that names what of it can't be used
 */
export async function tellMovement(
  app: App,
  account: string,
  told: MovementTold,
): Promise<MovementAnswer | null> {
  const { db, userId, actor } = app;
  const movement = movementOf(told, Date.now());
  const row = await db.account.findFirst({ where: { userId, brokerAccountId: account } });
  if (row === null) return null;
  const written = await plainTransact(db, async (tx) => {
    const made = await movements.recordMovement(tx, {
      ...{ userId, accountId: row.id, actor, movement, isTimed: told.at !== null },
      source: 'person',
    });
    const { reference, amount, at, note } = made.row;
    const entry = { userId, actor, action: told.kind, subject: `account ${account}` };
    const body = { reference, amount, at, note };
    if (made.kind === 'recorded') await appendAudit(tx, { ...entry, body });
    return made;
  });
  const day = (await accountDays(app)).find(({ account_id }) => account_id === account)!;
  const { kind, fields, row: stands } = written;
  const counts = day.measured_at !== null && stands.at > day.measured_at;
  return { kind, fields, movement: stands, day, counts };
}

/** The newest first; `account` null: of all accounts. */
export function listMovements(
  { db, userId }: App,
  query: { readonly account: string | null; readonly limit: number },
): Promise<MovementView[]> {
  return movements.listMovements(db, userId, query);
}

/** The day so far of each account. */
export function accountDays({ db, userId }: App): Promise<DayView[]> {
  return listDays(db, userId, Date.now());
}

/** What accounts were worth, the newest first; `account` null: all of them. */
export function listEquity(
  { db, userId }: App,
  query: { readonly account: string | null; readonly limit: number },
): Promise<EquityView[]> {
  return equity.listEquity(db, userId, query);
}
