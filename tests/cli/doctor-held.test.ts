/** `ballast doctor` beside a database whose tables somebody holds. A real PostgreSQL. */
import { expect, test } from '@jest/globals';
import pg from 'pg';
import type { Check } from '../../app/doctor/check.js';
import { freshDatabase } from '../support/postgres.js';
import { ballast } from './support.js';

/** Nothing listens on port 1: it is refused at once. */
const NOTHING_ELSE = { TEMPORAL_ADDRESS: '127.0.0.1:1', API_PORT: '1', IBKR_PORT: '1' };

// Each waits for some seconds, and they wait beside each other.
test.concurrent.each([
  ['_prisma_migrations', 'database'],
  ['connections', 'broker worker'],
])(
  '[OPS-3] a table that somebody holds (%s) keeps nobody waiting without end: it is said',
  async (table, part) => {
    const database = await freshDatabase();
    const holder = new pg.Client({ connectionString: database.url });
    await holder.connect();
    await holder.query(`BEGIN; LOCK TABLE ${table} IN ACCESS EXCLUSIVE MODE`);
    const env = { DATABASE_URL: database.url, BALLAST_STATE_DIR: 'nowhere', ...NOTHING_ELSE };
    const ran = ballast(['doctor', '--json'], { env });
    try {
      const { checks } = JSON.parse((await ran).out) as { checks: readonly Check[] };
      expect(checks.find(({ name }) => name === part)).toMatchObject({ state: 'wrong' });
    } finally {
      await holder.end();
      await ran;
      await database.drop();
    }
  },
  60_000,
);
