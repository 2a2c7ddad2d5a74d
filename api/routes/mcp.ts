/** `POST /mcp`: the MCP server over streamable HTTP, by the same tokens; "trade" brings what changes trades. */
import type { FastifyInstance } from 'fastify';
import { healthReader } from '../../app/health.js';
import { mcpOverHttp } from '../../mcp/http.js';
import type { RouteDeps } from '../routes.js';

/** Adds it. It is in no document: the protocol has its own. */
export function addMcp(server: FastifyInstance, { shared, env }: RouteDeps): void {
  const health = healthReader(shared);
  const answer = mcpOverHttp(shared.config);
  const hidden = { schema: { hide: true }, config: { scope: 'read' as const } };
  server.post('/mcp', hidden, async (request, reply) => {
    const { headers, body } = request;
    const { app: caller, scopes } = request.caller!;
    const app = { ...caller, actor: caller.actor.replace(/^api:/, 'mcp:') };
    const found = await answer({
      ...{ headers, body, userId: app.userId },
      options: {
        mayTrade: scopes.has('trade'),
        open: () => Promise.resolve({ app: () => Promise.resolve(app), health, env }),
        onFailure: (err, tool) =>
          request.log.error({ err, tool, request_id: request.id }, 'failed'),
      },
    });
    return reply.code(found.status).headers(found.headers).send(found.body);
  });
}
