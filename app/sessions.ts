/**
 * Who is let in, one by one (UI-1, API-2): browsers that are logged in to the dashboard, and tokens that were made here. Each is
 * signed, and has a row, by which it is called back before it is over.
 */
import { randomUUID } from 'node:crypto';
import type { Scope } from '../contract/tokens.js';
import type { SessionKind, SessionView } from '../contract/views.js';
import { appendAudit } from '../store/audit.js';
import type { Database, Transaction } from '../store/database.js';
import { OWNER_NAME } from '../store/installation.js';
import * as reads from '../store/reads.js';
import * as store from '../store/sessions.js';
import { plainTransact } from '../store/transact.js';
import { userIdNamed } from '../store/users.js';
import type { App } from './app.js';

export type { SessionUse } from '../store/sessions.js';

/** A trading day with what is done before and after it. */
export const DASHBOARD_SESSION_MS = 12 * 3_600_000;
/** Of each kind: far above what people and programs use at once; who has more has forgotten some. */
export const SESSIONS_MAX = 1_000;
/** Revoked ones are shown as well until they would be over, the newest of all. */
export const SESSIONS_LISTED_MAX = 1_000;

/** There can't be one more, or not for that user. */
export class SessionRefusedError extends Error {
  override readonly name = 'SessionRefusedError';
}

/** Nobody of that name is let in, whatever a token says. */
export class NoSuchUserError extends Error {
  override readonly name = 'NoSuchUserError';
}

export interface WantedSession {
  readonly userId: string;
  readonly kind: SessionKind;
  readonly scopes: readonly Scope[];
  /** Who made it. */
  readonly createdBy: string;
  readonly expiresAt: Date;
}

/** Makes one's row. @returns its id, the claim `jti` of what is signed; @throws SessionRefusedError */
export async function makeSession(tx: Transaction, wanted: WantedSession): Promise<string> {
  const { userId, kind } = wanted;
  if ((await store.countLiveSessions(tx, userId, kind)) >= SESSIONS_MAX) {
    throw new SessionRefusedError(
      `there are ${SESSIONS_MAX} of kind "${kind}" already: "ballast session list" shows them, "ballast session revoke" ends them`,
    );
  }
  const id = randomUUID();
  await store.insertSession(tx, { ...wanted, id });
  return id;
}

export interface WantedToken {
  /** The name of whose rows it may see. */
  readonly user: string;
  readonly scopes: readonly Scope[];
  readonly expiresAt: Date;
}

/** Makes a token's row, audited. @returns its id; @throws SessionRefusedError, NoSuchUserError */
export async function makeTokenSession(
  { db, userId: ownerId, actor }: App,
  { user, scopes, expiresAt }: WantedToken,
): Promise<string> {
  const userId = user === OWNER_NAME ? ownerId : await userIdNamed(db, user);
  if (userId === null) throw new NoSuchUserError(`there is no user ${user}`);
  return plainTransact(db, async (tx) => {
    const id = await makeSession(tx, {
      ...{ userId, kind: 'token', scopes, createdBy: actor, expiresAt },
    });
    const body = { scopes: [...scopes], expires_at: expiresAt.toISOString() };
    await appendAudit(tx, { userId, actor, action: 'token.make', subject: id, body });
    return id;
  });
}

/** The user's that are not over, the newest first, revoked ones too. */
export function listSessions({ db, userId }: App): Promise<SessionView[]> {
  return reads.listSessions(db, userId, SESSIONS_LISTED_MAX);
}

/** Calls one back, audited. @returns null when the user has no live one of that id */
export function revokeSession(app: App, id: string): Promise<SessionView | null> {
  const { db, userId, actor } = app;
  return plainTransact(db, async (tx) => {
    const revoked = await store.markSessionRevoked(tx, { userId, revokedBy: actor, id });
    if (revoked === null) return null;
    const entry = { userId, actor, action: 'session.revoke', subject: id };
    await appendAudit(tx, { ...entry, body: { kind: revoked.kind } });
    return revoked;
  });
}

/**
 * Calls back all live ones of these kinds, audited.
 * @param except the id of one that stays; null: none does
 * @returns their ids
 */
export function revokeSessions(
  app: App,
  kinds: readonly SessionKind[],
  except: string | null,
): Promise<string[]> {
  const { db, userId, actor } = app;
  return plainTransact(db, async (tx) => {
    const ids = await store.markSessionsRevoked(tx, { userId, revokedBy: actor, kinds, except });
    if (ids.length === 0) return ids;
    const entry = { userId, actor, action: 'session.revoke', subject: 'all' };
    await appendAudit(tx, { ...entry, body: { kinds: [...kinds], count: ids.length } });
    return ids;
  });
}

/** What a request brought, by its signature: whether it still counts is asked of its row. */
export interface SessionBrought {
  readonly id: string;
  readonly kind: SessionKind;
}

export interface SessionGate {
  /** False once it was called back. @throws what the database throws */
  isLive(brought: SessionBrought, use: store.SessionUse): Promise<boolean>;
  /** Asks anew from now on. */
  forget(ids: readonly string[]): void;
}

/** A page asks several things at once: they are one look. As long may one go on that another process has called back. */
const KEPT_MS = 1_000;
const KEPT_MAX = 1_000;
/** Names of browsers are some hundred characters; what else stands there nobody reads. */
const USED_BY_MAX = 200;

/** Makes the gate of one process. */
export function sessionGate(db: Database): SessionGate {
  const kept = new Map<string, { readonly atMs: number; readonly found: Promise<boolean> }>();
  return {
    isLive: ({ id, kind }, use) => {
      const known = kept.get(id);
      if (known !== undefined && Date.now() - known.atMs < KEPT_MS) return known.found;
      if (kept.size >= KEPT_MAX) kept.clear();
      const found = stateOf(db, id, use).then((state) => isGood(kind, state));
      kept.set(id, { atMs: Date.now(), found });
      // What could not be asked is asked again at once.
      found.catch(() => kept.delete(id));
      return found;
    },
    forget: (ids) => {
      for (const id of ids) kept.delete(id);
    },
  };
}

function stateOf(db: Database, id: string, { from, by }: store.SessionUse) {
  const named = by === null ? null : by.replace(/[^\x20-\x7e]/g, '?').slice(0, USED_BY_MAX);
  return store.useSession(db, id, { from, by: named });
}

/** A session of the dashboard is one by its row. Tokens are also signed by others who have the key, and need none. */
function isGood(kind: SessionKind, state: store.SessionState): boolean {
  return state === 'live' || (state === null && kind === 'token');
}
