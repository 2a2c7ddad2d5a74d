/**
 * Sessions of the dashboard (UI-1): a signed cookie that no script reads and no other site sends, with what a request by it
 * must show beside. It is signed by this installation's own secret, for an audience that no bearer token has.
 */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { jwtVerify, SignJWT } from 'jose';
import { tokenSecret } from '../app/token-secret.js';
import type { SharedApp } from '../app/users.js';
import { isScope } from '../contract/tokens.js';
import type { TakenLogin } from '../app/logins.js';
import { sessionIn, type Bearer } from './auth.js';
import { Problem } from './problems.js';

const AUDIENCE = 'ballast-dashboard';
/** The port is added: browsers keep the cookies of a host for all its ports, and several checkouts run side by side. */
export const SESSION_COOKIE = 'ballast_session';
/** A page of another origin can't send it without being allowed to, and none is. */
export const SESSION_HEADER = 'x-ballast-dashboard';

const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS']);

export interface Sessions {
  /** Begins one: the answer carries its cookie. */
  begin(reply: FastifyReply, login: TakenLogin): Promise<void>;
  /** Ends it in this browser. */
  end(reply: FastifyReply): void;
  /** Whose session a request brings; null when it brings none. @throws Problem when it can't be taken */
  of(request: FastifyRequest): Promise<Bearer | null>;
}

/** Makes the keeper of sessions of one server. */
export function sessionsOf({ config }: Pick<SharedApp, 'config'>): Sessions {
  const name = `${SESSION_COOKIE}_${config.apiPort}`;
  const isSecure = config.apiPublicUrl?.startsWith('https:') ?? false;
  const cookie = { path: '/', httpOnly: true, sameSite: 'strict', secure: isSecure } as const;
  let key: Uint8Array | undefined;
  const keyOf = () => (key ??= new TextEncoder().encode(tokenSecret(config)));
  return {
    begin: async (reply, { user, scopes, sessionId, expiresAtMs }) => {
      const token = await new SignJWT({ scope: scopes.join(' ') })
        .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
        .setIssuer(config.jwtIssuer)
        .setAudience(AUDIENCE)
        .setSubject(user)
        .setJti(sessionId)
        .setIssuedAt()
        .setExpirationTime(Math.floor(expiresAtMs / 1_000))
        .sign(keyOf());
      const maxAge = Math.floor((expiresAtMs - Date.now()) / 1_000);
      void reply.setCookie(name, token, { ...cookie, maxAge });
    },
    end: (reply) => void reply.clearCookie(name, cookie),
    of: async (request) => {
      const token = request.cookies[name];
      if (token === undefined) return null;
      const session = await read(token, keyOf(), config.jwtIssuer);
      checkOrigin(request);
      return session;
    },
  };
}

async function read(token: string, key: Uint8Array, issuer: string): Promise<Bearer> {
  try {
    const wanted = { issuer, audience: AUDIENCE, algorithms: ['HS256'] };
    const { payload } = await jwtVerify(token, key, {
      ...wanted,
      requiredClaims: ['exp', 'sub'],
    });
    const { sub = '', exp = 0, scope } = payload;
    const scopes = new Set(String(scope).split(' ').filter(isScope));
    const session = sessionIn(payload, 'dashboard');
    if (session === null) throw new Error('it is of a time when sessions had no rows');
    return { user: sub, scopes, expiresAtMs: exp * 1_000, session };
  } catch {
    const detail = 'the session is over: "ballast dashboard" prints a new link';
    throw new Problem('UNAUTHENTICATED', detail);
  }
}

/**
 * A page of another port of this machine is of the same site for browsers, which send it the cookie: what changes
 * something shows that it is of this origin. Whatever else is told of where it comes from must agree.
 */
export function checkOrigin({ method, headers }: FastifyRequest): void {
  const { origin, host } = headers;
  const site = headers['sec-fetch-site'];
  const isSafe = SAFE_METHODS.has(method);
  const isOwnSite = site === undefined || site === 'same-origin' || (isSafe && site === 'none');
  const isOwnOrigin = origin === undefined || hostOf(origin) === host;
  const isMarked = isSafe || headers[SESSION_HEADER] !== undefined;
  if (isOwnSite && isOwnOrigin && isMarked) return;
  const detail = `by a session requests come from the dashboard alone, with the header ${SESSION_HEADER}; programs send a bearer token`;
  throw new Problem('CROSS_SITE', detail);
}

function hostOf(origin: string): string | null {
  return URL.canParse(origin) ? new URL(origin).host : null;
}
