/** How an endpoint is told: once, for its checks, its handler and its place in the document. */
import type { FastifyInstance, FastifyReply, FastifyRequest, HTTPMethods } from 'fastify';
import type { z } from 'zod';
import type { App } from '../app/app.js';
import type { SessionBrought } from '../app/sessions.js';
import type { Scope } from '../contract/tokens.js';
import { PROBLEM_TYPE, PROBLEMS, Problem, type ProblemCode } from './problems.js';
import { problemSchema } from './schemas/problem.js';

/** Who makes a request, once its token was judged. */
export interface Caller {
  readonly app: App;
  /** Their name. */
  readonly user: string;
  readonly isOwner: boolean;
  readonly scopes: ReadonlySet<Scope>;
  /** When its token expires. */
  readonly expiresAtMs: number;
  /** By which it can be called back; null: it can't. */
  readonly session: SessionBrought | null;
}

declare module 'fastify' {
  interface FastifyRequest {
    /** Null where no token is asked for. */
    caller: Caller | null;
  }
  interface FastifyContextConfig {
    /** Null: no token is asked for. */
    scope?: Scope | null;
    isOwnerOnly?: boolean;
    /** It is done also while nobody can be asked whether the token was called back. */
    isUrgent?: boolean;
  }
}

/** What an endpoint answers with when it does what it was asked for. */
export interface Answer {
  readonly description: string;
  /** Null: no body is described. */
  readonly schema: z.ZodType | null;
  /** JSON unless it is told. */
  readonly type?: string;
}

export interface Asked<P, Q, B> {
  /** The application as the user whose token it is. */
  readonly app: App;
  readonly params: P;
  readonly query: Q;
  readonly body: B;
  readonly headers: FastifyRequest['headers'];
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
}

export interface Endpoint<P, Q, B> {
  readonly method: Extract<HTTPMethods, 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'>;
  /** As OpenAPI's operationId: `listTrades`. */
  readonly id: string;
  readonly url: string;
  readonly tag: string;
  readonly summary: string;
  readonly description?: string;
  readonly scope: Scope;
  /** It concerns all users of the installation. */
  readonly isOwnerOnly?: boolean;
  readonly params?: z.ZodType<P>;
  readonly query?: z.ZodType<Q>;
  readonly body?: z.ZodType<B>;
  readonly headers?: z.ZodType;
  /** Whoever repeats it changes nothing more, so that an `Idempotency-Key` has what it asks for. */
  readonly isRepeatable?: boolean;
  /** The handler judges the body itself; the schema is for the document. */
  readonly isBodyRaw?: boolean;
  /** It is never refused for how many requests were made. */
  readonly isUnlimited?: boolean;
  /** It ends or protects something: requests to it alone count against its own limit, so that no other ones use it up. */
  readonly hasOwnLimit?: boolean;
  /** It only makes things safer, and is done also while the database can't say whether the token was called back. */
  readonly isUrgent?: boolean;
  readonly answers: Readonly<Record<number, Answer>>;
  /** What it refuses with beside what every endpoint does. */
  readonly problems?: readonly ProblemCode[];
  handle(asked: Asked<P, Q, B>): Promise<unknown>;
}

const ALWAYS: readonly ProblemCode[] = [
  'INVALID_REQUEST',
  'UNAUTHENTICATED',
  'SCOPE_MISSING',
  'CROSS_SITE',
  'METHOD_NOT_ALLOWED',
  'RATE_LIMITED',
  'INTERNAL',
  'UNAVAILABLE',
];
const WITH_BODY: readonly ProblemCode[] = [
  'INVALID_JSON',
  'BODY_TOO_LARGE',
  'UNSUPPORTED_MEDIA_TYPE',
];

