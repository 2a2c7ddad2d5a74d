/**
 * The switches that hold back entries (RSK-5): the halt file, which works with everything else down, and
 * the modes in the database. Exits and repairs go on under each of them.
 */
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Config } from '../config/index.js';
import type { ModeView } from '../contract/views.js';
import type { Mode } from '../domain/risk/modes.js';
import { liftAccountPauses } from '../store/account-pauses.js';
import { appendAudit } from '../store/audit.js';
import { listModes, setMode, type ModeTarget } from '../store/modes.js';
import { plainTransact } from '../store/transact.js';
import type { App } from './app.js';

export interface HaltGiven {
  readonly actor: string;
  readonly reason: string;
}

/** Stops all entries: from the next send on, nothing is opened while the file exists. */
export function halt({ haltFile }: Pick<Config, 'haltFile'>, { actor, reason }: HaltGiven): void {
  mkdirSync(dirname(haltFile), { recursive: true });
  writeFileSync(haltFile, `${new Date().toISOString()} ${actor}: ${reason}\n`);
}

/** Takes the halt file away. @returns false when there was none */
export function resume({ haltFile }: Pick<Config, 'haltFile'>): boolean {
  const wasHalted = existsSync(haltFile);
  rmSync(haltFile, { force: true });
  return wasHalted;
}

/**
 * Lifts the pauses of accounts that a mass breach (TRD-3) or recovery mode (REC-3) has made, audited.
 * @returns how many there were
 */
export function liftPauses({ db, userId, actor }: App): Promise<number> {
  return plainTransact(db, async (tx) => {
    const lifted = await liftAccountPauses(tx, userId, actor);
    const entry = { userId, actor, action: 'resume', subject: 'accounts', body: { lifted } };
    if (lifted > 0) await appendAudit(tx, entry);
    return lifted;
  });
}

/** Who halted, when and why; null when nobody did. */
export function haltedBy({ haltFile }: Pick<Config, 'haltFile'>): string | null {
  if (!existsSync(haltFile)) return null;
  return readFileSync(haltFile, 'utf8').trim() || haltFile;
}

/** Keeps a turn of the halt file in the audit log; the file itself never waits for it. */
export async function auditSwitch(app: App, action: string, body: object): Promise<void> {
  const { db, userId, actor } = app;
  const entry = { userId, actor, action, subject: 'installation', body };
  await plainTransact(db, (tx) => appendAudit(tx, entry));
}

/** The modes of the installation, its accounts and its strategies. */
export function modes({ db, userId }: App): Promise<ModeView[]> {
  return listModes(db, userId);
}

/** Sets a mode, audited. @returns false when there is no such account or strategy */
export function changeMode(app: App, target: ModeTarget, mode: Mode): Promise<boolean> {
  const { db, userId, actor } = app;
  return plainTransact(db, async (tx) => {
    const before = await setMode(tx, userId, target, mode);
    if (before === null) return false;
    const subject = target.name === null ? target.kind : `${target.kind} ${target.name}`;
    await appendAudit(tx, { userId, actor, action: 'mode', subject, body: { before, mode } });
    return true;
  });
}
