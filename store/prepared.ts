/**
 * Which statements PostgreSQL keeps prepared on each connection. A statement that gathers a whole trade
 * costs more to plan than to run; one that is sent under a name is planned once, and then only run.
 */

/** Sent that often, a statement is of the kind that comes again. */
const PREPARE_FROM = 3;
/** Each costs the server some memory on each connection of the pool. The hot paths need about forty. */
const PREPARED_MAX = 100;
/** Texts that are counted: lists of any length make new ones for ever, and those come seldom again. */
const COUNTED_MAX = 1_000;

/** Gives a statement its name on the server, or none: then it is planned each time. */
export type StatementNamer = (statement: { readonly sql: string }) => string | undefined;

/** Makes the namer of one pool. A text has the same name for as long as the pool lives. */
export function createStatementNamer(): StatementNamer {
  const names = new Map<string, string>();
  const counts = new Map<string, number>();
  return ({ sql }) => {
    const known = names.get(sql);
    if (known !== undefined || names.size >= PREPARED_MAX) return known;
    const count = (counts.get(sql) ?? 0) + 1;
    if (count < PREPARE_FROM) {
      if (counts.has(sql) || counts.size < COUNTED_MAX) counts.set(sql, count);
      return undefined;
    }
    const name = `ballast_${names.size + 1}`;
    names.set(sql, name);
    counts.delete(sql);
    return name;
  };
}
