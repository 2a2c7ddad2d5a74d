import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EventName } from '@stoqey/ib';
import { afterEach, expect, test } from '@jest/globals';
import { decimalFromForeignNumber, text } from '../../domain/money.js';
import { Random } from '../../gateway/market/random.js';
import { startGateway } from '../support/gateway.js';
import type { TestGateway } from '../support/gateway.js';
import { expectNothingJudged } from '../support/verdicts.js';
import { connectTrader, ledgerOf, sendBracket } from './support/trader.js';
import type { Trader } from './support/trader.js';

const KILLS = 8;
/** Half a second's worth at one every other millisecond. */
const BRACKETS_MAX = 300;
const SYMBOLS = ['AAPL', 'IBM', 'BAC', 'KO', 'F'];
const LIVE = new Set(['PendingSubmit', 'PreSubmitted', 'Submitted', 'PendingCancel']);
const stateDir = mkdtempSync(join(tmpdir(), 'ballast-kill-'));
let gateway: TestGateway | undefined;

afterEach(async () => {
  await gateway?.kill();
  rmSync(stateDir, { recursive: true, force: true });
});

/** A market that moves fast enough for stops and targets to be hit while the test looks on. */
async function start(): Promise<TestGateway> {
  const flags = ['--pacing', 'off', '--cash', '10000000', '--speed', '30', '--seed', '5'];
  gateway = await startGateway({ stateDir, flags });
  return gateway;
}

interface Plan {
  symbol: string;
  ref: string;
}

/** Lists what will be sent at most: the client looks nothing up, so only a list tells its signals apart. */
async function plan(running: TestGateway, random: Random): Promise<Plan[]> {
  const plans = Array.from({ length: BRACKETS_MAX }, (_, index) => ({
    symbol: SYMBOLS[random.below(SYMBOLS.length)] ?? 'AAPL',
    ref: `kill-${running.pid}-${index}`,
  }));
  const signals = plans.map(({ symbol, ref }) => ({
    ...{ signal: ref, symbol, side: 'BUY', quantity: '10' },
    orderRefs: [ref, `${ref}s`, `${ref}t`],
  }));
  await running.control('/signals', signals);
  return plans;
}

/** Sends brackets close around the market until the gateway is gone. */
async function tradeUntilKilled(
  trader: Trader,
  running: TestGateway,
  random: Random,
  afterMs: number,
) {
  const plans = await plan(running, random);
  const prices = await running.control<Record<string, { last: string }>>('/prices');
  const endMs = performance.now() + afterMs;
  const kill = new Promise((resolve) => setTimeout(resolve, afterMs)).then(() => running.kill());
  for (const { symbol, ref } of plans) {
    if (performance.now() >= endMs || !trader.isConnected) break;
    const price = Number(prices[symbol]?.last);
    const [stop, target] = [price * 0.999, price * 1.001].map((each) => Number(each.toFixed(2)));
    sendBracket(trader, { symbol, stop: stop ?? 0, target: target ?? 0, ref, quantity: 10 });
    await new Promise((resolve) => setTimeout(resolve, random.below(12)));
  }
  await kill;
}

interface Books {
  positions: Record<string, string>;
  executions: string[];
  openPermIds: number[];
}

/** What the exchange says of itself, over the wire. */
async function booksOverTheWire(trader: Trader): Promise<Books> {
  const books: Books = { positions: {}, executions: [], openPermIds: [] };
  const { ib } = trader;
  ib.on(EventName.position, (_account, contract, position) => {
    if (position) books.positions[contract.symbol ?? ''] = text(decimalFromForeignNumber(position));
  });
  ib.on(EventName.openOrder, (_id, _contract, order) => books.openPermIds.push(order.permId ?? 0));
  const ended = (event: EventName) => new Promise((resolve) => ib.once(event as never, resolve));
  const all = [EventName.positionEnd, EventName.openOrderEnd, EventName.execDetailsEnd].map(ended);
  ib.reqPositions();
  ib.reqAllOpenOrders();
  ib.reqExecutions(9_001, {});
  await Promise.all(all);
  books.executions = trader.executions.map((execution) => execution.execId ?? '');
  return books;
}

const sorted = <Item>(items: Iterable<Item>): Item[] => [...new Set(items)].sort();

test(`[GWY-4] killed ${KILLS} times while trading: exchange and ledger agree, no id comes twice`, async () => {
  const random = new Random(11);
  let running = await start();
  let highestId = 0;
  for (let kill = 0; kill < KILLS; kill += 1) {
    const trader = await connectTrader(running.port, 1, 1_000);
    expect(trader.nextId).toBeGreaterThan(highestId);
    await tradeUntilKilled(trader, running, random, 150 + random.below(500));
    running = await start();
    // Held at once, so that both are asked about the same instant.
    await running.control('/market', { paused: true });
    const observer = await connectTrader(running.port, 2, 1_000);
    const wire = await booksOverTheWire(observer);
    observer.ib.disconnect();
    const ledger = await ledgerOf(running);
    const positions = ledger.positions.map(({ symbol, position }) => [symbol, position]);
    expect(Object.fromEntries(positions)).toEqual(wire.positions);
    expect(sorted(ledger.executions.map((each) => each.execId))).toEqual(sorted(wire.executions));
    const open = ledger.orders.filter((order) => LIVE.has(order.status));
    expect(sorted(open.map((order) => order.permId))).toEqual(sorted(wire.openPermIds));
    expect(new Set(ledger.orders.map((order) => order.permId)).size).toBe(ledger.orders.length);
    expect(ledger.orders.map((order) => order.role)).not.toContain('external');
    expectNothingJudged(ledger);
    highestId = Math.max(0, ...ledger.orders.map((order) => order.orderId));
    await running.control('/market', { paused: false });
  }
  const { executions, signals } = await ledgerOf(running);
  console.log(`${signals.length} brackets, ${executions.length} executions over ${KILLS} kills`);
  expect(executions.length).toBeGreaterThan(5 * KILLS);
}, 120_000);
