/** Orders: those at the broker and those of before, and cancelling an entry. */
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { giveCommand } from '../../app/commands.js';
import { listOrders, loadOrder } from '../../app/reads.js';
import { symbol } from '../../api/fields.js';
import { checkCursor, pageOf } from '../../api/page.js';
import { listedOrder } from '../../api/schemas/trades.js';
import { orNull, text, uuid } from '../../api/schemas/view.js';
import { accountId, cursor, limit } from '../fields.js';
import { Refusal } from '../refusals.js';
import { tool } from '../tool.js';

export const getOrders = tool({
  name: 'get_orders',
  title: 'List orders',
  description:
    'Orders of all trades, newest first: those that are, or may be, at the broker, or all. An entry has role ENTRY; STOP and TARGET protect what it has bought.',
  input: z.strictObject({
    status: z.enum(['open', 'all']).default('open'),
    ticker: symbol.optional(),
    account_id: accountId,
    limit,
    cursor,
  }),
  output: z.object({ items: z.array(listedOrder), next_cursor: orNull(text) }),
  // Every write of each order: get_trade has them.
  without: ['items.incarnations'],
  handle: async (world, { status, ticker, account_id: account, limit: most, cursor: after }) => {
    const app = await world.app();
    await checkCursor(after, async (id) => (await loadOrder(app, id)) !== null);
    const filter = { open: status === 'open', symbol: ticker, account, after };
    const rows = await listOrders(app, { ...filter, limit: most + 1 });
    const { items, next_cursor } = pageOf(rows, most, ({ id }) => id);
    return { items: [...items], next_cursor };
  },
});

export const cancelOrder = tool({
  name: 'cancel_order',
  title: 'Cancel an entry order',
  description:
    'Cancels what of an entry order is unfilled; what is held already stays protected by its stop. Exits are not cancelled one by one. It is carried out at the broker from now on: get_trade shows how it ends.',
  input: z.strictObject({ order_id: z.uuid().describe('id of get_orders, of role ENTRY.') }),
  output: z.object({
    trade_id: uuid,
    verdict: z.enum(['accepted']),
    reason: orNull(text).describe('What there is to know of it.'),
    next: text,
  }),
  isTrading: true,
  handle: async (world, { order_id: id }) => {
    const app = await world.app();
    const order = await loadOrder(app, id);
    if (order === null) throw new Refusal('NOT_FOUND', `there is no order ${id}`);
    if (order.role !== 'ENTRY') {
      throw new Refusal('EXIT_PROTECTS', 'it is an exit, and protects what is held');
    }
    const { trade_id: tradeId } = order;
    const taken = await giveCommand(app, { tradeId, kind: 'cancel_entry', key: randomUUID() });
    const { verdict, reason } = taken;
    if (verdict === 'refused') throw new Refusal('REFUSED', reason ?? 'it can not be done now');
    return { trade_id: tradeId, verdict, reason, next: TAKEN };
  },
});

const TAKEN = 'It is taken and recorded. get_trade shows when the broker has confirmed it.';
