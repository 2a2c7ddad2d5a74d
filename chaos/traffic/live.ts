/** One trade's life as the outside world makes it: submitted, held for a while, then driven to its end. */
import { setTimeout as sleep } from 'node:timers/promises';
import { isSettled, type TradeRow } from '../judge/engine-books.js';
import type { ChaosStack } from '../stack/stack.js';
import { signalOf, type PlannedTrade } from './plan.js';
import type { TradeWatch } from './watch.js';

export interface LifeContext {
  readonly stack: ChaosStack;
  readonly watch: TradeWatch;
  readonly startedAtMs: number;
  /** The run is judged then, whatever has become of the trade. */
  readonly deadlineMs: number;
}

export interface LivedTrade {
  readonly plan: PlannedTrade;
  /** Null when no submission was answered. */
  readonly tradeId: string | null;
}

/** Beyond the exit's price, so that it fills at once whatever the walk does. */
const STOP_PASSED_BY = 0.01;
const TARGET_PASSED_BY = 0.006;
const DRIVE_EVERY_MS = 600;
/** A person takes back an entry that is still not filled then (held for shares to borrow, say). */
const PATIENCE_MS = 50_000;

/** Lives it to its end, or until the run's deadline. */
export async function live(context: LifeContext, plan: PlannedTrade): Promise<LivedTrade> {
  const lived = await begin(context, plan);
  await sleep(plan.holdMs);
  await finish(context, lived);
  return lived;
}

/** Submits it at its time, and waits until it holds shares, rests, or is over. */
async function begin(context: LifeContext, plan: PlannedTrade): Promise<LivedTrade> {
  const { watch, startedAtMs, deadlineMs } = context;
  await sleep(Math.max(0, startedAtMs + plan.submitAtMs - Date.now()));
  const { tradeId } = await submit(context, plan);
  if (tradeId === null) return { plan, tradeId };
  const isThere = plan.ending === 'cancel' ? (row: TradeRow) => row.state === 'ENTERING' : holds;
  const patienceMs = Math.min(deadlineMs, Date.now() + PATIENCE_MS);
  const came = await watch.until(tradeId, (row) => isThere(row) || isSettled(row), patienceMs);
  if (!came) await ignoring(context.stack.frontDoor.command(tradeId, 'cancel_entry'));
  return { plan, tradeId };
}

/** Submits it now; from then on it is watched. */
export async function submit(
  { stack, watch }: Pick<LifeContext, 'stack' | 'watch'>,
  plan: PlannedTrade,
): Promise<LivedTrade> {
  const { [plan.symbol]: price } = await stack.gateway
    .prices()
    .catch((): Awaited<ReturnType<typeof stack.gateway.prices>> => ({}));
  const tradeId = await stack.frontDoor
    .submit(signalOf(plan, Number(price?.bid ?? '100')))
    .catch(() => null);
  if (tradeId === null) return { plan, tradeId };
  watch.add(tradeId);
  const { name: signal, symbol, side } = plan;
  const orderRefs = stack.frontDoor.referencesOf(tradeId);
  await ignoring(stack.gateway.listSignals([{ signal, symbol, side, orderRefs }]));
  return { plan, tradeId };
}

/** Drives it to the end that it was planned to have, and waits for that. */
export async function finish(context: LifeContext, { plan, tradeId }: LivedTrade): Promise<void> {
  if (tradeId === null) return;
  await drive(context, plan, tradeId);
  await context.watch.until(tradeId, isSettled, context.deadlineMs);
}

function holds(row: TradeRow): boolean {
  return Number(row.heldQuantity) !== 0;
}

async function drive(context: LifeContext, plan: PlannedTrade, tradeId: string): Promise<void> {
  const { stack } = context;
  switch (plan.ending) {
    case 'stop':
      return drivePrice(context, plan, tradeId, (row) =>
        beyond(row.stopPrice, opposite(plan.side), STOP_PASSED_BY),
      );
    case 'target':
      return drivePrice(context, plan, tradeId, (row) =>
        beyond(row.targetPrice, plan.side, TARGET_PASSED_BY),
      );
    case 'close':
    case 'bare close':
      return ignoring(stack.frontDoor.command(tradeId, 'close'));
    case 'cancel':
      return takeBack(context, tradeId);
    case 'holding':
    case 'denied':
    case 'abandoned':
      return; // it ends by itself
  }
}

/** Cancels the entry; what a fill has beaten the cancel with is closed, as a person would. */
async function takeBack({ stack, watch, deadlineMs }: LifeContext, tradeId: string): Promise<void> {
  await ignoring(stack.frontDoor.command(tradeId, 'cancel_entry'));
  await watch.until(tradeId, (row) => isSettled(row) || holds(row), deadlineMs);
  const row = watch.row(tradeId);
  if (!row || !holds(row)) return;
  await ignoring(stack.frontDoor.command(tradeId, 'close', { key: 'judge-after-all' }));
}

/** A price past another one: up for a buyer's gain, down for a seller's. */
function beyond(price: string | null, side: 'BUY' | 'SELL', by: number): string | null {
  if (price === null) return null;
  return (Number(price) * (side === 'BUY' ? 1 + by : 1 - by)).toFixed(2);
}

function opposite(side: 'BUY' | 'SELL'): 'BUY' | 'SELL' {
  return side === 'BUY' ? 'SELL' : 'BUY';
}

/** Sets the price again and again, for a gateway that is down must be told when it is back. */
async function drivePrice(
  { stack, watch, deadlineMs }: LifeContext,
  { symbol }: PlannedTrade,
  tradeId: string,
  priceOf: (row: TradeRow) => string | null,
): Promise<void> {
  while (Date.now() < deadlineMs) {
    const row = watch.row(tradeId);
    if (row && isSettled(row)) return;
    const price = row && holds(row) ? priceOf(row) : null;
    if (price !== null) await ignoring(stack.gateway.setPrices({ [symbol]: price }));
    await sleep(DRIVE_EVERY_MS);
  }
}

/** What is asked of a part that is down just now is judged by what becomes of the trade. */
async function ignoring(asked: Promise<void>): Promise<void> {
  await asked.catch(() => undefined);
}
