/** Moving the exits of an open trade on the whole stack, with refusals, and deaths around the write. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { commandTrade } from '../../client/trades.js';
import { TRADE_STORY_QUERY, tradeWorkflowId, type TradeStory } from '../../contract/workflows.js';
import type { CommandKind, CommandTerms, TradeSnapshot } from '../../contract/workflows.js';
import { arm, untilTaken } from '../../failpoints/arm.js';
import type { FailpointName } from '../../failpoints/table.js';
import type { LedgerReport } from '../../gateway/ledger/report.js';
import { startPointedStack, type PointedStack } from '../failpoints/support/pointed-stack.js';
import { isAtRest } from '../support/at-rest.js';
import type { TradeFacts } from '../support/stack.js';
import { untilTrue } from '../support/workers.js';
import { expectNothingJudged } from '../support/verdicts.js';

/** Others may use the machine too. */
const PATIENCE_MS = 60_000;

let pointed: PointedStack;

beforeAll(async () => {
  pointed = await startPointedStack({
    ...{ LEASE_TTL_MS: '2000', LEASE_RENEW_MS: '500', ACK_TIMEOUT_MS: '1000' },
  });
}, 120_000);
afterAll(async () => {
  await pointed?.stop();
}, 60_000);

let count = 0;
/** An open trade of ten shares with its exits verified. */
async function open(symbol: string): Promise<TradeFacts> {
  count += 1;
  const { tradeId } = await pointed.stack.submit({
    ...{ id: `move-${Date.now()}-${count}`, strategy_id: `strategy-${count}`, symbol },
    ...{ side: 'BUY', quantity: '10', stop_loss_pct: '0.05', take_profit_pct: '0.06' },
  });
  return waitFor(tradeId, isAtRest);
}

const waitFor = (tradeId: string, holds: (trade: TradeFacts) => boolean) =>
  pointed.stack.waitFor(tradeId, holds, PATIENCE_MS);

let keys = 0;
function give(tradeId: string, kind: CommandKind, terms?: CommandTerms) {
  keys += 1;
  const input = { key: `k-${keys}`, actor: 'test', ...(terms ? { terms } : {}) };
  return commandTrade(pointed.stack.temporal, tradeId, kind, input);
}

const ledger = () => pointed.stack.gateway.control<LedgerReport>('/ledger');

/** Stops of the symbol that live at the gateway. */
async function stopsAt(symbol: string): Promise<LedgerReport['orders'][number][]> {
  const { orders } = await ledger();
  const isLive = (status: string) => status === 'PreSubmitted' || status === 'Submitted';
  return orders.filter(
    (order) => order.symbol === symbol && order.orderType === 'STP' && isLive(order.status),
  );
}

async function expectOneStop(symbol: string, stopPrice: string): Promise<void> {
  const stops = await stopsAt(symbol);
  expect(stops.map((stop) => [Number(stop.stopPrice), stop.armed])).toEqual([
    [Number(stopPrice), true],
  ]);
}

const movesOf = (trade: TradeFacts) => (trade.snapshot as unknown as TradeSnapshot).moves;
const isMoved = (trade: TradeFacts) => movesOf(trade)?.stop?.state === 'done';
/** Two percent nearer than the plan's. */
const nearer = (trade: TradeFacts, factor = '1.02') => trade.stopPrice!.mul(factor).toFixed(2);

