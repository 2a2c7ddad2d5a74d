/** What a person does with the dashboard, on real parts: execute, move, close, approve, halt; and what goes down meanwhile. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { execute } from '../../scripts/infra/postgres.js';
import { addTradeEvent } from '../../store/timeline.js';
import { servedApi, type ServedApi } from '../api/support.js';
import { ask } from '../support/services.js';
import { startStack, type TestStack } from '../support/stack.js';
import { temporalAddress } from '../support/temporal.js';
import { openBrowser, openPage, SHOWN_MS, until, type OpenPage } from './support.js';

/** A worker starts, gets in sync, and is seen, on busy cores. */
const BACK_MS = 90_000;
const FILLS = 100;

const WINDOWS = [
  ['light', 1280, 800],
  ['light', 390, 844],
  ['dark', 1280, 800],
  ['dark', 390, 844],
] as const;

/** Where what is drawn in the colours of entry, stop and target begins and ends, of the width of the chart. */
interface Extent {
  readonly left: number;
  readonly right: number;
}
const EXTENT_OF_PRICES = `(() => {
  const style = getComputedStyle(document.documentElement);
  const paint = document.createElement('canvas').getContext('2d');
  const colors = ['entry', 'stop', 'target'].map((name) => {
    paint.fillStyle = style.getPropertyValue('--' + name).trim();
    paint.fillRect(0, 0, 1, 1);
    return [...paint.getImageData(0, 0, 1, 1).data];
  });
  const canvas = [...document.querySelectorAll('.chart canvas')].sort((a, b) => b.width * b.height - a.width * a.height)[0];
  const { width, height } = canvas;
  const { data } = canvas.getContext('2d').getImageData(0, 0, width, height);
  let [left, right] = [width, -1];
  for (let i = 0; i < data.length; i += 4) {
    const isOne = data[i + 3] > 200 && colors.some((color) => [0, 1, 2].every((n) => Math.abs(color[n] - data[i + n]) < 12));
    if (!isOne) continue;
    const x = (i / 4) % width;
    left = Math.min(left, x);
    right = Math.max(right, x);
  }
  return right < 0 ? null : { left: left / width, right: right / width };
})()`;

let stack: TestStack;
let api: ServedApi;
let browser: Browser;
let shown: OpenPage;
let settings: Record<string, string>;

beforeAll(async () => {
  stack = await startStack({ env: { LEASE_TTL_MS: '2000', LEASE_RENEW_MS: '500' } });
  settings = {
    ...{ DATABASE_URL: stack.databaseUrl, TEMPORAL_ADDRESS: await temporalAddress() },
    ...{ TASK_QUEUE_PREFIX: stack.queuePrefix, BALLAST_STATE_DIR: stack.stateDir },
    ...{ TRADING_ENABLED: 'true', TEMPORAL_UI_URL: 'http://127.0.0.1:8233' },
    ...{ MAX_SECTOR_EXPOSURE_PCT: '100', MAX_CORRELATED_EXPOSURE_PCT: '100' },
    ...{ API_REQUESTS_PER_MINUTE: '100000' },
  };
  [api, browser] = await Promise.all([servedApi(settings), openBrowser()]);
  shown = await openPage(browser, api);
}, 150_000);
afterAll(async () => {
  await browser?.close();
  await api?.close();
  await stack?.stop();
}, 90_000);

const answer = () => shown.page.locator('.answer').getAttribute('data-answer');
const idShown = async () => (await shown.page.locator('[data-trade]').getAttribute('data-trade'))!;

/** Opens a question by its button, and says yes to it. */
async function confirm(label: string | RegExp, action: string | RegExp, fill?: [string, string]) {
  const { page } = shown;
  await page.getByRole('button', { name: label }).first().click();
  const dialog = page.getByRole('dialog');
  if (fill) await dialog.getByLabel(fill[0]).fill(fill[1]);
  const button = dialog.getByRole('button', { name: action });
  await until(`${String(action)} may be confirmed`, () => button.isEnabled());
  await button.click();
  await dialog.waitFor({ state: 'detached' });
}

