/** What a failed statement says of its data, and what of the database. */

/** The digits that PostgreSQL gives an error; null when it never came to the server, or isn't one of its. */
export function sqlStateOf(error: unknown): string | null {
  for (const part of partsOf(error)) {
    const code = part['originalCode'] ?? part['code'];
    if (typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code) && !/^P[12]/.test(code)) return code;
  }
  return null;
}

/** Prisma wraps the driver's error in its own, in one of several places. */
function partsOf(error: unknown): Record<string, unknown>[] {
  const parts: Record<string, unknown>[] = [];
  const waiting = [error];
  while (waiting.length > 0 && parts.length < DEPTH_MAX) {
    const next = waiting.shift();
    if (typeof next !== 'object' || next === null) continue;
    const part = next as Record<string, unknown>;
    parts.push(part);
    waiting.push(part['cause'], part['meta'], part['driverAdapterError']);
  }
  return parts;
}

/** Wrappers within wrappers: more than any was seen to have. */
const DEPTH_MAX = 12;

/** Classes of SQLSTATE that speak of the data itself: no database would ever take it (BRK-13). */
const DATA_CLASSES = ['22', '23'];

/** True when it is the data that can't be stored; everything else may pass. */
export function isRefusedData(error: unknown): boolean {
  return DATA_CLASSES.includes(sqlStateOf(error)?.slice(0, 2) ?? '');
}

/** True when the values themselves don't fit, whatever stands in the database: no earlier try was taken either. */
export function isUnfitData(error: unknown): boolean {
  return sqlStateOf(error)?.startsWith('22') ?? false;
}

/** What the driver says of a connection that it lost, or did not get: plain errors without a code. */
const LOST_CONNECTION =
  /^(Connection terminated|timeout exceeded when trying to connect|timeout expired|Query read timeout|Client has encountered a connection error|Client was closed)/;

/** True when the database, or the way to it, gave the error; false for this system's own. */
export function isOfDatabase(error: unknown): boolean {
  if (sqlStateOf(error) !== null) return true;
  if (!(error instanceof Error)) return false;
  if (/^(PrismaClient|DriverAdapter)/.test(error.name)) return true;
  if (LOST_CONNECTION.test(error.message)) return true;
  return 'code' in error && typeof error.code === 'string' && /^E[A-Z]+$/.test(error.code);
}
