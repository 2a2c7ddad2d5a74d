/**
 * The audit log (OPS-6): what people decided, append-only. Each entry's hash covers the entry and the hash
 * before it, so that a changed or missing row shows.
 */
import { fingerprint } from '../contract/fingerprint.js';
import type { AuditView, Json } from '../contract/views.js';
import type { Database, Transaction } from './database.js';
import { toJson } from './database.js';

export interface AuditEntry {
  readonly userId: string;
  /** Who: `cli:anna`. */
  readonly actor: string;
  /** What: `mode`, `resolve.order_absent` … */
  readonly action: string;
  /** To what: `trade 6a1b…`, `strategy momentum`. */
  readonly subject: string;
  readonly body: object;
}

/** The hash before the first entry's. */
const BEGINNING = '0'.repeat(64);
/** One writer at a time: a chain has one end. Any constant will do; this one is ours. */
const AUDIT_LOCK = 7_224_002;

/** Appends an entry in the transaction that makes it true. */
export async function appendAudit(tx: Transaction, entry: AuditEntry): Promise<void> {
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(${AUDIT_LOCK})`;
  const last = await tx.auditEntry.findFirst({ orderBy: { id: 'desc' }, select: { hash: true } });
  const previous = last?.hash ?? BEGINNING;
  const at = new Date();
  const body = toJson(entry.body);
  const hash = hashOf({ ...entry, body, at, previous });
  await tx.auditEntry.create({ data: { ...entry, body, at, previous, hash } });
}

/** The same unless there is an entry of that actor and action whose body has this already. */
export async function appendAuditOnce(
  tx: Transaction,
  entry: AuditEntry,
  known: Readonly<Record<string, string>>,
): Promise<void> {
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(${AUDIT_LOCK})`;
  const { userId, actor, action } = entry;
  const has = Object.entries(known).map(([key, value]) => ({
    body: { path: [key], equals: value },
  }));
  const count = await tx.auditEntry.count({ where: { userId, actor, action, AND: has } });
  if (count === 0) await appendAudit(tx, entry);
}

/** The newest entries of the user, newest first. */
export async function listAudit(db: Database, userId: string, limit: number): Promise<AuditView[]> {
  const rows = await db.auditEntry.findMany({
    where: { userId },
    orderBy: { id: 'desc' },
    take: limit,
  });
  return rows.map(({ id, at, actor, action, subject, body, hash }) => ({
    id: String(id),
    at: at.toISOString(),
    ...{ actor, action, subject, body: body as Json, hash },
  }));
}

/** Read at a time: the log may be long, the memory is not. */
const PAGE = 1_000;

/** Reads the whole chain. @returns the id of the first entry that does not fit, or null */
export async function brokenAuditEntry(db: Database): Promise<string | null> {
  let previous = BEGINNING;
  let after = 0n;
  for (;;) {
    const rows = await db.auditEntry.findMany({
      where: { id: { gt: after } },
      orderBy: { id: 'asc' },
      take: PAGE,
    });
    for (const row of rows) {
      if (row.previous !== previous || row.hash !== hashOf(row)) return String(row.id);
      previous = row.hash;
      after = row.id;
    }
    if (rows.length < PAGE) return null;
  }
}

interface Hashed {
  readonly userId: string;
  readonly at: Date;
  readonly actor: string;
  readonly action: string;
  readonly subject: string;
  readonly body: unknown;
  readonly previous: string;
}

function hashOf({ userId, at, actor, action, subject, body, previous }: Hashed): string {
  return fingerprint({ userId, at: at.toISOString(), actor, action, subject, body, previous });
}
