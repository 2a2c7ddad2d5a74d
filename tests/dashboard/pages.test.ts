/** What every page of the dashboard keeps to: its policy, its weight, who may use it, and who can (UI-1). */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { call, testApi, token, type TestApi } from '../api/support.js';
import { manyTrades } from './rows.js';
import { linkOf, openBrowser, openPage, until, violations } from './support.js';

const TRADES = 10_000;
const FIRST_LOAD_BYTES_MAX = 200_000;
const SCREENS = ['', 'trades', 'approvals', 'preview', 'strategies', 'reconciliation'].concat([
  'notifications',
  'health',
]);

let api: TestApi;
let browser: Browser;
let closedId: string;
beforeAll(async () => {
  api = await testApi({
    API_REQUESTS_PER_MINUTE: '100000',
    DISCORD_WEBHOOK_URL: 'http://127.0.0.1:1/',
  });
  closedId = await manyTrades(api.db, api.ready, TRADES);
  browser = await openBrowser();
}, 120_000);
afterAll(async () => {
  await browser?.close();
  await api?.close();
}, 60_000);

describe('[UI-1] logging in', () => {
  test('by a link, once; no address has the code or a token afterwards', async () => {
    const { page, addresses } = await openPage(browser, api);
    expect(page.url()).toBe(`${api.url}/dashboard/`);
    expect(addresses.filter((address) => /login=|token|ey[A-Za-z0-9_-]{10}/.test(address))).toEqual(
      [],
    );
    const cookies = await page.context().cookies();
    expect(cookies).toHaveLength(1);
    expect(cookies[0]).toMatchObject({ httpOnly: true, sameSite: 'Strict' });
    expect(await page.evaluate('document.cookie + JSON.stringify(localStorage)')).toBe('{}');
    await page.reload();
    await page.locator('.banner .fact').first().waitFor();
    await page.context().close();
  }, 90_000);

  test('a link that was used says how to get another, and a pasted one does', async () => {
    const link = await linkOf(api);
    const used = await (await browser.newContext()).newPage();
    await used.goto(link);
    await used.locator('.banner .fact').first().waitFor();
    await used.context().close();
    const page = await (await browser.newContext()).newPage();
    await page.goto(link);
    await page.getByText('the link was used before').waitFor();
    await page.getByText('npx ballast dashboard').first().waitFor();
    expect(await violations(page)).toEqual([]);
    await page.getByLabel('The link, or its code').fill(await linkOf(api));
    await page.getByRole('button', { name: 'Log in' }).click();
    await page.locator('.banner .fact').first().waitFor();
    await page.getByRole('button', { name: 'Log out' }).click();
    await page.getByText('This browser is not logged in').waitFor();
    await page.context().close();
  }, 90_000);
});

