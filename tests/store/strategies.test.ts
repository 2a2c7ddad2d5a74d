/** Strategies that several callers see first. Real PostgreSQL. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { openDatabase, type Database } from '../../store/database.js';
import { ensureStrategy } from '../../store/strategies.js';
import { freshDatabase, type TestDatabase } from '../support/postgres.js';
import { plannedTrade } from './support/planned-trade.js';
import { readyAccount, type ReadyAccount } from './support/ready-account.js';

let database: TestDatabase;
let db: Database;
let ready: ReadyAccount;

beforeAll(async () => {
  database = await freshDatabase();
  db = openDatabase({ url: database.url });
  ready = await readyAccount(db, ['AAA'], '100000');
}, 60_000);
afterAll(async () => {
  await db?.$disconnect();
  await database?.drop();
});

test('[REC-2] a strategy that two transactions name first is made once, and both go on', async () => {
  const { id: accountId } = await db.account.findFirstOrThrow();
  let waits = 2;
  let letGo = (): void => undefined;
  const bothAreIn = new Promise<void>((go) => (letGo = go));
  const adopt = () =>
    db.$transaction(async (tx) => {
      await tx.$queryRaw`SELECT 1`;
      waits -= 1;
      if (waits === 0) letGo();
      await bothAreIn;
      await ensureStrategy(tx, ready.ownerId, 'adopted', accountId);
      return tx.strategy.findFirstOrThrow({ where: { name: 'adopted' } });
    });
  const [one, two] = await Promise.all([adopt(), adopt()]);
  expect(two.id).toBe(one.id);
  expect(await db.strategy.count({ where: { name: 'adopted' } })).toBe(1);
}, 30_000);

test('[RSK-1] a limit that nobody can read denies the signals, and says which and what is allowed', async () => {
  const first = await plannedTrade(db, ready, { strategy_id: 'by-hand' });
  const decisionOf = (tradeId: string) =>
    db.decision.findFirstOrThrow({ where: { tradeId }, orderBy: { serial: 'desc' } });
  expect((await decisionOf(first)).verdict).toBe('approved');
  const settings = { maxPositionPct: '20', maxOpenPositions: 7 };
  await db.strategy.updateMany({ where: { name: 'by-hand' }, data: { settings } });
  const tradeId = await plannedTrade(db, ready, { strategy_id: 'by-hand', symbol: 'AAA' });
  const { codes, findings, inputs } = await decisionOf(tradeId);
  expect(codes).toContain('SETTINGS_INVALID');
  expect(findings).toContainEqual({
    code: 'SETTINGS_INVALID',
    measured:
      'settings of strategy by-hand: maxPositionPct is "20", allowed is a decimal in quotes from "0" to "1", ' +
      'such as "0.01" for one percent',
    limit: 'settings as allowed',
  });
  expect(inputs).toMatchObject({ limits: { maxPositionPct: '0.20', maxOpenPositions: 7 } });
});
