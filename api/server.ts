/** The HTTP API: a thin layer over the application, as the command line is. */
import { randomUUID } from 'node:crypto';
import cookie from '@fastify/cookie';
import rateLimit from '@fastify/rate-limit';
import Fastify, {
  type FastifyError,
  type FastifyInstance,
  type FastifyReply,
  type RouteOptions,
} from 'fastify';
import type { Logger } from 'pino';
import { sessionGate } from '../app/sessions.js';
import type { SharedApp } from '../app/users.js';
import { countRequests } from './counting.js';
import { traceIdsOf } from '../telemetry/spans.js';
import { addDocument } from './document.js';
import { addIdentity, tooMany } from './identity.js';
import { readJsonOnly } from './json.js';
import { logRequests } from './logging.js';
import { refuseMalformed } from './malformed.js';
import { otherMethods } from './methods.js';
import { Problem, problemBody, PROBLEM_TYPE } from './problems.js';
import { problemOf } from './refusals.js';
import { addDashboard } from './dashboard.js';
import { addRoutes } from './routes.js';
import { traceRequests } from './tracing.js';
import { addSession } from './routes/session.js';
import { sessionsOf } from './session.js';
import { validatorCompiler } from './validation.js';

export interface ServerOptions {
  readonly shared: SharedApp;
  readonly log: Logger;
  /** The environment, for which files halt. */
  readonly env: NodeJS.ProcessEnv;
  /** Told of each route while it is added, whether it stands in the document or not. */
  readonly onRoute?: (route: RouteOptions) => void;
}

/** A request, its head and its body, is here within that, or is given up. */
const REQUEST_TIMEOUT_MS = 30_000;
const MINUTE_MS = 60_000;
/** Longer addresses are no ids of ours. */
const PARAM_LENGTH_MAX = 128;

/** Makes the server; it listens to nothing yet. */
export async function createServer(options: ServerOptions): Promise<FastifyInstance> {
  const { shared, log, env, onRoute } = options;
  const { config } = shared;
  const server = Fastify({
    loggerInstance: log,
    disableRequestLogging: true,
    bodyLimit: config.apiBodyBytesMax,
    requestTimeout: REQUEST_TIMEOUT_MS,
    genReqId: () => randomUUID(),
    routerOptions: { maxParamLength: PARAM_LENGTH_MAX },
    forceCloseConnections: true,
    return503OnClosing: true,
    clientErrorHandler: refuseMalformed,
    frameworkErrors: (error, { id }, reply) => send(reply, unreadable(error), id),
  }) as unknown as FastifyInstance;
  if (onRoute) server.addHook('onRoute', onRoute);
  server.setValidatorCompiler(validatorCompiler as never);
  // Views are shaped where they are read; what they promise is tested, not parsed again at each answer.
  server.setSerializerCompiler(() => (data) => JSON.stringify(data));
  traceRequests(server);
  const counted = countRequests(server);
  readJsonOnly(server);
  addRefusals(server);
  await server.register(rateLimit, {
    max: config.apiRequestsPerMinute,
    timeWindow: MINUTE_MS,
    keyGenerator: (request) => request.caller?.app.userId ?? request.ip,
    errorResponseBuilder: (_request, { ttl }) => tooMany(ttl),
  });
  await server.register(cookie);
  const sessions = sessionsOf(shared);
  const gate = sessionGate(shared.db);
  addIdentity(server, { shared, sessions, gate });
  addUnknown(server);
  logRequests(server);
  await addDocument(server);
  const deps = { shared, env, counted, gate };
  addRoutes(server, deps);
  addSession(server, deps, sessions);
  await addDashboard(server);
  return server;
}

/** Each error becomes a problem; what nobody expected is told to the log alone. */
function addRefusals(server: FastifyInstance): void {
  server.setErrorHandler<FastifyError>((error, request, reply) => {
    const problem = problemOf(error);
    const line = { err: error, request_id: request.id, ...traceIdsOf(request.traced?.span) };
    if (problem.status >= 500) request.log.error(line, 'failed');
    send(reply, problem, request.id);
  });
}

function send(reply: FastifyReply, problem: Problem, requestId: string): void {
  void reply
    .code(problem.status)
    .headers(problem.more.headers ?? {})
    .type(PROBLEM_TYPE)
    .send(JSON.stringify(problemBody(problem, requestId)));
}

/** What the router itself refuses. Its own words repeat the address, which may hold a token. */
function unreadable({ code }: FastifyError): Problem {
  if (code === 'FST_ERR_MAX_PARAM_LENGTH') {
    return new Problem('NOT_FOUND', 'there is nothing at this address');
  }
  return new Problem('INVALID_REQUEST', 'the address can not be read');
}

/** Told before the body is looked at: a method that is not known may have a body that is not known either. */
function addUnknown(server: FastifyInstance): void {
  const methodsAt = otherMethods(server);
  const refuse = (address: string): never => {
    const allowed = methodsAt(address);
    if (allowed.length === 0) throw new Problem('NOT_FOUND', 'there is nothing at this address');
    const allow = allowed.join(', ');
    throw new Problem('METHOD_NOT_ALLOWED', `allowed here: ${allow}`, { headers: { allow } });
  };
  server.addHook('onRequest', (request, _reply, done) => {
    if (request.is404) refuse(request.url);
    done();
  });
  server.setNotFoundHandler(({ url }) => refuse(url));
}
