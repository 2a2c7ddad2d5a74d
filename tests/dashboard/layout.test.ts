/** The longest texts on every screen, at every width: nothing is wider than its window, its panel, or out of sight (UI-1). */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { testApi, type TestApi } from '../api/support.js';
import { longestTexts, type Longest } from './longest.js';
import { openBrowser, openPage, until, violations } from './support.js';

const SCREENS = ['', 'trades', 'approvals', 'preview', 'strategies', 'reconciliation'].concat([
  'notifications',
  'health',
]);

let api: TestApi;
let browser: Browser;
let trades: Longest;
beforeAll(async () => {
  api = await testApi({ API_REQUESTS_PER_MINUTE: '100000' });
  trades = await longestTexts(api);
  browser = await openBrowser();
}, 120_000);
afterAll(async () => {
  await browser?.close();
  await api?.close();
}, 60_000);

/** How far the page is wider than its window, and the texts that stand outside of their panel, or of the head. */
const OUTSIDE = `(() => {
  const root = document.documentElement;
  const scrolls = (each, box) => {
    for (let at = each; at !== box; at = at.parentElement)
      if (getComputedStyle(at).overflowX !== 'visible') return true;
    return false;
  };
  const outside = [...document.querySelectorAll('.panel *, .head *')].filter((each) => {
    const box = each.closest('.panel, .head');
    return each.getBoundingClientRect().right > box.getBoundingClientRect().right + 1 && !scrolls(each, box);
  });
  return {
    over: root.scrollWidth - root.clientWidth,
    outside: outside.map((each) => each.tagName + '.' + each.className + ' ' + (each.textContent ?? '').slice(0, 40)),
  };
})()`;

/** Texts that turn their direction and are not alone in what keeps that to itself. */
const TURNED = `(() => {
  const found = [];
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const { parentElement: box, textContent: text } = texts.currentNode;
    if (!/[\\u202a-\\u202e]/.test(text)) continue;
    const isAlone = box.childNodes.length === 1 && /isolate|plaintext/.test(getComputedStyle(box).unicodeBidi);
    found.push({ isAlone, of: box.tagName + '.' + box.className + ' ' + box.parentElement.textContent.slice(0, 30) });
  }
  return found;
})()`;

interface Turned {
  readonly isAlone: boolean;
  /** Where. */
  readonly of: string;
}

async function read(page: Page): Promise<void> {
  await page.locator('main h1').first().waitFor({ state: 'attached' });
  await until('it is read', async () => (await page.locator('.loading').count()) === 0);
}

/** For a look by eye, where a folder is named. */
async function keep(page: Page, name: string): Promise<void> {
  const folder = process.env['KEEP_PICTURES'];
  if (folder) await page.screenshot({ path: `${folder}/${name}.png`, fullPage: true });
}

test.each([
  ['light', 1440],
  ['dark', 1024],
  ['light', 720],
  ['dark', 390],
] as const)(
  '[UI-1] the longest legal texts break nothing, in %s colours, %d wide',
  async (theme, width) => {
    const { page, go } = await openPage(browser, api, { theme, width, height: 900 });
    const found: object[] = [];
    const turned: Turned[] = [];
    for (const screen of [...SCREENS, `trades/${trades.held}`, `trades/${trades.denied}`]) {
      await go(screen);
      await read(page);
      const { over, outside } = await page.evaluate<{ over: number; outside: string[] }>(OUTSIDE);
      if (over > 0 || outside.length > 0) found.push({ screen, over, outside });
      turned.push(...(await page.evaluate<Turned[]>(TURNED)));
      const name = screen.replace(trades.held, 'held').replace(trades.denied, 'denied');
      await keep(page, `${theme}-${width}-${name.replace('/', '-')}`);
    }
    expect(found).toEqual([]);
    expect(turned.filter(({ isAlone }) => !isAlone)).toEqual([]);
    expect(turned.length).toBeGreaterThan(5);
    await page.context().close();
  },
  120_000,
);

/** How far each of them is cut off by the table's box; 0: it is in sight. */
const CUT_OFF = `[...document.querySelectorAll('tr[data-symbol] :is(.badge, .button)')].map((each) =>
  Math.max(0, Math.round(each.getBoundingClientRect().right - each.closest('.table-wrap').getBoundingClientRect().right)),
)`;

test.each([1440, 1280, 1024, 910, 720, 390])(
  '[UI-1] whether a position is protected, and its button, are in sight without scrolling, %d wide',
  async (width) => {
    const { page } = await openPage(browser, api, { width, height: 900 });
    await page.locator('tr[data-symbol] .badge').waitFor();
    expect(await page.evaluate(CUT_OFF)).toEqual([0, 0]);
    await page.context().close();
  },
  60_000,
);

