/** Executions that never come, on a real gateway, with Temporal away: what the account holds is covered (TRD-3). */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import pino from 'pino';
import { newLeg } from '../../domain/orders/machine.js';
import type { GuardedTrade } from '../../domain/trade/guard.js';
import { FACTS_FOR_PERSON_MS, FACTS_OVERDUE_MS } from '../../domain/trade/overdue.js';
import { loadBook } from '../../store/book/load.js';
import { openTrades } from '../../store/book/open-trades.js';
import { guardedOf } from '../../worker/broker/guard.js';
import { OverdueFacts } from '../../worker/broker/overdue-facts.js';
import { plannedBook } from '../domain/trade/books.js';
import { liveLink, type LiveLink } from './support/live-link.js';
import { untilTrue } from '../support/workers.js';

/** Every two seconds instead of every thirty. */
let live: LiveLink;
beforeAll(async () => {
  live = await liveLink({ GUARD_INTERVAL_MS: '2000' });
}, 60_000);
afterAll(() => live?.close(), 60_000);

const isReady = (): boolean => true;
const armedAtBroker = async (): Promise<string> => {
  const { orders } = await live.link.deps.link.port.snapshot();
  const stops = orders.filter(({ terms }) => terms?.orderType === 'STP');
  return stops.map(({ remainingQuantity }) => remainingQuantity).join(' ');
};

test('[TRD-3] [TRD-11] a fill that only its status told is covered by the position, and a person is told', async () => {
  const { gateway, db } = live;
  await gateway.control('/faults', { name: 'missing-exec-details', symbol: 'IBM' });
  await gateway.control('/faults', { name: 'child-refused', orderType: 'STP', symbol: 'IBM' });
  const tradeId = await live.enterTrade('IBM', { take_profit: '110' });
  // The day turns: no list has the execution any more.
  await gateway.control('/faults', { name: 'midnight-execution-loss' });
  const trade = () => db.trade.findUniqueOrThrow({ where: { id: tradeId } });
  await untilTrue('a stop stands', async () => (await armedAtBroker()) === '10', 25_000);
  expect((await trade()).heldQuantity.toFixed()).toBe('0');
  const nowMs = () => Date.now() + FACTS_FOR_PERSON_MS;
  const log = pino({ level: 'silent' });
  const [remind, repair] = [() => undefined, async () => undefined];
  const overdue = new OverdueFacts({ db, log, isReady, remind, repair, nowMs });
  const { id: connectionId } = await db.connection.findFirstOrThrow();
  for await (const trades of openTrades(db, connectionId, false)) {
    for (const _ of [1, 2]) {
      overdue.look({ trades });
      await overdue.done();
    }
  }
  const alerts = await db.notification.findMany({ where: { tradeId, kind: 'executions_missing' } });
  expect(alerts.map(({ body }) => body)).toEqual([
    expect.objectContaining({ missing: 'ENTRY: 10 filled by its status, 0 by executions' }),
  ]);
}, 60_000);

