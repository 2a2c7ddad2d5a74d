/**
 * The audit log (OPS-6): what people decided, append-only. Each entry's hash covers the entry and the hash
 * before it, so that a changed or missing row shows.
 */
import { fingerprint } from '../contract/fingerprint.js';
import type { AuditCheck, AuditView, Json } from '../contract/views.js';
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

/**
 * Appends an entry in the transaction that makes it true. To be its last statement: the lock on the log's end is held
 * until the commit, and everybody who decides something waits for it.
 */
export async function appendAudit(tx: Transaction, entry: AuditEntry): Promise<void> {
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(${AUDIT_LOCK})`;
  const head = await tx.auditHead.findFirstOrThrow();
  const previous = head.hash;
  const at = new Date();
  const body = toJson(entry.body);
  const hash = hashOf({ ...entry, body, at, previous });
  const { id } = await tx.auditEntry.create({ data: { ...entry, body, at, previous, hash } });
  await tx.auditHead.updateMany({ data: { entries: head.entries + 1n, lastId: id, hash } });
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
export async function listAudit(
  db: Database,
  userId: string,
  limit: number,
  before?: bigint,
): Promise<AuditView[]> {
  const rows = await db.auditEntry.findMany({
    where: { userId, ...(before !== undefined && { id: { lt: before } }) },
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

/**
 * Reads the whole chain, page by page, and says where it breaks first. What is appended meanwhile is read
 * as well: it follows what was there. An entry that the note of the log's end does not know was not written by the log.
 */
export async function verifyAudit(db: Database): Promise<AuditCheck> {
  const finer = await firstFiner(db);
  let last: Seen = { id: null, hash: BEGINNING, entries: 0n };
  let awaited: bigint | null = null;
  for (;;) {
    const rows = await db.auditEntry.findMany({
      where: last.id === null ? {} : { id: { gt: last.id } },
      orderBy: { id: 'asc' },
      take: PAGE,
    });
    for (const row of rows) {
      const wrong = row.id === finer ? FINER : wrongIn(row, last);
      if (wrong) return broken(last.entries, row, ...wrong);
      last = { id: row.id, hash: row.hash, entries: last.entries + 1n };
    }
    if (rows.length === PAGE) continue;
    // Read after the rows, it knows each that was there; what it knows beyond them came since, or is gone.
    const head = await db.auditHead.findFirst();
    if (head === null) return broken(0n, null, 'head', 'the note of where the log ends is gone');
    if (isEnd(last, head)) return { entries: String(last.entries), head: last.hash, broken: null };
    const isBehind = head.entries > last.entries;
    if (!isBehind || head.entries === awaited) return wrongHead(last, head);
    awaited = head.entries;
  }
}

/** The hash covers the instant in milliseconds, as each is written: the first row whose column says more than that. */
async function firstFiner(db: Database): Promise<bigint | null> {
  const [row] = await db.$queryRaw<{ id: bigint | null }[]>`
    SELECT min(id) AS id FROM audit_log WHERE at <> date_trunc('milliseconds', at)`;
  return row?.id ?? null;
}

const FINER: [Wrong, string] = ['hash', 'it was changed: its instant is finer than the log writes'];

interface Head {
  readonly entries: bigint;
  readonly lastId: bigint;
  readonly hash: string;
}

function isEnd({ id, hash, entries }: Seen, head: Head): boolean {
  if (entries !== head.entries) return false;
  return id === null || (id === head.lastId && hash === head.hash);
}

interface Seen {
  readonly id: bigint | null;
  readonly hash: string;
  readonly entries: bigint;
}

type Wrong = NonNullable<AuditCheck['broken']>['wrong'];
type Row = Hashed & { readonly id: bigint; readonly hash: string };

function wrongIn(row: Row, before: Seen): [Wrong, string] | null {
  if (row.hash !== hashOf(row)) {
    return ['hash', 'it was changed: its hash is not that of what it says'];
  }
  if (row.previous === before.hash) return null;
  if (before.id === null) return ['previous', 'it names an entry before it, and there is none'];
  return [
    'previous',
    `it does not follow entry ${before.id}: entries between them are gone, or one of the two was written anew`,
  ];
}

/** The chain fits as far as it goes, and goes less far than was written, or farther. */
function wrongHead(last: Seen, head: Head) {
  const written = `${head.entries} entries were written, up to ${head.lastId}`;
  if (last.id !== null && last.id > head.lastId) {
    const why = `${written}; entries up to ${last.id} are there: those after it were not written by this log`;
    return broken(last.entries, { id: last.id, at: null }, 'end', why);
  }
  const found = last.id === null ? 'it is empty' : `${last.entries} are there, up to ${last.id}`;
  const why = `${written}; ${found}: its end was removed or written anew`;
  return broken(last.entries, { id: head.lastId, at: null }, 'end', why);
}

function broken(
  before: bigint,
  row: { readonly id: bigint; readonly at: Date | null } | null,
  wrong: Wrong,
  why: string,
): AuditCheck {
  const [id, at] = [row && String(row.id), row?.at?.toISOString() ?? null];
  return { entries: String(before), head: null, broken: { id, at, wrong, why } };
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
