/** Webhooks of charting services as they are read. */
import { TEMPLATES, type TemplateName } from '../../contract/hooks/alert.js';
import type { HookView } from '../../contract/views.js';
import type { Database } from '../database.js';
import { instant } from './shape.js';

interface HookRow {
  readonly id: string;
  readonly name: string;
  readonly template: string;
  readonly strategies: string[];
  readonly createdAt: Date;
  readonly createdBy: string;
  readonly lastUsedAt: Date | null;
  readonly revokedAt: Date | null;
  readonly revokedBy: string | null;
}

/** The user's, the newest first, revoked ones too. */
export async function listHooks(db: Database, userId: string, most: number): Promise<HookView[]> {
  const orderBy = [{ createdAt: 'desc' as const }, { id: 'desc' as const }];
  const rows = await db.hook.findMany({ where: { userId }, orderBy, take: most });
  return rows.map(viewOfHook);
}

/** One of the user's that is not revoked, by its name or its id. */
export async function findHook(
  db: Database,
  userId: string,
  by: { readonly name: string } | { readonly id: string },
): Promise<HookView | null> {
  const row = await db.hook.findFirst({ where: { ...by, userId, revokedAt: null } });
  return row && viewOfHook(row);
}

/** A row as people and programs read it, without the hash of its token. */
export function viewOfHook(row: HookRow): HookView {
  return {
    ...{ id: row.id, name: row.name, template: templateOf(row), strategies: row.strategies },
    ...{ created_at: instant(row.createdAt), created_by: row.createdBy },
    last_used_at: row.lastUsedAt && instant(row.lastUsedAt),
    ...{ revoked_at: row.revokedAt && instant(row.revokedAt), revoked_by: row.revokedBy },
  };
}

/** @throws when it was made by a later version, which had more of them */
export function templateOf({ name, template }: Pick<HookRow, 'name' | 'template'>): TemplateName {
  if (Object.hasOwn(TEMPLATES, template)) return template as TemplateName;
  throw new Error(
    `hook ${name}: this version knows no template ${template}; revoke it, or upgrade`,
  );
}
