/** One thing that must be right, and what to do when it isn't. */

export type CheckState =
  | 'ok'
  /** Works, but a person should know. */
  | 'note'
  | 'wrong'
  /** Can't be looked at, because something before it is wrong. */
  | 'skipped';

export interface Check {
  readonly name: string;
  readonly state: CheckState;
  readonly found: string;
  /** What to do; null when there is nothing to mend. */
  readonly remedy: string | null;
}

export const ok = (name: string, found: string): Check => ({
  name,
  state: 'ok',
  found,
  remedy: null,
});

export const note = (name: string, found: string, remedy: string | null = null): Check => ({
  name,
  state: 'note',
  found,
  remedy,
});

export const wrong = (name: string, found: string, remedy: string): Check => ({
  name,
  state: 'wrong',
  found,
  remedy,
});

export const skipped = (name: string, found: string): Check => ({
  name,
  state: 'skipped',
  found,
  remedy: null,
});

/** The message of whatever was thrown. */
export function reasonOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.trim().split('\n').pop() ?? text;
}

/** The parts of a start that can stop answering, as its note of what runs names them. */
export type PartName =
  'postgres' | 'temporal' | 'gateway' | 'broker-worker' | 'trade-worker' | 'notifier' | 'api';

/** What is known of a part beside its process. */
export interface Trouble {
  /** An instant, where it is known. */
  readonly since?: string | null;
  /** What to wait for when its process is at work: something else is away. Null: nothing is known to be. */
  readonly waitsFor?: string | null;
}

/** What to do about a part that doesn't answer. */
export type Remedy = (part: PartName, trouble?: Trouble) => string;

/** What a part's process is at that is not up, whatever the part said of itself last; null while it is. */
export type Away = (part: PartName) => string | null;
