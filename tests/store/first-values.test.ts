/** The day of an account that was never seen before: its first values begin it (RSK-8). Real PostgreSQL. */
import { beforeAll, beforeEach, expect, test } from '@jest/globals';
import { beginDay } from '../../store/account-days.js';
import { recordAccounts, recordAccountValues } from '../../store/accounts.js';
import type { Database } from '../../store/database.js';
import { listDays } from '../../store/reads/day.js';
import { useAccountDatabase } from './support/account-database.js';
import { accountValues, type ReadyAccount } from './support/ready-account.js';

const opened = useAccountDatabase(['AAA'], '100000');
let db: Database;
let ready: ReadyAccount;
let count = 0;
let account: string;
let accountId: string;

beforeAll(() => {
  ({ db, ready } = opened());
});
beforeEach(async () => {
  count += 1;
  account = `DU900000${count}`;
  const [row] = await recordAccounts(db, ready.connectionId, ready.ownerId, [account]);
  accountId = row!.id;
});

const at = (text: string) => Date.parse(text);
/** In the night before a Monday's open: the trading day of the Friday before goes on until then. */
const NIGHT = at('2026-11-23T05:00:00Z');
const OPEN = at('2026-11-23T14:30:00Z');
const MINUTE = 60_000;

const values = (equity: string, atMs: number) =>
  recordAccountValues(db, ready.connectionId, accountValues(equity, { account, atMs }));

const days = async () => {
  const rows = await db.accountDay.findMany({ where: { accountId }, orderBy: { day: 'asc' } });
  return rows.map((row) => ({
    ...{ day: row.day.toISOString().slice(0, 10), from: row.startEquity?.toFixed(2) ?? null },
    ...{ source: row.startSource, isReached: row.lossReachedAt !== null },
  }));
};
const FRIDAY = { day: '2026-11-20', from: '100000.00', source: 'first_values' };

test('[RSK-8] the loss of a new installation is measured from the first values, before any reset', async () => {
  await values('100000', NIGHT);
  await values('97000.01', NIGHT + MINUTE);
  expect(await days()).toEqual([{ ...FRIDAY, isReached: false }]);
  const shown = (await listDays(db, ready.ownerId, NIGHT + MINUTE)).find(
    ({ account_id: id }) => id === account,
  );
  expect(shown).toMatchObject({
    ...{ measured_from: '100000', measured_at: new Date(NIGHT).toISOString() },
    ...{ result: '-2999.99', loss_reached: false },
  });
  await values('96082', NIGHT + 2 * MINUTE);
  expect(await days()).toEqual([{ ...FRIDAY, isReached: true }]);
  const where = { kind: 'paused_loss', dedupeKey: `loss-reached:${accountId}:2026-11-20` };
  expect(await db.notification.count({ where })).toBe(1);
});

test('[SCH-1] the next reset begins its own day, as after any other, by the values after the close', async () => {
  await values('100000', NIGHT);
  await values('96000', OPEN + 1_000);
  const of = { accountId, brokerAccountId: account, day: '2026-11-23' };
  expect(await beginDay(db, of, OPEN + 2_000)).toEqual({
    ...{ kind: 'begun', startEquity: '100000', source: 'close' },
  });
  expect(await days()).toEqual([
    { ...FRIDAY, isReached: false },
    { day: '2026-11-23', from: '100000.00', source: 'close', isReached: false },
  ]);
});

test('[RSK-8] two values at once begin one day, and a day that stands is not begun again', async () => {
  await Promise.all([values('100000', NIGHT), values('100000', NIGHT), values('100000', NIGHT)]);
  await values('99000', NIGHT + MINUTE);
  expect(await days()).toEqual([{ ...FRIDAY, isReached: false }]);
  const within = { accountId, brokerAccountId: account, day: '2026-11-20' };
  expect(await beginDay(db, within, NIGHT + MINUTE)).toMatchObject({ source: 'first_values' });
});

test('[RSK-8] an account that is worth nothing yet is measured from its first money', async () => {
  await values('0', NIGHT);
  expect(await days()).toEqual([]);
  await values('100000', NIGHT + MINUTE);
  await values('96000', NIGHT + 2 * MINUTE);
  expect(await days()).toEqual([{ ...FRIDAY, isReached: true }]);
});