test('[UI-1] another browser is signed out from here, one or all, and says so', async () => {
  const other = await openPage(browser, api);
  const agent = 'Mozilla/5.0 (Windows NT 10.0; rv:145.0) Gecko/20100101 Firefox/145.0';
  const third = await openPage(browser, api, { agent });
  const { page, go } = await openPage(browser, api);
  await go('health');
  const row = page.locator('tr[data-session]', { hasText: 'Firefox on Windows' });
  await row.getByRole('button', { name: 'Sign out …' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Sign out' }).click();
  await third.page.getByText('the session was signed out').waitFor();
  await row.waitFor({ state: 'detached' });
  expect(await other.page.locator('.banner .fact').count()).toBeGreaterThan(0);
  await page.getByRole('button', { name: 'Sign out all others …' }).click();
  await page
    .getByRole('dialog')
    .getByRole('button', { name: /^Sign out \d+$/ })
    .click();
  await other.page.getByText('the session was signed out').waitFor();
  await until('one is left', async () => (await page.locator('tr[data-session]').count()) === 1);
  await page.locator('tr[data-session]').getByText('this browser').waitFor();
  for (const each of [other, third, { page }]) await each.page.context().close();
}, 120_000);

test('[UI-1] another tab of a browser that logged out says so in a browser’s words', async () => {
  const { page } = await openPage(browser, api);
  const other = await page.context().newPage();
  await other.goto(`${api.url}/dashboard/`);
  await other.locator('.banner .fact').first().waitFor();
  await page.getByRole('button', { name: 'Log out' }).click();
  // Asked while the session was ending, it is told by that; afterwards there is no cookie any more.
  const told = /you are signed out here|the session was signed out/;
  await other.getByText(told).waitFor();
  expect(await other.locator('body').textContent()).not.toContain('Authorization');
  await page.context().close();
}, 60_000);

describe('[API-2] the session', () => {
  const cookieOf = async (): Promise<string> => {
    const code = (await linkOf(api)).split('#login=')[1];
    const headers = { 'x-ballast-dashboard': '1' };
    const body = { code };
    const given = await call(api, '/api/v1/session', {
      ...{ method: 'POST', token: null, body, headers },
    });
    expect(given.status).toBe(201);
    return given.headers.get('set-cookie')!.split(';')[0]!;
  };

  test('changes something only from its own origin, with its header; a bearer needs neither', async () => {
    const cookie = await cookieOf();
    const post = (headers: Record<string, string>) =>
      call(api, '/api/v1/notifications/test', {
        ...{ method: 'POST', token: null, body: {}, headers: { cookie, ...headers } },
      });
    const mark = { 'x-ballast-dashboard': '1' };
    expect((await post(mark)).status).toBe(202);
    expect((await post({})).body.code).toBe('CROSS_SITE');
    // Another port of this machine is of the same site for a browser.
    expect((await post({ ...mark, origin: 'http://127.0.0.1:1' })).body.code).toBe('CROSS_SITE');
    expect((await post({ ...mark, 'sec-fetch-site': 'same-site' })).body.code).toBe('CROSS_SITE');
    const own = { origin: api.url, 'sec-fetch-site': 'same-origin' };
    expect((await post({ ...mark, ...own })).status).toBe(202);
    const bearer = await call(api, '/api/v1/notifications/test', { method: 'POST', body: {} });
    expect(bearer.status).toBe(202);
  });

  test('is no bearer token, and a bearer token is no session', async () => {
    const cookie = await cookieOf();
    const [name, session] = cookie.split('=');
    const asBearer = await call(api, '/api/v1/session', { token: session! });
    expect(asBearer.status).toBe(401);
    const asCookie = await call(api, '/api/v1/session', {
      ...{ token: null, headers: { cookie: `${name}=${await token()}` } },
    });
    expect(asCookie.body.detail).toContain('ballast dashboard');
    const read = await call(api, '/api/v1/session', { token: null, headers: { cookie } });
    expect(read.body).toMatchObject({ user: 'owner', is_owner: true });
  });

  test('may do what its link was made for, and no more', async () => {
    const { page, go } = await openPage(browser, api, { scopes: ['read'] });
    expect(await page.getByRole('button', { name: 'Halt …' }).isDisabled()).toBe(true);
    await go('preview');
    expect(await page.getByRole('button', { name: 'Preview' }).isDisabled()).toBe(true);
    await page.context().close();
  }, 60_000);
});

test('[UI-1] the first load has less than 200 kB of script, compressed, and its policy allows nothing inline', async () => {
  const context = await browser.newContext();
  const page = await context.newPage();
  const sizes: Record<string, number> = {};
  const devtools = await context.newCDPSession(page);
  await devtools.send('Network.enable');
  const scripts = new Map<string, string>();
  devtools.on('Network.responseReceived', ({ requestId, type, response }) => {
    if (type === 'Script') scripts.set(requestId, new URL(response.url).pathname);
  });
  devtools.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    const script = scripts.get(requestId);
    if (script !== undefined) sizes[script] = encodedDataLength;
  });
  const answer = await page.goto(await linkOf(api));
  await page.locator('.banner .fact').first().waitFor();
  await until('scripts are measured', () => Promise.resolve(Object.keys(sizes).length > 0));
  const total = Object.values(sizes).reduce((so, size) => so + size, 0);
  console.log({ firstLoadScriptBytes: total, scripts: Object.keys(sizes).length });
  expect(total).toBeGreaterThan(50_000);
  expect(total).toBeLessThan(FIRST_LOAD_BYTES_MAX);
  const policy = answer!.headers()['content-security-policy'] ?? '';
  expect(policy).toContain("default-src 'none'");
  expect(policy).toContain("script-src 'self';");
  expect(policy).not.toMatch(/unsafe|\*|http/);
  const asset = Object.keys(sizes)[0]!;
  const cached = await fetch(`${api.url}${asset}`);
  expect(cached.headers.get('cache-control')).toContain('immutable');
  const ran = await page.evaluate(`(() => {
    const script = document.createElement('script');
    script.textContent = 'window.ran = true';
    document.body.append(script);
    return window.ran ?? false;
  })()`);
  expect(ran).toBe(false);
  await context.close();
}, 90_000);

