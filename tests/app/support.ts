/** The application over a database of its own, with no Temporal anywhere. */
import { openApp, type App } from '../../app/app.js';
import { loadConfig } from '../../config/index.js';
import { openDatabase, type Database } from '../../store/database.js';
import { readyAccount, type ReadyAccount } from '../store/support/ready-account.js';
import { freshDatabase, type TestDatabase } from '../support/postgres.js';

export interface TestApp {
  readonly app: App;
  readonly db: Database;
  readonly ready: ReadyAccount;
  readonly database: TestDatabase;
  close(): Promise<void>;
}

/** Listed with the contract ids 1, 2, 3 …: an order of unknown fate holds its symbol back. */
export const SYMBOLS = [
  'AAA',
  'BBB',
  'CCC',
  'DDD',
  'EEE',
  'FFF',
  'GGG',
  'HHH',
  'III',
  'JJJ',
  'KKK',
] as const;

/** Opens it as `test`, with an account that is ready to trade them. */
export async function testApp(): Promise<TestApp> {
  const database = await freshDatabase();
  const db = openDatabase({ url: database.url, poolSize: 3 });
  const ready = await readyAccount(db, SYMBOLS, '1000000');
  // Nothing listens on port 1.
  const env = { DATABASE_URL: database.url, TEMPORAL_ADDRESS: '127.0.0.1:1' };
  const app = await openApp(loadConfig(env), 'test');
  return {
    ...{ app, db, ready, database },
    close: async () => {
      await app.close();
      await db.$disconnect();
      await database.drop();
    },
  };
}
