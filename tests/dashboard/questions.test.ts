/** What a page may say and ask while things change under it: other tabs, other people, another database, a plain address (UI-1). */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { ask, testApi, type TestApi } from '../api/support.js';
import { manyTrades } from './rows.js';
import { linkOf, openBrowser, openPage } from './support.js';

/** A browser holds so many connections to one host, for all its tabs. */
const CONNECTIONS = 6;
/** More than two pages of the API's. */
const TRADES = 450;

let api: TestApi;
let browser: Browser;
beforeAll(async () => {
  api = await testApi({ API_REQUESTS_PER_MINUTE: '100000' });
  await manyTrades(api.db, api.ready, TRADES);
  await api.db.trade.updateMany({
    where: { id: { in: (await newest(2)).map(({ id }) => id) } },
    data: { state: 'OPEN', heldQuantity: 10, isProtected: false, settledAt: null, closedAt: null },
  });
  browser = await openBrowser();
}, 120_000);
afterAll(async () => {
  await browser?.close();
  await api?.close();
}, 60_000);

const newest = (take: number) =>
  api.db.trade.findMany({ select: { id: true }, orderBy: { createdAt: 'desc' }, take });
const turn = (mode: 'ACTIVE' | 'HALTED') =>
  ask(api, '/api/v1/modes', 200, { method: 'POST', body: { kind: 'installation', mode } });
const answerOf = (page: Page) => page.locator('.answer').getAttribute('data-answer');

