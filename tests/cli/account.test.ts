/** `ballast account`: what its day is measured from, and deposits and withdrawals (RSK-8). Real PostgreSQL. */
import { beforeAll, expect, test } from '@jest/globals';
import { dateColumn } from '../../store/account-days.js';
import { dayAt } from '../../store/day-facts.js';
import { useAccountDatabase } from '../store/support/account-database.js';
import { ACCOUNT } from '../store/support/ready-account.js';
import { ballast } from './support.js';

const HOUR_MS = 3_600_000;
const opened = useAccountDatabase(['AAA'], '95000');
const run = (...argv: string[]) =>
  ballast(['account', ...argv], {
    env: { DATABASE_URL: opened().url, TEMPORAL_ADDRESS: '127.0.0.1:1' },
  });

beforeAll(async () => {
  const { db, ready } = opened();
  const nowMs = Date.now();
  await db.accountDay.deleteMany();
  await db.accountDay.create({
    data: {
      ...{ accountId: ready.accountId, userId: ready.ownerId, startSource: 'close' },
      ...{ day: dateColumn(dayAt(nowMs)), startEquity: '100000' },
      ...{ startValuesAt: new Date(nowMs - HOUR_MS), begunAt: new Date(nowMs - HOUR_MS) },
    },
  });
});

test('[RSK-8] a withdrawal is told once, counts at once, and stands in the audit log', async () => {
  expect((await run()).out).toMatch(/DU1000001 .* 95000.00 .* 100000.00 +0.00 +-5000.00\n/);
  const told = await run('withdraw', ACCOUNT, '4000', '--note', 'taxes');
  expect(told).toMatchObject({ code: 0, err: '' });
  expect(told.out).toMatch(
    /^recorded: -4000.00 USD at .* \(withdrawal-4000-.*\); without it the day stands at -1000.00\n/,
  );
  const again = await run('withdraw', ACCOUNT, '4000');
  expect(again.code).toBe(0);
  expect(again.out).toMatch(/^it stood already: -4000.00 USD/);
  expect((await run()).out).toMatch(/100000.00 +-4000.00 +-1000.00\n/);
  const { db } = opened();
  const audit = await db.auditEntry.findMany({ where: { action: 'withdrawal' } });
  expect(audit).toMatchObject([
    { subject: `account ${ACCOUNT}`, body: { amount: '-4000', note: 'taxes' } },
  ]);
  expect((await run('movements', ACCOUNT)).out).toMatch(/-4000.00 +USD .*taxes/);
  expect(JSON.parse((await run('movements', '--json')).out)).toMatchObject([{ amount: '-4000' }]);
});

test('[RSK-8] one of before the day changes nothing of it, and says so', async () => {
  const at = new Date(Date.now() - 2 * HOUR_MS).toISOString();
  const { out } = await run('deposit', ACCOUNT, '700', '--at', at, '--ref', 'wire-1');
  expect(out).toContain('nothing is taken out of the day');
  const other = await run('deposit', ACCOUNT, '701', '--at', at, '--ref', 'wire-1');
  expect(other.code).toBe(1);
  expect(other.out).toContain('with another amount: give this one a --ref of its own');
  const json = JSON.parse((await run('--json')).out) as unknown[];
  expect(json).toMatchObject([{ account_id: ACCOUNT, net_flows: '-4000', result: '-1000' }]);
});

test('what can not be used is refused with what is allowed', async () => {
  expect(await run('deposit', ACCOUNT, '-5')).toMatchObject({ code: 2 });
  const wrong = await run('deposit', ACCOUNT, '5', '--at', 'yesterday');
  expect(wrong.code).toBe(2);
  expect(wrong.err).toContain('"yesterday" is no instant');
  const nobody = await run('deposit', 'DU9', '5');
  expect(nobody.code).toBe(1);
  expect(nobody.err).toContain('there is no account DU9: "ballast account" lists them');
});
