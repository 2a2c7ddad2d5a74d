/**
 * PRF-1 (a): signal accepted → parent order received by the gateway, in interleaved pairs with the
 * floor. Both clocks start right before the request; both end at the gateway's receipt.
 */
import { randomUUID } from 'node:crypto';
import { submitSignal } from '../app/signals.js';
import { FLOOR_QUEUE, FLOOR_WORKFLOW } from './floor/contract.js';
import type { BenchStack } from './stack.js';

export interface LatencyOptions {
  readonly pairs: number;
  readonly warmUps: number;
  /** Each signal a symbol that nobody has asked for yet, or always the same. */
  readonly symbols: readonly string[];
}

export interface LatencyFigures {
  readonly tradeMs: readonly number[];
  readonly floorMs: readonly number[];
}

/** Between two sends: no sample queues behind the one before it. */
const PAUSE_MS = 60;
const RECEIPT_WAIT_MS = 10_000;

/** Measures; resting limit entries, so that nothing but the send happens. */
export async function measureLatency(
  stack: BenchStack,
  options: LatencyOptions,
): Promise<LatencyFigures> {
  const strategies = await makeStrategies(stack, options.warmUps + options.pairs);
  const tradeStarts = new Map<string, number>();
  const floorStarts = new Map<string, number>();
  for (let index = 0; index < options.warmUps + options.pairs; index += 1) {
    const counts = index >= options.warmUps;
    const symbol = options.symbols[index % options.symbols.length]!;
    const trade = await sendTrade(stack, symbol, strategies[index]!);
    await pause();
    const floor = await sendFloor(stack);
    await pause();
    if (!counts) continue;
    tradeStarts.set(trade.reference, trade.startedAtMs);
    floorStarts.set(floor.reference, floor.startedAtMs);
  }
  const received = await receipts(stack, [...tradeStarts.keys(), ...floorStarts.keys()]);
  const durations = (starts: Map<string, number>) =>
    [...starts].map(([reference, startedAtMs]) => received.get(reference)! - startedAtMs);
  return { tradeMs: durations(tradeStarts), floorMs: durations(floorStarts) };
}

/** Strategies exist before their signals; each has its own, for one position a symbol is the limit. */
async function makeStrategies(stack: BenchStack, count: number): Promise<string[]> {
  const account = await stack.db.account.findFirstOrThrow();
  const names = Array.from({ length: count }, () => `bench-${randomUUID().slice(0, 13)}`);
  const data = names.map((name) => ({ userId: stack.userId, accountId: account.id, name }));
  await stack.db.strategy.createMany({ data });
  return names;
}

interface Sent {
  readonly reference: string;
  readonly startedAtMs: number;
}

async function sendTrade(stack: BenchStack, symbol: string, strategy: string): Promise<Sent> {
  const id = randomUUID();
  const startedAtMs = Date.now();
  const { tradeId } = await submitSignal({ ...stack, queuePrefix: '' }, stack.userId, {
    id,
    strategy_id: strategy,
    symbol,
    side: 'BUY',
    quantity: '1',
    stop_loss_pct: '0.05',
  });
  return { reference: await entryReference(stack, tradeId), startedAtMs };
}

/** The entry's client order id, once the plan has committed it. */
async function entryReference(stack: BenchStack, tradeId: string): Promise<string> {
  const deadline = Date.now() + RECEIPT_WAIT_MS;
  for (;;) {
    const order = await stack.db.order.findFirst({ where: { tradeId, role: 'ENTRY' } });
    if (order && order.intent !== 'NEW') return order.clientOrderId;
    const trade = await stack.db.trade.findUniqueOrThrow({ where: { id: tradeId } });
    if (trade.failure || Date.now() > deadline) {
      throw new Error(`trade ${tradeId} was not sent: ${trade.state} ${trade.failure ?? ''}`);
    }
    await pause();
  }
}

async function sendFloor(stack: BenchStack): Promise<Sent> {
  const reference = `floor-${randomUUID().slice(0, 18)}`;
  const startedAtMs = Date.now();
  await stack.temporal.workflow.start(FLOOR_WORKFLOW, {
    workflowId: reference,
    taskQueue: FLOOR_QUEUE,
    args: [reference],
  });
  return { reference: `${reference}-e`, startedAtMs };
}

async function receipts(
  stack: BenchStack,
  references: readonly string[],
): Promise<Map<string, number>> {
  const deadline = Date.now() + RECEIPT_WAIT_MS;
  for (;;) {
    const received = await stack.receivedAt();
    const missing = references.filter((reference) => !received.has(reference));
    if (missing.length === 0) return received;
    if (Date.now() > deadline) throw new Error(`the gateway never received ${missing.join(', ')}`);
    await pause();
  }
}

function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
}
