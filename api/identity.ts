/** Who asks: the token is judged before anything else, and without one an address of the API tells nothing. */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { OWNER_NAME, type SharedApp } from '../app/users.js';
import { authenticator } from './auth.js';
import { Problem } from './problems.js';
import type { Caller } from './route.js';
import type { Sessions } from './session.js';

const API_PREFIX = '/api/';

/** Adds it. The server has its limits of requests already. */
export function addIdentity(server: FastifyInstance, shared: SharedApp, sessions: Sessions): void {
  const judge = callerOf(server, shared, sessions);
  server.decorateRequest('caller', null);
  server.addHook('onRequest', async (request, reply) => {
    void reply.header('x-request-id', request.id);
    void reply.header('x-content-type-options', 'nosniff');
    const { scope, isOwnerOnly } = request.routeOptions.config;
    if (scope === null) return;
    if (scope === undefined && !request.url.startsWith(API_PREFIX)) return;
    // What one user reads is in no cache for the next.
    void reply.header('cache-control', 'no-store');
    const caller = await judge(request);
    request.caller = caller;
    if (scope !== undefined && !caller.scopes.has(scope)) {
      const remedy = '"ballast token --scope" makes one that has it';
      throw new Problem('SCOPE_MISSING', `the token lacks the scope "${scope}": ${remedy}`);
    }
    if (isOwnerOnly && !caller.isOwner) {
      throw new Problem('OWNER_ONLY', 'this concerns all users of the installation');
    }
  });
}

function callerOf(server: FastifyInstance, shared: SharedApp, sessions: Sessions) {
  const authenticate = authenticator(shared.config, OWNER_NAME);
  // Refused tokens count by address, apart from requests: nobody without a token shuts out whoever has one.
  const countRefused = server.createRateLimit({ keyGenerator: ({ ip }) => `refused ${ip}` });
  return async (request: FastifyRequest): Promise<Caller> => {
    try {
      const { authorization } = request.headers;
      // Whoever sends a token means it: a browser that has a session besides is not asked for it.
      const session = authorization === undefined ? await sessions.of(request) : null;
      const { user, ...rest } = session ?? (await authenticate(authorization));
      const found = await shared.as(user, `${session ? 'dashboard' : 'api'}:${user}`);
      if (found) return { ...found, user, ...rest };
      throw new Problem('UNAUTHENTICATED', 'the token is not taken: its subject is no user here', {
        headers: { 'www-authenticate': 'Bearer realm="ballast"' },
      });
    } catch (error) {
      if (!(error instanceof Problem) || error.code !== 'UNAUTHENTICATED') throw error;
      const counted = await countRefused(request);
      if (!counted.isAllowed && counted.isExceeded) throw tooMany(counted.ttl);
      throw error;
    }
  };
}

/**
 * @param ttlMs until the next minute begins
 * @param setting which one says how many
 */
export function tooMany(ttlMs: number, setting = 'API_REQUESTS_PER_MINUTE'): Problem {
  const seconds = String(Math.ceil(ttlMs / 1_000));
  const detail = `more requests than ${setting} allows: wait ${seconds} s`;
  return new Problem('RATE_LIMITED', detail, { headers: { 'retry-after': seconds } });
}
