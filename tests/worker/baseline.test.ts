/** What an account held before the first start is counted and never touched; a lost fill is not taken for it. */
import { afterEach, expect, test } from '@jest/globals';
import { bookOf, liveLink, type LiveLink } from './support/live-link.js';
import { untilTrue } from '../support/workers.js';

let live: LiveLink | undefined;
afterEach(async () => {
  await live?.close();
  live = undefined;
}, 60_000);

/** An account with shares of whose purchase the broker lists nothing any more. */
async function withShares(symbol: string, quantity: number): Promise<LiveLink> {
  live = await liveLink({}, async (gateway) => {
    await gateway.control('/prices', { [symbol]: 100 });
    const order = { symbol, action: 'BUY', quantity };
    await gateway.control('/faults', { name: 'external-order', ...order });
    await gateway.control('/faults', { name: 'midnight-execution-loss' });
  });
  return live;
}

const baselines = ({ db }: LiveLink) => db.externalBaseline.findMany();
const externals = async ({ db }: LiveLink): Promise<string[]> => {
  const rows = await db.position.findMany({ where: { strategyId: null } });
  return rows.map(({ symbol, quantity }) => `${symbol} ${quantity.toFixed()}`);
};

/** As a database that never looked: of before the baseline, or restored from such a backup. */
async function forget({ db }: LiveLink): Promise<void> {
  await db.externalBaseline.deleteMany();
  await db.account.updateMany({ data: { baselineAt: null } });
}

test('[REC-2] shares of before the first start are external, and absence can be proven beside them', async () => {
  const mine = await withShares('IBM', 30);
  await untilTrue('it is confirmed', async () => (await externals(mine)).includes('IBM 30'));
  const [row] = await baselines(mine);
  expect(row).toMatchObject({ symbol: 'IBM' });
  expect(row?.quantity.toFixed()).toBe('30');
  expect(row?.evidence).toEqual([
    expect.objectContaining({ kind: 'propose', shown: '30', expected: '0' }),
    expect.objectContaining({ kind: 'confirm', shown: '30', expected: '0' }),
  ]);
  await mine.gateway.control('/faults', { name: 'order-dropped', symbol: 'IBM', count: 3 });
  await expect(mine.openTrade('IBM')).rejects.toThrow('unknown');
  const trade = await mine.db.trade.findFirstOrThrow({ where: { symbol: 'IBM' } });
  await untilTrue(
    'absence is proven',
    async () => {
      await mine.link.deps.link.picture();
      const [entry] = (await bookOf(mine.db, trade.id)).legs;
      return entry?.incarnations[0]?.state === 'ABSENT';
    },
    40_000,
  );
  await mine.restart();
  expect(await externals(mine)).toEqual(['IBM 30']);
  expect(await mine.db.pause.count()).toBe(0);
}, 120_000);

test('[REC-2] a lost fill of ours is no baseline: the symbol waits for a person', async () => {
  live = await liveLink();
  const mine = live;
  await mine.openTrade('MSFT', { take_profit: '110' });
  // As if neither execution nor position had ever been booked.
  await mine.db.position.deleteMany();
  await mine.gateway.control('/faults', { name: 'midnight-execution-loss' });
  await forget(mine);
  await mine.restart();
  await untilTrue('it is quarantined', async () => {
    return (await mine.db.pause.count({ where: { symbol: 'MSFT', kind: 'quarantine' } })) === 1;
  });
  expect(await baselines(mine)).toEqual([]);
  expect(await externals(mine)).toEqual([]);
}, 60_000);

test('[REC-2] what no picture proves is told once, and ends when the books have it', async () => {
  live = await liveLink({ GUARD_INTERVAL_MS: '2000' });
  const mine = live;
  await mine.openTrade('MSFT');
  const { userId, id: accountId } = await mine.db.account.findFirstOrThrow();
  const { brokerContractId } = await mine.db.position.findFirstOrThrow();
  // Proposed two minutes ago, and never shown again: the broker has five more than the books say.
  const seenAt = new Date(Date.now() - 120_000);
  await mine.db.position.updateMany({ data: { quantity: '5' } });
  await mine.db.externalBaseline.create({
    data: {
      ...{ userId, accountId, brokerContractId, symbol: 'MSFT', seenAt },
      ...{ quantity: '7', averageCost: '100', evidence: [] },
    },
  });
  await mine.restart();
  const quarantines = () => mine.db.pause.count({ where: { reason: { contains: '5 more' } } });
  await untilTrue('it is told', async () => (await quarantines()) === 1);
  await mine.db.pause.updateMany({ data: { liftedAt: new Date(), liftedBy: 'test' } });
  for (const _look of [1, 2]) await mine.link.deps.link.picture();
  expect(await quarantines()).toBe(1);
  await mine.db.position.updateMany({ data: { quantity: '10' } });
  await untilTrue('nothing is proposed', async () => (await baselines(mine)).length === 0, 15_000);
  expect(
    await mine.db.pause.count({ where: { reason: { contains: 'more than the books' } } }),
  ).toBe(1);
}, 90_000);

test('[REC-3] a database that lacks own orders is a restored backup: nothing is taken for external', async () => {
  live = await liveLink();
  const mine = live;
  const tradeId = await mine.openTrade('KO', { take_profit: '110' });
  // As a backup of before the trade.
  await mine.db.position.deleteMany();
  await mine.db.$executeRaw`
    UPDATE orders SET client_order_id = 'unknown-' || right(client_order_id, 20), intent = 'NEW'
     WHERE trade_id = ${tradeId}::uuid`;
  await forget(mine);
  await mine.restart();
  const where = { kind: 'database_old' };
  await untilTrue('it is told', async () => (await mine.db.notification.count({ where })) === 1);
  expect(await baselines(mine)).toEqual([]);
  expect((await mine.db.account.findFirstOrThrow()).baselineAt).toBeNull();
}, 60_000);
