/**
 * Who makes a request (API-2): a bearer token, signed by this installation's secret (HS256) or by an
 * identity provider's key. What a token is refused for is told in words of this file alone.
 */
import {
  createRemoteJWKSet,
  errors,
  jwtVerify,
  type JWTPayload,
  type JWTVerifyOptions,
} from 'jose';
import type { SessionBrought } from '../app/sessions.js';
import { isScope, type Scope } from '../contract/tokens.js';
import type { SessionKind } from '../contract/views.js';
import { Problem } from './problems.js';

export interface TokenSettings {
  readonly jwtSecret?: string | undefined;
  readonly jwtJwksUrl?: string | undefined;
  readonly jwtIssuer: string;
  readonly jwtAudience: string;
  readonly jwtOwnerSubjects: readonly string[];
}

/** Whose token it is, and what it allows. */
export interface Bearer {
  readonly user: string;
  readonly scopes: ReadonlySet<Scope>;
  readonly expiresAtMs: number;
  /** By which it can be called back; null: it was made elsewhere, or without a row. */
  readonly session: SessionBrought | null;
}

export type Authenticate = (authorization: string | undefined) => Promise<Bearer>;

/** An identity provider's: keys that can be told to anybody. A shared one never comes from an address. */
const PUBLIC_ALGORITHMS = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512'].concat([
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
  'Ed25519',
]);
/** Another machine's clock may be that far off. */
const CLOCK_TOLERANCE_S = 5;
/** The keys' host answers within that, or the token can't be judged now. */
const KEYS_TIMEOUT_MS = 3_000;
/** Far above any token; what is longer is not even looked at. */
const TOKEN_LENGTH_MAX = 8_192;
const NOT_THE_OWNER =
  'its subject is called like the owner, and is none of those that stand for the owner (JWT_OWNER_SUBJECTS)';
/** Names of users: text that can be stored, and stands in logs. */
const SUBJECT = /^[\x21-\x7e]{1,128}$/;

/**
 * Makes the judge of tokens.
 * @returns it takes the header Authorization and gives whose it is; @throws Problem otherwise
 */
export function authenticator(settings: TokenSettings, ownerName: string): Authenticate {
  const verify = verifier(settings);
  const owners = new Set(settings.jwtOwnerSubjects);
  const foreignUser = (sub: string) => {
    if (owners.has(sub)) return ownerName;
    // At some providers people choose their own names.
    if (sub === ownerName && owners.size > 0) throw unauthenticated(NOT_THE_OWNER);
    return sub;
  };
  return async (authorization) => {
    const token = tokenOf(authorization);
    const { payload, isForeign } = await verify(token);
    const { sub = '', exp = 0 } = payload;
    if (!SUBJECT.test(sub)) throw unauthenticated('its subject is no name of a user');
    const user = isForeign ? foreignUser(sub) : sub;
    const session = isForeign ? null : sessionIn(payload, 'token');
    return { user, scopes: scopesOf(payload), expiresAtMs: exp * 1_000, session };
  };
}

const SESSION_ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** What is named by a payload that this installation has signed; others with its key may write there what they like. */
export function sessionIn({ jti }: JWTPayload, kind: SessionKind): SessionBrought | null {
  return jti !== undefined && SESSION_ID.test(jti) ? { id: jti, kind } : null;
}

function tokenOf(authorization: string | undefined): string {
  if (authorization === undefined) {
    throw unauthenticated(
      'send the header "Authorization: Bearer TOKEN"; "ballast token" makes one',
    );
  }
  const [, token] = /^Bearer +([A-Za-z0-9._-]+)$/i.exec(authorization) ?? [];
  if (token === undefined || token.length > TOKEN_LENGTH_MAX) {
    throw unauthenticated('the header Authorization holds no bearer token');
  }
  return token;
}

interface Verified {
  readonly payload: JWTPayload;
  /** Signed by an identity provider's key. */
  readonly isForeign: boolean;
}

function verifier(settings: TokenSettings): (token: string) => Promise<Verified> {
  const { jwtSecret, jwtJwksUrl, jwtIssuer: issuer, jwtAudience: audience } = settings;
  const claims: JWTVerifyOptions = {
    ...{ issuer, audience, requiredClaims: ['exp', 'sub'] },
    clockTolerance: CLOCK_TOLERANCE_S,
  };
  const secret = jwtSecret === undefined ? null : new TextEncoder().encode(jwtSecret);
  const keys =
    jwtJwksUrl === undefined
      ? null
      : createRemoteJWKSet(new URL(jwtJwksUrl), { timeoutDuration: KEYS_TIMEOUT_MS });
  return async (token) => {
    // The header only says which key is tried: neither key is ever used with the other's algorithms.
    const isOwn = keys === null || algorithmOf(token) === 'HS256';
    try {
      if (!isOwn) {
        const options = { ...claims, algorithms: PUBLIC_ALGORITHMS };
        return { payload: (await jwtVerify(token, keys, options)).payload, isForeign: true };
      }
      if (secret === null) throw unauthenticated('it is signed with no key that is known here');
      const options = { ...claims, algorithms: ['HS256'] };
      return { payload: (await jwtVerify(token, secret, options)).payload, isForeign: false };
    } catch (error) {
      throw refusalOf(error);
    }
  };
}

function algorithmOf(token: string): string | null {
  try {
    const head = Buffer.from(token.split('.')[0] ?? '', 'base64url').toString('utf8');
    return (JSON.parse(head) as { alg?: string } | null)?.alg ?? null;
  } catch {
    return null;
  }
}

/** Claims that are checked, in words. */
const CLAIMS: Readonly<Record<string, string>> = {
  iss: 'it was made by somebody else (iss)',
  aud: 'it was made for something else (aud)',
  nbf: 'it is not valid yet (nbf)',
  exp: 'it has no time of expiry (exp)',
  sub: 'it names no user (sub)',
};

function refusalOf(error: unknown): Problem {
  if (error instanceof Problem) return error;
  if (error instanceof errors.JWTExpired) {
    return unauthenticated('it has expired: "ballast token" makes a new one');
  }
  if (error instanceof errors.JWTClaimValidationFailed) {
    return unauthenticated(CLAIMS[error.claim] ?? 'one of its claims is not as it must be');
  }
  if (isOfToken(error)) return unauthenticated('its signature is none of a key that is known here');
  return new Problem('UNAVAILABLE', "the keys of the tokens' issuer can't be had now", {
    headers: { 'retry-after': '2' },
  });
}

/** The token's fault; what else fails is of the way to the keys. */
function isOfToken(error: unknown): boolean {
  if (error instanceof errors.JWKSTimeout || error instanceof errors.JWKSInvalid) return false;
  return error instanceof errors.JOSEError && error.code !== 'ERR_JOSE_GENERIC';
}

function unauthenticated(why: string): Problem {
  const headers = { 'www-authenticate': 'Bearer realm="ballast"' };
  return new Problem('UNAUTHENTICATED', `the token is not taken: ${why}`, { headers });
}

/** `scope` as OAuth has it, words with blanks between; some providers write a list, or call it `scp`. */
function scopesOf({ scope, scp }: JWTPayload): ReadonlySet<Scope> {
  const told = [scope, scp].flatMap((claim) => {
    if (typeof claim === 'string') return claim.split(' ');
    return Array.isArray(claim) ? claim.map(String) : [];
  });
  return new Set(told.filter(isScope));
}
