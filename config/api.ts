/** Settings: the HTTP API, who may use it, and how much. */
import { TOKEN_AUDIENCE, TOKEN_ISSUER } from '../contract/tokens.js';
import { count, list, optionalText, port, text } from './fields.js';

/** HS256 is as strong as its key: 256 bits. */
const SECRET_PATTERN = /^.{32,}$/s;

/** Below the ports that systems hand out for outgoing connections, and taken by no part of Ballast. */
const API_PORT_DEFAULT = 8_484;

const KIB = 1_024;
/** A signal with all it may carry (SIG-1: 16 KiB of context), written with a lot of white space. */
const BODY_BYTES_DEFAULT = 64 * KIB;
const BODY_BYTES_MIN = 20 * KIB;
const BODY_BYTES_MAX = 1_024 * KIB;

export const apiSettings = {
  API_HOST: text('127.0.0.1', {
    description: 'The address that the HTTP API listens on.',
    reason:
      'This machine alone. It speaks plain HTTP: beyond this machine it belongs behind a proxy that speaks TLS.',
  }),
  API_PORT: port(API_PORT_DEFAULT, {
    description: 'The port that the HTTP API listens on.',
    reason:
      '`npm start` takes the one of its own block, so that several checkouts run side by side.',
  }),
  API_BODY_BYTES_MAX: count(
    BODY_BYTES_DEFAULT,
    { min: BODY_BYTES_MIN, max: BODY_BYTES_MAX, unit: 'bytes' },
    {
      description: 'The largest body of a request that is read.',
      reason: 'A signal with all that it may carry is below 20 KiB.',
    },
  ),
  API_REQUESTS_PER_MINUTE: count(
    1_200,
    { min: 10, max: 1_000_000, unit: 'requests/min' },
    {
      description:
        'Requests that a user, or without a token an address, may make in a minute. A halt and flatten are never refused for it; what else ends or protects counts by itself, each endpoint as many.',
      reason: 'Twenty a second: more than a dashboard and a signal generator need together.',
    },
  ),
  API_PUBLIC_URL: optionalText(
    {
      description: 'Where the HTTP API is reached from outside, for the addresses of webhooks.',
      reason:
        'Unset: they are shown with the address that it listens on, which no charting service reaches.',
    },
    {
      pattern: /^https?:\/\/[^\s?#]+$/,
      allowed: 'an address that begins with https:// (or http://)',
    },
  ),
  HOOK_REQUESTS_PER_MINUTE: count(
    120,
    { min: 1, max: 100_000, unit: 'requests/min' },
    {
      description: 'Alerts that a webhook takes in a minute; those beyond it are refused.',
      reason:
        'A hundred charts that tell of the close of one bar fit. Refused alerts are not sent again by most services.',
    },
  ),
  API_STREAMS_MAX: count(
    50,
    { min: 1, max: 10_000, unit: 'connections' },
    {
      description: 'Streams of events that may be open at once, of all users.',
      reason: 'Each holds a socket; a dashboard needs one.',
    },
  ),
  MCP_HOSTS: list({
    description:
      'Names by which the MCP server (`/mcp` of the HTTP API) is asked from beyond this machine, as a proxy passes them on; pages of these names may ask it too.',
    reason:
      'Empty: this machine and `API_HOST` alone. A page under any other name is refused, whatever address that name has.',
  }),
  JWT_SECRET: optionalText(
    {
      description: 'Key that signs and checks the tokens of the HTTP API.',
      reason: 'Unset: one is made on the first use, and kept in the state folder.',
    },
    { pattern: SECRET_PATTERN, allowed: 'at least 32 characters', secret: true },
  ),
  JWT_JWKS_URL: optionalText(
    {
      description:
        "Where the keys of an identity provider are, whose tokens are taken as well; HS256 is taken by JWT_SECRET's key alone.",
      reason: 'Unset: only tokens that were signed with JWT_SECRET.',
    },
    {
      pattern: /^https?:\/\/\S+$/,
      allowed: 'an address that begins with https:// (http:// on this machine)',
    },
  ),
  JWT_ISSUER: text(TOKEN_ISSUER, {
    description: 'The issuer (`iss`) that a token must name.',
    reason: 'As `ballast token` writes it; an identity provider has its own.',
  }),
  JWT_AUDIENCE: text(TOKEN_AUDIENCE, {
    description: 'The audience (`aud`) that a token must name.',
    reason: 'As `ballast token` writes it: a token that was made for something else is not taken.',
  }),
  JWT_OWNER_SUBJECTS: list({
    description:
      "Subjects (`sub`) of an identity provider's tokens that are the owner of this installation.",
    reason:
      "Empty: a token's subject is the name of a user here, such as `owner`. Once set, these alone are the owner, and another subject of that name is refused.",
  }),
};

type Values = { readonly [Name in keyof typeof apiSettings]?: unknown };

interface Wrong {
  readonly name: keyof typeof apiSettings;
  readonly message: string;
}

/**
 * What does not fit together among these settings.
 * @param isLoopback whether an address is on this machine
 */
export function apiContradictions(values: Values, isLoopback: (url: string) => boolean): Wrong[] {
  const url = values.JWT_JWKS_URL as string | undefined;
  if (url === undefined) return [];
  if (!URL.canParse(url)) return [{ name: 'JWT_JWKS_URL', message: 'is no address' }];
  if (url.startsWith('https:') || isLoopback(url)) return [];
  const message =
    'must begin with https://: whoever can change what comes from there can sign tokens';
  return [{ name: 'JWT_JWKS_URL', message }];
}
