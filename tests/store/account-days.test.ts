/** Trading days in their rows: begun once, however late and by however many. Real PostgreSQL. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { recordAccountValues } from '../../store/accounts.js';
import { beginDay } from '../../store/account-days.js';
import { dayResultOf } from '../../store/day-facts.js';
import { archiveCallbacks, endDay } from '../../store/day-summary.js';
import type { Database } from '../../store/database.js';
import { parseSignal } from '../../contract/signal.js';
import { lastReset, tradingDay } from '../../domain/calendar.js';
import { holidaysAround } from '../../domain/exchange-days.js';
import { planTrade } from '../../store/planning/plan.js';
import { acceptSignal } from '../../store/signals.js';
import { PLAN_SETTINGS } from './support/planned-trade.js';
import { useAccountDatabase } from './support/account-database.js';
import { accountValues, ACCOUNT, type ReadyAccount } from './support/ready-account.js';

const opened = useAccountDatabase(['AAA'], '100000');
let db: Database;
let ready: ReadyAccount;

beforeAll(() => {
  ({ db, ready } = opened());
});
beforeEach(async () => {
  await db.accountDay.deleteMany();
  await db.equitySnapshot.deleteMany();
});

const at = (text: string) => Date.parse(text);
/** A Tuesday's open, as the clock calls it. */
const OPEN = at('2026-11-24T14:30:00Z');
const CLOSE = at('2026-11-24T21:05:00Z');
const SECOND = 1_000;

const dayOf = (day: string) => ({ accountId: ready.accountId, brokerAccountId: ACCOUNT, day });

/** The broker gives new values. */
const values = (equity: string, atMs: number) =>
  recordAccountValues(db, ready.connectionId, {
    ...{ account: ACCOUNT, baseCurrency: 'USD', netLiquidation: equity, totalCash: equity },
    ...{ settledCash: equity, availableFunds: equity, buyingPower: equity },
    ...{ excessLiquidity: equity, exchangeRates: {}, atMs },
  });

/** Now, but not in the first minutes of a trading day: what is measured then is told by its own test. */
const laterToday = () => {
  const nowMs = Date.now();
  const begunMs = lastReset(nowMs, holidaysAround(nowMs));
  return Math.max(nowMs, begunMs + 11 * 60_000);
};
/** Quotes of now are good enough for that. */
const SETTINGS = {
  ...PLAN_SETTINGS,
  limits: { ...PLAN_SETTINGS.limits, quoteMaxAgeMs: 3_600_000 },
};

let count = 0;
const submit = async (nowMs: number) => {
  count += 1;
  const signal = parseSignal({
    ...{ id: `day-${count}`, strategy_id: `s-${count}`, symbol: 'AAA', side: 'BUY' },
    ...{ quantity: '10', stop_loss_pct: '0.05' },
  });
  const { tradeId } = await acceptSignal(db, ready.ownerId, signal);
  const request = { tradeId, final: true, nowMs, installationId: ready.installationId };
  return planTrade(db, SETTINGS, request);
};

describe('beginning a day', () => {
  test('[RSK-8] whose eve nobody ended takes the first values after the close: the night counts', async () => {
    await values('99900', CLOSE - 86_400_000);
    await values('99850', CLOSE - 86_400_000 + 60 * SECOND);
    await values('95000', OPEN + SECOND);
    expect(await beginDay(db, dayOf('2026-11-24'), OPEN + 2 * SECOND)).toEqual({
      ...{ kind: 'begun', startEquity: '99900', source: 'close' },
    });
    const row = await db.accountDay.findFirstOrThrow({ where: { startSource: 'close' } });
    expect(row.startValuesAt?.getTime()).toBe(CLOSE - 86_400_000);
  });

  test('[SCH-1] takes the close of the day before, once, whoever comes again', async () => {
    await values('100000', CLOSE - 86_400_000);
    const ended = await endDay(db, dayOf('2026-11-23'), CLOSE - 86_400_000);
    expect(ended.closeEquity).toBe('100000');
    await values('98000', OPEN + SECOND);
    const begun = await beginDay(db, dayOf('2026-11-24'), OPEN + SECOND);
    expect(begun).toEqual({ kind: 'begun', startEquity: '100000', source: 'close' });
    await values('90000', OPEN + 3_600_000);
    const again = await beginDay(db, dayOf('2026-11-24'), OPEN + 3_600_000);
    expect(again).toEqual({ kind: 'kept', startEquity: '100000', source: 'close' });
  });

  test('[SCH-1] two at once write one row', async () => {
    await values('98000', OPEN + SECOND);
    const both = await Promise.all(
      [1, 2, 3].map(() => beginDay(db, dayOf('2026-11-24'), OPEN + SECOND)),
    );
    expect(both.map(({ kind }) => kind).sort()).toEqual(['begun', 'kept', 'kept']);
    expect(await db.accountDay.count()).toBe(1);
  });

  test('[SCH-1] a reset of yesterday that runs today writes nothing', async () => {
    const begun = await beginDay(db, dayOf('2026-11-23'), OPEN + SECOND);
    expect(begun).toEqual({ kind: 'past' });
    expect(await db.accountDay.count()).toBe(0);
  });
});

