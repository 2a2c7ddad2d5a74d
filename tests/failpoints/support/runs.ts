/**
 * Trades that together pass every failpoint. Nothing is armed, but where only a coincidence would lead
 * past a point: there a delay or a freeze makes the coincidence. Each run has a symbol of its own.
 */
import { createHash, randomUUID } from 'node:crypto';
import { startPreview } from '../../../client/previews.js';
import { startReconcile } from '../../../client/reconcile.js';
import { commandTrade, decideTrade, startTrade } from '../../../client/trades.js';
import type { ScheduledInput } from '../../../contract/schedules.js';
import { parseSignal } from '../../../contract/signal.js';
import {
  TRADE_WORKFLOW,
  tradeQueue,
  tradeWorkflowId,
  type TradeSnapshot,
} from '../../../contract/workflows.js';
import { clientOrderId } from '../../../domain/ids.js';
import { arm, passed, untilTaken } from '../../../failpoints/arm.js';
import type { FailpointName } from '../../../failpoints/table.js';
import { ensureInstallation } from '../../../store/installation.js';
import { requestPreview } from '../../../store/previews/request.js';
import { acceptSignal } from '../../../store/signals.js';
import { loadTradeStart } from '../../../store/trade-start.js';
import { isProtected } from '../../support/at-rest.js';
import type { TestStack, TradeFacts } from '../../support/stack.js';
import { untilTrue } from '../../support/workers.js';

/** `points` is the folder of the failpoints. */
type Run = (stack: TestStack, points: string) => Promise<unknown>;

/** Far longer than the two looks for an unanswered order, 15 s apart: others may use the machine too. */
const PATIENCE_MS = 60_000;

/** Of the test's broker worker. */
export const LEASE_TTL_MS = 4_000;
/** A turn to write is taken back after a second. */
const LONGER_THAN_A_TURN_S = 2;

const COMMAND = { key: 'test', actor: 'test' };

let count = 0;
function signal(symbol: string, change: Record<string, unknown> = {}) {
  count += 1;
  return {
    id: `points-${Date.now()}-${count}`,
    strategy_id: `strategy-${count}`,
    symbol,
    side: 'BUY',
    quantity: '10',
    stop_loss_pct: '0.05',
    take_profit_pct: '0.06',
    ...change,
  };
}

const isSettled = (trade: TradeFacts) => trade.realizedPnl !== null;
const isUnknown = (trade: TradeFacts) => trade.state === 'ENTRY_UNKNOWN';
const isAtBroker = (trade: TradeFacts) =>
  trade.orders.length > 0 && trade.orders.every((order) => order.intent === 'SENT');

async function priceOf({ gateway }: TestStack, symbol: string): Promise<number> {
  const prices = await gateway.control<Record<string, { ask: string }>>('/prices');
  return Number(prices[symbol]?.ask);
}

const setPrice = ({ gateway }: TestStack, symbol: string, price: number) =>
  gateway.control('/prices', { [symbol]: Number(price.toFixed(2)) });

const fault = ({ gateway }: TestStack, body: Record<string, unknown>) =>
  gateway.control('/faults', body);

