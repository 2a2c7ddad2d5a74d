/** Users: whose rows are whose. */
import type { Database } from './database.js';

/** The id of a user; null when there is none of that name. */
export async function userIdNamed(db: Database, name: string): Promise<string | null> {
  const row = await db.user.findUnique({ where: { name }, select: { id: true } });
  return row?.id ?? null;
}

/** A person, a program or two each: beyond this the oldest are meant. */
const USERS_MAX = 1_000;

/** The ids of all users, the oldest first. */
export async function userIds(db: Database): Promise<string[]> {
  const rows = await db.user.findMany({
    select: { id: true },
    orderBy: { createdAt: 'asc' },
    take: USERS_MAX,
  });
  return rows.map(({ id }) => id);
}