describe('the loss of a day', () => {
  test('[RSK-8] counts an overnight gap, and is latched until the next day begins', async () => {
    const nowMs = Date.now();
    const today = tradingDay(nowMs, holidaysAround(nowMs));
    await values('96000', nowMs);
    await db.accountDay.create({
      data: {
        ...{ accountId: ready.accountId, userId: ready.ownerId },
        day: new Date(`${today}T00:00:00Z`),
        ...{ startEquity: '100000', startSource: 'close', begunAt: new Date(nowMs) },
      },
    });
    const denied = await submit(nowMs);
    expect(denied).toMatchObject({ kind: 'denied', codes: ['DAILY_LOSS_LIMIT'] });
    const row = await db.accountDay.findFirstOrThrow();
    expect(row.lossReachedAt).not.toBeNull();
    // It has come back: the day is over all the same, and a late reset does not take that away.
    await values('101000', nowMs);
    expect(await beginDay(db, dayOf(today), nowMs)).toMatchObject({ kind: 'kept' });
    expect(await submit(nowMs)).toMatchObject({ kind: 'denied', codes: ['DAILY_LOSS_LIMIT'] });
  });

  test('[SCH-1] without a reset the newest close counts on, and a late reset keeps the latch', async () => {
    const nowMs = laterToday();
    await values('96000', nowMs);
    await db.accountDay.create({
      data: {
        ...{ accountId: ready.accountId, userId: ready.ownerId },
        ...{ day: new Date('2026-11-02T00:00:00Z'), closeEquity: '100000' },
      },
    });
    expect(await submit(nowMs)).toMatchObject({ kind: 'denied', codes: ['DAILY_LOSS_LIMIT'] });
    await values('101000', nowMs);
    expect(await submit(nowMs)).toMatchObject({ kind: 'denied', codes: ['DAILY_LOSS_LIMIT'] });
    expect(await db.accountDay.count()).toBe(2);
  });

  test('[RSK-8] a day that ended without having begun does not hide the close before it', async () => {
    const nowMs = laterToday();
    const today = tradingDay(nowMs, holidaysAround(nowMs));
    await values('96000', nowMs);
    const of = { accountId: ready.accountId, userId: ready.ownerId };
    const day = (text: string) => new Date(`${text}T00:00:00Z`);
    await db.accountDay.createMany({
      data: [
        { ...of, day: day('2026-11-02'), closeEquity: '100000' },
        { ...of, day: day(today), closeEquity: '96000' },
      ],
    });
    expect(await submit(nowMs)).toMatchObject({ kind: 'denied', codes: ['DAILY_LOSS_LIMIT'] });
    const row = await db.accountDay.findFirstOrThrow({ where: { day: day(today) } });
    expect(row.lossReachedAt).not.toBeNull();
    // The latch has begun the day with what the plan measured from, so it holds.
    await values('101000', nowMs);
    expect(await submit(nowMs)).toMatchObject({ kind: 'denied', codes: ['DAILY_LOSS_LIMIT'] });
  });

  test('[RSK-8] a plan moments before the reset does not end the new day by the loss of the one before', async () => {
    await db.accountDay.create({
      data: {
        ...{ accountId: ready.accountId, userId: ready.ownerId },
        ...{ day: new Date('2026-11-23T00:00:00Z'), startEquity: '100000', startSource: 'reset' },
        ...{ startValuesAt: new Date(OPEN - 86_400_000), begunAt: new Date(OPEN - 86_400_000) },
      },
    });
    await values('96000', OPEN + SECOND);
    const denied = await submit(OPEN + 2 * SECOND);
    const codes = expect.arrayContaining(['DAILY_LOSS_LIMIT']);
    expect(denied).toMatchObject({ kind: 'denied', codes });
    const begun = await beginDay(db, dayOf('2026-11-24'), OPEN + 3 * SECOND);
    expect(begun).toEqual({ kind: 'begun', startEquity: '96000', source: 'reset' });
    const row = await db.accountDay.findFirstOrThrow({ orderBy: { day: 'desc' } });
    expect(row.lossReachedAt).toBeNull();
  });

  test('[RSK-8] the latch of one day does not hold on the next', () => {
    const start = { equity: '100000', atMs: OPEN, netFlows: '7' };
    const close = { equity: '95000', atMs: CLOSE, netFlows: '0' };
    const newest = { start, close, lossReached: true, day: '2026-11-24' };
    expect(dayResultOf(newest, OPEN + SECOND)).toMatchObject({ latched: true });
    // Until the next day's open it is still that day.
    expect(dayResultOf(newest, at('2026-11-25T14:29:00Z'))).toMatchObject({ latched: true });
    expect(dayResultOf(newest, at('2026-11-25T14:30:01Z'))).toEqual({
      previousCloseEquity: '95000',
      sinceMs: CLOSE,
      netFlows: '0',
      latched: false,
    });
    expect(dayResultOf(null, OPEN)).toBeNull();
  });
});