async function untilPassed(points: string, name: FailpointName): Promise<void> {
  const deadlineMs = Date.now() + PATIENCE_MS;
  while (!passed(points).has(name)) {
    if (Date.now() > deadlineMs) throw new Error(`${name} was not passed in ${PATIENCE_MS} ms`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

const waitFor = (stack: TestStack, tradeId: string, test: (trade: TradeFacts) => boolean) =>
  stack.waitFor(tradeId, test, PATIENCE_MS);

/** Taken in, and left without a workflow. */
async function accepted(stack: TestStack, body: object): Promise<string> {
  const { tradeId } = await acceptSignal(stack.db, stack.userId, parseSignal(body));
  return tradeId;
}

/** A limit a little below the market: near enough to be sent, and not filled. */
async function resting(stack: TestStack, symbol: string): Promise<string> {
  const limit = (await priceOf(stack, symbol)) * 0.995;
  const body = signal(symbol, { order_type: 'LMT', entry_price: limit.toFixed(2) });
  const { tradeId } = await stack.submit(body);
  await waitFor(stack, tradeId, isAtBroker);
  return tradeId;
}

/** Enters, is protected, and its target is hit while nobody looks. */
const targetHit: Run = async (stack) => {
  const { tradeId } = await stack.submit(signal('AAPL'));
  const open = await waitFor(stack, tradeId, isProtected);
  await setPrice(stack, 'AAPL', Number(open.targetPrice) * 1.01);
  await waitFor(stack, tradeId, isSettled);
};

/** Closed by a person. */
const closed: Run = async (stack) => {
  const { tradeId } = await stack.submit(signal('IBM'));
  await waitFor(stack, tradeId, isProtected);
  await commandTrade(stack.temporal, tradeId, 'close', COMMAND);
  await waitFor(stack, tradeId, isSettled);
};

/** A person approves it, through its story. */
const approved: Run = async (stack) => {
  const body = signal('VZ');
  const tradeId = await accepted(stack, body);
  const settings = { approval: 'required' };
  await stack.db.strategy.updateMany({ where: { name: body.strategy_id }, data: { settings } });
  await stack.submit(body);
  await waitFor(stack, tradeId, ({ state }) => state === 'AWAITING_APPROVAL');
  await decideTrade(stack.temporal, tradeId, 'approved', COMMAND);
  await waitFor(stack, tradeId, isProtected);
};

/** Cancelled before it fills. */
const cancelled: Run = async (stack) => {
  const tradeId = await resting(stack, 'KO');
  await commandTrade(stack.temporal, tradeId, 'cancel_entry', COMMAND);
  await waitFor(stack, tradeId, (trade) => trade.state === 'CANCELLED');
};

/** A symbol that the broker does not know. */
const denied: Run = async (stack) => {
  const { tradeId } = await stack.submit(signal('ZZZZZ'));
  await waitFor(stack, tradeId, (trade) => trade.state === 'DENIED');
};

/** A bracket that nobody answers: unknown, looked up, proven absent. */
const dropped: Run = async (stack, points) => {
  await fault(stack, { name: 'order-dropped', symbol: 'NVDA', count: 3 });
  await stack.submit(signal('NVDA'));
  await untilPassed(points, 'activity.lookUpEntry.reported');
};

/** The same, but its story was reset meanwhile to a point behind the entry. */
const droppedAndReset: Run = async (stack, points) => {
  await fault(stack, { name: 'order-dropped', symbol: 'AMZN', count: 3 });
  const { tradeId } = await stack.submit(signal('AMZN'));
  const { snapshot } = await waitFor(stack, tradeId, isUnknown);
  await stack.temporal.workflow.getHandle(tradeWorkflowId(tradeId)).terminate('reset');
  const { input, summary } = await loadTradeStart(stack.db, tradeId);
  const resumed = { snapshot: snapshot as unknown as TradeSnapshot, summary, closeByMs: null };
  await startTrade(stack.temporal, { ...input, queuePrefix: stack.queuePrefix, resumed }, summary);
  await untilPassed(points, 'pursue.abandon.commit.after');
};

/** Both exits are refused, and the new pair's claim takes longer than a turn to write lasts. */
const exitsRefused: Run = async (stack, points) => {
  await fault(stack, { name: 'child-refused', symbol: 'MSFT', count: 2 });
  const body = signal('MSFT');
  const tradeId = await accepted(stack, body);
  arm(points, 'pursue.claim.commit.after', {
    action: 'delay',
    seconds: LONGER_THAN_A_TURN_S,
    match: { tradeId },
  });
  await stack.submit(body);
  await waitFor(stack, tradeId, isProtected);
};

/** The target is refused, and its replacement gets lost with its repeat. */
const exitsLost: Run = async (stack, points) => {
  const body = signal('JPM');
  const tradeId = await accepted(stack, body);
  const { installationId } = await ensureInstallation(stack.db);
  const orderRef = clientOrderId(installationId, tradeId, 'TARGET', 2, (value) =>
    createHash('sha256').update(value).digest('hex'),
  );
  const only = { symbol: 'JPM', action: 'SELL', orderType: 'LMT' };
  await fault(stack, { name: 'child-refused', ...only, count: 1 });
  await fault(stack, { name: 'order-dropped', orderRef, count: 2 });
  await stack.submit(body);
  await untilPassed(points, 'picture.commit.after');
};

/** The market runs away from three plans, one after the other. */
const ranAway: Run = async (stack, points) => {
  const body = signal('BAC');
  const tradeId = await accepted(stack, body);
  // Within the delay the new price must reach the worker, on a busy machine too.
  const order = { action: 'delay', seconds: 3, count: 3, match: { tradeId } } as const;
  arm(points, 'activity.enter.started', order);
  const price = await priceOf(stack, 'BAC');
  await stack.submit(body);
  for (const round of [1, 2, 3]) {
    await untilTaken(points, 'activity.enter.started', { count: round, timeoutMs: PATIENCE_MS });
    await setPrice(stack, 'BAC', price * 1.03 ** round);
  }
  await waitFor(stack, tradeId, (trade) => trade.state === 'ABANDONED');
};

/** Nobody serves the queue that its entry goes to. */
const untaken: Run = async (stack, points) => {
  const first = await stack.submit(signal('XOM'));
  await waitFor(stack, first.tradeId, isProtected);
  const tradeId = await accepted(stack, signal('XOM'));
  const { input } = await loadTradeStart(stack.db, tradeId);
  const handle = await stack.temporal.workflow.start(TRADE_WORKFLOW, {
    workflowId: tradeWorkflowId(tradeId),
    taskQueue: tradeQueue(stack.queuePrefix),
    args: [{ ...input, queuePrefix: `${stack.queuePrefix}unserved-` }],
  });
  await untilPassed(points, 'activity.withdrawEntry.reported');
  await handle.terminate('seen');
};

/** Its story was ended by force; then its entry fills. */
const takenUpAgain: Run = async (stack, points) => {
  const tradeId = await resting(stack, 'PFE');
  await stack.temporal.workflow.getHandle(tradeWorkflowId(tradeId)).terminate('lost');
  await setPrice(stack, 'PFE', (await priceOf(stack, 'PFE')) * 0.99);
  await untilPassed(points, 'delivery.restart.after');
  await waitFor(stack, tradeId, isProtected);
};

/** A crash between taking a signal in and starting its workflow. */
const swept: Run = async (stack) => {
  const tradeId = await accepted(stack, signal('WMT'));
  await waitFor(stack, tradeId, isProtected);
};

/** An order that nobody here sent. */
const foreign: Run = async (stack, points) => {
  await fault(stack, { name: 'external-order', symbol: 'DIS', action: 'BUY', quantity: 5 });
  await untilPassed(points, 'inbox.foreign.commit.after');
};

/** Closed by hand, in another program: the guard finds exits that could fill more than is held. */
const closedOutside: Run = async (stack, points) => {
  const { tradeId } = await stack.submit(signal('ORCL'));
  await waitFor(stack, tradeId, isProtected);
  await fault(stack, { name: 'manual-close', symbol: 'ORCL' });
  await untilPassed(points, 'outside.commit.after');
  await waitFor(stack, tradeId, isSettled);
};

/** The database is older than the broker: an exit that was placed anew is not in it. */
async function lostExit(stack: TestStack, tradeId: string, symbol: string): Promise<void> {
  const { db } = stack;
  const stops = () => db.order.findMany({ where: { tradeId, role: 'STOP', status: 'ACCEPTED' } });
  const [first] = await stops();
  await fault(stack, { name: 'manual-cancel', symbol, role: 'stop' });
  await untilTrue('it is placed anew', async () =>
    (await stops()).some(({ id }) => id !== first!.id),
  );
  const [second] = await stops();
  await db.$transaction([
    db.brokerEvent.deleteMany({ where: { orderRowId: second!.id } }),
    db.orderIncarnation.deleteMany({ where: { orderRowId: second!.id } }),
    db.order.delete({ where: { id: second!.id } }),
  ]);
}

/**
 * The books were moved by hand: shares of others are counted, a trade is told, its symbol and its account are
 * paused, and a person is asked; then an exit is taken over. Nothing else may run beside it.
 */
const reconciled: Run = async (stack, points) => {
  const { db, temporal, queuePrefix } = stack;
  const { id: accountId } = await db.account.findFirstOrThrow();
  const run = async () => {
    const started = await startReconcile(temporal, { accountId, queuePrefix }, 'demand');
    await started.result();
  };
  const held = await Promise.all(['GE', 'GM'].map((symbol) => stack.submit(signal(symbol))));
  for (const { tradeId } of held) await waitFor(stack, tradeId, isProtected);
  await fault(stack, { name: 'external-order', symbol: 'CVX', action: 'BUY', quantity: 5 });
  await run();
  const less = { data: { quantity: { decrement: 2 } } };
  await db.position.updateMany({ where: { symbol: { in: ['CVX', 'GE'] } }, ...less });
  await run();
  for (const name of ['external', 'note', 'pause', 'ask'] as const) {
    await untilPassed(points, `reconcile.${name}.commit.after`);
  }
  await lostExit(stack, held[1]!.tradeId, 'GM');
  await run();
  await untilPassed(points, 'adopt.commit.after');
};

/** The database refuses executions of one symbol, as it would refuse data that break a rule. */
const refusedFact: Run = async (stack, points) => {
  await stack.db.$executeRaw`
    ALTER TABLE executions ADD CONSTRAINT refuses_one_symbol CHECK (symbol <> 'CSCO')`;
  await stack.submit(signal('CSCO'));
  await untilPassed(points, 'inbox.aside.commit.after');
  await stack.db.$executeRaw`ALTER TABLE executions DROP CONSTRAINT refuses_one_symbol`;
};

/** A stop that follows the price makes a step. */
const trailed: Run = async (stack, points) => {
  const { tradeId } = await stack.submit(signal('F'));
  await waitFor(stack, tradeId, isProtected);
  const terms = { trail: { fraction: '0.02' } };
  await commandTrade(stack.temporal, tradeId, 'trail', { ...COMMAND, terms });
  await untilPassed(points, 'trail.commit.after');
};

/** The result of a trade has changed since it was judged: as by a commission that comes after the settlement. */
const judgedAnew: Run = async (stack, points) => {
  const { tradeId } = await stack.submit(signal('T'));
  await waitFor(stack, tradeId, isProtected);
  await commandTrade(stack.temporal, tradeId, 'close', COMMAND);
  await waitFor(stack, tradeId, isSettled);
  await stack.db.trade.update({ where: { id: tradeId }, data: { judgedPnl: null } });
  await untilPassed(points, 'judge.commit.after');
};

/** What a signal would come to, with the broker asked for its cost. */
const previewed: Run = async (stack) => {
  const { db, temporal, userId, queuePrefix } = stack;
  const wanted = { previewId: randomUUID(), userId, signal: parseSignal(signal('PFE')) };
  const { previewId, brokerAccountId } = await requestPreview(db, wanted);
  const input = { previewId, brokerAccountId, summary: 'BUY PFE' };
  await (await startPreview(temporal, input, queuePrefix)).result();
};

/** A day of the clock: its jobs are begun, each for a day on which it has something to do. */
const byTheClock: Run = async (stack) => {
  const { id: accountId, brokerAccountId } = await stack.db.account.findFirstOrThrow();
  const { queuePrefix } = stack;
  const [open, close] = ['2026-11-20T14:30:00Z', '2026-11-20T21:05:00Z'].map((at) =>
    Date.parse(at),
  );
  const due = { verifyExits: open, dailyReset: open, endOfDay: close, midnightSweep: Date.now() };
  for (const [type, dueAtMs] of Object.entries(due)) {
    const input: ScheduledInput = { accountId, brokerAccountId, queuePrefix, dueAtMs: dueAtMs! };
    await stack.temporal.workflow.execute(type, {
      workflowId: `${queuePrefix}${type}`,
      taskQueue: tradeQueue(queuePrefix),
      args: [input],
    });
  }
};

/** Alone, because nothing else is to take the turn meanwhile. */
export const FIRST: readonly Run[] = [exitsRefused];

/** After all the others: it pauses the account. */
export const LAST: readonly Run[] = [reconciled];

/** Beside each other. */
export const AFTER_THAT: readonly Run[] = [
  targetHit,
  closed,
  approved,
  cancelled,
  denied,
  dropped,
  droppedAndReset,
  exitsLost,
  ranAway,
  untaken,
  takenUpAgain,
  swept,
  foreign,
  closedOutside,
  refusedFact,
  trailed,
  judgedAnew,
  previewed,
  byTheClock,
];
