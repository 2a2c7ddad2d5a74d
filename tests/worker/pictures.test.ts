/** The keeper of pictures on a real gateway: what a picture tells is committed, and only what is new. */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import pino from 'pino';
import { MockActivityEnvironment } from '@temporalio/testing';
import { createEntryActivities } from '../../activities/entry.js';
import type { EntryOutcome, TradeRef } from '../../contract/activities.js';
import { knownOrders } from '../../store/known-orders.js';
import { listAttention } from '../../store/reads.js';
import { openDatabase } from '../../store/database.js';
import { valveToDatabase } from '../../chaos/stack/valve.js';
import { PictureDifference } from '../../worker/broker/picture-difference.js';
import { SnapshotKeeper, type PictureCause } from '../../worker/broker/snapshot-keeper.js';
import { inboxOf } from './support/inbox.js';
import { bookOf, liveLink, type LiveLink } from './support/live-link.js';
import { untilTrue } from '../support/workers.js';

let live: LiveLink;
beforeAll(async () => {
  live = await liveLink();
}, 60_000);
afterAll(() => live?.close(), 60_000);

const eventsOf = (tradeId: string) => live.db.brokerEvent.count({ where: { tradeId } });

test('[BRK-12] a picture of what is known commits nothing (B7)', async () => {
  const tradeId = await live.openTrade('AAPL', { take_profit: '110' });
  await sleep(300);
  const { seq } = await live.db.trade.findUniqueOrThrow({ where: { id: tradeId } });
  const before = await eventsOf(tradeId);
  for (let pictures = 0; pictures < 2; pictures += 1) {
    const { isComplete } = await live.link.deps.link.picture();
    expect(isComplete).toBe(true);
  }
  await live.restart();
  await live.link.deps.link.picture();
  expect(await eventsOf(tradeId)).toBe(before);
  const row = await live.db.trade.findUniqueOrThrow({ where: { id: tradeId } });
  expect(row.seq).toBe(seq);
}, 60_000);

test('[BRK-12] not even a transaction is spent on what the books know (B7)', async () => {
  await live.openTrade('KO', { take_profit: '110' });
  await sleep(300);
  const { id: connectionId } = await live.db.connection.findFirstOrThrow();
  const inbox = { learn: () => undefined };
  const difference = new PictureDifference({ db: live.db, connectionId, inbox });
  const snapshot = await live.link.deps.link.port.snapshot();
  expect(snapshot.orders.length).toBeGreaterThan(1);
  const { facts, suspects } = await difference.find(snapshot, true);
  expect(facts.filter(({ kind }) => kind === 'order')).toEqual([]);
  expect([...suspects]).toEqual([]);
  const [missing, ...orders] = snapshot.orders;
  const lacking = await difference.find({ ...snapshot, orders }, true);
  expect(lacking.suspects.size).toBe(1);
  expect(missing?.clientOrderId).not.toBeNull();
}, 60_000);

test('[BRK-12] a callback that is being committed is committed before a picture is compared', async () => {
  const tradeId = await live.openTrade('MCD', { take_profit: '110' });
  await sleep(300);
  const { port } = live.link.deps.link;
  const stop = await live.db.order.findFirstOrThrow({ where: { tradeId, role: 'STOP' } });
  const { id: connectionId } = await live.db.connection.findFirstOrThrow();
  const ready = { connectionId, accountId: stop.accountId, ownerId: stop.userId };
  const spillFolder = mkdtempSync(join(tmpdir(), 'ballast-pictures-'));
  const inbox = inboxOf({ db: live.db, ready, spillFolder });
  const keeper = new SnapshotKeeper({
    ...{ db: live.db, connectionId, broker: port, inbox, log: pino({ level: 'silent' }) },
    judge: { judge: () => Promise.resolve() },
    adopter: { look: () => Promise.resolve() },
    baseline: { look: () => Promise.resolve() },
    recovery: { look: () => Promise.resolve() },
  });
  const { orders, generation } = await port.snapshot();
  const shown = orders.find(({ clientOrderId }) => clientOrderId === stop.clientOrderId)!;
  const terms = { ...shown.terms!, stopPrice: '90' };
  let taking: Promise<unknown> = Promise.resolve();
  await live.db.$transaction(async (tx) => {
    await tx.$executeRaw`SELECT 1 FROM trades WHERE id = ${tradeId}::uuid FOR UPDATE`;
    const report = { ...shown, terms };
    inbox.accept({ kind: 'order', report, listed: false, generation, receivedAtMs: Date.now() });
    await sleep(300);
    taking = keeper.refresh('guard');
    await sleep(1_000);
  });
  await taking;
  const after = await live.db.order.findUniqueOrThrow({ where: { id: stop.id } });
  expect(after.readBack).toMatchObject({ stopPrice: shown.terms!.stopPrice });
  await inbox.stop(0);
}, 60_000);

test('[REC-1] a picture that a sync shares with others is one of a sync, whoever asked first', async () => {
  const { port } = live.link.deps.link;
  const { id: connectionId } = await live.db.connection.findFirstOrThrow();
  const account = await live.db.account.findFirstOrThrow();
  const ready = { connectionId, accountId: account.id, ownerId: account.userId };
  const spillFolder = mkdtempSync(join(tmpdir(), 'ballast-pictures-'));
  const inbox = inboxOf({ db: live.db, ready, spillFolder });
  const told: boolean[] = [];
  const keeper = new SnapshotKeeper({
    ...{ db: live.db, connectionId, broker: port, inbox, log: pino({ level: 'silent' }) },
    judge: { judge: () => Promise.resolve() },
    adopter: { look: () => Promise.resolve() },
    baseline: { look: () => Promise.resolve() },
    recovery: { look: async (_snapshot, isSync) => void told.push(isSync) },
  });
  const both = async (...causes: PictureCause[]): Promise<void> => {
    const [first, second] = await Promise.all(causes.map((why) => keeper.refresh(why)));
    expect(first).toBe(second);
  };
  await both('reconcile', 'connect');
  await both('restored', 'guard');
  await both('guard', 'reconcile');
  expect(told).toEqual([true, true, false]);
  await inbox.stop(0);
}, 60_000);

