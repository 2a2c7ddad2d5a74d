/** What a database says no with, in words a person can act on. */
import type pg from 'pg';
import { ok, reasonOf, wrong, type Check, type Remedy } from './check.js';

/** Of SQLSTATE: who we are is not believed, or what we ask for is not there. */
const REMEDIES: Readonly<Record<string, readonly [why: string, remedy: string]>> = {
  '28P01': ['refuses the password', 'put the right user and password into DATABASE_URL'],
  '28000': ['refuses the user', 'put the right user into DATABASE_URL, or let it in (pg_hba.conf)'],
  '3D000': ['has no such database', 'make it (createdb), or name another in DATABASE_URL'],
  '42501': [
    'refuses this user its tables',
    'name the user in DATABASE_URL that the migrations ran as, or grant it the tables',
  ],
  '53300': ['has no connection left', 'raise its max_connections, or run fewer processes'],
  '57P03': ['is starting', 'wait: it is not ready yet'],
};

/** The line for a database that can't be asked. */
export function databaseTrouble(error: unknown, place: string, start: Remedy): Check {
  const { code = '' } = error as { code?: string };
  const [why, remedy] = REMEDIES[code] ?? [];
  if (why !== undefined && remedy !== undefined) {
    return wrong('database', `the server at ${place} ${why}: ${reasonOf(error)}`, remedy);
  }
  const mend = `${start('postgres')}, or check DATABASE_URL`;
  return wrong('database', `no answer at ${place}: ${reasonOf(error)}`, mend);
}

/** A row of each kind is written by every trade: one table stands for all. */
const WRITABLE = `
  SELECT pg_is_in_recovery() AS stand_by,
         current_setting('transaction_read_only') = 'on' AS read_only,
         to_regclass('trades') IS NULL OR has_table_privilege('trades', 'INSERT, UPDATE') AS may_write,
         current_user AS name`;

interface Writable {
  readonly stand_by: boolean;
  readonly read_only: boolean;
  readonly may_write: boolean;
  readonly name: string;
}

/** Whether intents can be written: what can't be written is not traded. */
export async function writableCheck(client: pg.Client): Promise<Check> {
  const { rows } = await client.query<Writable>(WRITABLE);
  const { stand_by: standBy, read_only: readOnly, may_write: mayWrite, name } = rows[0]!;
  if (standBy) {
    const remedy = 'name the primary in DATABASE_URL, or promote this one (pg_promote)';
    return wrong('database writes', 'it is a stand-by: it can be read only', remedy);
  }
  if (readOnly) {
    const remedy =
      'see default_transaction_read_only of server, database and user, and turn it off';
    return wrong('database writes', 'its transactions are read-only', remedy);
  }
  if (!mayWrite) {
    const remedy = `name the user in DATABASE_URL that the migrations ran as, or grant "${name}" its tables`;
    return wrong('database writes', `the user ${name} may not write its tables`, remedy);
  }
  return ok('database writes', `as ${name}`);
}
