/** The HTTP API on a free port, over a database of its own, with no Temporal anywhere. */
import type { FastifyInstance, RouteOptions } from 'fastify';
import { SignJWT } from 'jose';
import { openShared, type SharedApp } from '../../app/users.js';
import { createServer } from '../../api/server.js';
import { loadConfig } from '../../config/index.js';
import { createLogger } from '../../config/logger.js';
import { SCOPES, TOKEN_AUDIENCE, TOKEN_ISSUER, type Scope } from '../../contract/tokens.js';
import { openDatabase, type Database } from '../../store/database.js';
import { readyAccount, type ReadyAccount } from '../store/support/ready-account.js';
import { freshDatabase } from '../support/postgres.js';

export const SECRET = 'a-secret-of-more-than-32-characters';
export const SYMBOLS = ['AAA', 'BBB', 'CCC', 'DDD'] as const;
const POOL = { poolSize: 3, answerTimeoutMs: 15_000 };

export interface ServedApi {
  readonly server: FastifyInstance;
  readonly shared: SharedApp;
  /** All that it answers at, whether it stands in the document or not. */
  readonly routes: readonly RouteOptions[];
  /** `http://127.0.0.1:port` */
  readonly url: string;
  close(): Promise<void>;
}

export interface TestApi extends ServedApi {
  readonly db: Database;
  readonly ready: ReadyAccount;
}

/** Serves it over the database and the Temporal server that the settings name; on any free port unless one is given. */
export async function servedApi(settings: Record<string, string>, port = 0): Promise<ServedApi> {
  const env = { JWT_SECRET: SECRET, ...settings };
  const shared = openShared(loadConfig(env), POOL);
  const routes: RouteOptions[] = [];
  const onRoute = (route: RouteOptions) => void routes.push(route);
  const server = await createServer({ shared, log: createLogger('api', 'fatal'), env, onRoute });
  const url = await server.listen({ host: '127.0.0.1', port });
  return {
    ...{ server, shared, routes, url },
    close: async () => {
      await server.close();
      await shared.close();
    },
  };
}

/** Starts it with an account that is ready to trade `SYMBOLS`, and a user `other` who has nothing. */
export async function testApi(settings: Record<string, string> = {}): Promise<TestApi> {
  const database = await freshDatabase();
  const db = openDatabase({ url: database.url, poolSize: 3 });
  const ready = await readyAccount(db, SYMBOLS, '1000000');
  await db.user.create({ data: { name: 'other' } });
  // Nothing listens on port 1.
  const nothing = { DATABASE_URL: database.url, TEMPORAL_ADDRESS: '127.0.0.1:1' };
  const served = await servedApi({ ...nothing, ...settings });
  return {
    ...{ ...served, db, ready },
    close: async () => {
      await served.close();
      await db.$disconnect();
      await database.drop();
    },
  };
}

export interface TokenMade {
  readonly user?: string;
  readonly scopes?: readonly Scope[];
  readonly secret?: string;
  /** Seconds from now; below zero it has expired. */
  readonly expiresInS?: number;
  readonly audience?: string;
  readonly issuer?: string;
}

/** A token that is right but for what is told. */
export function token(made: TokenMade = {}): Promise<string> {
  const { user = 'owner', scopes = SCOPES, secret = SECRET, expiresInS = 600 } = made;
  return new SignJWT({ scope: scopes.join(' ') })
    .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
    .setIssuer(made.issuer ?? TOKEN_ISSUER)
    .setAudience(made.audience ?? TOKEN_AUDIENCE)
    .setSubject(user)
    .setIssuedAt()
    .setExpirationTime(Math.floor(Date.now() / 1_000) + expiresInS)
    .sign(new TextEncoder().encode(secret));
}

/** A token that nobody signed. */
export function unsigned(): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const exp = Math.floor(Date.now() / 1_000) + 600;
  const claims = { iss: TOKEN_ISSUER, aud: TOKEN_AUDIENCE, sub: 'owner', exp, scope: 'read admin' };
  return `${part({ alg: 'none', typ: 'JWT' })}.${part(claims)}.`;
}

/** What the tests look at of a body whose kind they don't name. */
export interface AnyBody {
  readonly code?: string;
  readonly status?: string | number;
  readonly detail?: string;
  readonly request_id?: string;
  readonly trade_id?: string;
  readonly errors?: readonly { readonly path: string; readonly message: string }[];
}

export interface Answered<T> {
  readonly status: number;
  readonly type: string;
  readonly headers: Headers;
  readonly text: string;
  /** The body as it stands; empty when it is no JSON. */
  readonly body: T;
}

export interface Call {
  readonly method?: string;
  /** Null: none. As the owner with every scope unless it is told. */
  readonly token?: string | null;
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
}

/** Makes one request. */
export async function call<T = AnyBody>(
  { url }: ServedApi,
  path: string,
  given: Call = {},
): Promise<Answered<T>> {
  const bearer = given.token === undefined ? await token() : given.token;
  const { method = 'GET', body } = given;
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const answer = await fetch(`${url}${path}`, {
    method,
    headers: {
      ...(bearer !== null && { authorization: `Bearer ${bearer}` }),
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...given.headers,
    },
    ...(body !== undefined && { body: text }),
  });
  const read = await answer.text();
  const type = answer.headers.get('content-type') ?? '';
  const parsed = (/json/.test(type) ? JSON.parse(read) : {}) as T;
  return { status: answer.status, type, headers: answer.headers, text: read, body: parsed };
}

/** The same, which must be answered with that status. @returns the body */
export async function ask<T = AnyBody>(
  api: ServedApi,
  path: string,
  status: number,
  given: Call = {},
): Promise<T> {
  const answer = await call<T>(api, path, given);
  if (answer.status !== status) {
    throw new Error(`${given.method ?? 'GET'} ${path}: ${answer.status} ${answer.text}`);
  }
  return answer.body;
}
