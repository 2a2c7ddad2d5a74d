/** Users: whose rows are whose. */
import type { Database } from './database.js';

/** The id of a user; null when there is none of that name. */
export async function userIdNamed(db: Database, name: string): Promise<string | null> {
  const row = await db.user.findUnique({ where: { name }, select: { id: true } });
  return row?.id ?? null;
}
