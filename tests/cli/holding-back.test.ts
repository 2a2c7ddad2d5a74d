/** `reduce`, `pause` and `resume`: what holds entries back, and what ends it. Real PostgreSQL. */
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { OWNER_NAME } from '../../app/users.js';
import { ensureInstallation } from '../../store/installation.js';
import { openDatabase, type Database } from '../../store/database.js';
import { freshDatabase, type TestDatabase } from '../support/postgres.js';
import { makeWorld, type World } from './rows.js';
import { ballast } from './support.js';

let database: TestDatabase;
let db: Database;
let world: World;
let env: NodeJS.ProcessEnv;

beforeAll(async () => {
  database = await freshDatabase();
  db = openDatabase({ url: database.url });
  await ensureInstallation(db);
  world = await makeWorld(db, OWNER_NAME, 4101);
  env = { DATABASE_URL: database.url, TEMPORAL_ADDRESS: '127.0.0.1:1' };
}, 60_000);
afterAll(async () => {
  await db?.$disconnect();
  await database?.drop();
});
beforeEach(async () => {
  await db.installation.updateMany({ data: { mode: 'ACTIVE' } });
  await db.account.updateMany({ data: { mode: 'ACTIVE' } });
  await db.strategy.updateMany({ data: { mode: 'ACTIVE' } });
});

const run = (...argv: string[]) => ballast(argv, { env });
const STRATEGY = `${OWNER_NAME}-momentum`;
const modes = async () => ({
  installation: (await db.installation.findFirstOrThrow()).mode,
  account: (await db.account.findFirstOrThrow()).mode,
  strategy: (await db.strategy.findFirstOrThrow()).mode,
});
const ACTIVE = { installation: 'ACTIVE', account: 'ACTIVE', strategy: 'ACTIVE' };

test('[RSK-5] [CLI-1] reduce sets the mode of everything, an account or a strategy, and says what ends it', async () => {
  const { code, out } = await run('reduce');
  expect([code, out]).toEqual([0, expect.stringContaining('"ballast mode ACTIVE" ends it')]);
  expect(await modes()).toEqual({ ...ACTIVE, installation: 'REDUCING' });
  const resumed = await run('resume');
  expect(resumed.err).toContain('stays REDUCING: "ballast mode ACTIVE"');
  expect((await run('mode', 'ACTIVE')).code).toBe(0);
  expect((await run('resume')).err).not.toContain('REDUCING');
  expect((await run('reduce', '--account', 'DU4101')).out).toContain('--account DU4101" ends it');
  expect((await run('reduce', '--strategy', STRATEGY, '--json')).code).toBe(0);
  expect(await modes()).toEqual({ ...ACTIVE, account: 'REDUCING', strategy: 'REDUCING' });
  const none = await run('reduce', '--strategy', 'nobody');
  expect([none.code, none.err]).toEqual([1, expect.stringContaining('no strategy nobody')]);
});

test('[RSK-5] [CLI-1] pause holds one strategy back, and resume lets it enter again', async () => {
  const { out } = await run('pause', STRATEGY);
  expect(out).toContain(`"ballast mode ACTIVE --strategy ${STRATEGY}" ends it`);
  expect(await modes()).toEqual({ ...ACTIVE, strategy: 'HALTED' });
  const resumed = await run('resume', '--strategy', STRATEGY);
  expect(resumed.out).toContain('its mode was HALTED, and is ACTIVE');
  expect(await modes()).toEqual(ACTIVE);
  expect((await run('resume', '--strategy', STRATEGY)).out).toContain('nothing paused');
  expect((await run('pause', 'nobody')).code).toBe(1);
  const told = await db.auditEntry.findMany({ orderBy: { id: 'asc' } });
  expect(told.filter(({ subject }) => subject === `strategy ${STRATEGY}`).length).toBeGreaterThan(
    1,
  );
});

test('[CLI-1] a position that is valued by an old quote says how old', async () => {
  const { userId, accountId, connectionId } = world;
  const of = { symbol: 'MDT', brokerContractId: 77 };
  await db.position.create({
    data: { ...of, userId, accountId, quantity: '10', averageCost: '80.01' },
  });
  const at = new Date(Date.now() - 22 * 60_000);
  await db.quote.create({
    data: { ...of, connectionId, bid: '85.84', ask: '85.86', kind: 'live', at },
  });
  expect((await run('positions')).out).toMatch(/as of[\s\S]*85\.84 +58\.30 +22 min \d\d s ago/);
  await db.quote.updateMany({ data: { at: new Date() } });
  expect((await run('positions')).out).not.toContain('as of');
});
