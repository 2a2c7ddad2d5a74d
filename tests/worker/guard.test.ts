/** The guard on a real gateway, with Temporal away: breaches are mended, or a person is told (TRD-3). */
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import pino from 'pino';
import { liftAccountPauses } from '../../store/account-pauses.js';
import { listAttention } from '../../store/reads.js';
import { Guard, guardedOf } from '../../worker/broker/guard.js';
import type { Taken } from '../../worker/broker/snapshot-keeper.js';
import { bookOf, liveLink, type LiveLink } from './support/live-link.js';
import { untilTrue } from '../support/workers.js';

/** Every two seconds instead of every thirty. */
let live: LiveLink;
beforeAll(async () => {
  live = await liveLink({ GUARD_INTERVAL_MS: '2000' });
}, 60_000);
afterEach(async () => {
  const names = ['order-dropped', 'order-vanished', 'child-refused'];
  for (const name of names) await live.gateway.control('/faults', { name, count: 0 });
});
afterAll(() => live?.close(), 60_000);

/** Shorter than the guard waits before it repairs. */
const UNPROTECTED_MS = 500;

/** From READY: a look, a turn to write, an acknowledgement; less than the guard leaves to a workflow. */
const BACK_MS = 2_500;
/** By then a breach is told that lasts. */
const UNTOLD_MS = 4_000;

const tradeOf = (id: string) => live.db.trade.findUniqueOrThrow({ where: { id } });

const unprotectedNow = async (): Promise<string> => {
  const { contracts } = await live.gateway.control<{
    contracts: { unprotectedShares: string }[];
  }>('/ledger');
  return contracts.reduce((sum, row) => sum + Number(row.unprotectedShares), 0).toString();
};

test('[TRD-3] a stop that vanished is replaced though no workflow runs', async () => {
  const tradeId = await live.openTrade('AAPL', { take_profit: '110' });
  await live.gateway.control('/faults', { name: 'order-vanished', role: 'stop', symbol: 'AAPL' });
  await untilTrue('it is naked', async () => (await unprotectedNow()) === '10');
  await untilTrue('it is covered again', async () => (await unprotectedNow()) === '0', 15_000);
  const { legs } = await bookOf(live.db, tradeId);
  expect(legs.filter(({ role }) => role === 'STOP')).toHaveLength(2);
}, 60_000);

test('[TRD-3] a stop that went while no worker was there is replaced as soon as one is back', async () => {
  const tradeId = await live.openTrade('CSCO', { take_profit: '110' });
  await live.link.close();
  const ofStop = { name: 'manual-cancel', role: 'stop', symbol: 'CSCO' };
  await live.gateway.control('/faults', ofStop);
  await untilTrue('it is naked', async () => (await unprotectedNow()) === '10');
  const { guard } = await live.restart();
  // The workflow's own activity may have died with the worker: nobody knows of it for six seconds.
  await untilTrue('it is covered', async () => (await unprotectedNow()) === '0', BACK_MS);
  const { legs } = await bookOf(live.db, tradeId);
  expect(legs.filter(({ role }) => role === 'STOP')).toHaveLength(2);
  // It was mended before anybody had to be told.
  await sleep(UNTOLD_MS);
  expect(await live.db.notification.count({ where: { tradeId, kind: 'breach' } })).toBe(0);
  expect(guard.numbers().breaches).toBe(1);
}, 60_000);

test('[TRD-3] a refused stop is placed again by the guard within seconds', async () => {
  await live.gateway.control('/faults', {
    name: 'child-refused',
    orderType: 'STP',
    symbol: 'MSFT',
  });
  await expect(live.openTrade('MSFT', {}, UNPROTECTED_MS)).rejects.toThrow('is open and protected');
  await untilTrue('it is covered', async () => (await unprotectedNow()) === '0', 12_000);
  const trade = await live.db.trade.findFirstOrThrow({ where: { symbol: 'MSFT' } });
  await untilTrue('its book knows', async () => (await tradeOf(trade.id)).isProtected);
  const alerts = { tradeId: trade.id, kind: 'breach' };
  expect(await live.db.notification.count({ where: alerts })).toBe(1);
  expect(live.link.guard.numbers().breaches).toBeGreaterThan(0);
  expect(live.link.guard.numbers().unprotectedShareSeconds).toBeGreaterThan(10);
}, 60_000);

test('[TRD-3] a trade that can not be read, or an alert that can not be written, holds up no repair', async () => {
  await live.db.$executeRaw`CREATE FUNCTION refuse_breach() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'no room for alerts'; END $$`;
  await live.db.$executeRaw`CREATE TRIGGER refuse_breach BEFORE INSERT ON notifications
    FOR EACH ROW WHEN (NEW.kind = 'breach') EXECUTE FUNCTION refuse_breach()`;
  await live.openTrade('INTC', { take_profit: '110' });
  live.link.guard.committed(randomUUID(), { unarmedSinceMs: Date.now() });
  await live.gateway.control('/faults', { name: 'order-vanished', role: 'stop', symbol: 'INTC' });
  await untilTrue('it is naked', async () => (await unprotectedNow()) === '10');
  await untilTrue('it is covered again', async () => (await unprotectedNow()) === '0', 15_000);
  await live.db.$executeRaw`DROP FUNCTION refuse_breach CASCADE`;
}, 60_000);

