import chromium from '@sparticuz/chromium';
import { chromium as pw } from 'playwright-core';
import { execFileSync } from 'node:child_process';
const [,, ...paths] = process.argv;
const theme = process.env.THEME ?? 'light', width = Number(process.env.W ?? 1440), height = Number(process.env.H ?? 900);
const browser = await pw.launch({ args: [...chromium.args, '--no-sandbox'], executablePath: await chromium.executablePath(), headless: true });
const page = await (await browser.newContext({ viewport: { width, height }, colorScheme: theme })).newPage();
page.on('console', (m) => { if (m.type() !== 'log') console.log('console', m.type(), m.text()); });
page.on('pageerror', (e) => console.log('pageerror', e.message));
const url = execFileSync('npx', ['ballast', 'dashboard'], { encoding: 'utf8', stdio: ['ignore','pipe','ignore'] }).trim();
await page.goto(url);
await page.waitForSelector('.banner');
await page.waitForTimeout(1500);
const base = url.replace(/#.*/, '');
for (const path of paths) {
  const [p, name] = path.split('=');
  if (p !== '') await page.goto(base + p);
  await page.waitForTimeout(Number(process.env.WAIT ?? 2500));
  await page.screenshot({ path: `/tmp/tmp-dash/${name}.png`, fullPage: process.env.FULL === '1' });
}
await browser.close();