/** Adds an endpoint to a server. */
export function addEndpoint<P = unknown, Q = unknown, B = unknown>(
  server: FastifyInstance,
  endpoint: Endpoint<P, Q, B>,
): void {
  const { method, url, scope, isOwnerOnly = false, isBodyRaw } = endpoint;
  const { isUrgent = false } = endpoint;
  server.route({
    ...{ method, url, schema: schemaOf(endpoint) },
    config: { scope, isOwnerOnly, isUrgent, ...limitOf(endpoint) },
    ...(isBodyRaw && { validatorCompiler: rawBody(server) }),
    handler: async (request, reply) => {
      const { caller, params, query, body, headers } = request;
      if (caller === null) throw new Problem('UNAUTHENTICATED', 'the token was not judged');
      if (!knowsKey(endpoint)) refuseKey(headers);
      const asked = { app: caller.app, request, reply, headers };
      return endpoint.handle({
        ...asked,
        ...{ params: params as P, query: query as Q, body: body as B },
      });
    },
  });
}

/** Without it: that of all requests together. A limit of its own is as large, for each user and each endpoint. */
function limitOf<P, Q, B>({ isUnlimited = false, hasOwnLimit = false }: Endpoint<P, Q, B>) {
  if (isUnlimited) return { rateLimit: false as const };
  return hasOwnLimit ? { rateLimit: {} } : {};
}

/** A read repeats itself; of the others some have a key, and some need none. */
function knowsKey<P, Q, B>({ method, headers, isRepeatable = false }: Endpoint<P, Q, B>): boolean {
  return method === 'GET' || headers !== undefined || isRepeatable;
}

/** Taken without a word it would promise that a repeat is the same request. @throws Problem */
function refuseKey(headers: FastifyRequest['headers']): void {
  if (headers['idempotency-key'] === undefined) return;
  const errors = [{ path: 'header.idempotency-key', message: 'is not known here' }];
  const detail =
    'this request knows no Idempotency-Key: each is one of its own, whoever repeats it';
  throw new Problem('INVALID_REQUEST', detail, { errors });
}

type Compiler = NonNullable<FastifyInstance['validatorCompiler']>;

function rawBody(server: FastifyInstance): Compiler {
  return (route) => {
    if (route.httpPart === 'body') return (value: unknown) => ({ value });
    return server.validatorCompiler!(route);
  };
}

function schemaOf<P, Q, B>(endpoint: Endpoint<P, Q, B>) {
  const { id, tag, summary, description, params, query, body, headers, scope } = endpoint;
  return {
    ...{ operationId: id, tags: [tag], summary },
    ...(description !== undefined && { description }),
    ...(params && { params }),
    ...(query && { querystring: query }),
    ...(body && { body }),
    ...(headers && { headers }),
    security: [{ bearer: [scope] }, { session: [scope] }] as Record<string, Scope[]>[],
    response: { ...answersOf(endpoint.answers), ...refusalsOf(problemsOf(endpoint)) },
  };
}

function problemsOf<P, Q, B>(endpoint: Endpoint<P, Q, B>): readonly ProblemCode[] {
  return [
    ...ALWAYS,
    ...(endpoint.isOwnerOnly ? (['OWNER_ONLY'] as const) : []),
    ...(endpoint.method === 'GET' ? [] : WITH_BODY),
    ...(endpoint.problems ?? []),
  ];
}

/** What an endpoint answers with, for the document. */
export function answersOf(answers: Readonly<Record<number, Answer>>) {
  return Object.fromEntries(
    Object.entries(answers).map(([status, { description, schema, type = JSON_TYPE }]) => [
      status,
      { description, ...(schema && { content: { [type]: { schema } } }) },
    ]),
  );
}

const JSON_TYPE = 'application/json';

/** What an endpoint refuses with, by status, each with its codes. */
export function refusalsOf(codes: readonly ProblemCode[]) {
  const statuses = [...new Set(codes.map((code) => PROBLEMS[code].status))].sort();
  return Object.fromEntries(
    statuses.map((status) => {
      const own = [...new Set(codes)].filter((code) => PROBLEMS[code].status === status);
      const description = own.map((code) => `\`${code}\`: ${PROBLEMS[code].title}.`).join(' ');
      return [status, { description, content: { [PROBLEM_TYPE]: { schema: problemSchema } } }];
    }),
  );
}