test('[UI-1] a signal is previewed and executed, its stop moved, its position closed', async () => {
  const { page, go } = shown;
  await go('preview');
  await page.getByLabel('Symbol').fill('AAPL');
  await page.getByRole('button', { name: 'Preview' }).click();
  await page.locator('[data-preview][data-state="approved"]').waitFor({ timeout: BACK_MS });
  await page.getByText('this one bound').waitFor();
  await confirm('Execute …', /^Buy \d+ AAPL$/);
  await page.locator('[data-state="OPEN"]').waitFor({ timeout: BACK_MS });
  const id = await idShown();
  expect(page.url()).toContain(`/dashboard/trades/${id}`);
  await page.locator('.chart canvas').first().waitFor();
  const workflow = page.getByRole('link', { name: /Workflow in Temporal/ });
  expect(await workflow.getAttribute('href')).toBe(
    `http://127.0.0.1:8233/namespaces/default/workflows/trade-${id}`,
  );
  await until('the page says protected', async () => (await answer()) === 'protected');
  const { stopPrice } = await stack.waitFor(id, (trade) => trade.verified && !!trade.reanchored);
  const next = stopPrice!.add('0.5').toFixed(2);
  await confirm('Move the stop …', `Move the stop to ${next}`, ['New price', next]);
  const moved = page.locator('[data-command="move_stop"]');
  await moved.and(page.locator('[data-stage="acknowledged"]')).waitFor();
  await until('the moved stop is shown', async () =>
    ((await page.locator('main').textContent()) ?? '').includes(next),
  );
  await confirm(/^Close …$/, /^Sell \d+ AAPL at the market$/);
  await page.locator('[data-state="CLOSED"]').waitFor();
  // No order of its own: the target is moved to where it fills at once.
  await page.locator('[data-command="close"][data-stage="acknowledged"]').waitFor();
  await page.getByText('covered all of').waitFor();
  await until('nothing is at risk', async () => (await answer()) === 'flat');
  expect(shown.complaints).toEqual([]);
}, 240_000);

test('[PRV-2] what is another one by the time it is executed is not sent, and the page says so', async () => {
  const { page, go } = shown;
  await stack.gateway.control('/market', { paused: true });
  await stack.gateway.control('/prices', { MSFT: 100 });
  await go('preview');
  await page.getByLabel('Symbol').fill('MSFT');
  await page.getByRole('button', { name: 'Preview' }).click();
  const made = page.locator('[data-preview][data-state="approved"]');
  await made.waitFor({ timeout: BACK_MS });
  const id = (await made.getAttribute('data-preview'))!;
  const before = await stack.db.trade.count();
  await stack.db.$executeRaw`UPDATE previews SET as_shown_until = made_at WHERE id = ${id}::uuid`;
  await stack.gateway.control('/prices', { MSFT: 101 });
  await confirm('Execute …', /^Buy \d+ MSFT$/);
  await page.getByText('nothing was sent: this is what it would be now').waitFor();
  expect(await made.getAttribute('data-preview')).not.toBe(id);
  expect(await stack.db.trade.count()).toBe(before);
  await stack.gateway.control('/market', { paused: false });
}, 180_000);

test('[UI-1] the chart of a trade that lived seconds fills its width, in both themes, on each size', async () => {
  const { tradeId } = await stack.submit({
    ...{ id: 'seconds-1', strategy_id: 'seconds', symbol: 'AAPL', side: 'BUY' },
    ...{ quantity: '5', stop_loss_pct: '0.01', take_profit_pct: '0.02' },
  });
  await stack.waitFor(tradeId, ({ verified }) => verified);
  await shown.go(`trades/${tradeId}`);
  await confirm(/^Close …$/, /^Sell \d+ AAPL at the market$/);
  await stack.waitFor(tradeId, ({ state }) => state === 'CLOSED');
  for (const [theme, width, height] of WINDOWS) {
    const { page, go } = await openPage(browser, api, { theme, width, height });
    await go(`trades/${tradeId}`);
    await page.locator('.chart canvas').first().waitFor();
    let extent: Extent | null = null;
    await until(`the chart is drawn, ${theme} ${width}`, async () => {
      extent = await page.evaluate<Extent | null>(EXTENT_OF_PRICES);
      return extent !== null && extent.left < 0.7 && extent.right - extent.left > 0.05;
    }).finally(async () => {
      const folder = process.env['KEEP_PICTURES'];
      if (folder) await page.screenshot({ path: `${folder}/seconds-${theme}-${width}.png` });
      console.log({ theme, width, extent });
    });
    await page.context().close();
  }
}, 240_000);

