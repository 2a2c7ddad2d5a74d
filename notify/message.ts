/** A message as every channel sends it: plain text, no links, the numbers as they are stored. */

export interface Message {
  /** Of the notification: the same on every channel and at every attempt. */
  readonly id: string;
  readonly kind: string;
  /** One sentence. */
  readonly summary: string;
  readonly detail: Readonly<Record<string, unknown>>;
  readonly tradeId: string | null;
  /** When it became true, ISO 8601. */
  readonly at: string;
  /** Nobody knows whether an earlier attempt arrived. */
  readonly isPerhapsRepeat: boolean;
}

/** Longer than any summary that is written on purpose. Discord takes 2,000 characters, Telegram 4,096. */
const SUMMARY_MAX = 1_500;
const SUBJECT_MAX = 150;
/** Enough of an id to find it by. */
const ID_SHOWN = 8;

/** One line, for the subject of a mail. */
export function subjectOf({ summary }: Message): string {
  return `Ballast: ${cut(oneLine(summary), SUBJECT_MAX)}`;
}

/** The whole, for people: what, of which trade, when, and by which id it is known. */
export function textOf({ id, kind, summary, tradeId, at, isPerhapsRepeat }: Message): string {
  const lines = [
    cut(oneLine(summary), SUMMARY_MAX),
    '',
    ...(tradeId === null ? [] : [`trade ${tradeId}`]),
    `${at.slice(0, 19).replace('T', ' ')} UTC, ${kind}, message ${id.slice(0, ID_SHOWN)}`,
    ...(isPerhapsRepeat ? ['This may be a repeat: nobody knows whether it arrived before.'] : []),
  ];
  return lines.join('\n');
}

/** Control characters would break lines, headers and terminals; what others wrote may hold any. */
function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\u2028\u2029]+/gu, ' ').trim();
}

function cut(text: string, max: number): string {
  const characters = [...text];
  return characters.length <= max ? text : `${characters.slice(0, max - 1).join('')}…`;
}
