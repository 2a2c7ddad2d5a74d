/** Plan and entry in one visit to the broker worker: real gateway, real rows. */
import { beforeAll, describe, expect, test } from '@jest/globals';
import { arm } from '../../failpoints/arm.js';
import { withdrawEntry } from '../../store/settlement.js';
import { useLinkWithPoints } from './support/link-with-points.js';
import type { LiveLink } from './support/live-link.js';

const opened = useLinkWithPoints();
let live: LiveLink;
let points: string;
beforeAll(() => {
  ({ live, points } = opened());
});

const decisionsOf = (tradeId: string) => live.db.decision.count({ where: { tradeId } });
const writesOf = (tradeId: string) =>
  live.db.orderIncarnation.count({ where: { order: { tradeId } } });
/** Entry and stop. */
const BRACKET = 2;

describe('[PRF-1] a visit that plans and enters', () => {
  test.each([
    ['cold', 'AAPL'],
    ['warm', 'AMZN'],
  ] as const)(
    '%s, fetches the market, decides once and sends once',
    async (plan, symbol) => {
      const tradeId = await live.acceptTrade(symbol);
      const outcome = await live.visit({ tradeId, plan });
      expect(outcome).toMatchObject({ kind: 'acknowledged', planned: { kind: 'approved' } });
      expect([await decisionsOf(tradeId), await writesOf(tradeId)]).toEqual([1, BRACKET]);
    },
    30_000,
  );

  test('[BRK-2] repeated, finds what the first attempt has sent', async () => {
    const tradeId = await live.acceptTrade('MSFT');
    await live.visit({ tradeId, plan: 'warm' });
    const again = await live.visit({ tradeId, plan: 'warm' });
    expect(again).toMatchObject({ kind: 'acknowledged', planned: { kind: 'approved' } });
    expect([await decisionsOf(tradeId), await writesOf(tradeId)]).toEqual([1, BRACKET]);
  }, 30_000);

  test.each(['plan.commit.before', 'plan.commit.after', 'enter.claim.commit.before'] as const)(
    '[BRK-2] that failed at %s is taken up where it stopped',
    async (point) => {
      const tradeId = await live.acceptTrade('MSFT');
      arm(points, point, { action: 'throw', match: { tradeId } });
      await expect(live.visit({ tradeId, plan: 'warm' })).rejects.toThrow('told to throw');
      expect(await writesOf(tradeId)).toBe(0);
      expect(await live.visit({ tradeId, plan: 'warm' })).toMatchObject({ kind: 'acknowledged' });
      expect([await decisionsOf(tradeId), await writesOf(tradeId)]).toEqual([1, BRACKET]);
    },
    30_000,
  );

  test('[BRK-2] that failed behind its claim looks the order up and does not write it', async () => {
    const tradeId = await live.acceptTrade('MSFT');
    arm(points, 'enter.claim.commit.after', { action: 'throw', match: { tradeId } });
    await expect(live.visit({ tradeId, plan: 'warm' })).rejects.toThrow('told to throw');
    const { orders } = await live.gateway.control<{ orders: { orderRef: string }[] }>('/ledger');
    const legs = await live.db.order.findMany({ where: { tradeId } });
    expect(legs.map(({ intent }) => intent)).toEqual(['SENDING', 'SENDING']);
    const received = new Set(orders.map(({ orderRef }) => orderRef));
    expect(legs.filter(({ clientOrderId }) => received.has(clientOrderId))).toEqual([]);
    expect(await writesOf(tradeId)).toBe(BRACKET);
  }, 30_000);

  test('[BRK-2] late, with a plan that was taken back meanwhile, decides anew', async () => {
    const tradeId = await live.acceptTrade('MSFT');
    arm(points, 'plan.commit.after', { action: 'delay', seconds: 1, match: { tradeId } });
    // A warm plan may miss the market and be made twice; the delay would be spent on the first.
    const late = live.visit({ tradeId, plan: 'cold' });
    while ((await decisionsOf(tradeId)) === 0) await new Promise((go) => setTimeout(go, 5));
    await withdrawEntry(live.db, tradeId, Date.now());
    expect(await late).toMatchObject({ kind: 'not_sent', reason: 'the plan was withdrawn' });
    expect(await writesOf(tradeId)).toBe(0);
    expect(await live.visit({ tradeId, plan: 'warm' })).toMatchObject({ kind: 'acknowledged' });
    expect([await decisionsOf(tradeId), await writesOf(tradeId)]).toEqual([2, BRACKET]);
  }, 30_000);

  test('[RSK-5] sends nothing when all is halted between its plan and its claim', async () => {
    const tradeId = await live.acceptTrade('IBM');
    arm(points, 'plan.commit.after', { action: 'delay', seconds: 1, match: { tradeId } });
    const sent = live.visit({ tradeId, plan: 'cold' });
    while ((await decisionsOf(tradeId)) === 0) await new Promise((go) => setTimeout(go, 5));
    await live.db.account.updateMany({ data: { mode: 'HALTED' } });
    try {
      expect(await sent).toMatchObject({ kind: 'not_sent', planned: { kind: 'approved' } });
      expect(await writesOf(tradeId)).toBe(0);
    } finally {
      await live.db.account.updateMany({ data: { mode: 'ACTIVE' } });
    }
  }, 30_000);

  test('denied, sends nothing', async () => {
    const tradeId = await live.acceptTrade('IBM', { stop_loss: '105' });
    expect(await live.visit({ tradeId, plan: 'warm' })).toMatchObject({ kind: 'denied' });
    expect(await writesOf(tradeId)).toBe(0);
  }, 30_000);

  test('cancelled before, ends there', async () => {
    const tradeId = await live.acceptTrade('IBM');
    await live.db.trade.update({ where: { id: tradeId }, data: { cancelRequested: true } });
    const outcome = await live.visit({ tradeId, plan: 'warm' });
    expect(outcome).toMatchObject({ kind: 'denied', codes: [], snapshot: { state: 'CANCELLED' } });
  }, 30_000);
});

test('[TRD-3] plans that wait for the account leave connections to what protects', async () => {
  const trades: string[] = [];
  for (let index = 0; index < 12; index += 1) trades.push(await live.acceptTrade('AAPL'));
  let visits: Promise<unknown>[] = [];
  await live.db.$transaction(async (tx) => {
    await tx.$executeRaw`SELECT 1 FROM accounts FOR UPDATE`;
    visits = trades.map((tradeId) => live.visit({ tradeId, plan: 'warm' }));
    await new Promise((go) => setTimeout(go, 1_000));
    const rows = await tx.$queryRaw<{ waiting: bigint }[]>`
      SELECT count(*) AS waiting FROM pg_stat_activity
       WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE '%OF a, t%'`;
    expect(Number(rows[0]!.waiting)).toBe(2);
  });
  await Promise.all(visits);
}, 30_000);
