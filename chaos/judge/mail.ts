/** What the outbox wrote against what the mail server has: each once, and in order within a trade. Pure. */
import type { NotificationRow } from './engine-books.js';
import type { Finding } from './finding.js';

/** A mail as it arrived, in that order. */
export interface ArrivedMail {
  /** `<id of the message@domain>`: the same at every attempt. */
  readonly messageId?: string | undefined;
}

/** @param told every message of the outbox @param mails all that arrived, in the order in which they did */
export function mailFindings(
  told: readonly NotificationRow[],
  mails: readonly ArrivedMail[],
): Finding[] {
  const rows = new Map(told.map((row) => [row.id, row]));
  const arrived = mails.map(({ messageId }) => idOf(messageId));
  const times = new Map<string, number>();
  for (const id of arrived) times.set(id, (times.get(id) ?? 0) + 1);
  const known = arrived.flatMap((id) => rows.get(id) ?? []);
  return [
    ...told.filter(({ id }) => !times.has(id)).map((row) => untold(row, 'did not arrive')),
    ...told
      .filter(({ id }) => (times.get(id) ?? 0) > 1)
      .map((row) => untold(row, `arrived ${times.get(row.id)} times`)),
    ...[...times.keys()]
      .filter((id) => !rows.has(id))
      .map((id): Finding => ({ kind: 'untold', subject: id, detail: 'a mail of no message' })),
    ...overtaken(known),
  ];
}

function idOf(messageId: string | undefined): string {
  return /^<([^@>]+)@/.exec(messageId ?? '')?.[1] ?? `${messageId}`;
}

/** Those that came after a later one of their trade; a repeat is judged by its first arrival. */
function overtaken(arrived: readonly NotificationRow[]): Finding[] {
  const newest = new Map<string, number>();
  const seen = new Set<string>();
  return arrived.flatMap((row) => {
    if (row.tradeId === null || seen.has(row.id)) return [];
    seen.add(row.id);
    const last = newest.get(row.tradeId) ?? -Infinity;
    newest.set(row.tradeId, Math.max(last, row.serial));
    return row.serial < last ? [untold(row, 'arrived after a later one of its trade')] : [];
  });
}

function untold({ id, kind, tradeId }: NotificationRow, what: string): Finding {
  return { kind: 'untold', subject: tradeId ?? id, detail: `"${kind}" ${what}` };
}