describe.each([
  ['light', 1280, 800],
  ['light', 390, 844],
  ['dark', 1280, 800],
  ['dark', 390, 844],
] as const)('[UI-1] in %s colours, %d × %d', (theme, width, height) => {
  test('every screen is without a violation, without a complaint, and no wider than the window', async () => {
    const { page, complaints, go } = await openPage(browser, api, { theme, width, height });
    for (const screen of [...SCREENS, `trades/${closedId}`]) {
      await go(screen);
      await page.locator('main h1').first().waitFor({ state: 'attached' });
      await until(`${screen} is read`, async () => (await page.locator('.loading').count()) === 0);
      expect(await page.evaluate('document.documentElement.dataset.theme')).toBe(theme);
      const found = await violations(page);
      expect({ screen, found }).toEqual({ screen, found: [] });
      const over = await page.evaluate(
        'document.documentElement.scrollWidth - document.documentElement.clientWidth',
      );
      expect({ screen, over }).toEqual({ screen, over: 0 });
    }
    expect(complaints).toEqual([]);
    await page.context().close();
  }, 180_000);
});

test('[UI-1] 10,000 trades scroll, sort and filter without a page that stands still', async () => {
  const { page, go } = await openPage(browser, api);
  await go('trades');
  const summary = page.locator('[data-whole="true"]');
  await summary.waitFor({ timeout: 90_000 });
  expect(await summary.getAttribute('data-count')).toBe(String(TRADES));
  expect(await page.locator('tr[data-trade]').count()).toBeLessThan(80);
  const frames = await page.evaluate<number[]>(`new Promise((resolve) => {
    const box = document.querySelector('.rows');
    const times = [];
    let before = performance.now();
    let step = 0;
    const next = (now) => {
      times.push(now - before);
      before = now;
      if (step === 90) return resolve(times.slice(1));
      step += 1;
      box.scrollTop = (step / 90) * box.scrollHeight;
      requestAnimationFrame(next);
    };
    requestAnimationFrame(next);
  })`);
  const sorted = [...frames].sort((a, b) => a - b);
  const at = (share: number) => Math.round(sorted[Math.floor(sorted.length * share)]!);
  console.log({ frameMs: { p50: at(0.5), p95: at(0.95), max: at(0.999) } });
  const sortMs = await page.evaluate<number>(`new Promise((resolve) => {
    const begin = performance.now();
    [...document.querySelectorAll('.sort')].find((each) => each.textContent.startsWith('Result')).click();
    requestAnimationFrame(() => requestAnimationFrame(() => resolve(performance.now() - begin)));
  })`);
  console.log({ sortMs: Math.round(sortMs) });
  expect(page.url()).toContain('sort=-pnl');
  await page.getByLabel('Symbol').fill('CCC');
  await until('the filter is in the address', async () => page.url().includes('symbol=CCC'));
  await page.locator('[data-whole="true"][data-count="2500"]').waitFor();
  // Whoever opens the same address sees the same.
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: 'Export CSV' }).click(),
  ]);
  const lines = await text(await download.createReadStream());
  expect(lines.trim().split('\n')).toHaveLength(2_501);
  expect(lines.split('\n')[1]).toContain('CCC');
  await page.reload();
  await page.locator('[data-whole="true"][data-count="2500"]').waitFor();
  expect(await page.getByLabel('Symbol').inputValue()).toBe('CCC');
  await page.context().close();
}, 180_000);

async function text(stream: NodeJS.ReadableStream): Promise<string> {
  let whole = '';
  for await (const chunk of stream) whole += String(chunk);
  return whole;
}
