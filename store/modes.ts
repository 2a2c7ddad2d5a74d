/** The modes of the installation, its accounts and its strategies, as rows (RSK-5). */
import type { ModeView } from '../contract/views.js';
import type { Mode } from '../domain/risk/modes.js';
import type { Database, Transaction } from './database.js';

/** What a mode is set for; the installation has no name. */
export type ModeTarget =
  | { readonly kind: 'installation'; readonly name: null }
  | { readonly kind: 'account' | 'strategy'; readonly name: string };

/** Every mode there is, the widest first. */
export async function listModes(db: Database, userId: string): Promise<ModeView[]> {
  const installation = await db.installation.findFirst();
  const accounts = await db.account.findMany({
    where: { userId },
    orderBy: { brokerAccountId: 'asc' },
  });
  const strategies = await db.strategy.findMany({ where: { userId }, orderBy: { name: 'asc' } });
  return [
    { kind: 'installation', name: null, mode: (installation?.mode ?? 'ACTIVE') as Mode },
    ...accounts.map(({ brokerAccountId, mode }) => ({
      ...{ kind: 'account' as const, name: brokerAccountId, mode: mode as Mode },
    })),
    ...strategies.map(({ name, mode }) => ({
      ...{ kind: 'strategy' as const, name, mode: mode as Mode },
    })),
  ];
}

/** Sets a mode. @returns the one before, or null when there is no such row of the user's */
export async function setMode(
  tx: Transaction,
  userId: string,
  target: ModeTarget,
  mode: Mode,
): Promise<Mode | null> {
  if (target.kind === 'installation') {
    const row = await tx.installation.findFirstOrThrow();
    await tx.installation.update({ where: { id: row.id }, data: { mode } });
    return row.mode as Mode;
  }
  if (target.kind === 'account') {
    const row = await tx.account.findFirst({ where: { userId, brokerAccountId: target.name } });
    if (row) await tx.account.update({ where: { id: row.id }, data: { mode } });
    return (row?.mode ?? null) as Mode | null;
  }
  const row = await tx.strategy.findUnique({
    where: { userId_name: { userId, name: target.name } },
  });
  if (row) await tx.strategy.update({ where: { id: row.id }, data: { mode } });
  return (row?.mode ?? null) as Mode | null;
}
