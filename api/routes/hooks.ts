/** Webhooks made, listed, tried and revoked. What comes in through them is in deliveries.ts. */
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import {
  createHook,
  findHook,
  HOOKS_LISTED_MAX,
  listHooks,
  revokeHook,
  tryAlert,
} from '../../app/hooks.js';
import { hookUrl } from '../../contract/hooks/address.js';
import { STRATEGIES_MAX } from '../../contract/hooks/alert.js';
import { name } from '../fields.js';
import { listAnswer } from '../page.js';
import { Problem } from '../problems.js';
import { addEndpoint } from '../route.js';
import { hook, template } from '../schemas/hooks.js';
import { jsonObject, text } from '../schemas/view.js';

const admin = { tag: 'hooks', scope: 'admin' } as const;
const byId = z.object({ id: z.uuid() });

const hookBody = z.strictObject({
  name,
  template,
  strategies: z
    .array(name)
    .min(1)
    .max(STRATEGIES_MAX)
    .meta({ description: 'The strategies that it may send signals of.' }),
});

const made = hook.extend({
  url: text.meta({ description: 'Its address, which holds its token: it is told this once.' }),
});

/** Adds them. */
export function addHooks(server: FastifyInstance): void {
  addEndpoint(server, {
    ...{ ...admin, method: 'GET', url: '/api/v1/hooks', id: 'listHooks' },
    ...{ summary: 'Webhooks, the newest first, without their tokens' },
    description: `Revoked ones too; ${HOOKS_LISTED_MAX} at the most.`,
    answers: listAnswer(hook, 'All of them.'),
    handle: async ({ app }) => ({ items: await listHooks(app) }),
  });
  addEndpoint(server, {
    ...{ ...admin, method: 'POST', url: '/api/v1/hooks', id: 'createHook', body: hookBody },
    ...{ summary: 'Make a webhook; its address is told once' },
    description:
      'It trades, so the token needs the scope `trade` beside `admin`. Without API_PUBLIC_URL the address is a path.',
    answers: { 201: { description: 'It takes alerts from now on.', schema: made } },
    problems: ['REFUSED'],
    handle: async ({ app, body, reply, request }) => {
      if (!request.caller?.scopes.has('trade')) {
        const detail = 'a webhook trades: the scope "trade" is needed beside "admin"';
        throw new Problem('SCOPE_MISSING', detail);
      }
      const { hook: view, token } = await createHook(app, body);
      void reply.code(201);
      return { ...view, url: hookUrl(app.config.apiPublicUrl, token) };
    },
  });
  addEndpoint(server, {
    ...{ ...admin, method: 'DELETE', url: '/api/v1/hooks/:id', id: 'revokeHook', params: byId },
    hasOwnLimit: true,
    ...{ summary: 'Revoke a webhook, for good', isRepeatable: true },
    answers: { 200: { description: 'Its address is nobody’s now.', schema: hook } },
    problems: ['NOT_FOUND'],
    handle: async ({ app, params: { id } }) => (await revokeHook(app, id)) ?? noHook(id),
  });
  addEndpoint(server, {
    ...{ ...admin, method: 'POST', url: '/api/v1/hooks/:id/test', id: 'testHook', params: byId },
    ...{ summary: 'Show the signal that an alert would become; nothing is stored or sent' },
    isRepeatable: true,
    body: z.unknown(),
    isBodyRaw: true,
    answers: {
      200: { description: 'The signal.', schema: z.object({ signal: jsonObject }) },
    },
    problems: ['NOT_FOUND', 'INVALID_ALERT', 'STRATEGY_NOT_ALLOWED'],
    handle: async ({ app, params: { id }, body }) => {
      const terms = (await findHook(app, { id })) ?? noHook(id);
      return { signal: tryAlert(terms, body) };
    },
  });
}

function noHook(id: string): never {
  throw new Problem('NOT_FOUND', `there is no webhook ${id}, or it was revoked`);
}