describe('[TRD-5] moving exits', () => {
  test('a stop and a target are read back at the gateway where they were moved to', async () => {
    const trade = await open('AAPL');
    const [stop, target] = [nearer(trade), trade.targetPrice!.mul('1.01').toFixed(2)];
    expect(await give(trade.id, 'move_stop', { price: stop })).toMatchObject({
      verdict: 'accepted',
    });
    expect((await give(trade.id, 'move_target', { price: target })).verdict).toBe('accepted');
    const moved = await waitFor(
      trade.id,
      (now) => isMoved(now) && movesOf(now)?.target?.state === 'done',
    );
    expect([moved.stopPrice?.toFixed(2), moved.targetPrice?.toFixed(2)]).toEqual([stop, target]);
    await expectOneStop('AAPL', stop);
    const { orders } = await ledger();
    const targets = orders.filter((each) => each.symbol === 'AAPL' && each.orderType === 'LMT');
    expect(targets.map(({ limitPrice }) => Number(limitPrice))).toEqual([Number(target)]);
    const again = await give(trade.id, 'move_stop', { price: stop });
    expect(again).toEqual({ verdict: 'accepted', reason: `the stop is at ${stop}: nothing to do` });
    const wider = await give(trade.id, 'move_stop', { price: nearer(trade, '0.98') });
    expect(wider).toMatchObject({ verdict: 'refused', reason: expect.stringContaining('--widen') });
  }, 90_000);

  test('[TRD-3] one that the broker refuses leaves the old stop live, and says why', async () => {
    const trade = await open('MSFT');
    await pointed.stack.gateway.control('/faults', { name: 'modify-110', symbol: 'MSFT' });
    expect((await give(trade.id, 'move_stop', { price: nearer(trade) })).verdict).toBe('accepted');
    const after = await waitFor(trade.id, (now) => movesOf(now)?.stop?.state === 'refused');
    expect(movesOf(after)?.stop?.reason).toMatch(/the broker refused it: 110/);
    expect(after).toMatchObject({ isProtected: true, state: 'OPEN' });
    expect(after.stopPrice?.toFixed(2)).toBe(trade.stopPrice?.toFixed(2));
    expect(after.events.map(({ kind }) => kind)).toContain('move_refused');
    await expectOneStop('MSFT', trade.stopPrice!.toFixed(2));
    const handle = pointed.stack.temporal.workflow.getHandle(tradeWorkflowId(trade.id));
    // The story hears of it a moment after the row.
    await untilTrue('nothing is left to do', async () => {
      const { snapshot } = await handle.query<TradeStory>(TRADE_STORY_QUERY);
      return !snapshot.needsWork;
    });
    const other = nearer(trade, '1.01');
    await give(trade.id, 'move_stop', { price: other });
    await waitFor(trade.id, isMoved);
    await expectOneStop('MSFT', other);
  }, 90_000);

  test('ten at once come to the newest, with no more writes than there is time for', async () => {
    const trade = await open('NVDA');
    const sent = async () => (await ledger()).messages.byId['3'] ?? 0;
    const before = await sent();
    const factors = Array.from({ length: 10 }, (_, index) => `1.0${10 + index}`);
    const answers = await Promise.all(
      factors.map((by) => give(trade.id, 'move_stop', { price: nearer(trade, by), widen: true })),
    );
    expect(answers.map(({ verdict }) => verdict)).toEqual(Array(10).fill('accepted'));
    const moved = await waitFor(trade.id, (now) => {
      const stop = movesOf(now)?.stop;
      return stop?.seq === 10 && stop.state === 'done';
    });
    await expectOneStop('NVDA', movesOf(moved)!.stop!.price);
    // Each is written once at the most; how many are overtaken depends on the machine.
    expect((await sent()) - before).toBeLessThanOrEqual(10);
  }, 90_000);

  test.each<[string, string, FailpointName]>([
    ['between the claim and the write', 'KO', 'pursue.claim.commit.after'],
    ['after the write, before the answer', 'IBM', 'write.modify.after'],
  ])(
    '[BRK-2] the broker worker dies %s: one live stop at the new price',
    async (...row) => {
      const [, symbol, point] = row;
      const trade = await open(symbol);
      arm(pointed.points, point, { action: 'exit' });
      const stop = nearer(trade);
      await give(trade.id, 'move_stop', { price: stop });
      await untilTaken(pointed.points, point, { timeoutMs: PATIENCE_MS });
      await pointed.stack.killWorker('broker-worker');
      expect(await stopsAt(symbol)).toHaveLength(1);
      await pointed.stack.startWorker('broker-worker');
      const moved = await waitFor(trade.id, isMoved);
      expect(moved).toMatchObject({ isProtected: true, state: 'OPEN' });
      await expectOneStop(symbol, stop);
    },
    150_000,
  );

  test('a stop that trails steps after the price, also past a death, and never back', async () => {
    const trade = await open('BAC');
    const price = trade.averageEntry!;
    const trail = { fraction: '0.02' };
    expect((await give(trade.id, 'trail', { trail })).verdict).toBe('accepted');
    const first = await waitFor(trade.id, isMoved);
    expect(first.stopPrice!.gt(trade.stopPrice!)).toBe(true);
    await pointed.stack.killWorker('broker-worker');
    await pointed.stack.gateway.control('/prices', { BAC: Number(price.mul('1.02').toFixed(2)) });
    await pointed.stack.startWorker('broker-worker');
    const isHigher = (now: TradeFacts) => isMoved(now) && now.stopPrice!.gt(first.stopPrice!);
    const second = await waitFor(trade.id, isHigher);
    await expectOneStop('BAC', second.stopPrice!.toFixed(2));
    await pointed.stack.gateway.control('/prices', { BAC: Number(price.mul('1.013').toFixed(2)) });
    await new Promise((resolve) => setTimeout(resolve, 7_000));
    const [stop] = await stopsAt('BAC');
    expect(Number(stop?.stopPrice)).toBeGreaterThanOrEqual(Number(second.stopPrice));
  }, 150_000);

  test('[GWY-7] and the referee saw nothing to judge, in any verdict', async () => {
    expectNothingJudged(await ledger());
  });
});
