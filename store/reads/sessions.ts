/** Sessions of the dashboard, and tokens, as they are read. */
import type { SessionKind, SessionView } from '../../contract/views.js';
import type { Database, Prisma } from '../database.js';
import { instant } from './shape.js';

/** The user's that are not over, the newest first, revoked ones too. */
export async function listSessions(
  db: Database,
  userId: string,
  most: number,
): Promise<SessionView[]> {
  const rows = await db.session.findMany({
    where: { userId, expiresAt: { gt: new Date() } },
    orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
    take: most,
  });
  return rows.map(viewOfSession);
}

/** A row as people and programs read it. What it opens is not in it: the cookie or the token is signed, not kept. */
export function viewOfSession(row: Prisma.SessionGetPayload<object>): SessionView {
  return {
    ...{ id: row.id, kind: row.kind as SessionKind, scopes: row.scopes },
    ...{ created_by: row.createdBy, created_at: instant(row.createdAt) },
    ...{ expires_at: instant(row.expiresAt), last_used_at: instant(row.lastUsedAt) },
    ...{ used_from: row.usedFrom, used_by: row.usedBy },
    ...{ revoked_at: instant(row.revokedAt), revoked_by: row.revokedBy },
  };
}
