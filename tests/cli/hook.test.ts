/** `ballast hook`: made, listed, tried and revoked by the command line. Real PostgreSQL, nothing else. */
import { describe, expect, test } from '@jest/globals';
import type { HookView } from '../../contract/views.js';
import { useAccountDatabase } from '../store/support/account-database.js';
import { ballast } from './support.js';

const opened = useAccountDatabase(['AAA'], '1000000');

const env = (more: Record<string, string> = {}) => ({
  ...{ DATABASE_URL: opened().url, TEMPORAL_ADDRESS: '127.0.0.1:1' },
  ...more,
});
const run = (...argv: string[]) => ballast(['hook', ...argv], { env: env() });

const ALERT = { ticker: 'NASDAQ:AAA', action: 'buy', timenow: '2026-11-23T14:30:05Z' };
const tried = (alert: object, ...more: string[]) =>
  ballast(['hook', 'test', 'chart', ...more], { env: env(), input: JSON.stringify(alert) });

describe('[SIG-6] ballast hook', () => {
  test('makes a webhook and prints its address once, alone on stdout', async () => {
    expect((await run('list')).out).toBe('there is no webhook\n');
    const { code, out, err } = await run('create', 'chart', '--strategy', 'momentum,breakout');
    expect(code).toBe(0);
    expect(out).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/hooks\/bhook_[A-Za-z0-9_-]{43}\n$/);
    expect(err).toContain('keep it as a password');
    expect(err).toContain('API_PUBLIC_URL is not set');
    const token = out.trim().split('/').pop()!;
    const listed = await run('list');
    expect(listed.out).toMatch(/chart +tradingview +momentum, breakout +\S+ \S+ +never/);
    const all = [listed, await run('list', '--json'), await ballast(['audit'], { env: env() })];
    expect(all.filter(({ out: told }) => told.includes(token))).toEqual([]);
  });

  test('with API_PUBLIC_URL the address is whole', async () => {
    const given = { env: env({ API_PUBLIC_URL: 'https://trade.example/' }) };
    const argv = ['hook', 'create', 'public', '--strategy', 'momentum', '--json'];
    const { out, err } = await ballast(argv, given);
    const made = JSON.parse(out) as HookView & { url: string };
    expect(made.url).toMatch(/^https:\/\/trade\.example\/hooks\/bhook_/);
    expect(err).not.toContain('API_PUBLIC_URL');
  });

  const wrong: [string, string[], number, RegExp][] = [
    ['no strategy', ['create', 'x'], 2, /--strategy/],
    ['a template of nobody', ['create', 'x', '--strategy', 'a', '--template', 'y'], 2, /plain/],
    ['a name that is none', ['create', 'a b', '--strategy', 'a'], 2, /1 to 64 characters/],
    ['a strategy that is none', ['create', 'x', '--strategy', 'ä'], 2, /1 to 50 names/],
    ['a name that is taken', ['create', 'chart', '--strategy', 'a'], 1, /there is a hook chart/],
    ['a webhook that is none', ['revoke', 'nobody'], 1, /there is no webhook nobody/],
  ];
  test.each(wrong)('%s is refused', async (_, argv, code, why) => {
    const ran = await run(...argv);
    expect([ran.code, ran.out]).toEqual([code, '']);
    expect(ran.err).toMatch(why);
  });

  test('a dry run shows the signal, and stores nothing', async () => {
    const { code, out } = await tried({ ...ALERT, strategy_id: 'momentum' });
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      ...{ id: expect.stringMatching(/^tv-20261123T143005Z-AAA-BUY-/), symbol: 'AAA', side: 'BUY' },
      strategy_id: 'momentum',
    });
    expect(await opened().db.signal.count()).toBe(0);
  });

  test('a dry run says which field is wrong', async () => {
    const missing = await tried({ ...ALERT, action: 'hold' });
    expect([missing.code, missing.out]).toEqual([1, '']);
    expect(missing.err).toContain('  action: expected buy or sell\n');
    expect(missing.err).toContain('  strategy_id: required\n');
    const other = await tried({ ...ALERT, strategy_id: 'other' }, '--json');
    expect(JSON.parse(other.out)).toMatchObject({
      error: { code: 'STRATEGY_NOT_ALLOWED', issues: [{ path: 'strategy_id' }] },
    });
  });

  test('revoked, it is shown as such, tried no more, and its name is free', async () => {
    expect(await run('revoke', 'chart')).toMatchObject({ code: 0, out: 'chart is revoked\n' });
    expect((await run('list')).out).toMatch(/chart .* never +\S+ \S+ by cli/);
    expect((await tried(ALERT)).err).toContain('there is no webhook chart, or it was revoked');
    expect((await run('create', 'chart', '--strategy', 'momentum')).code).toBe(0);
  });
});