describe('[SIZ-8] results in another currency than the account’s', () => {
  /** A trade that closed in the session, for so much of a currency. */
  const closed = async (currency: string, realizedPnl: string) => {
    await submit(Date.now());
    const { id, instrument } = await db.trade.findFirstOrThrow({ orderBy: { createdAt: 'desc' } });
    const closedAt = new Date(OPEN + 3_600_000);
    const traded = { ...(instrument as object), currency };
    const data = { instrument: traded, realizedPnl, filledQuantity: '10', closedAt };
    await db.trade.update({ where: { id }, data: { ...data, state: 'CLOSED' } });
  };
  const rates = { USD: '1', JPY: '0.0065' };
  const withRates = (equity: string, atMs: number) =>
    recordAccountValues(
      db,
      ready.connectionId,
      accountValues(equity, { exchangeRates: rates, atMs }),
    );

  afterAll(() => db.reservation.updateMany({ data: { phase: 'RELEASED' } }));

  test('[RSK-8] a gain in yen hides no loss in dollars from a late beginning, nor is it one', async () => {
    await closed('USD', '-5000');
    await closed('JPY', '100000');
    // Nobody knows what it is worth.
    await closed('SEK', '90000');
    await withRates('95650', OPEN + 4 * 3_600_000);
    const begun = await beginDay(db, dayOf('2026-11-24'), OPEN + 4 * 3_600_000);
    expect(begun).toEqual({ kind: 'begun', startEquity: '100000', source: 'late' });
  });

  test('[TRD-8] the day’s summary adds them up in the account’s own', async () => {
    const [commissionCurrency, commission] = ['JPY', '200'];
    await db.execution.create({
      data: {
        ...{ userId: ready.ownerId, accountId: ready.accountId, commission, commissionCurrency },
        ...{ executionId: 'y.01', executionKey: 'y', correction: 1, symbol: 'AAA', side: 'BUY' },
        ...{ brokerContractId: 1, quantity: '10', price: '100' },
        ...{ brokerDay: new Date('2026-11-24T00:00:00Z'), executedAt: new Date(OPEN + SECOND) },
      },
    });
    const { summary } = await endDay(db, dayOf('2026-11-24'), CLOSE);
    expect(summary).toMatchObject({ closed: 3, realizedPnl: '-4350', commissions: '1.3' });
    await db.execution.deleteMany();
    await db.trade.updateMany({ data: { closedAt: new Date('2026-11-02T15:00:00Z') } });
  });
});

