/** Whether the broker's terminal takes orders at all: with its "Read-Only API" it refuses each one, and says so. */
import type { App } from '../app.js';
import { wrong, type Check } from './check.js';

/** An order that was taken later proves that somebody has turned it off; an older refusal is nobody's news. */
const LOOKED_AT_MS = 24 * 3_600_000;
/** In the terminal's own words: 321, "The API interface is currently in Read-Only mode." */
const WORDS = 'read-only mode';

/** One line where the newest orders were refused for it. */
export async function readOnlyApiChecks({ db, userId }: App): Promise<Check[]> {
  const since = new Date(Date.now() - LOOKED_AT_MS);
  const refused = await db.order.findFirst({
    where: {
      ...{ userId, createdAt: { gte: since } },
      errorText: { contains: WORDS, mode: 'insensitive' },
    },
    orderBy: { createdAt: 'desc' },
  });
  if (refused === null) return [];
  const taken = await db.order.count({
    where: { userId, createdAt: { gt: refused.createdAt }, acknowledgedAt: { not: null } },
  });
  if (taken > 0) return [];
  const found = `the terminal takes no orders: ${refused.errorText}`;
  const remedy =
    'in TWS or IB Gateway: Configure → API → Settings, turn "Read-Only API" off; no restart is needed';
  return [wrong('read-only API', found, remedy)];
}
