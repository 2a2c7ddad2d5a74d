/** Hands in another program close what trades hold: the trades know, and their exits go (TRD-6, REC-2). */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { pursue } from '../../activities/protect.js';
import { requestClose } from '../../domain/trade/wishes.js';
import { changeTrade } from '../../store/book/change.js';
import { liveLink, type LiveLink } from './support/live-link.js';
import { untilTrue } from '../support/workers.js';

/** The guard looks every two seconds instead of every thirty. */
let live: LiveLink;
beforeAll(async () => {
  live = await liveLink({ GUARD_INTERVAL_MS: '2000' });
}, 60_000);
afterAll(() => live?.close(), 60_000);

const tradeOf = (id: string) => live.db.trade.findUniqueOrThrow({ where: { id } });

const liveOrdersOf = async (symbol: string): Promise<number> => {
  const { orders } = await live.link.deps.link.port.snapshot();
  return orders.filter((order) => order.symbol === symbol).length;
};

test('[TRD-6] a close by hand ends the trade, its exits are cancelled; the symbol waits for a person', async () => {
  const tradeId = await live.openTrade('IBM', { take_profit: '110' });
  await live.gateway.control('/faults', { name: 'manual-close', symbol: 'IBM' });
  const { accountId } = await tradeOf(tradeId);
  await untilTrue('it is over', async () => (await tradeOf(tradeId)).state === 'CLOSED', 25_000);
  expect(await tradeOf(tradeId)).toMatchObject({ exitReason: 'external' });
  expect(await liveOrdersOf('IBM')).toBe(0);
  const positions = await live.db.position.findMany({ where: { accountId, symbol: 'IBM' } });
  expect(positions.map(({ quantity }) => quantity.toFixed())).toEqual(['0', '0']);
  const where = { accountId, symbol: 'IBM', kind: 'quarantine' };
  await untilTrue(
    'it is quarantined',
    async () => (await live.db.pause.count({ where })) === 1,
    20_000,
  );
  await sleep(4_500);
  // What the hand did, and what that did to the trade: once each, however many pictures show it.
  const alerts = await live.db.notification.findMany({
    where: { kind: 'quarantine' },
    orderBy: { createdAt: 'asc' },
  });
  const told = alerts.map(({ body }) => (body as { summary: string }).summary);
  expect(told.slice(0, 2)).toEqual([
    expect.stringContaining('IBM is quarantined: SELL 10'),
    expect.stringMatching(/closed outside of this system \(and 1 earlier\)$/),
  ]);
  const causes = told.map((summary) => summary.replace(/ \(and .*/, ''));
  expect(new Set(causes).size).toBe(causes.length);
  expect(await live.db.pause.count({ where })).toBe(1);
  await expect(live.openTrade('IBM')).rejects.toThrow('SYMBOL_QUARANTINED');
}, 60_000);

test('[TRD-6] [TRD-16] a close that finds all of it sold by hand ends its exits, and the trade ends too', async () => {
  const tradeId = await live.openTrade('KO', { take_profit: '110' });
  await live.gateway.control('/faults', { name: 'manual-close', symbol: 'KO' });
  await changeTrade(live.db, 'command.commit', tradeId, Date.now(), (book) =>
    requestClose(book, 'manual'),
  );
  const pursuing = pursue(live.link.deps, tradeId).catch(() => undefined);
  await untilTrue('its exits are gone', async () => (await liveOrdersOf('KO')) === 0, 15_000);
  await untilTrue('it is over', async () => (await tradeOf(tradeId)).state === 'CLOSED', 30_000);
  await pursuing;
}, 90_000);

test('[REC-2] a hand sells a part of what two trades hold: their exits keep to what is left', async () => {
  const [first, second] = [
    await live.openTrade('ORCL', { take_profit: '110' }),
    await live.openTrade('ORCL', { take_profit: '110' }),
  ];
  await live.gateway.control('/faults', {
    ...{ name: 'external-order', symbol: 'ORCL', action: 'SELL', quantity: 14 },
  });
  const held = async () =>
    Number((await tradeOf(first)).heldQuantity) + Number((await tradeOf(second)).heldQuantity);
  await untilTrue('the books have it', async () => (await held()) === 6, 25_000);
  await untilTrue(
    'the rest is covered',
    async () => {
      const rows = [await tradeOf(first), await tradeOf(second)];
      const open = rows.filter(({ state }) => state === 'OPEN');
      return open.length === 1 && open[0]!.isProtected && (await liveOrdersOf('ORCL')) === 2;
    },
    25_000,
  );
  expect(await live.link.deps.link.port.positions()).toMatchObject({
    items: expect.arrayContaining([expect.objectContaining({ symbol: 'ORCL', quantity: '6' })]),
  });
}, 90_000);
