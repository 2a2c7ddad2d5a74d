/** Counting requests and how long they take, by the patterns of addresses: what stands in an address is never a label. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { createRegistry, type ProcessRegistry } from '../telemetry/registry.js';

const SECOND_MS = 1_000;
/** It is open as long as somebody listens. */
const STREAM = '/api/v1/events';
const NOTHING_THERE = 'none';

/** Adds it to a server, before its routes. @returns what this process counts */
export function countRequests(server: FastifyInstance): ProcessRegistry {
  const registry = createRegistry('api');
  const requests = registry.counter('ballast_http_requests_total');
  const seconds = registry.histogram('ballast_http_request_seconds');
  let streams = 0;
  registry.gauge('ballast_http_streams', () => [[{}, streams]]);
  server.addHook('onRequest', (request, reply, done) => {
    if (routeOf(request) === STREAM) {
      streams += 1;
      reply.raw.once('close', () => (streams -= 1));
    }
    done();
  });
  server.addHook('onResponse', (request, reply, done) => {
    const route = routeOf(request);
    requests.inc({ method: methodOf(request), route, status: statusOf(reply) });
    if (route !== STREAM) seconds.observe({ route }, reply.elapsedTime / SECOND_MS);
    done();
  });
  return registry;
}

function routeOf({ routeOptions }: FastifyRequest): string {
  return routeOptions.url ?? NOTHING_THERE;
}

/** Of what is not there any word might come. */
function methodOf(request: FastifyRequest): string {
  return routeOf(request) === NOTHING_THERE ? 'any' : request.method;
}

function statusOf({ statusCode }: FastifyReply): string {
  return `${Math.floor(statusCode / 100)}xx`;
}
