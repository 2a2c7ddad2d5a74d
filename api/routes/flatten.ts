/** Flatten: all that trades hold is sold, and nothing new is opened. */
import { randomUUID } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { flatten } from '../../app/flatten.js';
import { idempotencyHeaders, keyOf, name } from '../fields.js';
import { Problem } from '../problems.js';
import { addEndpoint } from '../route.js';
import { flattened } from '../schemas/flatten.js';

const body = z.strictObject({
  confirm: z
    .literal(true, { error: 'expected true: everything is sold at the market' })
    .meta({ description: 'Without it nothing is done.' }),
  account_id: name.optional().meta({ description: 'Only that account; else all of them.' }),
});

/** Adds it. */
export function addFlatten(server: FastifyInstance): void {
  addEndpoint(server, {
    ...{ method: 'POST', url: '/api/v1/flatten', id: 'flatten', tag: 'control', scope: 'trade' },
    ...{ isUnlimited: true, summary: 'Sell all that trades hold, and open nothing more' },
    description:
      'The mode of the accounts becomes REDUCING, and each open trade is given the command to end, once, whoever repeats it. Shares that no trade holds stay. It is never refused for how many requests were made.',
    body,
    headers: idempotencyHeaders,
    answers: { 202: { description: 'Taken and recorded, trade by trade.', schema: flattened } },
    problems: ['NOT_FOUND'],
    handle: async ({ app, body: { account_id: account = null }, headers, reply }) => {
      const found = await flatten(app, { account, key: keyOf(headers) ?? randomUUID() });
      if (found === null) throw new Problem('NOT_FOUND', `there is no account ${account}`);
      const { told: _told, ...view } = found;
      void reply.code(202);
      return view;
    },
  });
}
