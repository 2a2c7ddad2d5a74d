/**
 * Halts in the audit log (OPS-6). The halt file waits for no database; who wrote it, when and why stands in
 * the file, and is booked from there, at once or as soon as the database is back.
 */
import { lstatSync, readFileSync } from 'node:fs';
import { cut } from '../domain/text.js';
import { alert } from '../store/alerts.js';
import { appendAuditOnce } from '../store/audit.js';
import { plainTransact } from '../store/transact.js';
import type { App } from './app.js';

/** What a halt file says of itself. */
export interface HaltNote {
  readonly actor: string;
  /** ISO 8601: when it was written. It tells two halts apart. */
  readonly at: string;
  readonly reason: string;
}

/** Whoever made a file by hand left no name. */
const NOBODY = 'halt file';
/** As `halt` writes it. */
const WRITTEN = /^(\d{4}-\d\d-\d\dT\S+Z) (.+?): (.*)$/s;
/** A file of another's making may hold anything: enough to know it again by. */
const REASON_MAX = 500;

/** The text of a halt file. */
export function haltText({ at, actor, reason }: HaltNote): string {
  return `${at} ${actor}: ${reason}\n`;
}

/** What the halt files that are there say, each halt once, however many files it wrote. */
export function haltNotes(files: readonly string[]): HaltNote[] {
  const notes = files.flatMap((file) => noteOf(file) ?? []);
  return [...new Map(notes.map((note) => [haltText(note), note])).values()];
}

function noteOf(file: string): HaltNote | null {
  let at: string;
  try {
    at = lstatSync(file).mtime.toISOString();
  } catch {
    return null; // not there, or not to be looked at: it halts, and tells nothing
  }
  const text = cut(textOf(file), REASON_MAX).trim();
  const [, writtenAt, actor, reason] = WRITTEN.exec(text) ?? [];
  if (writtenAt === undefined || actor === undefined) return { actor: NOBODY, at, reason: text };
  return { actor, at: writtenAt, reason: reason ?? '' };
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return ''; // a folder, or a link to nowhere
  }
}

/** Books each halt that isn't booked yet, under the name of whoever gave it. */
export async function bookHalts(app: App, notes: readonly HaltNote[]): Promise<void> {
  const { db, userId, actor: bookedBy } = app;
  for (const { actor, at, reason } of notes) {
    const body = { reason, at, ...(bookedBy === actor ? {} : { booked_by: bookedBy }) };
    const entry = { userId, actor, action: 'halt', subject: 'installation', body };
    await plainTransact(db, async (tx) => {
      await alert(tx, {
        ...{ userId, tradeId: null, kind: 'halted', dedupeKey: `halted:${at}:${actor}` },
        summary: `halted by ${actor} at ${at}: ${reason}`,
        detail: { actor, at, reason },
      });
      await appendAuditOnce(tx, entry, { at });
    });
  }
}