describe('the end of a day', () => {
  test('[SCH-1] the close is that of the close: neither before it, nor after the next open', async () => {
    await db.equitySnapshot.deleteMany();
    await values('100000', at('2026-11-24T20:59:00Z'));
    expect((await endDay(db, dayOf('2026-11-24'), CLOSE)).closeEquity).toBeNull();
    await values('100500', CLOSE);
    expect((await endDay(db, dayOf('2026-11-24'), CLOSE)).closeEquity).toBe('100500');
    // A later run of the same evening leaves it; so does one of the next day.
    await values('99000', CLOSE + 3_600_000);
    expect((await endDay(db, dayOf('2026-11-24'), CLOSE + 3_600_000)).closeEquity).toBe('100500');
    await values('90000', at('2026-11-25T15:00:00Z'));
    const late = await endDay(db, dayOf('2026-11-24'), at('2026-11-25T15:00:00Z'));
    expect(late).toMatchObject({ closeEquity: '100500', written: false });
  });

  test('[RSK-8] one that is caught up the next morning takes the values of its close: the gap of the night counts', async () => {
    await db.accountDay.deleteMany();
    await db.equitySnapshot.deleteMany();
    // The broker worker runs through; whoever ends days is away from 16:00 to 9:00.
    await values('100000', at('2026-11-23T20:59:00Z'));
    await values('99900', at('2026-11-23T21:02:00Z'));
    await values('95000', at('2026-11-24T13:55:00Z'));
    const ended = await endDay(db, dayOf('2026-11-23'), at('2026-11-24T14:00:00Z'));
    expect(ended.closeEquity).toBe('99900');
    await values('95000', OPEN + SECOND);
    const begun = await beginDay(db, dayOf('2026-11-24'), OPEN + SECOND);
    expect(begun).toMatchObject({ startEquity: '99900', source: 'close' });
    await db.accountDay.deleteMany();
  });

  test('[SCH-1] its summary has trades, fills, results and what is open with its stop', async () => {
    const outcome = await submit(Date.now());
    expect(outcome.kind).toBe('approved');
    const trade = await db.trade.findFirstOrThrow({ orderBy: { createdAt: 'desc' } });
    const order = await db.order.findFirstOrThrow({ where: { tradeId: trade.id, role: 'ENTRY' } });
    const executedAt = new Date('2026-11-24T20:00:00Z');
    await db.execution.create({
      data: {
        ...{ userId: ready.ownerId, accountId: ready.accountId, orderRowId: order.id },
        ...{ tradeId: trade.id, executionId: 'e.01', executionKey: 'e', correction: 1 },
        ...{ symbol: 'AAA', brokerContractId: 1, side: 'BUY', quantity: '10', price: '100' },
        ...{ commission: '1.25', brokerDay: new Date('2026-11-24T00:00:00Z'), executedAt },
      },
    });
    await db.trade.update({
      where: { id: trade.id },
      data: { state: 'OPEN', heldQuantity: '10', openedAt: executedAt, stopPrice: '95' },
    });
    const { summary } = await endDay(db, dayOf('2026-11-24'), CLOSE);
    expect(summary).toMatchObject({ opened: 1, fills: 1, commissions: '1.25', openCount: 1 });
    expect(summary.unprotectedCount).toBe(1);
    expect(summary.open[0]).toMatchObject({ symbol: 'AAA', heldQuantity: '10', stopPrice: '95' });
    // It closes after the day's end, and that does not change the day.
    await db.trade.update({
      where: { id: trade.id },
      data: {
        ...{ state: 'CLOSED', heldQuantity: '0', filledQuantity: '10', realizedPnl: '-12.5' },
        closedAt: new Date('2026-11-25T15:00:00Z'),
      },
    });
    const next = await endDay(db, dayOf('2026-11-25'), at('2026-11-25T21:05:00Z'));
    expect(next.summary).toMatchObject({ closed: 1, realizedPnl: '-12.5', fills: 0, openCount: 0 });
  });

  test('[SCH-1] callbacks go only with their age, and never those of a trade that is not settled', async () => {
    const trades = await db.trade.findMany({ orderBy: { createdAt: 'asc' }, take: 2 });
    for (const trade of trades) {
      await db.brokerEvent.create({
        data: {
          ...{ userId: ready.ownerId, accountId: ready.accountId, tradeId: trade.id },
          ...{ tradeSeq: 900n, kind: 'order', body: {}, receivedAt: new Date() },
        },
      });
    }
    const settledAt = new Date('2026-10-01T00:00:00Z');
    await db.trade.update({ where: { id: trades[0]!.id }, data: { settledAt } });
    const nowMs = at('2026-11-24T21:05:00Z');
    expect(await archiveCallbacks(db, dayOf('2026-11-24'), 90, nowMs)).toBe(0);
    expect(await archiveCallbacks(db, dayOf('2026-11-24'), 30, nowMs)).toBe(1);
    const left = await db.brokerEvent.findMany({ where: { tradeSeq: 900n } });
    expect(left.map(({ tradeId }) => tradeId)).toEqual([trades[1]!.id]);
  });
});
