/**
 * Webhooks of charting services (SIG-6). A hook's token stands in its address and is all that a request of it brings: it
 * is shown once, and only its hash is kept.
 */
import { createHash, randomBytes } from 'node:crypto';
import { readAlert, type HookTerms } from '../contract/hooks/alert.js';
import type { Signal } from '../contract/signal.js';
import type { HookView } from '../contract/views.js';
import { appendAudit } from '../store/audit.js';
import * as store from '../store/hooks.js';
import * as reads from '../store/reads.js';
import { plainTransact } from '../store/transact.js';
import type { App } from './app.js';
import { commitWithin, signalDeps, type CommittedSignal } from './signals.js';
import type { SharedApp } from './users.js';

/** Above what a person keeps in mind; a token that nobody remembers should not be there. */
export const HOOKS_MAX = 100;
/** Revoked ones are shown as well, the newest of all. */
export const HOOKS_LISTED_MAX = 500;

/** There can't be one more, or not of that name. */
export class HookRefusedError extends Error {
  override readonly name = 'HookRefusedError';
}

export interface MadeHook {
  readonly hook: HookView;
  /** Nobody can be told it again. */
  readonly token: string;
}

/** Makes a hook, audited. @throws HookRefusedError */
export function createHook(
  app: App,
  { name, template, strategies }: HookTerms & { readonly name: string },
): Promise<MadeHook> {
  const { db, userId, actor } = app;
  const token = newToken();
  const terms = { template, strategies: [...new Set(strategies)] };
  return plainTransact(db, async (tx) => {
    if ((await store.countLiveHooks(tx, userId)) >= HOOKS_MAX) {
      throw new HookRefusedError(
        `there are ${HOOKS_MAX} hooks already: revoke one that is not used`,
      );
    }
    const made = { ...terms, userId, name, tokenHash: hashOf(token), createdBy: actor };
    const hook = await store.insertHook(tx, made);
    if (hook === null) {
      throw new HookRefusedError(
        `there is a hook ${name} already: revoke it first, or take another name`,
      );
    }
    const entry = { userId, actor, action: 'hook.create', subject: `hook ${name}` };
    await appendAudit(tx, { ...entry, body: { id: hook.id, ...terms } });
    return { hook, token };
  });
}

/** The newest first, revoked ones too. */
export function listHooks({ db, userId }: App): Promise<HookView[]> {
  return reads.listHooks(db, userId, HOOKS_LISTED_MAX);
}

/** One that is not revoked, by its name or its id; null when there is none. */
export function findHook(
  { db, userId }: App,
  by: { readonly name: string } | { readonly id: string },
): Promise<HookView | null> {
  return reads.findHook(db, userId, by);
}

/** Ends a hook for good, audited. @returns null when there is no live one of that id */
export function revokeHook(app: App, id: string): Promise<HookView | null> {
  const { db, userId, actor } = app;
  return plainTransact(db, async (tx) => {
    const hook = await store.markRevoked(tx, { userId, id, revokedBy: actor });
    if (hook === null) return null;
    const entry = { userId, actor, action: 'hook.revoke', subject: `hook ${hook.name}` };
    await appendAudit(tx, { ...entry, body: { id } });
    return hook;
  });
}

/**
 * What an alert would become, with nothing stored or sent.
 * @throws InvalidAlertError, StrategyNotAllowedError
 */
export function tryAlert(terms: HookTerms, alert: unknown): Signal {
  return readAlert(terms, alert).signal;
}

/** A hook whose token came with a request, and the application as its user. */
export interface OpenHook extends HookTerms {
  readonly id: string;
  readonly name: string;
  readonly app: App;
}

/** The hook of a token; null when nobody has it, or it was revoked. */
export async function openHook(shared: SharedApp, token: string): Promise<OpenHook | null> {
  const found = await store.useHook(shared.db, hashOf(token));
  if (found === null) return null;
  const { userName, ...hook } = found;
  const user = await shared.as(userName, `hook:${hook.name}`);
  return user && { ...hook, app: user.app };
}

/**
 * Takes an alert in, within that time; its workflow starts by itself.
 * @throws InvalidAlertError, StrategyNotAllowedError, and what `commitWithin` throws
 */
export function takeAlert(
  { app, ...terms }: OpenHook,
  alert: unknown,
  waitMs: number,
): Promise<CommittedSignal> {
  const { body } = readAlert(terms, alert);
  return commitWithin(signalDeps(app), app.userId, body, waitMs);
}

/** What it begins with tells people, and programs that look for leaked secrets, what it is. */
const TOKEN_PREFIX = 'bhook_';
/** 256 bits of chance: nobody guesses one, so its plain hash is enough. */
const TOKEN_BYTES = 32;

function newToken(): string {
  return `${TOKEN_PREFIX}${randomBytes(TOKEN_BYTES).toString('base64url')}`;
}

function hashOf(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}
