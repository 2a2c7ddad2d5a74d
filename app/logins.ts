/**
 * Links that open the dashboard (UI-1). A link's code is used once, for a few minutes; it is exchanged for a session, which
 * the HTTP API keeps in a cookie that no script reads.
 */
import { createHash, randomBytes } from 'node:crypto';
import { isScope, type Scope } from '../contract/tokens.js';
import { appendAudit } from '../store/audit.js';
import { insertLoginCode, takeLoginCode } from '../store/logins.js';
import { plainTransact } from '../store/transact.js';
import type { App } from './app.js';
import { DASHBOARD_SESSION_MS, makeSession } from './sessions.js';
import type { SharedApp } from './users.js';

/** As strong as a key: nobody guesses it within its minutes. */
const CODE_BYTES = 32;
/** Long enough to read a start's output to its end, and to find the browser. */
export const LOGIN_VALID_MS = 15 * 60_000;
const CODE = /^[A-Za-z0-9_-]{20,128}$/;

export interface MadeLogin {
  /** Nobody can be told it again. */
  readonly code: string;
  readonly expiresAt: Date;
}

/** Makes a code for a session with these scopes, audited. */
export function makeLogin(app: App, scopes: readonly Scope[]): Promise<MadeLogin> {
  const { db, userId, actor } = app;
  const code = randomBytes(CODE_BYTES).toString('base64url');
  return plainTransact(db, async (tx) => {
    const made = { userId, scopes, codeHash: hashOf(code), createdBy: actor };
    const expiresAt = await insertLoginCode(tx, { ...made, validForMs: LOGIN_VALID_MS });
    const entry = { userId, actor, action: 'dashboard.link', subject: 'dashboard' };
    await appendAudit(tx, { ...entry, body: { scopes: [...scopes] } });
    return { code, expiresAt };
  });
}

export interface TakenLogin {
  readonly user: string;
  readonly scopes: readonly Scope[];
  /** The session that begins with it. */
  readonly sessionId: string;
  readonly expiresAtMs: number;
}

/** Exchanges a code for a session, audited; null for one that nobody made, that was used, or is over. */
export function takeLogin({ db }: SharedApp, code: string): Promise<TakenLogin | null> {
  if (!CODE.test(code)) return Promise.resolve(null);
  return plainTransact(db, async (tx) => {
    const taken = await takeLoginCode(tx, hashOf(code));
    if (taken === null) return null;
    const { userId, userName: user, createdBy } = taken;
    const scopes = taken.scopes.filter(isScope);
    const expiresAtMs = Date.now() + DASHBOARD_SESSION_MS;
    const wanted = { userId, scopes, createdBy, expiresAt: new Date(expiresAtMs) };
    const sessionId = await makeSession(tx, { ...wanted, kind: 'dashboard' });
    const entry = { userId, actor: `dashboard:${user}`, action: 'dashboard.login' };
    await appendAudit(tx, { ...entry, subject: 'dashboard', body: { scopes, session: sessionId } });
    return { user, scopes, sessionId, expiresAtMs };
  });
}

function hashOf(code: string): string {
  return createHash('sha256').update(code).digest('hex');
}
