/** node scripts/dashboard-pictures.mjs [TRADE]: takes the pictures of docs/dashboard.md from what `npm start` runs here. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { run } from './lib/bootstrap.mjs';
import { projectRoot } from './lib/paths.mjs';

/** The charts and the first quotes are there by then. */
const DRAWN_MS = 4_000;

/** @typedef {{ name: string, path: string, theme: 'light' | 'dark', width: number, height: number }} Picture */

/** @param {string} trade its id; empty: no picture of one @returns {Picture[]} */
function picturesOf(trade) {
  const wide = { width: 1280, height: 820 };
  const pictures = [
    { name: 'overview', path: '', theme: 'light', ...wide },
    { name: 'phone', path: '', theme: 'dark', width: 390, height: 844 },
  ];
  const one = { name: 'trade', path: `trades/${trade}`, theme: 'dark', ...wide };
  return /** @type {Picture[]} */ (trade === '' ? pictures : [...pictures, one]);
}

/** @returns {Promise<string>} a link that logs in, to what runs in this checkout */
async function linkOf() {
  const command = join(projectRoot(), 'bin', 'ballast.mjs');
  const { stdout } = await promisify(execFile)(process.execPath, [command, 'dashboard']);
  return stdout.trim();
}

run(async () => {
  const { chromium: playwright } = await import('playwright-core');
  const { default: chromium } = await import('@sparticuz/chromium');
  const executablePath = await chromium.executablePath();
  const browser = await playwright.launch({ executablePath, args: ['--no-sandbox'] });
  try {
    for (const { name, path, theme, width, height } of picturesOf(process.argv[2] ?? '')) {
      const viewport = { width, height };
      const context = await browser.newContext({ viewport, colorScheme: theme });
      const page = await context.newPage();
      const link = await linkOf();
      await page.goto(link);
      await page.locator('.banner .fact').first().waitFor();
      if (path !== '') await page.goto(link.replace(/#.*/, path));
      await page.waitForTimeout(DRAWN_MS);
      const file = join('docs', 'images', `dashboard-${name}.png`);
      await page.screenshot({ path: join(projectRoot(), file) });
      process.stdout.write(`${file} written\n`);
      await context.close();
    }
  } finally {
    await browser.close();
  }
});