test('[TRD-3] commits call for looks: when it is overdue, once for many, and ever more seldom', async () => {
  const { db } = live;
  const { id: tradeId } = await db.trade.findFirstOrThrow({ where: { symbol: 'IBM' } });
  const { book } = await loadBook(db, tradeId);
  const sinceMs = book.legs.find(({ reported }) => reported !== null)?.reported?.sinceMs;
  const early = Date.now() - (sinceMs! + FACTS_OVERDUE_MS - 1_500);
  const startedAtMs = Date.now();
  const atMs: number[] = [];
  const repair = async (): Promise<void> => void atMs.push(Date.now() - startedAtMs);
  const overdue = new OverdueFacts({
    ...{ db, isReady, repair, log: pino({ level: 'silent' }), remind: () => undefined },
    nowMs: () => Date.now() - early,
  });
  while (Date.now() - startedAtMs < 9_000) {
    overdue.committed(tradeId, book);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  overdue.stop();
  await overdue.done();
  // Overdue in 1.5 s; then after 1, 2 and 4 s.
  expect(atMs).toHaveLength(4);
  [1_500, 2_500, 4_500, 8_500].forEach((wantedMs, n) =>
    expect(atMs[n]).toBeGreaterThanOrEqual(wantedMs - 5),
  );
  expect(atMs[0]).toBeLessThan(2_300);
}, 20_000);

test('[TRD-3] a stop that is cancelled while executions are overdue is placed anew before the next picture', async () => {
  // Nothing but the lists that are asked for after 15 and 31 s takes pictures.
  const mine = await liveLink({ GUARD_INTERVAL_MS: '300000', RECOVERY_DIFFERENCE: '1000000' });
  try {
    const { gateway, link } = mine;
    const stops = async () => {
      const { orders } = await link.deps.link.port.snapshot();
      return orders.filter(({ terms }) => terms?.orderType === 'STP');
    };
    await gateway.control('/faults', { name: 'missing-exec-details', symbol: 'IBM' });
    await mine.enterTrade('IBM');
    await gateway.control('/faults', { name: 'midnight-execution-loss' });
    const [first] = await stops();
    await new Promise((resolve) => setTimeout(resolve, 17_000));
    await gateway.control('/faults', { name: 'manual-cancel', symbol: 'IBM', role: 'stop' });
    const isAnew = async () => {
      const [now] = await stops();
      return now !== undefined && now.brokerOrderId !== first?.brokerOrderId;
    };
    await untilTrue('another stop stands', isAnew, 9_000);
  } finally {
    await mine.close();
  }
}, 60_000);

test('[TRD-3] one overdue trade that takes its time holds up no other, and none is repaired twice at once', async () => {
  const { db } = live;
  const log = pino({ level: 'silent' });
  const begun: string[] = [];
  const ends: (() => void)[] = [];
  const repair = (tradeId: string): Promise<void> => {
    begun.push(tradeId);
    return new Promise((end) => ends.push(end));
  };
  const overdue = new OverdueFacts({
    db,
    log,
    isReady,
    repair,
    remind: () => undefined,
    nowMs: () => 60_000,
  });
  const entry = newLeg({ legId: 'e', role: 'ENTRY', side: 'BUY', quantity: '10' });
  const reported = { filled: '10', remaining: '0', done: true, sinceMs: 49_000 };
  const legs = plannedBook().legs.map((leg) => ({ ...leg, ...entry, reported }));
  const of = (...ids: string[]): { trades: GuardedTrade[] } => ({
    trades: ids.map((tradeId) => ({
      ...{ tradeId, account: 'DU1', symbol: 'AAA', brokerContractId: 1, side: 'BUY' as const },
      securityType: 'STK',
      ...{ held: '0', stopPrice: '95', unarmedSinceMs: null, legs },
    })),
  });
  overdue.look(of('a', 'b'));
  await untilTrue('both are repaired', async () => begun.length === 2);
  overdue.look(of('a', 'b', 'c'));
  await untilTrue('so is the third', async () => begun.length === 3);
  expect(begun).toEqual(['a', 'b', 'c']);
  for (const end of ends) end();
  await overdue.done();
  overdue.look(of('a'));
  await untilTrue('again, now that it has ended', async () => begun.length === 4);
  ends[3]!();
  await overdue.done();
});

test('[TRD-3] what a sync finds overdue, or comes due without a link, is begun as soon as the link is READY', async () => {
  const { db } = live;
  const { id: tradeId } = await db.trade.findFirstOrThrow({ where: { symbol: 'IBM' } });
  const { book } = await loadBook(db, tradeId);
  const sinceMs = book.legs.find(({ reported }) => reported !== null)!.reported!.sinceMs!;
  const log = pino({ level: 'silent' });
  const found = { trades: [guardedOf(book)] };
  const first = async (dueInMs: number, tell: (overdue: OverdueFacts) => void) => {
    let state = { isReady: false, repaired: 0 };
    const early = Date.now() - (sinceMs + FACTS_OVERDUE_MS - dueInMs);
    const overdue = new OverdueFacts({
      ...{ db, log, remind: () => undefined, isReady: () => state.isReady },
      repair: async () => void (state = { ...state, repaired: state.repaired + 1 }),
      nowMs: () => Date.now() - early,
    });
    tell(overdue);
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    expect(state.repaired).toBe(0);
    state = { ...state, isReady: true };
    await untilTrue('it is repaired', async () => state.repaired === 1, 1_500);
    await new Promise((resolve) => setTimeout(resolve, 1_200));
    expect(state.repaired).toBe(1);
    overdue.stop();
    await overdue.done();
  };
  await first(-1_000, (overdue) => overdue.look(found));
  await first(500, (overdue) => overdue.committed(tradeId, book));
}, 20_000);

test('[TRD-3] [TRD-11] what the picture of a sync explains is no more overdue when the link is READY', async () => {
  // In an account of its own: nothing in it is unexplained.
  const mine = await liveLink();
  const { db } = mine;
  const tradeId = await mine.openTrade('ORCL', { take_profit: '110' });
  const { book } = await loadBook(db, tradeId);
  let isLinked = false;
  const begun: string[] = [];
  const overdue = new OverdueFacts({
    ...{ db, log: pino({ level: 'silent' }), nowMs: () => Date.now() },
    isReady: () => isLinked,
    remind: (id) => void begun.push(id),
    repair: async (id) => void begun.push(id),
  });
  // As the books were before the picture's executions.
  const reported = { filled: '10', remaining: '0', done: true, sinceMs: 1 };
  const legs = book.legs.map((leg) =>
    leg.role === 'ENTRY' ? { ...leg, executions: [], filledQuantity: '0', reported } : leg,
  );
  overdue.look({ trades: [{ ...guardedOf(book), legs }] });
  isLinked = true;
  await new Promise((resolve) => setTimeout(resolve, 1_500));
  overdue.stop();
  await overdue.done();
  await mine.close();
  expect(begun).toEqual([]);
}, 20_000);
