/** Sessions of the dashboard and tokens, one by one: listed, and called back (UI-1, API-2). */
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import {
  listSessions,
  revokeSession,
  revokeSessions,
  SESSIONS_LISTED_MAX,
} from '../../app/sessions.js';
import { listAnswer } from '../page.js';
import { Problem } from '../problems.js';
import { addEndpoint } from '../route.js';
import type { RouteDeps } from '../routes.js';
import { sessionKind, sessionRow } from '../schemas/sessions.js';

const admin = { tag: 'control', scope: 'admin' } as const;
const byId = z.object({ id: z.uuid() });

const row = sessionRow.extend({
  is_this: z.boolean().meta({ description: 'The one that asks.' }),
});
const which = z.strictObject({
  kind: sessionKind.default('dashboard'),
  except_this: z
    .enum(['true', 'false'])
    .default('true')
    .meta({ description: 'The one that asks stays.' }),
});
const ended = z.object({ revoked: z.int().meta({ description: 'So many.' }) });

/** Adds them. */
export function addSessions(server: FastifyInstance, { gate }: RouteDeps): void {
  addEndpoint(server, {
    ...{ ...admin, method: 'GET', url: '/api/v1/sessions', id: 'listSessions' },
    ...{ summary: 'Browsers that are logged in to the dashboard, and tokens, the newest first' },
    description: `Of the user who asks; revoked ones too, until they would be over; ${SESSIONS_LISTED_MAX} at the most. Tokens that were signed elsewhere are not among them.`,
    answers: listAnswer(row, 'All of them.'),
    handle: async ({ app, request }) => {
      const own = request.caller?.session?.id;
      const found = await listSessions(app);
      return { items: found.map((each) => ({ ...each, is_this: each.id === own })) };
    },
  });
  addEndpoint(server, {
    ...{ ...admin, method: 'DELETE', url: '/api/v1/sessions/:id', id: 'revokeSession' },
    hasOwnLimit: true,
    ...{ params: byId, isRepeatable: true },
    ...{ summary: 'Sign a browser out, or call a token back, for good' },
    answers: { 200: { description: 'It is taken nowhere any more.', schema: sessionRow } },
    problems: ['NOT_FOUND'],
    handle: async ({ app, params: { id } }) => {
      const revoked = await revokeSession(app, id);
      if (revoked === null) {
        throw new Problem('NOT_FOUND', `there is no session ${id}, or it is over`);
      }
      gate.forget([id]);
      return revoked;
    },
  });
  addEndpoint(server, {
    ...{ ...admin, method: 'DELETE', url: '/api/v1/sessions', id: 'revokeSessions' },
    hasOwnLimit: true,
    ...{ query: which, isRepeatable: true },
    ...{ summary: 'Sign out all browsers, or call back all tokens, of the user who asks' },
    answers: { 200: { description: 'None of them is taken any more.', schema: ended } },
    handle: async ({ app, query: { kind, except_this: exceptThis }, request }) => {
      const own = exceptThis === 'true' ? (request.caller?.session?.id ?? null) : null;
      const ids = await revokeSessions(app, [kind], own);
      gate.forget(ids);
      return { revoked: ids.length };
    },
  });
}