test('[SIG-3] a strategy is made to ask, and its signal approved', async () => {
  const { page, go } = shown;
  await stack.submit({
    ...{ id: 'asks-1', strategy_id: 'asks', symbol: 'KO', side: 'BUY' },
    ...{ quantity: '1', stop_loss_pct: '0.2' },
  });
  await go('strategies');
  const row = page.locator('tr[data-strategy="asks"]');
  await row.waitFor();
  await row.getByRole('button', { name: 'Ask me first …' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Ask a person first' }).click();
  await row.getByText('asks a person').waitFor();
  const { tradeId } = await stack.submit({
    ...{ id: 'asks-2', strategy_id: 'asks', symbol: 'MSFT', side: 'BUY' },
    ...{ quantity: '2', stop_loss_pct: '0.2' },
  });
  await go('approvals');
  await page.locator('[data-approval="asks-2"]').waitFor();
  await confirm('Approve …', 'Approve BUY 2 MSFT');
  await stack.waitFor(tradeId, ({ state }) => state === 'OPEN');
  await page.getByText('No signal waits for you.').waitFor();
}, 180_000);

test('[RSK-5] trading is halted from any screen, and resumed', async () => {
  const { page, go } = shown;
  await go('notifications');
  await confirm('Halt …', 'Halt entries');
  await page.locator('[data-news="mode"]').waitFor();
  const { tradeId } = await stack.submit({
    ...{ id: 'halted-1', strategy_id: 'halted', symbol: 'AAPL', side: 'BUY' },
    ...{ quantity: '1', stop_loss_pct: '0.2' },
  });
  await stack.waitFor(tradeId, ({ state }) => state === 'DENIED');
  await confirm('Resume …', 'Resume entries');
  await page.locator('[data-news="mode"]').waitFor({ state: 'detached' });
}, 120_000);

test('[UI-1] what happens reaches the page while it happens', async () => {
  const { page, go } = shown;
  await go('');
  await page.getByText('live', { exact: true }).waitFor();
  const { id: tradeId } = await stack.db.trade.findFirstOrThrow({ where: { state: 'OPEN' } });
  await page.evaluate(`
    window.seen = [];
    new MutationObserver(() => {
      const text = document.querySelector('.activity li')?.textContent ?? '';
      const told = /measured (\\d+)/.exec(text);
      if (told && !window.seen.some(([n]) => n === told[1])) window.seen.push([told[1], Date.now()]);
    }).observe(document.body, { subtree: true, childList: true, characterData: true });`);
  const committed = new Map<string, number>();
  for (let n = 1; n <= FILLS; n += 1) {
    const key = { userId: stack.userId, tradeId };
    await stack.db.$transaction((tx) => addTradeEvent(tx, key, 'measured', `measured ${n}`));
    committed.set(String(n), Date.now());
    await until(`${n} is shown`, () => page.evaluate<boolean>(`window.seen.length === ${n}`));
  }
  const seen = await page.evaluate<[string, number][]>('window.seen');
  const took = seen.map(([n, atMs]) => atMs - committed.get(n)!).sort((a, b) => a - b);
  console.log({ commitToPageMs: { p50: took[49], p95: took[94], p99: took[98], max: took[99] } });
  expect(took).toHaveLength(FILLS);
}, 180_000);

test('[UI-1] the broker worker dies: the page says what was last known, and recovers by itself', async () => {
  const { page, go } = shown;
  await go('');
  await until('protected', async () => (await answer()) === 'protected');
  await stack.killWorker('broker-worker');
  await until('blind', async () => (await answer()) === 'unknown');
  expect(await page.locator('.answer').textContent()).toMatch(/Last known at \d\d:\d\d:\d\d/);
  expect(await page.locator('[data-news="blind"]').textContent()).toContain('work without Ballast');
  expect(await page.locator('table.last-known').count()).toBe(1);
  await stack.startWorker('broker-worker');
  await until('protected again', async () => (await answer()) === 'protected', BACK_MS);
}, 240_000);

test('[UI-1] the HTTP API dies: the same, and the stream is taken up again', async () => {
  const { page } = shown;
  const { port } = new URL(api.url);
  await api.close();
  await until('blind', async () => (await answer()) === 'unknown');
  expect(await page.locator('[data-news="blind"]').textContent()).toContain('does not answer');
  expect(await page.locator('.fact-link').textContent()).toContain('was ready');
  api = await servedApi(settings, Number(port));
  await until('protected again', async () => (await answer()) === 'protected', BACK_MS);
  await page.getByText('live', { exact: true }).waitFor();
}, 180_000);

test('[UI-1] PostgreSQL is away: the page says which part, and recovers by itself', async () => {
  const { page } = shown;
  const { adminUrl } = await ask<{ adminUrl: string }>('postgres');
  const name = new URL(stack.databaseUrl).pathname.slice(1);
  await execute(adminUrl, `alter database ${name} allow_connections false`);
  try {
    await execute(
      adminUrl,
      `select pg_terminate_backend(pid) from pg_stat_activity where datname = '${name}'`,
    );
    await until('blind', async () => (await answer()) === 'unknown');
    await page.locator('[data-news="database"]').waitFor({ timeout: SHOWN_MS });
  } finally {
    await execute(adminUrl, `alter database ${name} allow_connections true`);
  }
  await until('protected again', async () => (await answer()) === 'protected', BACK_MS);
  await page.locator('[data-news="database"]').waitFor({ state: 'detached' });
}, 240_000);
