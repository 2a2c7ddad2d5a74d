/** What a halt file says: when, and the rest of it. */

export interface HaltNote {
  /** ISO 8601; null where the file does not begin with an instant. */
  readonly at: string | null;
  readonly said: string;
}

/** `2026-11-23T12:46:30.143Z cli:anna: news` in its parts. A file that somebody wrote by hand is told as it stands. */
export function haltOf(text: string): HaltNote {
  const [, at = '', said = ''] = /^(\d{4}-\d\d-\d\dT[\d:.]+Z) (.+)$/s.exec(text) ?? [];
  return Number.isNaN(Date.parse(at)) ? { at: null, said: text } : { at, said };
}
