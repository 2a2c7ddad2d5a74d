/** References that the database lacks, and after which a person has lifted a recovery mode: they have been seen (REC-3). */
import type { Database } from '../database.js';
import { evidenceOf } from './since.js';

/** Of these references of an account, those that a recovery mode was for that a person has lifted. */
export async function seenReferences(
  db: Database,
  accountId: string,
  references: readonly string[],
): Promise<ReadonlySet<string>> {
  if (references.length === 0) return new Set();
  const evidence = new Map(references.map((reference) => [textOf(reference), reference]));
  const rows = await db.$queryRaw<{ seen: string }[]>`
    SELECT DISTINCT one.seen FROM pauses p CROSS JOIN unnest(p.evidence) AS one(seen)
     WHERE p.account_id = ${accountId}::uuid AND p.kind = 'recovery' AND p.lifted_at IS NOT NULL
       AND one.seen = ANY(${[...evidence.keys()]})`;
  return new Set(rows.flatMap(({ seen }) => evidence.get(seen) ?? []));
}

function textOf(reference: string): string {
  const of = { kind: 'unknown_reference', subject: reference } as const;
  return evidenceOf({ ...of, books: null, broker: reference });
}
