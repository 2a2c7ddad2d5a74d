/**
 * A span for each request, part of the caller's trace where it names one (W3C trace context). It is called by the pattern
 * of the address: what stands in an address may be a token.
 */
import type { FastifyInstance } from 'fastify';
import {
  beginSpan,
  contextFrom,
  runWithin,
  SpanKind,
  spanFailed,
  type Context,
  type Span,
} from '../telemetry/spans.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** Null where a request is no part of a trace. */
    traced: { readonly span: Span; readonly within: Context } | null;
  }
}

/** Asked for by the clock, by whoever watches. */
const UNTRACED: ReadonlySet<string> = new Set(['/health', '/metrics']);
const SERVER_ERROR = 500;

/** Adds it to a server, before everything else that looks at requests. */
export function traceRequests(server: FastifyInstance): void {
  server.decorateRequest('traced', null);
  server.addHook('onRequest', (request, _reply, done) => {
    const { url: route = 'none' } = request.routeOptions;
    if (UNTRACED.has(route)) return done();
    const attributes = {
      'http.request.method': request.method,
      'http.route': route,
      'ballast.request_id': request.id,
    };
    const name = `${request.method} ${route}`;
    const within = contextFrom(request.headers);
    request.traced = beginSpan({ name, kind: SpanKind.SERVER, attributes, within });
    runWithin(request.traced.within, done);
  });
  // A body is read in the context of its socket: what follows comes back to the request's.
  server.addHook('preHandler', ({ traced }, _reply, done) => {
    if (traced === null) return done();
    runWithin(traced.within, done);
  });
  server.addHook('onResponse', ({ traced }, { statusCode }, done) => {
    traced?.span.setAttribute('http.response.status_code', statusCode);
    if (traced !== null && statusCode >= SERVER_ERROR) spanFailed(traced.span, null);
    traced?.span.end();
    done();
  });
}
