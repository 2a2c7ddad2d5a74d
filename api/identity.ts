/** Who asks: the token is judged before anything else, and without one an address of the API tells nothing. */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { isOfDatabase } from '../app/failure.js';
import type { SessionGate } from '../app/sessions.js';
import { OWNER_NAME, type SharedApp } from '../app/users.js';
import { within } from '../app/within.js';
import { authenticator, type Bearer } from './auth.js';
import { Problem } from './problems.js';
import type { Caller } from './route.js';
import { SESSION_HEADER, type Sessions } from './session.js';

const API_PREFIX = '/api/';

export interface IdentityDeps {
  readonly shared: SharedApp;
  readonly sessions: Sessions;
  readonly gate: SessionGate;
}

/** Adds it. The server has its limits of requests already. */
export function addIdentity(server: FastifyInstance, deps: IdentityDeps): void {
  const judge = callerOf(server, deps);
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

function callerOf(server: FastifyInstance, { shared, sessions, gate }: IdentityDeps) {
  const authenticate = authenticator(shared.config, OWNER_NAME);
  // Refused tokens count by address, apart from requests: nobody without a token shuts out whoever has one.
  const countRefused = server.createRateLimit({ keyGenerator: ({ ip }) => `refused ${ip}` });
  return async (request: FastifyRequest): Promise<Caller> => {
    try {
      const { authorization } = request.headers;
      // Whoever sends a token means it: a browser that has a session besides is not asked for it.
      const session = authorization === undefined ? await sessions.of(request) : null;
      const { user, ...rest } = session ?? (await authenticate(bearerOf(request)));
      await checkLive(gate, rest.session, request);
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

/** @throws Problem for the dashboard without its session: whoever looks at it has no header to send, and a link to open */
function bearerOf({ headers }: FastifyRequest): string | undefined {
  const { authorization } = headers;
  if (authorization !== undefined || headers[SESSION_HEADER] === undefined) return authorization;
  const detail = 'you are signed out here: open a new link, "ballast dashboard" prints one';
  throw new Problem('UNAUTHENTICATED', detail);
}

/** What must not wait waits no longer for whether the token still counts. */
const URGENT_WAIT_MS = 1_000;
const REVOKED = {
  dashboard: 'the session was signed out: "ballast dashboard" prints a new link',
  token: 'the token is not taken: it was called back; "ballast token" makes a new one',
} as const;

/** @throws Problem when it was called back, else what the database throws */
async function checkLive(
  gate: SessionGate,
  session: Bearer['session'],
  { ip, headers, routeOptions: { config } }: FastifyRequest,
): Promise<void> {
  if (session === null) return;
  const use = { from: ip, by: headers['user-agent'] ?? null };
  const asked = gate.isLive(session, use);
  const isLive = config.isUrgent ? await liveUnlessKnown(asked) : await asked;
  if (!isLive) throw new Problem('UNAUTHENTICATED', REVOKED[session.kind]);
}

/** A halt is a file, and needs no database: whoever has a signed token may make one while nobody can say more of it. */
async function liveUnlessKnown(asked: Promise<boolean>): Promise<boolean> {
  const late = new Error('the database does not answer in time');
  return within(asked, URGENT_WAIT_MS, () => late).catch((error: unknown) => {
    if (error === late || isOfDatabase(error)) return true;
    throw error;
  });
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
