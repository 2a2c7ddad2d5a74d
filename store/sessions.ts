/** Who is let in, one by one (UI-1, API-2): sessions of the dashboard and tokens, made, used, and called back. */
import type { SessionKind, SessionView } from '../contract/views.js';
import type { Database, Transaction } from './database.js';
import { viewOfSession } from './reads/sessions.js';

export interface NewSession {
  /** The claim `jti` of what is signed. */
  readonly id: string;
  readonly userId: string;
  readonly kind: SessionKind;
  readonly scopes: readonly string[];
  readonly createdBy: string;
  readonly expiresAt: Date;
}

/** Where a request came from, as far as that is known. */
export interface SessionUse {
  readonly from: string;
  readonly by: string | null;
}

/** Makes one, and drops those that are over: a while later, for clocks differ, and a token that is over is refused without its row. */
export async function insertSession(tx: Transaction, session: NewSession): Promise<void> {
  await tx.$executeRaw`DELETE FROM sessions WHERE expires_at < now() - interval '1 hour'`;
  const { id, userId, kind, scopes, createdBy, expiresAt } = session;
  await tx.session.create({
    data: { id, userId, kind, scopes: [...scopes], createdBy, expiresAt },
  });
}

/** Live ones of a user: for a bound that holds under concurrency, within the transaction that makes another. */
export async function countLiveSessions(
  tx: Transaction,
  userId: string,
  kind: SessionKind,
): Promise<number> {
  await tx.$executeRaw`SELECT 1 FROM users WHERE id = ${userId}::uuid FOR NO KEY UPDATE`;
  return tx.session.count({
    where: { userId, kind, revokedAt: null, expiresAt: { gt: new Date() } },
  });
}

/** What stands of one: `live`, `revoked`, or null when nobody made it here. */
export type SessionState = 'live' | 'revoked' | null;

/** Looks one up, and marks a live one as used now: once a minute, so that requests write next to nothing. */
export async function useSession(
  db: Database,
  id: string,
  { from, by }: SessionUse,
): Promise<SessionState> {
  const [row] = await db.$queryRaw<{ revoked: boolean }[]>`
    WITH used AS (
      UPDATE sessions SET last_used_at = now(), used_from = ${from}, used_by = ${by}
       WHERE id = ${id}::uuid AND revoked_at IS NULL
         AND (last_used_at IS NULL OR last_used_at < now() - interval '1 minute'))
    SELECT revoked_at IS NOT NULL AS revoked FROM sessions WHERE id = ${id}::uuid`;
  if (row === undefined) return null;
  return row.revoked ? 'revoked' : 'live';
}

export interface Revocation {
  readonly userId: string;
  readonly revokedBy: string;
}

/** Ends one; null when the user has no live one of that id. It is never taken back. */
export async function markSessionRevoked(
  tx: Transaction,
  { userId, revokedBy, id }: Revocation & { readonly id: string },
): Promise<SessionView | null> {
  const revoked = await tx.$executeRaw`
    UPDATE sessions SET revoked_at = now(), revoked_by = ${revokedBy}
     WHERE id = ${id}::uuid AND user_id = ${userId}::uuid AND revoked_at IS NULL
       AND expires_at > now()`;
  if (revoked === 0) return null;
  return viewOfSession(await tx.session.findUniqueOrThrow({ where: { id } }));
}

/** Ends all live ones of these kinds but one. @returns their ids */
export async function markSessionsRevoked(
  tx: Transaction,
  {
    userId,
    revokedBy,
    kinds,
    except,
  }: Revocation & { readonly kinds: readonly SessionKind[]; readonly except: string | null },
): Promise<string[]> {
  const rows = await tx.$queryRaw<{ id: string }[]>`
    UPDATE sessions SET revoked_at = now(), revoked_by = ${revokedBy}
     WHERE user_id = ${userId}::uuid AND kind = ANY(${[...kinds]}) AND revoked_at IS NULL
       AND expires_at > now() AND id IS DISTINCT FROM ${except}::uuid
    RETURNING id`;
  return rows.map(({ id }) => id);
}
