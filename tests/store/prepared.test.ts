/** Which statements are kept prepared: those that come again, and only so many. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { openDatabase, type Database } from '../../store/database.js';
import { createStatementNamer } from '../../store/prepared.js';
import { freshDatabase, type TestDatabase } from '../support/postgres.js';

let database: TestDatabase;
let db: Database;

beforeAll(async () => {
  database = await freshDatabase();
  db = openDatabase({ url: database.url, poolSize: 1 });
}, 60_000);
afterAll(async () => {
  await db?.$disconnect();
  await database?.drop();
});

test('a statement has a name from its third time on, and always the same', () => {
  const nameOf = createStatementNamer();
  const names = [1, 2, 3, 4].map(() => nameOf({ sql: 'SELECT 1' }));
  expect(names).toEqual([undefined, undefined, 'ballast_1', 'ballast_1']);
  for (let times = 0; times < 3; times += 1) nameOf({ sql: 'SELECT 2' });
  expect(nameOf({ sql: 'SELECT 2' })).toBe('ballast_2');
});

test('their number is bounded, and those that have a name keep it', () => {
  const nameOf = createStatementNamer();
  const names = new Set<string | undefined>();
  for (let index = 0; index < 300; index += 1) {
    for (let times = 0; times < 3; times += 1) names.add(nameOf({ sql: `SELECT ${index}` }));
  }
  expect(names.size - 1).toBe(100);
  expect(nameOf({ sql: 'SELECT 0' })).toBe('ballast_1');
});

test('texts that never come again take no name from one that does', () => {
  const nameOf = createStatementNamer();
  for (let index = 0; index < 900; index += 1) nameOf({ sql: `SELECT ${index}` });
  const names = [1, 2, 3].map(() => nameOf({ sql: 'again' }));
  expect(names[2]).toBe('ballast_1');
});

test('the server keeps what comes again', async () => {
  for (let times = 0; times < 4; times += 1) await db.$queryRaw`SELECT ${times}::int AS again`;
  const kept = await db.$queryRaw<{ statement: string }[]>`
    SELECT statement FROM pg_prepared_statements WHERE name LIKE 'ballast_%'`;
  expect(kept).toEqual([{ statement: 'SELECT $1::int AS again' }]);
});
