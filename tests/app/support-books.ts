/** The books that a test of `resolve` starts from, and what they come to. */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Database } from '../../store/database.js';
import type { Inbox } from '../../worker/broker/inbox.js';
import { inboxOf } from '../worker/support/inbox.js';
import type { TestApp } from './support.js';

/** No findings, pauses, positions or executions, and no trade that holds anything. */
export async function emptyBooks(db: Database): Promise<void> {
  await db.$executeRaw`DELETE FROM pauses`;
  await db.$executeRaw`DELETE FROM findings`;
  await db.$executeRaw`DELETE FROM reconciliations`;
  await db.$executeRaw`DELETE FROM positions`;
  await db.$executeRaw`DELETE FROM executions`;
  await db.$executeRaw`UPDATE trades SET closed_at = now(), held_quantity = 0`;
}

/** An inbox whose spill folder is its own. */
export function freshInbox({ db, ready }: TestApp): Inbox {
  return inboxOf({ db, ready, spillFolder: mkdtempSync(join(tmpdir(), 'ballast-in-')) });
}

/** Owner, shares and cost of each position, the largest first. */
export async function positionsOf(db: Database): Promise<string[]> {
  const rows = await db.position.findMany({ orderBy: { quantity: 'desc' } });
  return rows.map(({ strategyId, quantity, averageCost }) =>
    [strategyId === null ? 'nobody' : 'trade', quantity.toFixed(), averageCost.toFixed()].join(' '),
  );
}
