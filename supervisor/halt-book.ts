/** Adds halts that were given without the database to the audit log, once it is back (OPS-6). */
import { openApp } from '../app/app.js';
import { bookHalts, haltNotes, haltText, type HaltNote } from '../app/halt-record.js';
import { loadConfig } from '../config/index.js';

export interface HaltBookOptions {
  /** The halt files that may be there. */
  readonly files: () => readonly string[];
  /** How the database is reached; it may not be known yet, or anymore. */
  readonly env: () => NodeJS.ProcessEnv;
  readonly everyMs?: number;
}

/** A person who halted looks at the log minutes later at the earliest. */
const EVERY_MS = 5_000;

/** Looks again and again; what can't be booked is tried with the next look. @returns how to end it */
export function startHaltBook({ files, env, everyMs = EVERY_MS }: HaltBookOptions): () => void {
  /** Halts that are in the log; there are as many as people give during one start. */
  const booked = new Set<string>();
  let isBusy = false;
  const look = async () => {
    const fresh = haltNotes(files()).filter((note) => !booked.has(haltText(note)));
    if (isBusy || fresh.length === 0) return;
    isBusy = true;
    try {
      await book(env(), fresh);
      for (const note of fresh) booked.add(haltText(note));
    } catch {
      // The database is away: the file halts all the same.
    } finally {
      isBusy = false;
    }
  };
  const timer = setInterval(() => void look(), everyMs);
  return () => clearInterval(timer);
}

async function book(env: NodeJS.ProcessEnv, notes: readonly HaltNote[]): Promise<void> {
  const app = await openApp(loadConfig(env), 'supervisor');
  try {
    await bookHalts(app, notes);
  } finally {
    await app.close();
  }
}
