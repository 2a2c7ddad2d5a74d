/**
 * The switches that hold back entries (RSK-5): the halt file, which works with everything else down, and
 * the modes in the database. Exits and repairs go on under each of them.
 */
import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isHaltFile } from '../config/halt-file.js';
import type { AttentionView, ModeView } from '../contract/views.js';
import { SWITCHES_MAX_AGE_MS, type Mode } from '../domain/risk/modes.js';
import { liftAccountPauses } from '../store/account-pauses.js';
import { alert } from '../store/alerts.js';
import { appendAudit } from '../store/audit.js';
import type { Transaction } from '../store/database.js';
import { listModes, setMode, type ModeTarget } from '../store/modes.js';
import { liftStrategyPauses } from '../store/protections.js';
import { listPauses } from '../store/reads.js';
import { plainTransact } from '../store/transact.js';
import type { App } from './app.js';
import { haltText } from './halt-record.js';

export interface HaltGiven {
  readonly actor: string;
  readonly reason: string;
}

/** What became of halt files: those that are as they should be, and why others are not. */
export interface FilesDone {
  readonly done: readonly string[];
  /** For people, one line each. */
  readonly failed: readonly string[];
}

/**
 * Writes the halt files: from the next send on, nothing is opened by an engine that looks at one of them.
 * One that can't be written keeps no other from it.
 */
export function halt(files: readonly string[], { actor, reason }: HaltGiven): FilesDone {
  const text = haltText({ at: new Date().toISOString(), actor, reason });
  return eachFile(files, isHaltFile, (file) => {
    makeFolder(dirname(file));
    writeFileSync(file, text);
  });
}

/** Step by step: Node's own way has no end where a folder can't be made below one that is there (/proc). */
function makeFolder(path: string): void {
  if (existsSync(path)) return;
  makeFolder(dirname(path));
  mkdirSync(path);
}

/** Takes the halt files away. @returns those that were there, and those that can't be taken away */
export function resume(files: readonly string[]): FilesDone {
  const there = files.filter(isHaltFile);
  return eachFile(
    there,
    (file) => !isHaltFile(file),
    (file) => rmSync(file, { force: true }),
  );
}

/** Does it to each. It is the outcome that counts: a file that can't be filled halts all the same. */
function eachFile(
  files: readonly string[],
  isDone: (file: string) => boolean,
  act: (file: string) => void,
): FilesDone {
  const failed = files.flatMap((file) => {
    try {
      act(file);
      return [];
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      return isDone(file) ? [] : [`${file}: ${why}`];
    }
  });
  return { done: files.filter(isDone), failed };
}

/**
 * Lifts the pauses of accounts that a mass breach (TRD-3) or recovery mode (REC-3) has made, audited.
 * @returns how many there were
 */
export function liftPauses({ db, userId, actor }: App): Promise<number> {
  return plainTransact(db, async (tx) => {
    const lifted = await liftAccountPauses(tx, userId, actor);
    const entry = { userId, actor, action: 'resume', subject: 'accounts', body: { lifted } };
    if (lifted === 0) return lifted;
    await tellSwitch(tx, userId, 'resumed', `pauses of accounts were lifted by ${actor}`, {
      lifted,
    });
    await appendAudit(tx, entry);
    return lifted;
  });
}

export interface Resumed {
  /** The pauses that were lifted, one line each. */
  readonly lifted: readonly string[];
  readonly modeBefore: Mode;
}

/**
 * Lets a strategy enter again: its mode becomes ACTIVE, and its pauses end before their time (RSK-4), audited.
 * @returns null when there is no such strategy
 */
export async function resumeStrategy(app: App, strategy: string): Promise<Resumed | null> {
  const { db, userId, actor } = app;
  const of = (view: ModeView) => view.kind === 'strategy' && view.name === strategy;
  const before = (await listModes(db, userId)).find(of);
  if (before === undefined) return null;
  if (before.mode !== 'ACTIVE')
    await changeMode(app, { kind: 'strategy', name: strategy }, 'ACTIVE');
  const lifted = await plainTransact(db, (tx) =>
    liftStrategyPauses(tx, { userId, actor, strategy }),
  );
  return lifted && { lifted, modeBefore: before.mode };
}

/** Who halted by this file, when and why; null when nobody did. */
export function haltedBy(haltFile: string): string | null {
  if (!isHaltFile(haltFile)) return null;
  try {
    return readFileSync(haltFile, 'utf8').trim() || haltFile;
  } catch {
    // A folder, or a link to nowhere: it halts as well.
    return haltFile;
  }
}

/** Keeps a turn of the halt file in the audit log; the file itself never waits for it. */
export async function auditSwitch(app: App, action: string, body: object): Promise<void> {
  const { db, userId, actor } = app;
  const entry = { userId, actor, action, subject: 'installation', body };
  await plainTransact(db, async (tx) => {
    if (action === 'resume') {
      await tellSwitch(tx, userId, 'resumed', `the halt file was taken away by ${actor}`, body);
    }
    await appendAudit(tx, entry);
  });
}

/** Each turn of a switch is one of its own. */
async function tellSwitch(
  tx: Transaction,
  userId: string,
  kind: 'mode' | 'resumed',
  summary: string,
  body: object,
): Promise<void> {
  const dedupeKey = `${kind}:${randomUUID()}`;
  await alert(tx, { userId, tradeId: null, kind, dedupeKey, summary, detail: { ...body } });
}

/** The modes of the installation, its accounts and its strategies. */
export function modes({ db, userId }: App): Promise<ModeView[]> {
  return listModes(db, userId);
}

/** The pauses and quarantines in force, as "ballast doctor" names them too. */
export function pauses({ db, userId }: App): Promise<AttentionView[]> {
  return listPauses(db, userId);
}

/**
 * Sets a mode, audited. One that holds entries back is answered once no entry can be written any more by what
 * was read before it. @returns false when there is no such account or strategy
 */
export async function changeMode(app: App, target: ModeTarget, mode: Mode): Promise<boolean> {
  const { db, userId, actor } = app;
  const isSet = await plainTransact(db, async (tx) => {
    const before = await setMode(tx, userId, target, mode);
    if (before === null) return false;
    const subject = target.name === null ? target.kind : `${target.kind} ${target.name}`;
    const summary = `${subject} is ${mode} now, ${before} before: by ${actor}`;
    await tellSwitch(tx, userId, 'mode', summary, { subject, before, mode, actor });
    await appendAudit(tx, { userId, actor, action: 'mode', subject, body: { before, mode } });
    return true;
  });
  // A timer may end a millisecond early.
  if (isSet && mode !== 'ACTIVE') await sleep(SWITCHES_MAX_AGE_MS + 1);
  return isSet;
}
