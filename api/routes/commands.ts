/** Commands to trades: rows before anybody is told, so they are taken while Temporal and every worker are down. */
import { randomUUID } from 'node:crypto';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { z } from 'zod';
import {
  giveCommand,
  type CommandKind,
  type CommandTaken,
  type CommandTerms,
} from '../../app/commands.js';
import { listOrders, loadOrder } from '../../app/reads.js';
import { fractionField, positiveField } from '../../contract/signal.js';
import { idempotencyHeaders, keyOf, name, symbol, tradeParams } from '../fields.js';
import { checkCursor, pageAnswer, pageOf, pageQuery } from '../page.js';
import { Problem } from '../problems.js';
import { addEndpoint, type Answer, type Asked } from '../route.js';
import { inMembers } from '../wording.js';
import { listedOrder } from '../schemas/trades.js';
import { text, uuid } from '../schemas/view.js';

const given = z
  .object({
    trade_id: uuid,
    kind: text,
    key: text.meta({ description: 'The idempotency key, made here where none came.' }),
    verdict: z.enum(['accepted']),
    reason: text.nullable().meta({ description: 'What there is to know of it.' }),
  })
  .meta({ id: 'CommandTaken' });
export type CommandGivenBack = z.output<typeof given>;

export const commandAnswers: Record<number, Answer> = {
  202: { description: 'Taken and recorded; it is carried out from now on.', schema: given },
};

interface Named {
  readonly tradeId: string;
  readonly kind: string;
  readonly key: string;
}

/** What came of a command. @throws Problem when it was refused; that is kept too */
export function commandTaken(
  reply: FastifyReply,
  { tradeId, kind, key }: Named,
  { verdict, reason }: CommandTaken,
): CommandGivenBack {
  if (verdict === 'refused') {
    throw new Problem('REFUSED', inMembers(reason ?? 'it can not be done now'));
  }
  void reply.code(202);
  return { trade_id: tradeId, kind, key, verdict, reason };
}

/** Adds them, and the orders that they change. */
export function addCommands(server: FastifyInstance): void {
  addPlain(server, 'close', 'close', 'Close a position now, and what of its entry still works');
  addPlain(
    ...([server, 'cancel', 'cancel_entry'] as const),
    'Cancel what of an entry is unfilled; what is held stays protected',
  );
  addMove(server);
  addOrders(server);
}

const noBody = z.strictObject({}).optional();

function addPlain(
  server: FastifyInstance,
  word: 'close' | 'cancel',
  kind: CommandKind,
  summary: string,
): void {
  addEndpoint(server, {
    ...{ method: 'POST', url: `/api/v1/trades/:id/${word}`, id: `${word}Trade` },
    ...{ tag: 'trades', scope: 'trade', summary, params: tradeParams, body: noBody },
    ...{ headers: idempotencyHeaders, hasOwnLimit: true },
    answers: commandAnswers,
    problems: ['NOT_FOUND', 'REFUSED'],
    handle: (asked) => command(asked, asked.params.id, kind),
  });
}

type AnyAsked = Pick<Asked<unknown, unknown, unknown>, 'app' | 'headers' | 'reply'>;

async function command(
  { app, headers, reply }: AnyAsked,
  tradeId: string,
  kind: CommandKind,
  terms?: CommandTerms,
): Promise<CommandGivenBack> {
  const key = keyOf(headers) ?? randomUUID();
  const taken = await giveCommand(app, { tradeId, kind, key, ...(terms && { terms }) });
  return commandTaken(reply, { tradeId, kind, key }, taken);
}

