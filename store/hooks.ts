/** Webhooks of charting services (SIG-6): made, revoked, and found again by the hash of their token. */
import { randomUUID } from 'node:crypto';
import type { HookTerms } from '../contract/hooks/alert.js';
import type { HookView } from '../contract/views.js';
import type { Database, Transaction } from './database.js';
import { templateOf, viewOfHook } from './reads/hooks.js';

export interface NewHook extends HookTerms {
  readonly userId: string;
  readonly name: string;
  /** SHA-256 of its token, as hex. */
  readonly tokenHash: string;
  readonly createdBy: string;
}

/** Makes a hook; null when the user has a live one of that name. */
export async function insertHook(tx: Transaction, hook: NewHook): Promise<HookView | null> {
  const id = randomUUID();
  const made = await tx.$executeRaw`
    INSERT INTO hooks (id, user_id, name, token_hash, template, strategies, created_by)
    VALUES (${id}::uuid, ${hook.userId}::uuid, ${hook.name}, ${hook.tokenHash}, ${hook.template},
            ${[...hook.strategies]}, ${hook.createdBy})
    ON CONFLICT (user_id, name) WHERE revoked_at IS NULL DO NOTHING`;
  return made === 0 ? null : viewOfHook(await tx.hook.findUniqueOrThrow({ where: { id } }));
}

/** Live ones of a user: for a bound that holds under concurrency, within the transaction that makes another. */
export async function countLiveHooks(tx: Transaction, userId: string): Promise<number> {
  await tx.$executeRaw`SELECT 1 FROM users WHERE id = ${userId}::uuid FOR NO KEY UPDATE`;
  return tx.hook.count({ where: { userId, revokedAt: null } });
}

/** Ends a hook; null when the user has no live one of that id. It is never taken back. */
export async function markRevoked(
  tx: Transaction,
  { userId, id, revokedBy }: { userId: string; id: string; revokedBy: string },
): Promise<HookView | null> {
  const revoked = await tx.$executeRaw`
    UPDATE hooks SET revoked_at = now(), revoked_by = ${revokedBy}
     WHERE id = ${id}::uuid AND user_id = ${userId}::uuid AND revoked_at IS NULL`;
  return revoked === 0 ? null : viewOfHook(await tx.hook.findUniqueOrThrow({ where: { id } }));
}

/** What a token stands for. */
export interface HookOfToken extends HookTerms {
  readonly id: string;
  readonly name: string;
  readonly userName: string;
}

interface Found {
  readonly id: string;
  readonly name: string;
  readonly template: string;
  readonly strategies: string[];
  readonly userName: string;
}

/**
 * The live hook of a token, marked as used now; null for one that nobody has, or that was revoked: one and the same
 * statement, which writes nothing then.
 */
export async function useHook(db: Database, tokenHash: string): Promise<HookOfToken | null> {
  const [row] = await db.$queryRaw<Found[]>`
    UPDATE hooks h SET last_used_at = now() FROM users u
     WHERE h.token_hash = ${tokenHash} AND h.revoked_at IS NULL AND u.id = h.user_id
    RETURNING h.id, h.name, h.template, h.strategies, u.name AS "userName"`;
  return row === undefined ? null : { ...row, template: templateOf(row) };
}
