/** What a quarantine is for: all its causes, of which the newest is shown first (TRD-13). */
import { Prisma } from './database.js';

/**
 * So many causes of a quarantine are kept: the one it was made for, and the newest. A person looks through no
 * more, and those between are counted.
 */
export const CAUSES_MAX = 20;

/** Numbers of reconciliations that a pause remembers, so that the same are no news. */
export const EVIDENCE_MAX = 200;

/** One thing that was found, as `pauses.causes` has it. */
export interface Cause {
  /** Its place among all there ever were, from 1. */
  readonly n: number;
  /** The same key, the same cause. */
  readonly key: string;
  readonly reason: string;
  readonly at: string;
}

interface PauseRow {
  readonly reason: string;
  readonly startsAt: Date;
  readonly causes: Prisma.JsonValue;
}

/** The causes of a pause, the oldest first; of one without a list its reason. */
export function causesOf({ reason, startsAt, causes }: PauseRow): readonly Cause[] {
  const kept = causes as unknown as readonly Cause[];
  return kept.length > 0 ? kept : [{ n: 1, key: reason, reason, at: startsAt.toISOString() }];
}

/** For people: the newest cause, and how many came before it. */
export function causeText(pause: PauseRow): string {
  const { n, reason } = causesOf(pause).at(-1)!;
  return n === 1 ? reason : `${reason} (and ${n - 1} earlier)`;
}

/** The same as SQL, of a row `p` of `pauses`. */
export const CAUSE_TEXT = Prisma.sql`(coalesce(p.causes->-1->>'reason', p.reason)
    || CASE WHEN jsonb_array_length(p.causes) < 2 THEN ''
            ELSE ' (and ' || (p.causes->-1->>'n')::int - 1 || ' earlier)' END)`;

/** The list of a row `p` of `pauses` as it stands: one that was made without it begins with its reason. */
export const STANDING_CAUSES = Prisma.sql`CASE WHEN p.causes <> '[]' THEN p.causes ELSE jsonb_build_array(
    jsonb_build_object('n', 1, 'key', p.reason, 'reason', p.reason, 'at', p.starts_at)) END`;

/** The list of a row `p` with one more; where it is full the second oldest goes, for the first is what it was made for. */
export function withCause(key: string, reason: string): Prisma.Sql {
  return Prisma.sql`(SELECT CASE WHEN jsonb_array_length(l.list) >= ${CAUSES_MAX}::int THEN l.list - 1 ELSE l.list END
        || jsonb_build_object('n', (l.list->-1->>'n')::int + 1, 'key', ${key}::text,
             'reason', ${reason}::text, 'at', clock_timestamp())
      FROM (SELECT ${STANDING_CAUSES} AS list) AS l)`;
}

/** Whether a row `p` has it already: by its key, by the numbers of a reconciliation, or by the reason it was made for. */
export function hasCause(key: string, reason: string): Prisma.Sql {
  return Prisma.sql`(p.causes @> jsonb_build_array(jsonb_build_object('key', ${key}::text))
      OR ${key}::text = ANY(p.evidence) OR (p.causes = '[]' AND p.reason = ${reason}))`;
}