test('[TRD-3] many breaches at once: stops are placed, nothing is sold, entries are paused', async () => {
  const symbols = ['KO', 'PEP', 'WMT', 'NKE', 'DIS', 'XOM'];
  const ids: string[] = [];
  for (const symbol of symbols) ids.push(await live.openTrade(symbol, { take_profit: '110' }));
  await live.gateway.control('/faults', {
    name: 'order-dropped',
    orderType: 'STP',
    count: 1_000,
  });
  for (const symbol of symbols) {
    await live.gateway.control('/faults', { name: 'order-vanished', role: 'stop', symbol });
    await sleep(1_200);
  }
  const { accountId } = await tradeOf(ids[0]!);
  const where = { accountId, kind: 'mass_breach' };
  await untilTrue(
    'entries are paused',
    async () => (await live.db.pause.count({ where })) === 1,
    40_000,
  );
  await sleep(12_000);
  for (const id of ids) expect((await tradeOf(id)).heldQuantity.toFixed()).toBe('10');
  const { userId } = await tradeOf(ids[0]!);
  const waiting = await listAttention(live.db, userId);
  expect(waiting).toContainEqual(
    expect.objectContaining({ kind: 'mass_breach', account_id: 'DU1000001', symbol: null }),
  );
  const lifted = await live.db.$transaction((tx) => liftAccountPauses(tx, userId, 'test'));
  expect(lifted).toBe(1);
  await live.gateway.control('/faults', { name: 'order-dropped', count: 0 });
  await untilTrue('all are covered', async () => (await unprotectedNow()) === '0', 60_000);
}, 180_000);

test('[TRD-3] many that lost their stops while no worker was there are counted before any is repaired', async () => {
  const away = await liveLink();
  try {
    const symbols = ['CSCO', 'ORCL', 'ADBE', 'QCOM'];
    for (const symbol of symbols) await away.openTrade(symbol, { take_profit: '110' });
    await away.link.close();
    for (const symbol of symbols) {
      await away.gateway.control('/faults', { name: 'manual-cancel', role: 'stop', symbol });
      await sleep(500);
    }
    const { guard } = await away.restart();
    await untilTrue('they are counted', () => guard.numbers().breaches === symbols.length, BACK_MS);
    expect(guard.mayFlatten()).toBe(false);
    const isProtected = { isProtected: true };
    await untilTrue(
      'all are covered',
      async () => (await away.db.trade.count({ where: isProtected })) === symbols.length,
    );
  } finally {
    await away.close();
  }
}, 60_000);

test('[TRD-3] after a re-sync all are repaired, so many at once, without a pause between them', async () => {
  const away = await liveLink();
  try {
    const symbols = [
      'CSCO',
      'ORCL',
      'ADBE',
      'QCOM',
      'KO',
      'PEP',
      'WMT',
      'NKE',
      'DIS',
      'XOM',
      'IBM',
    ];
    const ids: string[] = [];
    for (const symbol of symbols) ids.push(await away.openTrade(symbol));
    const snapshot = await away.link.deps.link.port.snapshot();
    await away.link.close();
    await away.db.order.updateMany({ where: { role: 'STOP' }, data: { status: 'CANCELLED' } });
    const { db } = away;
    const books = await Promise.all(ids.map((id) => bookOf(db, id)));
    const state = { isReady: false, atOnce: 0, mostAtOnce: 0, countedAtFirst: 0 };
    const begun: string[] = [];
    const listeners: ((taken: Taken) => void | Promise<void>)[] = [];
    const guard: Guard = new Guard({
      ...{ db, log: pino({ level: 'silent' }), nowMs: () => Date.now(), lookEveryMs: 30_000 },
      keeper: {
        refresh: async () => snapshot,
        onTaken: (listener) => void listeners.push(listener),
      },
      isReady: () => state.isReady,
      remind: () => undefined,
      repair: async (tradeId) => {
        if (begun.length === 0) state.countedAtFirst = guard.numbers().breaches;
        begun.push(tradeId);
        state.atOnce += 1;
        state.mostAtOnce = Math.max(state.mostAtOnce, state.atOnce);
        await sleep(50);
        state.atOnce -= 1;
      },
      onBreach: async () => undefined,
      onMassBreach: async () => undefined,
      onUnexplained: async () => undefined,
    });
    for (const look of listeners)
      await look({ snapshot, trades: books.map(guardedOf), touched: new Set() });
    state.isReady = true;
    const areAllBegun = async () => begun.length >= ids.length;
    await untilTrue('all are begun', areAllBegun, BACK_MS).finally(() => guard.stop());
    expect([...begun].sort()).toEqual([...ids].sort());
    expect(state).toMatchObject({ mostAtOnce: 5, countedAtFirst: ids.length });
  } finally {
    await away.close();
  }
}, 60_000);
