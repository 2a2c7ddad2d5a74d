/** What the log says of requests. */
import type { FastifyInstance } from 'fastify';
import { traceIdsOf } from '../telemetry/spans.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** The trade that the answer names; null where it names none. */
    tradeId: string | null;
  }
}

/**
 * One line for each request: what was asked for by its pattern, never with what a person may have put into it, and the trade
 * that the answer is about.
 */
export function logRequests(server: FastifyInstance): void {
  server.decorateRequest('tradeId', null);
  server.addHook('preSerialization', (request, _reply, payload, done) => {
    request.tradeId = tradeIn(payload);
    done(null, payload);
  });
  server.addHook('onResponse', (request, reply, done) => {
    const { method, id, routeOptions, caller, hook, traced, tradeId } = request;
    const line = {
      ...{ request_id: id, method, route: routeOptions.url ?? null, status: reply.statusCode },
      ...{ ms: Math.round(reply.elapsedTime), actor: (caller ?? hook)?.app.actor ?? null },
      ...(tradeId !== null && { tradeId }),
      ...traceIdsOf(traced?.span),
    };
    request.log.info(line, 'answered');
    done();
  });
}

/** The trade that an answer names, as those to signals and commands do. */
function tradeIn(payload: unknown): string | null {
  const named = (payload as { readonly trade_id?: unknown } | null)?.trade_id;
  return typeof named === 'string' ? named : null;
}
