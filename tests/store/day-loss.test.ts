/** The loss of a day, judged with each of an account's values, and what it holds back (RSK-8). Real PostgreSQL. */
import { beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { nextTradingDay, openOf } from '../../domain/exchange-days.js';
import { beginDay, dateColumn } from '../../store/account-days.js';
import { recordAccountValues } from '../../store/accounts.js';
import { dayAt } from '../../store/day-facts.js';
import type { Database } from '../../store/database.js';
import { listPauses } from '../../store/reads/attention.js';
import { forbiddenEntries } from '../../store/resting-entries.js';
import { ENTRY_FACTS, readSwitches, type EntryFacts } from '../../store/switches.js';
import { useAccountDatabase } from './support/account-database.js';
import { plan, plannedTrade } from './support/planned-trade.js';
import { accountValues, ACCOUNT, type ReadyAccount } from './support/ready-account.js';

const HOUR_MS = 3_600_000;
const opened = useAccountDatabase(['AAA', 'BBB'], '100000');
let db: Database;
let ready: ReadyAccount;
let resting: string;

beforeAll(async () => {
  ({ db, ready } = opened());
  resting = await plannedTrade(db, ready, { symbol: 'AAA' });
  const data = { intent: 'SENT', status: 'ACCEPTED' };
  await db.order.updateMany({ where: { tradeId: resting, role: 'ENTRY' }, data });
}, 60_000);
beforeEach(async () => {
  await db.accountDay.deleteMany();
  await db.notification.deleteMany();
  await db.account.updateMany({ data: { settings: {} } });
});

const values = (equity: string, atMs: number = Date.now(), limits = {}) =>
  recordAccountValues(db, ready.connectionId, accountValues(equity, { atMs }), limits);

const begin = (equity: string, nowMs: number = Date.now()) =>
  db.accountDay.create({
    data: {
      ...{ accountId: ready.accountId, userId: ready.ownerId, startSource: 'close' },
      ...{ day: dateColumn(dayAt(nowMs)), startEquity: equity },
      ...{ startValuesAt: new Date(nowMs - HOUR_MS), begunAt: new Date(nowMs - HOUR_MS) },
    },
  });

const query = () => ({ accountIds: [ready.accountId], isHalted: false, except: [], limit: 10 });

/** As the send, the brake and the repair each ask. */
async function holdsBack(): Promise<readonly boolean[]> {
  const { dailyLossReached } = await readSwitches(db, resting);
  const [row] = await db.$queryRaw<{ facts: EntryFacts }[]>`
    SELECT ${ENTRY_FACTS} AS facts FROM trades t JOIN accounts a ON a.id = t.account_id
     WHERE t.id = ${resting}::uuid`;
  const isForbidden = (await forbiddenEntries(db, query())).includes(resting);
  return [dailyLossReached, row!.facts.dailyLossReached, isForbidden];
}

const HELD = [true, true, true];
const FREE = [false, false, false];
const told = () => db.notification.count({ where: { kind: 'paused_loss' } });

describe('[RSK-8] the values that show the loss', () => {
  test('latch it without any plan: no entry may rest or be sent, and people are told once', async () => {
    await begin('100000');
    await values('97000.01');
    expect(await holdsBack()).toEqual(FREE);
    await values('97000');
    expect(await holdsBack()).toEqual(HELD);
    // It has come back: the day is over for entries all the same.
    await values('103000');
    await values('90000');
    expect(await holdsBack()).toEqual(HELD);
    expect(await told()).toBe(1);
    const until = openOf(nextTradingDay(dayAt(Date.now())));
    expect(await listPauses(db, ready.ownerId)).toMatchObject([
      { kind: 'daily_loss', account_id: ACCOUNT, until: new Date(until).toISOString() },
    ]);
    const next = await plannedTrade(db, ready, { strategy_id: 'lost', symbol: 'BBB' });
    expect(await plan(db, ready, next)).toMatchObject({ codes: ['DAILY_LOSS_LIMIT'] });
  });

  test('hold nothing back once the next day has begun, whether or not anything runs then', async () => {
    await begin('100000');
    await values('97000');
    await db.accountDay.updateMany({ data: { lossUntil: new Date(Date.now() - 1) } });
    expect(await holdsBack()).toEqual(FREE);
    expect(await listPauses(db, ready.ownerId)).toEqual([]);
  });

  test('are judged by the limit of the account, then of the installation', async () => {
    await begin('100000');
    await values('96000', Date.now(), { dailyLossPct: '0.05' });
    expect(await holdsBack()).toEqual(FREE);
    await db.account.updateMany({ data: { settings: { dailyLossPct: '0.04' } } });
    await values('96000', Date.now(), { dailyLossPct: '0.05' });
    expect(await holdsBack()).toEqual(HELD);
  });

  test('are stored whatever a hand wrote into the limit', async () => {
    await begin('100000');
    await db.account.updateMany({ data: { settings: { dailyLossPct: 'much' } } });
    await values('99000');
    const account = await db.account.findFirstOrThrow();
    expect(Number(account.netLiquidation)).toBe(99_000);
    expect(await holdsBack()).toEqual(FREE);
  });

  test('are judged by the installation’s limit where no plan would take the account’s: 3 is not 3 %', async () => {
    await begin('100000');
    await db.account.updateMany({ data: { settings: { dailyLossPct: '3' } } });
    await values('96000', Date.now(), { dailyLossPct: '0.03' });
    expect(await holdsBack()).toEqual(HELD);
  });

  test('by several at once make one latch and one message', async () => {
    await begin('100000');
    await Promise.all([values('90000'), values('90000'), values('90000')]);
    expect(await holdsBack()).toEqual(HELD);
    expect(await told()).toBe(1);
  });
});

describe("[RSK-8] a strategy's own limit", () => {
  test('denies its own signals, and ends no other day', async () => {
    // Late enough in its day to be latched, whenever this runs.
    await begin('100000');
    await values('99800');
    await db.strategy.create({
      data: {
        ...{ userId: ready.ownerId, accountId: ready.accountId, name: 'careful' },
        settings: { dailyLossPct: '0.001' },
      },
    });
    const own = await plannedTrade(db, ready, { strategy_id: 'careful', symbol: 'BBB' });
    expect(await plan(db, ready, own)).toMatchObject({ codes: ['DAILY_LOSS_LIMIT'] });
    expect([await holdsBack(), await told()]).toEqual([FREE, 0]);
    const other = await plannedTrade(db, ready, { strategy_id: 'other', symbol: 'BBB' });
    expect(await plan(db, ready, other)).toMatchObject({ kind: 'approved' });
  });

  test("latches nothing until the account's is reached too, and then with its own denial", async () => {
    await begin('100000');
    await db.account.updateMany({ data: { netLiquidation: '97000', valuesAt: new Date() } });
    const lost = await plannedTrade(db, ready, { strategy_id: 'careful', symbol: 'BBB' });
    expect(await plan(db, ready, lost)).toMatchObject({ codes: ['DAILY_LOSS_LIMIT'] });
    expect(await holdsBack()).toEqual(HELD);
  });
});

describe('[RSK-8] [SCH-1] the next 9:30', () => {
  const MONDAY_CLOSE = Date.parse('2026-11-23T21:05:00Z');
  const OPEN = Date.parse('2026-11-24T14:30:00Z');
  const TUESDAY = dateColumn('2026-11-24');
  const today = { accountId: '', brokerAccountId: ACCOUNT, day: '2026-11-24' };
  const dayRow = () => db.accountDay.findFirst({ where: { day: TUESDAY } });

  beforeEach(async () => {
    today.accountId = ready.accountId;
    // Monday was lost, and nobody wrote its close down: the first values after it are those of the close.
    await begin('100000', MONDAY_CLOSE - 5 * HOUR_MS);
    await values('96000', MONDAY_CLOSE);
  });

  test('ends it, and the loss of the day before is not that of the new one', async () => {
    const monday = await db.accountDay.findFirstOrThrow();
    expect(monday.lossUntil?.getTime()).toBe(OPEN);
    await values('96000', OPEN + 1_000);
    expect(await dayRow()).toBeNull();
    const begun = await beginDay(db, today, OPEN + 2_000);
    expect(begun).toMatchObject({ startEquity: '96000', source: 'close' });
    await values('94000', OPEN + HOUR_MS);
    expect((await dayRow())!.lossReachedAt).toBeNull();
    await values('93120', OPEN + HOUR_MS + 1);
    expect((await dayRow())!.lossReachedAt).not.toBeNull();
  });

  test('when the reset is late, what was latched before it stays, and its measure too', async () => {
    await values('96000', OPEN + 11 * 60_000);
    const latched = await dayRow();
    expect(latched!.lossReachedAt).not.toBeNull();
    const begun = await beginDay(db, today, OPEN + 2 * HOUR_MS);
    expect(begun).toMatchObject({ kind: 'kept', startEquity: '100000' });
    expect(await dayRow()).toMatchObject({ lossReachedAt: latched!.lossReachedAt });
  });
});
