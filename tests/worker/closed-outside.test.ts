/** Hands in another program close what trades hold: the trades know, and their exits go (TRD-6, REC-2). */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
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
  const alerts = await live.db.notification.findMany({ where: { kind: 'quarantine' } });
  expect(alerts.map(({ body }) => body)).toEqual([expect.objectContaining({ symbol: 'IBM' })]);
  await sleep(4_500);
  expect(await live.db.pause.count({ where })).toBe(1);
  await expect(live.openTrade('IBM')).rejects.toThrow('SYMBOL_QUARANTINED');
}, 60_000);

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
