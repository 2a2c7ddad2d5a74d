/** `ballast session`: who is let in, listed and called back by the command line. Real PostgreSQL, nothing else. */
import { expect, test } from '@jest/globals';
import { decodeJwt } from 'jose';
import type { SessionView } from '../../contract/views.js';
import { useAccountDatabase } from '../store/support/account-database.js';
import { ballast } from './support.js';

const opened = useAccountDatabase(['AAA'], '1000000');
const JWT_SECRET = 'k'.repeat(32);
const env = () => ({
  ...{ DATABASE_URL: opened().url, TEMPORAL_ADDRESS: '127.0.0.1:1', JWT_SECRET },
});
const run = (...argv: string[]) => ballast(argv, { env: env() });
const listed = async () =>
  JSON.parse((await run('session', 'list', '--json')).out) as SessionView[];

test('[API-2] a token stands in the list by the id that is in it, and is called back by it', async () => {
  expect((await run('session', 'list')).out).toBe('nobody is logged in, and there is no token\n');
  const { out, err } = await run('token', '--scope', 'read,trade');
  expect(err).toBe('');
  const id = decodeJwt(out.trim()).jti!;
  const list = await run('session', 'list');
  expect(list.out).toMatch(new RegExp(`${id} +token +read, trade .* never +until `));
  expect(list.out).not.toContain(out.trim());
  expect(await run('session', 'revoke', id)).toMatchObject({ code: 0, out: `${id} is revoked\n` });
  expect(await listed()).toMatchObject([{ id, revoked_by: expect.stringMatching(/^cli/) }]);
  const again = await run('session', 'revoke', id);
  expect(again).toMatchObject({ code: 1, err: expect.stringContaining('there is no session') });
});

test('[API-2] all of a kind are called back at once', async () => {
  await run('token');
  await run('token');
  expect((await run('session', 'revoke', '--all', 'dashboard')).out).toBe('0 revoked\n');
  expect((await run('session', 'revoke', '--all', 'any')).out).toBe('2 revoked\n');
  expect((await listed()).filter(({ revoked_at: at }) => at === null)).toEqual([]);
});

test('[API-2] a token for nobody is refused: it would let nobody in', async () => {
  const stranger = await run('token', '--user', 'stranger');
  expect(stranger).toMatchObject({ code: 1, out: '' });
  expect(stranger.err).toContain('there is no user stranger');
  expect(JSON.parse((await run('token', '--user', 'stranger', '--json')).out)).toMatchObject({
    error: { message: expect.stringContaining('no user stranger') },
  });
});

test('[API-2] a token that is made without the database says that it can’t be called back', async () => {
  const away = { ...env(), DATABASE_URL: 'postgresql://nobody@127.0.0.1:1/none' };
  const made = await ballast(['token'], { env: away });
  expect(made.code).toBe(0);
  expect(decodeJwt(made.out.trim()).jti).toBeUndefined();
  expect(made.err).toContain("can't be called back one by one");
});

test.each([[[]], [['x', '--all', 'token']], [['--all', 'most']]])(
  '[CLI-1] ballast session revoke %j ends with 2',
  async (argv) => {
    expect((await run('session', 'revoke', ...argv)).code).toBe(2);
  },
);
