/** `/session`: a browser logs in by a link's code, asks who it is, and logs out (UI-1). */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { takeLogin } from '../../app/logins.js';
import { revokeSession } from '../../app/sessions.js';
import { SCOPES } from '../../contract/tokens.js';
import { workflowsUrl } from '../../contract/workflows.js';
import { Problem } from '../problems.js';
import { addEndpoint, answersOf, refusalsOf, type Caller } from '../route.js';
import type { RouteDeps } from '../routes.js';
import { instant, orNull, text } from '../schemas/view.js';
import { checkOrigin, type Sessions } from '../session.js';

const URL_PATH = '/api/v1/session';

const session = z
  .object({
    user: text,
    is_owner: z.boolean().meta({ description: 'May turn what concerns all users.' }),
    scopes: z.array(z.enum(SCOPES)),
    expires_at: instant,
    server_time: instant.meta({ description: 'By the clock of the API’s machine.' }),
    workflows_url: orNull(text).meta({
      description: 'Of the Temporal UI: behind it comes the id of a workflow; null: not known.',
    }),
  })
  .meta({ id: 'Session' });

const ended = z.object({ is_logged_in: z.literal(false) });

/** Adds them. */
export function addSession(server: FastifyInstance, deps: RouteDeps, sessions: Sessions): void {
  addLogin(server, deps, sessions);
  addEndpoint(server, {
    ...{ method: 'GET', url: URL_PATH, id: 'getSession', tag: 'control', scope: 'read' },
    summary: 'Who asks, what they may do, and until when',
    answers: { 200: { description: 'Of the token or the session.', schema: session } },
    handle: async ({ request }) => described(deps, request.caller!),
  });
  server.delete(URL_PATH, {
    config: { scope: null },
    schema: {
      ...{ operationId: 'endSession', tags: ['control'] },
      summary: 'Log this browser out',
      response: {
        ...answersOf({ 200: { description: 'It has no session any more.', schema: ended } }),
        ...refusalsOf(['CROSS_SITE', 'RATE_LIMITED', 'INTERNAL']),
      },
    },
    handler: async (request, reply) => {
      checkOrigin(request);
      sessions.end(reply);
      await endRow(deps, sessions, request);
      return { is_logged_in: false };
    },
  });
}

/** Its cookie is gone from this browser in any case; by its row a copy of it ends as well. */
async function endRow({ shared, gate }: RouteDeps, sessions: Sessions, request: FastifyRequest) {
  try {
    const brought = await sessions.of(request);
    const found = brought && (await shared.as(brought.user, `dashboard:${brought.user}`));
    if (!found || !brought.session) return;
    await revokeSession(found.app, brought.session.id);
    gate.forget([brought.session.id]);
  } catch (error) {
    if (error instanceof Problem) return;
    request.log.warn({ err: error }, 'the session is logged out in its browser alone');
  }
}

const body = z.strictObject({ code: z.string().max(256) });

function addLogin(server: FastifyInstance, deps: RouteDeps, sessions: Sessions): void {
  const problems = [
    'INVALID_REQUEST',
    'UNAUTHENTICATED',
    'CROSS_SITE',
    'RATE_LIMITED',
    'REFUSED',
  ] as const;
  server.post(URL_PATH, {
    config: { scope: null },
    schema: {
      ...{ operationId: 'beginSession', tags: ['control'] },
      summary: 'Log a browser in by the code of a link',
      description:
        'A code is taken once, within its minutes; "ballast dashboard" prints a link with a new one. The answer sets the cookie.',
      body,
      response: {
        ...answersOf({ 201: { description: 'Logged in.', schema: session } }),
        ...refusalsOf([...problems, 'INVALID_JSON', 'INTERNAL', 'UNAVAILABLE']),
      },
    },
    handler: async (request, reply) => {
      checkOrigin(request);
      const { code } = (request as FastifyRequest<{ Body: z.output<typeof body> }>).body;
      const taken = await takeLogin(deps.shared, code);
      const user = taken && (await deps.shared.as(taken.user, `dashboard:${taken.user}`));
      if (!taken || !user) {
        const detail =
          'the link was used before, or is too old: "ballast dashboard" prints a new one';
        throw new Problem('UNAUTHENTICATED', detail);
      }
      await sessions.begin(reply, taken);
      void reply.code(201).header('cache-control', 'no-store');
      const { scopes, expiresAtMs } = taken;
      return described(deps, { ...user, user: taken.user, scopes: new Set(scopes), expiresAtMs });
    },
  });
}

function described(
  { shared: { config } }: RouteDeps,
  caller: Omit<Caller, 'session'>,
): z.input<typeof session> {
  const { user, isOwner, scopes, expiresAtMs } = caller;
  const { temporalUiUrl, temporalNamespace } = config;
  return {
    ...{ user, is_owner: isOwner, scopes: [...scopes] },
    expires_at: new Date(expiresAtMs).toISOString(),
    server_time: new Date().toISOString(),
    workflows_url: temporalUiUrl ? workflowsUrl(temporalUiUrl, temporalNamespace) : null,
  };
}
