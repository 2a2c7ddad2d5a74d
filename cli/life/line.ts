/** One line of a trade's life, and how it is printed. */
import type { Io } from '../io.js';
import { paint, span, type Paint } from '../print.js';

export type Tone = 'plain' | 'good' | 'bad' | 'quiet';

export interface LifeLine {
  /** When it happened, ISO 8601; null: as far as is known, just now. */
  readonly at: string | null;
  /** What it is about: `signal`, `sizing`, `entry`, `fill` … */
  readonly kind: string;
  readonly text: string;
  readonly tone: Tone;
}

/** Makes a line; the order of arguments reads as it is printed. */
export function line(
  at: string | null,
  kind: string,
  text: string,
  tone: Tone = 'plain',
): LifeLine {
  return { at, kind, text, tone };
}

const PAINTS: Readonly<Record<Tone, Paint | null>> = {
  plain: null,
  good: 'green',
  bad: 'red',
  quiet: 'dim',
};

/** Columns: the longest span is `+59 min 59 s`; the longest kind `protected`. */
const SPAN_WIDTH = 12;
const KIND_WIDTH = 9;

/** A line as text: time since the trade's signal, kind, text. Without a line break. */
export function lineText(
  io: Pick<Io, 'hasColours'>,
  { at, kind, text, tone }: LifeLine,
  startedAt: string,
): string {
  const since = at === null ? '' : `+${span(Date.parse(at) - Date.parse(startedAt))}`;
  const how = PAINTS[tone];
  const content = `${kind.padEnd(KIND_WIDTH)}  ${text}`;
  return `${paint(io, 'dim', since.padStart(SPAN_WIDTH))}  ${how ? paint(io, how, content) : content}`;
}
