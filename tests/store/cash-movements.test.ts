/** Deposits and withdrawals are no results of the day (RSK-8). Real PostgreSQL. */
import { beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { movementOf } from '../../domain/cash-movement.js';
import { beginDay, dateColumn } from '../../store/account-days.js';
import { recordAccountValues } from '../../store/accounts.js';
import { recordMovement } from '../../store/cash-movements.js';
import { dayAt } from '../../store/day-facts.js';
import type { Database } from '../../store/database.js';
import { endDay } from '../../store/day-summary.js';
import { listDays } from '../../store/reads/day.js';
import { useAccountDatabase } from './support/account-database.js';
import { plannedTrade } from './support/planned-trade.js';
import { accountValues, ACCOUNT, type ReadyAccount } from './support/ready-account.js';

const HOUR_MS = 3_600_000;
const opened = useAccountDatabase(['AAA'], '100000');
let db: Database;
let ready: ReadyAccount;
beforeAll(() => {
  ({ db, ready } = opened());
});
beforeEach(async () => {
  await db.accountDay.deleteMany();
  await db.equitySnapshot.deleteMany();
  await db.$executeRawUnsafe('TRUNCATE cash_movements');
});

const values = (equity: string, atMs: number) =>
  recordAccountValues(db, ready.connectionId, accountValues(equity, { atMs }));

const move = (amount: string, atMs: number, reference: string = `${amount}-${atMs}`) => {
  const kind = amount.startsWith('-') ? 'withdrawal' : 'deposit';
  const at = new Date(atMs).toISOString();
  const movement = movementOf(
    { kind, amount: amount.replace('-', ''), at, reference, note: null },
    Date.now(),
  );
  const { ownerId: userId, accountId } = ready;
  const write = { userId, accountId, actor: 'test', source: 'person', movement } as const;
  return db.$transaction((tx) => recordMovement(tx, { ...write, isTimed: true }));
};

/** Today's row, measured from values of two hours ago. */
const begin = (equity: string, nowMs: number) =>
  db.accountDay.create({
    data: {
      ...{ accountId: ready.accountId, userId: ready.ownerId, startSource: 'close' },
      ...{ day: dateColumn(dayAt(nowMs)), startEquity: equity },
      ...{ startValuesAt: new Date(nowMs - 2 * HOUR_MS), begunAt: new Date(nowMs - HOUR_MS) },
    },
  });

const codes = async () => {
  const tradeId = await plannedTrade(db, ready, { strategy_id: 'flows', quantity: '1' });
  const { denialCodes } = await db.trade.findUniqueOrThrow({ where: { id: tradeId } });
  return denialCodes.filter((code) => code === 'DAILY_LOSS_LIMIT');
};

describe('[RSK-8] in a plan', () => {
  test('a withdrawal is no loss', async () => {
    const nowMs = Date.now();
    await begin('100000', nowMs);
    await move('-10000', nowMs - HOUR_MS);
    await values('89000', nowMs);
    expect(await codes()).toEqual([]);
    const [day] = await listDays(db, ready.ownerId, Date.now());
    expect(day).toMatchObject({ result: '-1000', net_flows: '-10000', loss_reached: false });
  });

  test('a deposit hides no loss, and the limit stays a share of what the day began with', async () => {
    const nowMs = Date.now();
    await begin('100000', nowMs);
    await values('107001', nowMs);
    expect(await codes()).toEqual([]);
    await move('10000', nowMs - HOUR_MS);
    expect(await codes()).toEqual([]);
    await values('107000', nowMs);
    expect(await codes()).toEqual(['DAILY_LOSS_LIMIT']);
    const decision = await db.decision.findFirstOrThrow({ orderBy: { serial: 'desc' } });
    expect(decision.inputs).toMatchObject({
      account: { day: { netFlows: '10000', previousCloseEquity: '100000' } },
    });
  });

  test('what came before the values that the day is measured from is in them already', async () => {
    const nowMs = Date.now();
    await begin('100000', nowMs);
    await move('-10000', nowMs - 2 * HOUR_MS - 1);
    await move('-10000', nowMs - 2 * HOUR_MS);
    await values('97500', nowMs);
    expect(await codes()).toEqual([]);
    await values('96000', nowMs);
    expect(await codes()).toEqual(['DAILY_LOSS_LIMIT']);
  });

  test('of a day that nobody began it is what came since the newest close; the latch keeps that', async () => {
    const nowMs = Date.now();
    const closeValuesAt = new Date(nowMs - 240 * HOUR_MS);
    await db.accountDay.create({
      data: {
        ...{ accountId: ready.accountId, userId: ready.ownerId, closeEquity: '100000' },
        ...{ day: new Date(nowMs - 240 * HOUR_MS), closeValuesAt },
      },
    });
    await move('-10000', nowMs - HOUR_MS);
    await values('87500', nowMs);
    expect(await codes()).toEqual([]);
    await values('87000', nowMs);
    expect(await codes()).toEqual(['DAILY_LOSS_LIMIT']);
    const today = await db.accountDay.findFirstOrThrow({ orderBy: { day: 'desc' } });
    expect(today.startValuesAt).toEqual(closeValuesAt);
    const [day] = await listDays(db, ready.ownerId, Date.now());
    expect(day).toMatchObject({ result: '-3000', loss_reached: true });
  });
});

describe('[RSK-8] a day is measured from', () => {
  const OPEN = Date.parse('2026-11-24T14:30:00Z');
  const CLOSE = Date.parse('2026-11-23T21:05:00Z');
  const of = (day: string) => ({ accountId: ready.accountId, brokerAccountId: ACCOUNT, day });
  const start = async () => {
    const { startEquity, startValuesAt } = await db.accountDay.findFirstOrThrow({
      where: { day: dateColumn('2026-11-24') },
    });
    return [Number(startEquity), startValuesAt?.getTime()];
  };

  test('the close, as of the values of the close', async () => {
    await values('100000', CLOSE);
    await endDay(db, of('2026-11-23'), CLOSE);
    await values('98000', OPEN + 1_000);
    await beginDay(db, of('2026-11-24'), OPEN + 1_000);
    expect(await start()).toEqual([100_000, CLOSE]);
  });

  test('else the values of the reset, as of then', async () => {
    await values('98000', OPEN - 60_000);
    await beginDay(db, of('2026-11-24'), OPEN + 1_000);
    expect(await start()).toEqual([98_000, OPEN - 60_000]);
  });
});

describe('[RSK-8] a movement is kept as it was told', () => {
  test('once for its reference, whoever comes again or beside another', async () => {
    const atMs = Date.now() - HOUR_MS;
    const all = await Promise.all([1, 2, 3].map(() => move('500', atMs, 'wire-1')));
    expect(all.map(({ kind }) => kind).sort()).toEqual(['exists', 'exists', 'recorded']);
    expect(await db.cashMovement.count()).toBe(1);
    const other = await move('-500', atMs - 1, 'wire-1');
    expect(other).toMatchObject({ kind: 'differs', fields: ['amount', 'at'] });
    expect(other.row).toMatchObject({ amount: '500', reference: 'wire-1', source: 'person' });
  });

  test('nothing changes it, nothing takes it away', async () => {
    await move('500', Date.now() - HOUR_MS, 'wire-2');
    await expect(db.cashMovement.updateMany({ data: { amount: '1' } })).rejects.toThrow(
      /stays as it was told/,
    );
    await expect(db.cashMovement.deleteMany()).rejects.toThrow(/stays as it was told/);
  });
});
