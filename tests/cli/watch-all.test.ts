/** `ballast watch` without a trade: what lives and what comes, each told once. A real PostgreSQL. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { main } from '../../cli/main.js';
import { openDatabase, type Database } from '../../store/database.js';
import { ensureInstallation } from '../../store/installation.js';
import { freshDatabase, type TestDatabase } from '../support/postgres.js';
import { makeTrade, makeWorld, type World } from './rows.js';

let database: TestDatabase;
let db: Database;
let owner: World;
let ended: Promise<unknown> | undefined;

beforeAll(async () => {
  database = await freshDatabase();
  db = openDatabase({ url: database.url, poolSize: 3 });
  await ensureInstallation(db);
  owner = await makeWorld(db, 'owner', 7001);
}, 60_000);

afterAll(async () => {
  await db?.$disconnect();
  await database?.drop();
  // Nothing else ends it here.
  await ended;
});

test('[CLI-1] a trade that came and ended while all are watched is told once', async () => {
  const told: string[] = [];
  const say = (text: string) => void told.push(text);
  const env = { DATABASE_URL: database.url, BALLAST_STATE_DIR: 'nowhere' };
  const io = { out: say, err: say, env, hasColours: false, readInput: () => Promise.resolve('') };
  ended = main(['watch', '--json'], io).catch(() => 1);
  const linesOf = async (id: string, name: string) => {
    if (id === '') {
      const over = { state: 'DENIED', createdAt: new Date(), closedAt: new Date() } as const;
      id = await makeTrade(db, owner, name, over);
    }
    while (!told.some((line) => line.includes(id))) await sleep(20);
    return { id, count: told.filter((line) => line.includes(id)).length };
  };
  while (told.length === 0) await sleep(20);
  const first = await linesOf('', 'watched-1');
  // Each comes with a look after the first has ended.
  for (const name of ['watched-2', 'watched-3']) await linesOf('', name);
  expect(await linesOf(first.id, '')).toEqual(first);
}, 30_000);
