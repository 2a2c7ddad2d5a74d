/** Tokens: by this installation's secret, or by an identity provider's keys (a real server on this machine). */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { authenticator, type TokenSettings } from '../../api/auth.js';
import { Problem } from '../../api/problems.js';
import { TOKEN_AUDIENCE, TOKEN_ISSUER } from '../../contract/tokens.js';
import { SECRET, token, unsigned, type TokenMade } from './support.js';

type Keys = Awaited<ReturnType<typeof generateKeyPair>>;

const plain: TokenSettings = {
  ...{ jwtSecret: SECRET, jwtIssuer: TOKEN_ISSUER, jwtAudience: TOKEN_AUDIENCE },
  jwtOwnerSubjects: [],
};

async function refusal(settings: TokenSettings, header: string | undefined): Promise<Problem> {
  try {
    await authenticator(settings, 'owner')(header);
  } catch (error) {
    if (error instanceof Problem) return error;
    throw error;
  }
  throw new Error('the token was taken');
}

describe('[API-2] tokens of this installation', () => {
  test('one that is right says whose it is and what it allows', async () => {
    const bearer = await token({ user: 'anna', scopes: ['read', 'trade'] });
    const { user, scopes } = await authenticator(plain, 'owner')(`Bearer ${bearer}`);
    expect([user, [...scopes]]).toEqual(['anna', ['read', 'trade']]);
  });

  const wrong: [string, TokenMade, RegExp][] = [
    ['another key', { secret: 'another-secret-of-more-than-32-chars' }, /signature/],
    ['a time that is over', { expiresInS: -60 }, /expired/],
    ['another audience', { audience: 'another-api' }, /\(aud\)/],
    ['another issuer', { issuer: 'somebody' }, /\(iss\)/],
    ['a subject that is no name', { user: 'a\u0000b' }, /subject/],
  ];
  test.each(wrong)('%s is refused', async (_, made, why) => {
    const problem = await refusal(plain, `Bearer ${await token(made)}`);
    expect([problem.code, problem.status]).toEqual(['UNAUTHENTICATED', 401]);
    expect(problem.message).toMatch(why);
  });

  test('one that never expires is refused', async () => {
    const eternal = await new SignJWT({ scope: 'read' })
      .setProtectedHeader({ alg: 'HS256' })
      .setIssuer(TOKEN_ISSUER)
      .setAudience(TOKEN_AUDIENCE)
      .setSubject('owner')
      .sign(new TextEncoder().encode(SECRET));
    expect((await refusal(plain, `Bearer ${eternal}`)).code).toBe('UNAUTHENTICATED');
  });

  test.each([
    ['no header', undefined],
    ['another scheme', 'Basic b3duZXI6eA=='],
    ['no token', 'Bearer '],
    ['no three parts', 'Bearer abc'],
    ['nobody’s signature (alg none)', `Bearer ${unsigned()}`],
    ['words without end', `Bearer ${'a'.repeat(100_000)}`],
  ])('%s is refused', async (_, header) => {
    expect((await refusal(plain, header)).code).toBe('UNAUTHENTICATED');
  });
});

describe('[API-2] tokens of an identity provider', () => {
  let keys: Keys;
  let provider: Server;
  let settings: TokenSettings;
  let publicText = '';

  beforeAll(async () => {
    keys = await generateKeyPair('RS256', { extractable: true });
    const jwk = { ...(await exportJWK(keys.publicKey)), kid: 'one', alg: 'RS256', use: 'sig' };
    publicText = JSON.stringify(jwk);
    provider = createServer((_request, response) => {
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify({ keys: [jwk] }));
    });
    await new Promise<void>((resolve) => provider.listen(0, '127.0.0.1', resolve));
    const { port } = provider.address() as AddressInfo;
    settings = {
      ...{ jwtJwksUrl: `http://127.0.0.1:${port}/keys`, jwtIssuer: 'https://login.example' },
      ...{ jwtAudience: 'ballast-api', jwtOwnerSubjects: ['provider|1'] },
    };
  });
  afterAll(() => void provider?.close());

  const foreign = (sub: string, key: Parameters<SignJWT['sign']>[0], alg = 'RS256') =>
    new SignJWT({ scp: ['read', 'approve', 'unknown'] })
      .setProtectedHeader({ alg, kid: 'one' })
      .setIssuer('https://login.example')
      .setAudience('ballast-api')
      .setSubject(sub)
      .setExpirationTime('5m')
      .sign(key);

  test('one that is right is taken; a subject may stand for the owner', async () => {
    const judge = authenticator(settings, 'owner');
    const anna = await judge(`Bearer ${await foreign('anna', keys.privateKey)}`);
    expect([anna.user, [...anna.scopes]]).toEqual(['anna', ['read', 'approve']]);
    const owner = await judge(`Bearer ${await foreign('provider|1', keys.privateKey)}`);
    expect(owner.user).toBe('owner');
  });

  test('with subjects named, nobody else is the owner by being called so', async () => {
    const named = await foreign('owner', keys.privateKey);
    const problem = await refusal(settings, `Bearer ${named}`);
    expect([problem.code, problem.status]).toEqual(['UNAUTHENTICATED', 401]);
    expect(problem.message).toContain('JWT_OWNER_SUBJECTS');
    const unnamed = authenticator({ ...settings, jwtOwnerSubjects: [] }, 'owner');
    expect((await unnamed(`Bearer ${named}`)).user).toBe('owner');
    const both = { ...settings, jwtOwnerSubjects: ['owner'] };
    expect((await authenticator(both, 'owner')(`Bearer ${named}`)).user).toBe('owner');
    const own = { ...settings, jwtSecret: SECRET };
    const ours = await token({ issuer: settings.jwtIssuer, audience: settings.jwtAudience });
    expect((await authenticator(own, 'owner')(`Bearer ${ours}`)).user).toBe('owner');
  });

  test('a subject stands for the owner only where the provider says it', async () => {
    const both = { ...settings, jwtSecret: SECRET };
    const own = await token({ user: 'provider|1', issuer: 'https://login.example' });
    expect((await authenticator(both, 'owner')(`Bearer ${own}`)).user).toBe('provider|1');
  });

  test('its public key signs nothing (HS256 with the key that all may read)', async () => {
    const secret = new TextEncoder().encode(publicText);
    const forged = await foreign('provider|1', secret, 'HS256');
    expect((await refusal(settings, `Bearer ${forged}`)).code).toBe('UNAUTHENTICATED');
    const both = { ...settings, jwtSecret: SECRET };
    expect((await refusal(both, `Bearer ${forged}`)).code).toBe('UNAUTHENTICATED');
  });

  test('another key under the same name is refused', async () => {
    const other = await generateKeyPair('RS256');
    const problem = await refusal(settings, `Bearer ${await foreign('anna', other.privateKey)}`);
    expect(problem.code).toBe('UNAUTHENTICATED');
  });

  test('keys that can’t be had are an outage, not a refusal', async () => {
    const gone = { ...settings, jwtJwksUrl: 'http://127.0.0.1:1/keys' };
    const problem = await refusal(gone, `Bearer ${await foreign('anna', keys.privateKey)}`);
    expect([problem.code, problem.status]).toEqual(['UNAVAILABLE', 503]);
    expect(problem.message).not.toContain('127.0.0.1');
  });
});
