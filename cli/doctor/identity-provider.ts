/** Whether the keys of an identity provider can be had, by which its tokens are judged. */
import type { Config } from '../../config/index.js';
import { note, ok, wrong, type Check } from '../../app/doctor/check.js';
import { TOKEN_AUDIENCE, TOKEN_ISSUER } from '../../contract/tokens.js';
import { askApi } from './ask-api.js';

const NAME = 'token keys';
/** Of RFC 7517: kinds of keys that can be told to anybody. */
const PUBLIC_KINDS = ['RSA', 'EC', 'OKP'];

/** Nothing where no provider is named. */
export async function providerCheck(config: Config): Promise<Check[]> {
  const { jwtJwksUrl: url, jwtIssuer: issuer, jwtAudience: audience } = config;
  if (url === undefined) return [];
  const answer = await askApi(url);
  const remedy =
    'check JWT_JWKS_URL (the provider names it as jwks_uri): until it answers its tokens get 503';
  if (typeof answer === 'string') return [wrong(NAME, `no answer at ${url}: ${answer}`, remedy)];
  const keys = answer.body?.['keys'];
  if (answer.status !== 200 || !Array.isArray(keys)) {
    return [wrong(NAME, `${url} answers ${answer.status} and holds no keys`, remedy)];
  }
  const usable = (keys as { kty?: unknown }[]).filter((key) =>
    PUBLIC_KINDS.includes(String(key?.kty)),
  );
  if (usable.length === 0) return [wrong(NAME, `${url} holds no public key`, remedy)];
  const own = [
    ...(issuer === TOKEN_ISSUER ? ['JWT_ISSUER'] : []),
    ...(audience === TOKEN_AUDIENCE ? ['JWT_AUDIENCE'] : []),
  ];
  if (own.length === 0) return [ok(NAME, `${usable.length} at ${url}`)];
  const found = `${own.join(' and ')} still as "ballast token" writes: no token of the provider is taken unless it writes the same`;
  return [note(NAME, found, `set ${own.join(' and ')} to what stands in its tokens (iss, aud)`)];
}