test('[UI-1] a trade tells its costs so far, its entry what it waits for, and a denial why, first', async () => {
  const { page, go } = await openPage(browser, api);
  const entry = page.locator(`[data-entry="${trades.waiting}"]`);
  expect(await entry.locator('td').allTextContents()).toEqual(
    expect.arrayContaining(['10', '99.00', '94.05']),
  );
  await go(`trades/${trades.held}`);
  expect(await page.locator('[data-told="commissions"]').textContent()).toBe('1.00 so far');
  const said = page.locator('.more pre');
  await page.locator('.more summary').click();
  expect(await said.textContent()).toContain(String.raw`"note": "\u202e`);
  await go(`trades/${trades.denied}`);
  expect(await page.locator('main h1').textContent()).toMatch(/^BUY 5 W/);
  expect(await page.locator('main h2').first().textContent()).toBe('Why it was denied');
  expect(await page.locator('.chart').count()).toBe(0);
  await go('trades/nope');
  await page.getByText('There is no such trade.').waitFor();
  await page.context().close();
}, 60_000);

test('[TRD-6] a price that is none is told beside its field, also when Enter is pressed', async () => {
  const { page, go } = await openPage(browser, api);
  await go(`trades/${trades.held}`);
  await page.getByRole('button', { name: 'Move the stop …' }).click();
  const dialog = page.getByRole('dialog');
  const field = dialog.getByLabel('New price');
  await field.press('Enter');
  await dialog.getByText('Type the new price.').waitFor();
  for (const [typed, told] of [
    ['abc', 'This is no price'],
    ['-5', 'A price is above zero.'],
    ['1,5', 'with a point'],
  ] as const) {
    await field.fill(typed);
    await field.press('Enter');
    await dialog.getByText(told).waitFor();
    expect(await field.getAttribute('aria-invalid')).toBe('true');
  }
  // A quote through which it would go: nothing is offered.
  await api.db.quote.updateMany({ data: { bid: 100, ask: 100.02, at: new Date() } });
  await field.fill('999999');
  await dialog.getByText('would trigger at once').waitFor();
  expect(await dialog.getByText('would end the trade').count()).toBe(0);
  expect(await violations(page)).toEqual([]);
  await page.context().close();
}, 60_000);

test('[UI-1] a refusal is said as one, and is gone with the next letter', async () => {
  const { page, go } = await openPage(browser, api);
  await page.route(`**/api/v1/trades/${trades.held}`, (route) => {
    if (route.request().method() !== 'PATCH') return route.continue();
    const problem = { status: 409, code: 'REFUSED', detail: 'a stop at 96 would trigger at once' };
    return route.fulfill({ status: 409, contentType: 'application/problem+json', json: problem });
  });
  await go(`trades/${trades.held}`);
  await page.getByRole('button', { name: 'Move the stop …' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('New price').fill('96');
  await dialog.getByRole('button', { name: 'Move the stop to 96.00' }).click();
  await dialog.getByText('It was refused, and nothing was done').waitFor();
  await dialog.getByLabel('New price').fill('95.5');
  await dialog.getByRole('alert').waitFor({ state: 'detached' });
  await page.context().close();
}, 60_000);

test('[RSK-5] the strip of a halt tells New York’s time', async () => {
  const { page } = await openPage(browser, api);
  await page.route('**/api/v1/now', async (route) => {
    const answer = await route.fetch();
    const halted = { halted_by: ['2026-01-15T14:46:30.143Z dashboard:owner: from the dashboard'] };
    await route.fulfill({ response: answer, json: { ...(await answer.json()), ...halted } });
  });
  const strip = page.locator('[data-news="mode"]');
  await strip.getByText('Jan 15 09:46:30').waitFor();
  expect(await strip.textContent()).not.toContain('2026-01-15T');
  await page.context().close();
}, 60_000);

test('[UI-1] on a phone the audit log has no blank rows; on paper no bar lies over the content', async () => {
  const { page, go } = await openPage(browser, api, { width: 390, height: 844 });
  await go('health');
  await read(page);
  const log = page.getByRole('group', { name: 'Audit log' });
  const torn = await log
    .locator('td')
    .evaluateAll(
      (cells) => cells.filter((each) => each.clientWidth < 100 && each.textContent !== '').length,
    );
  expect(torn).toBe(0);
  const login = log.locator('tbody tr', { hasText: 'Dashboard login' }).first();
  expect((await login.boundingBox())!.height).toBeLessThan(200);
  await page.emulateMedia({ media: 'print' });
  expect(await page.locator('.nav').isVisible()).toBe(false);
  const place = "getComputedStyle(document.querySelector('.head')).position";
  expect(await page.evaluate(place)).toBe('static');
  await page.context().close();
}, 60_000);