test('[RSK-5] a question about halting never turns into one about resuming while it is open', async () => {
  const { page } = await openPage(browser, api);
  await page.getByRole('button', { name: 'Halt …' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Halt entries' }).waitFor();
  try {
    await turn('HALTED');
    await page.getByRole('button', { name: 'Resume …' }).waitFor();
    expect(await page.getByRole('dialog').count()).toBe(0);
  } finally {
    await turn('ACTIVE');
  }
  await page.context().close();
}, 60_000);

test('[RSK-5] a halt and a pause say how many entries they cancel, and a resume that they do not come back', async () => {
  const two = { id: { in: (await newest(2)).map(({ id }) => id) } };
  await api.db.trade.updateMany({ where: two, data: { state: 'PARTIALLY_OPEN' } });
  const { page, go } = await openPage(browser, api);
  const dialog = page.getByRole('dialog');
  const ask = async (label: string, says: string) => {
    await page.getByRole('button', { name: label }).first().click();
    await dialog.getByText(says).waitFor();
    await page.keyboard.press('Escape');
  };
  try {
    await ask('Halt …', '2 entries that wait at the broker are cancelled');
    await go('strategies');
    await ask('Pause …', '2 entries that wait at the broker are cancelled');
    await turn('HALTED');
    await ask('Resume …', 'do not come back');
  } finally {
    await turn('ACTIVE');
    await api.db.trade.updateMany({ where: two, data: { state: 'OPEN' } });
  }
  await page.context().close();
}, 60_000);

test('[UI-1] an account that is remembered, and is none here, hides nothing', async () => {
  const { page } = await openPage(browser, api);
  expect(await answerOf(page)).toBe('unprotected');
  await page.evaluate("localStorage.setItem('ballast.account', 'DU-of-another-database')");
  await page.reload();
  await page.locator('.banner .fact').first().waitFor();
  expect(await answerOf(page)).toBe('unprotected');
  await page.context().close();
}, 60_000);

test('[UI-1] a link that is opened in a tab that shows the page logs in, and its code leaves the address', async () => {
  const page = await (await browser.newContext()).newPage();
  await page.goto(`${api.url}/dashboard/`);
  await page.getByText('This browser is not logged in').waitFor();
  await page.goto(await linkOf(api));
  await page.locator('.banner .fact').first().waitFor();
  expect(page.url()).not.toContain('login=');
  await page.context().close();
}, 60_000);

test('[UI-1] halting works at an address that is not this machine, without TLS', async () => {
  const context = await browser.newContext();
  const page = await context.newPage();
  const { port } = new URL(api.url);
  const link = new URL(await linkOf(api));
  link.host = `desk.example:${port}`;
  await page.goto(link.href);
  await page.getByRole('button', { name: 'Halt …' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Halt entries' }).waitFor();
  expect(await page.evaluate('window.isSecureContext')).toBe(false);
  await context.close();
}, 60_000);

test('[UI-1] more tabs than a browser has connections are all live', async () => {
  const { page } = await openPage(browser, api);
  const pages = [page];
  for (let n = 0; n < CONNECTIONS; n += 1) {
    const next = await page.context().newPage();
    pages.push(next);
    await next.goto(`${api.url}/dashboard/`);
    await next.locator('.banner .fact').first().waitFor();
  }
  for (const each of pages) await each.getByText('live', { exact: true }).waitFor();
  await page.context().close();
}, 120_000);

test('[UI-1] what was entered for one trade is not offered for the next', async () => {
  const { page } = await openPage(browser, api);
  const [one, other] = await newest(2);
  const goTo = async (id: string) => {
    await page.locator(`[data-news="unarmed"] a[href$="${id}"]`).click();
    await page.locator(`[data-trade="${id}"]`).waitFor();
    await page.getByRole('button', { name: 'Move the stop …' }).click();
    return page.getByRole('dialog').getByLabel('New price');
  };
  // Read once already, the page of the next is there at once.
  await goTo(one!.id);
  await page.keyboard.press('Escape');
  const price = await goTo(other!.id);
  await price.fill('93.512345');
  // What is asked is what is sent, to the last decimal.
  await page.getByRole('button', { name: 'Move the stop to 93.512345' }).waitFor();
  await page.keyboard.press('Escape');
  expect(await (await goTo(one!.id)).inputValue()).toBe('');
  await page.context().close();
}, 60_000);

test('[UI-1] a list of which a page could not be read is read on, and not shown as all there is', async () => {
  const { page, go } = await openPage(browser, api);
  let isCut = false;
  await page.route(/\/api\/v1\/trades\?.*cursor=/, async (route) => {
    if (isCut) return route.continue();
    isCut = true;
    return route.abort();
  });
  await go('trades');
  await page.locator(`[data-whole="true"][data-count="${TRADES}"]`).waitFor();
  expect(isCut).toBe(true);
  await page.context().close();
}, 60_000);

test('[UI-1] a trade that ended while nobody told of it leaves the list of those that live', async () => {
  const { page, go } = await openPage(browser, api);
  await go('trades?status=live');
  await page.locator('[data-whole="true"][data-count="2"]').waitFor();
  const [, { id } = { id: '' }] = await newest(2);
  await api.db.trade.update({ where: { id }, data: { state: 'CLOSED', heldQuantity: 0 } });
  await page.locator('[data-whole="true"][data-count="1"]').waitFor();
  await page.context().close();
}, 60_000);

test('[UI-1] no part is called up by a look that is over', async () => {
  const { page, go } = await openPage(browser, api);
  await go('health');
  await page.locator('[data-part="database"][data-state="up"]').waitFor();
  await page.route('**/health', (route) => route.abort());
  await page.locator('[data-part="database"] .badge', { hasText: 'was up' }).waitFor();
  await page.context().close();
}, 60_000);

test('[UI-1] the equity curve draws the values that are kept, and nothing between; old values have their age', async () => {
  const { ownerId: userId, accountId } = api.ready;
  const hourAgoMs = Date.now() - 3_600_000;
  const rows = ['100000', '99971.22'].map((netLiquidation, n) => ({
    ...{ userId, accountId, at: new Date(hourAgoMs + n * 2_400_000), kind: 'intraday' },
    ...{ sessionDate: new Date('2026-11-23'), netLiquidation, totalCash: '1' },
  }));
  await api.db.equitySnapshot.deleteMany();
  await api.db.equitySnapshot.createMany({ data: rows });
  await api.db.account.update({
    where: { id: accountId },
    data: { valuesAt: new Date(hourAgoMs + 1_800_000) },
  });
  const { page } = await openPage(browser, api);
  await page.locator('.curve').getByText('what was between them is not known').waitFor();
  const drawn = await page.locator('.curve-points').getAttribute('d');
  expect(drawn?.match(/M/g)).toHaveLength(3);
  expect(await page.locator('.curve polygon').count()).toBe(0);
  await page
    .locator('.fact-day')
    .getByText(/values of .*\d\d:\d\d$/)
    .waitFor();
  await page
    .locator('.panel', { hasText: 'Equity' })
    .getByText(/values of .*\d\d:\d\d$/)
    .waitFor();
  await page.context().close();
}, 60_000);