test('[BRK-12] what a picture told is told again until it was booked', async () => {
  const tradeId = await live.openTrade('PEP', { take_profit: '110' });
  await sleep(300);
  const { id: connectionId } = await live.db.connection.findFirstOrThrow();
  const through = await valveToDatabase(live.databaseUrl);
  const cut = openDatabase({ url: through.url, poolSize: 1, answerTimeoutMs: 500 });
  const inbox = { learn: () => undefined };
  const difference = new PictureDifference({ db: cut, connectionId, inbox });
  const snapshot = await live.link.deps.link.port.snapshot();
  await live.link.deps.commits.drained();
  await sleep(500);
  // The books have missed where the stop stands.
  await live.db.$executeRaw`UPDATE orders
      SET read_back = jsonb_set(read_back, '{stopPrice}', '"94"')
    WHERE trade_id = ${tradeId}::uuid AND role = 'STOP'`;
  through.shut();
  await expect(difference.find(snapshot, false)).rejects.toThrow();
  through.open();
  const news = async () => {
    const { facts, booked } = await difference.find(snapshot, false);
    return { orders: facts.filter(({ kind }) => kind === 'order').length, booked };
  };
  expect((await news()).orders).toBe(1);
  // Nobody has booked it yet: it is no less news.
  const again = await news();
  expect(again.orders).toBe(1);
  again.booked();
  expect((await news()).orders).toBe(0);
  await cut.$disconnect();
  await through.stop();
}, 60_000);

test('[BRK-5] fills and ends of while nobody listened are booked by the first picture', async () => {
  const tradeId = await live.openTrade('MSFT', { take_profit: '110' });
  await live.link.deps.link.port.close();
  await sleep(200);
  await live.gateway.control('/prices', { MSFT: 111 });
  await sleep(200);
  await live.restart();
  const row = await live.db.trade.findUniqueOrThrow({ where: { id: tradeId } });
  expect(row).toMatchObject({ state: 'CLOSED', exitReason: 'target' });
  // What lives is learnt last, so that the port forgets it last (B7).
  const known = await knownOrders(live.db, (await live.db.connection.findFirstOrThrow()).id);
  const standing = known.map(({ isLive }) => isLive);
  expect(new Set(standing)).toEqual(new Set([false, true]));
  expect([...standing].sort()).toEqual(standing);
}, 60_000);

test('[BRK-2] an entry that the broker never got is found absent by pictures alone', async () => {
  await live.gateway.control('/prices', { IBM: 100 });
  await live.gateway.control('/faults', { name: 'order-dropped', symbol: 'IBM', count: 3 });
  await expect(live.openTrade('IBM')).rejects.toThrow('unknown');
  const trade = await live.db.trade.findFirstOrThrow({ where: { symbol: 'IBM' } });
  await untilTrue(
    'absence is proven',
    async () => {
      await live.link.deps.link.picture();
      const [entry] = (await bookOf(live.db, trade.id)).legs;
      return entry?.incarnations[0]?.state === 'ABSENT';
    },
    40_000,
  );
}, 90_000);

test('[TRD-16] an entry that stays of unknown fate is told to a person, once, and shown so', async () => {
  await live.gateway.control('/faults', { name: 'order-dropped', symbol: 'NKE', count: 3 });
  await expect(live.openTrade('NKE')).rejects.toThrow('unknown');
  const { id: tradeId, userId } = await live.db.trade.findFirstOrThrow({
    where: { symbol: 'NKE' },
  });
  // Of yesterday: what the broker's lists lack today proves nothing of it.
  await live.db.$executeRaw`UPDATE order_incarnations i SET claimed_at = now() - interval '1 day',
      written_at = now() - interval '1 day', broker_day = broker_day - 1
    FROM orders o WHERE o.id = i.order_row_id AND o.trade_id = ${tradeId}::uuid`;
  const where = { tradeId, kind: 'entry_unknown' };
  const { lookUpEntry } = createEntryActivities(live.link.deps);
  const environment = new MockActivityEnvironment();
  for (let looks = 0; looks < 2; looks += 1) {
    const found = await environment.run<[TradeRef], EntryOutcome, typeof lookUpEntry>(lookUpEntry, {
      tradeId,
    });
    expect(found).toMatchObject({ kind: 'unknown', snapshot: { wait: { then: 'ask a person' } } });
    expect(await live.db.notification.count({ where })).toBe(1);
  }
  const waiting = await listAttention(live.db, userId);
  expect(waiting).toContainEqual(expect.objectContaining({ kind: 'trade', trade_id: tradeId }));
  const events = await live.db.tradeEvent.count({ where: { tradeId, kind: 'asks_person' } });
  expect(events).toBe(1);
}, 150_000);

test('[BRK-12] after its end the keeper answers at once, and proves nothing', async () => {
  const { picture } = live.link.deps.link;
  await live.restart();
  const { isComplete, problem } = await picture();
  expect({ isComplete, problem }).toEqual({ isComplete: false, problem: 'the worker stops' });
}, 60_000);
