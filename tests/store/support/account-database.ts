/** A test file's own database with a ready account: made before its tests, dropped after them. */
import { afterAll, beforeAll } from '@jest/globals';
import { openDatabase, type Database } from '../../../store/database.js';
import { freshDatabase, type TestDatabase } from '../../support/postgres.js';
import { readyAccount, type ReadyAccount } from './ready-account.js';

export interface AccountDatabase {
  readonly url: string;
  readonly db: Database;
  readonly ready: ReadyAccount;
}

/** Registers both hooks. What it gives answers in tests, and in the hooks that come after this call. */
export function useAccountDatabase(
  symbols: readonly string[],
  equity: string,
): () => AccountDatabase {
  let database: TestDatabase | undefined;
  let made: AccountDatabase | undefined;
  beforeAll(async () => {
    database = await freshDatabase();
    const db = openDatabase({ url: database.url });
    made = { url: database.url, db, ready: await readyAccount(db, symbols, equity) };
  }, 60_000);
  afterAll(async () => {
    await made?.db.$disconnect();
    await database?.drop();
  });
  return () => made!;
}
