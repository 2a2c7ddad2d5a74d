/** Sweep and delivery on real parts: an open trade has a workflow, whatever ended the last one. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { commandTrade, isTradeRunning } from '../../client/trades.js';
import { TRADE_STORY_QUERY, tradeWorkflowId, type TradeStory } from '../../contract/workflows.js';
import { isAtRest } from '../support/at-rest.js';
import { startStack, type TestStack } from '../support/stack.js';
import { untilTrue } from '../support/workers.js';

let stack: TestStack;
beforeAll(async () => {
  stack = await startStack();
}, 60_000);
afterAll(() => stack?.stop(), 60_000);

/** A sweep, its age limit, and a start. */
const SWEPT_MS = 30_000;

async function openTrade(symbol: string): Promise<string> {
  const exits = { stop_loss_pct: '0.05', take_profit_pct: '0.06' };
  const { tradeId } = await stack.submit({
    ...{ id: `sweep-${symbol}`, strategy_id: `strategy-${symbol}`, symbol, ...exits },
    ...{ side: 'BUY', quantity: '10' },
  });
  await stack.waitFor(tradeId, isAtRest);
  return tradeId;
}

test('[TRD-15] a trade whose workflow was terminated gets another, which closes it (R-16)', async () => {
  const tradeId = await openTrade('AAPL');
  await stack.temporal.workflow.getHandle(tradeWorkflowId(tradeId)).terminate('a test');
  expect(await isTradeRunning(stack.temporal, tradeId)).toBe(false);
  const isRunning = () => isTradeRunning(stack.temporal, tradeId);
  await untilTrue('it is watched again', isRunning, SWEPT_MS);
  const close = { key: 'test', actor: 'test' };
  const answer = await commandTrade(stack.temporal, tradeId, 'close', close);
  expect(answer.verdict).toBe('accepted');
  await stack.waitFor(tradeId, (trade) => trade.realizedPnl !== null);
  const kind = 'taken_up';
  expect(await stack.db.tradeEvent.count({ where: { tradeId, kind } })).toBe(1);
}, 90_000);

test('[TRD-15] a change that comes while no workflow runs starts one with the newest snapshot', async () => {
  const tradeId = await openTrade('MSFT');
  await stack.temporal.workflow.getHandle(tradeWorkflowId(tradeId)).terminate('a test');
  const { targetPrice } = await stack.db.trade.findUniqueOrThrow({ where: { id: tradeId } });
  await stack.gateway.control('/prices', { MSFT: Number(targetPrice) * 1.02 });
  await stack.waitFor(tradeId, (trade) => trade.realizedPnl !== null, SWEPT_MS);
}, 90_000);

test('[TRD-15] a workflow that was passed by is reminded of the end of its trade', async () => {
  const tradeId = await openTrade('IBM');
  const story = () =>
    stack.temporal.workflow
      .getHandle(tradeWorkflowId(tradeId))
      .query<TradeStory>(TRADE_STORY_QUERY);
  const waits = async () => (await story()).step === 'monitoring';
  await untilTrue('its workflow waits for an exit', waits, SWEPT_MS);
  // As an attempt leaves it that Temporal had given up: told, says the row, and nobody was; a minute ago.
  await stack.db.$executeRaw`
    CREATE FUNCTION tell_nobody() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN
      NEW.delivered_seq := NEW.seq;
      NEW.updated_at := now() - interval ''61 s'';
      RETURN NEW; END'`;
  await stack.db.$executeRaw`
    CREATE TRIGGER tell_nobody BEFORE UPDATE ON trades FOR EACH ROW
      WHEN (NEW.symbol = 'IBM') EXECUTE FUNCTION tell_nobody()`;
  const { targetPrice } = await stack.db.trade.findUniqueOrThrow({ where: { id: tradeId } });
  await stack.gateway.control('/prices', { IBM: Number(targetPrice) * 1.02 });
  const settled = await stack.waitFor(tradeId, (trade) => trade.realizedPnl !== null, SWEPT_MS);
  expect(settled.state).toBe('CLOSED');
}, 90_000);

test('[TRD-15] a story that has seen more than a restored database knows is overtaken, and goes on', async () => {
  const tradeId = await openTrade('ORCL');
  const handle = stack.temporal.workflow.getHandle(tradeWorkflowId(tradeId));
  const seen = async () => (await handle.query<TradeStory>(TRADE_STORY_QUERY)).snapshot.seq;
  await untilTrue('its workflow knows of the fill', async () => (await seen()) > 2, SWEPT_MS);
  // As a backup of an earlier minute leaves it: the numbers of its changes begin again below.
  await stack.db.$executeRaw`
    UPDATE trades SET seq = 1, wake_seq = 1, delivered_seq = 1, updated_at = now() - interval '61 s',
           snapshot = jsonb_set(snapshot, '{seq}', '1') WHERE id = ${tradeId}::uuid`;
  const isOvertaken = async () => {
    const { seq } = await stack.db.trade.findUniqueOrThrow({ where: { id: tradeId } });
    return Number(seq) > 2 && Number(seq) === (await seen());
  };
  await untilTrue('the books are ahead of it again', isOvertaken, SWEPT_MS);
  const { targetPrice } = await stack.db.trade.findUniqueOrThrow({ where: { id: tradeId } });
  await stack.gateway.control('/prices', { ORCL: Number(targetPrice) * 1.02 });
  await stack.waitFor(tradeId, (trade) => trade.realizedPnl !== null, SWEPT_MS);
}, 90_000);