const change = z
  .strictObject({
    stop_price: positiveField.optional(),
    widen: z
      .boolean()
      .optional()
      .meta({ description: 'The stop may risk more than the one that stands, within the limits.' }),
    target_price: positiveField.optional(),
    trail: z
      .union(
        [z.strictObject({ amount: positiveField }), z.strictObject({ percent: fractionField })],
        { error: 'expected {"amount": "1.50"} or {"percent": "0.02"}, one of the two' },
      )
      .optional()
      .meta({ description: 'The stop follows the best price from now on, so far behind it.' }),
  })
  .refine(
    (value) => [value.stop_price, value.target_price, value.trail].filter(Boolean).length === 1,
    {
      error: 'expected one of stop_price, target_price and trail: each is a command of its own',
    },
  )
  .refine((value) => value.widen === undefined || value.stop_price !== undefined, {
    error: 'widen goes with stop_price',
  });

function addMove(server: FastifyInstance): void {
  addEndpoint(server, {
    ...{ method: 'PATCH', url: '/api/v1/trades/:id', id: 'moveExits', tag: 'trades' },
    ...{ scope: 'trade', summary: 'Move the stop or the target of an open trade, or let it trail' },
    description:
      'One of `stop_price`, `target_price` and `trail` at a time: each is a command of its own.',
    params: tradeParams,
    body: change,
    ...{ headers: idempotencyHeaders, hasOwnLimit: true },
    answers: commandAnswers,
    problems: ['NOT_FOUND', 'REFUSED'],
    handle: (asked) => {
      const { stop_price: stop, target_price: target, trail, widen = false } = asked.body;
      const { id } = asked.params;
      if (stop !== undefined) return command(asked, id, 'move_stop', { price: stop, widen });
      if (target !== undefined) return command(asked, id, 'move_target', { price: target });
      return command(asked, id, 'trail', { trail: trailOf(trail!) });
    },
  });
}

type Trail = NonNullable<z.output<typeof change>['trail']>;

function trailOf(trail: Trail): NonNullable<CommandTerms['trail']> {
  return 'amount' in trail ? { amount: trail.amount } : { fraction: trail.percent };
}

function addOrders(server: FastifyInstance): void {
  addEndpoint(server, {
    ...{ method: 'GET', url: '/api/v1/orders', id: 'listOrders', tag: 'trades', scope: 'read' },
    ...{ summary: 'Orders of all trades, newest first' },
    query: z.strictObject({
      status: z
        .enum(['open'])
        .optional()
        .meta({ description: '`open`: those that are, or may be, at the broker.' }),
      symbol: symbol.optional(),
      account_id: name.optional(),
      ...pageQuery,
    }),
    answers: pageAnswer(listedOrder, 'A page of them.'),
    problems: ['INVALID_CURSOR'],
    handle: async ({ app, query: { limit, cursor, status, account_id: account, symbol: of } }) => {
      await checkCursor(cursor, async (id) => (await loadOrder(app, id)) !== null);
      const filter = { open: status === 'open', symbol: of, account, after: cursor };
      const rows = await listOrders(app, { ...filter, limit: limit + 1 });
      return pageOf(rows, limit, ({ id }) => id);
    },
  });
  addEndpoint(server, {
    ...{ method: 'POST', url: '/api/v1/orders/:id/cancel', id: 'cancelOrder', tag: 'trades' },
    ...{ scope: 'trade', summary: 'Cancel the unfilled rest of an entry, by its order' },
    description: 'Exits are not cancelled one by one: what they protect would stand without them.',
    params: z.object({ id: z.uuid() }),
    body: noBody,
    ...{ headers: idempotencyHeaders, hasOwnLimit: true },
    answers: commandAnswers,
    problems: ['NOT_FOUND', 'EXIT_PROTECTS', 'REFUSED'],
    handle: async (asked) => {
      const { id } = asked.params;
      const order = await loadOrder(asked.app, id);
      if (order === null) throw new Problem('NOT_FOUND', `there is no order ${id}`);
      if (order.role === 'ENTRY') return command(asked, order.trade_id, 'cancel_entry');
      const remedy = `POST /api/v1/trades/${order.trade_id}/close ends the trade, PATCH moves its exits`;
      throw new Problem('EXIT_PROTECTS', `it is an exit, and protects what is held: ${remedy}`);
    },
  });
}
