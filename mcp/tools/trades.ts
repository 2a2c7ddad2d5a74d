/** Trades: a list with filters, and one whole with its timeline. */
import { z } from 'zod';
import { isTrade, listTrades, loadTrade } from '../../app/reads.js';
import { instant, name, symbol } from '../../api/fields.js';
import { checkCursor, pageOf } from '../../api/page.js';
import { tradeDetail, tradeSummary } from '../../api/schemas/trades.js';
import { orNull, text } from '../../api/schemas/view.js';
import { STATUS_FILTERS, type TradeDetail } from '../../contract/views.js';
import { accountId, cursor, limit } from '../fields.js';
import { Refusal } from '../refusals.js';
import { tool } from '../tool.js';

export const getTrades = tool({
  name: 'get_trades',
  title: 'List trades',
  description:
    'Trades, newest first, each with its state, prices, protection and result. "live" are those that are not over.',
  input: z.strictObject({
    status: z.enum(STATUS_FILTERS).optional(),
    ticker: symbol.optional(),
    strategy_id: name.optional(),
    account_id: accountId,
    side: z.enum(['BUY', 'SELL']).optional(),
    from: instant.optional().describe('Taken in at this instant or later; ISO 8601 with a zone.'),
    until: instant.optional().describe('Taken in before this instant.'),
    limit,
    cursor,
  }),
  output: z.object({ items: z.array(tradeSummary), next_cursor: orNull(text) }),
  handle: async (world, { limit: most, cursor: after, ...given }) => {
    const app = await world.app();
    await checkCursor(after, (id) => isTrade(app, id));
    const { ticker, strategy_id: strategy, account_id: account, ...rest } = given;
    const filter = { ...rest, symbol: ticker, strategy, account, after, limit: most + 1 };
    const { items, next_cursor } = pageOf(await listTrades(app, filter), most, ({ id }) => id);
    return { items: [...items], next_cursor };
  },
});

/** The newest of each are given; a trade that trails all day has thousands. */
const MOST = { orders: 20, executions: 50, decisions: 5, commands: 20 } as const;
const INCARNATIONS_MOST = 2;
const TIMELINE_MAX = 100;
const TIMELINE_DEFAULT = 30;

export const getTrade = tool({
  name: 'get_trade',
  title: 'Show one trade',
  description:
    'One trade whole: its signal, every decision with its checks and sizing, orders, executions, commands, result, and the newest of its timeline, each oldest first. left_out says how many older ones there are.',
  input: z.strictObject({
    trade_id: z.uuid().describe('id of get_trades.'),
    timeline_limit: z.int().min(0).max(TIMELINE_MAX).default(TIMELINE_DEFAULT),
  }),
  output: z.object({
    trade: tradeDetail,
    left_out: z.object({
      ...{ orders: z.int(), executions: z.int(), decisions: z.int(), commands: z.int() },
      timeline: z.int(),
    }),
  }),
  own: ['timeline.id'],
  // All that a decision was made from: its findings and its sizing say what counted.
  without: ['decisions.inputs', 'decisions.plan'],
  handle: async (world, { trade_id: id, timeline_limit: most }) => {
    const app = await world.app();
    const trade = await loadTrade(app, id);
    if (trade === null) throw new Refusal('NOT_FOUND', `there is no trade ${id}`);
    return newestOf(trade, most);
  },
});

function newestOf(trade: TradeDetail, timelineMost: number) {
  const most = { ...MOST, timeline: timelineMost };
  const over = (rows: readonly unknown[], limitOf: number) => Math.max(0, rows.length - limitOf);
  const { orders, executions, decisions, commands, timeline } = trade;
  return {
    trade: {
      ...trade,
      orders: lastOf(orders, most.orders).map((order) => ({
        ...order,
        incarnations: lastOf(order.incarnations, INCARNATIONS_MOST),
      })),
      executions: lastOf(executions, most.executions),
      decisions: lastOf(decisions, most.decisions),
      commands: lastOf(commands, most.commands),
      timeline: lastOf(timeline, most.timeline),
    },
    left_out: {
      orders: over(orders, most.orders),
      executions: over(executions, most.executions),
      decisions: over(decisions, most.decisions),
      commands: over(commands, most.commands),
      timeline: over(timeline, most.timeline),
    },
  };
}

function lastOf<T>(rows: readonly T[], most: number): readonly T[] {
  return most === 0 ? [] : rows.slice(-most);
}
