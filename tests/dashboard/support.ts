/** The dashboard in a real browser without a window: Chromium out of an npm package, logged in by a link. */
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import chromium from '@sparticuz/chromium';
import { chromium as playwright, type Browser, type Page } from 'playwright-core';
import { makeLogin } from '../../app/logins.js';
import { loginUrl } from '../../contract/login.js';
import { withLock } from '../../scripts/lib/lock.mjs';
import { SCOPES, type Scope } from '../../contract/tokens.js';
import type { ServedApi } from '../api/support.js';

/** A busy machine draws a page in seconds. */
export const SHOWN_MS = 30_000;

/** As root, as tests in containers run, it has no sandbox; what the package names besides takes the web's security away. */
const ARGS = ['--no-sandbox', '--disable-dev-shm-usage', '--disable-gpu'].concat([
  // A name that is no name of this machine, for pages that no browser takes for safe.
  '--host-resolver-rules=MAP desk.example 127.0.0.1',
]);
/** Another test file may be unpacking it on a slow disk. */
const UNPACKED_MS = 60_000;

/** Starts it; `close` ends it. The binary is unpacked once for a run, by whoever comes first. */
export async function openBrowser(): Promise<Browser> {
  const lock = join(tmpdir(), 'chromium.lock');
  const unpack = () => chromium.executablePath();
  const executablePath = await withLock(lock, unpack, { timeoutMs: UNPACKED_MS });
  return playwright.launch({ executablePath, args: ARGS, headless: true });
}

export interface PageKind {
  readonly theme?: 'light' | 'dark';
  readonly width?: number;
  readonly height?: number;
  readonly scopes?: readonly Scope[];
  /** What the browser calls itself; default: what it is. */
  readonly agent?: string;
}

export interface OpenPage {
  readonly page: Page;
  /** What the browser complained of: scripts that threw, what the page's policy forbade. */
  readonly complaints: string[];
  /** Every address that was asked for. */
  readonly addresses: string[];
  /** Goes to a screen: `trades`. */
  go(path: string): Promise<void>;
}

/** Where the page is served, and who makes links to it. */
export type LinkMaker = Pick<ServedApi, 'shared' | 'url'>;

/** A link that logs in, as `npm start` prints one. */
export async function linkOf(api: LinkMaker, scopes: readonly Scope[] = SCOPES): Promise<string> {
  const found = await api.shared.as('owner', 'test');
  const { code } = await makeLogin(found!.app, scopes);
  return loginUrl(api.url, code);
}

/** Opens a page that is logged in, at the overview. */
export async function openPage(
  browser: Browser,
  api: LinkMaker,
  { theme = 'light', width = 1280, height = 800, scopes, agent }: PageKind = {},
): Promise<OpenPage> {
  const context = await browser.newContext({
    ...{ viewport: { width, height }, colorScheme: theme, acceptDownloads: true },
    ...(agent !== undefined && { userAgent: agent }),
  });
  context.setDefaultTimeout(SHOWN_MS);
  const page = await context.newPage();
  const complaints: string[] = [];
  const addresses: string[] = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    const isRefusal = /status of (4|5)\d\d|ERR_/.test(message.text());
    if (message.type() === 'error' && !isRefusal) complaints.push(message.text());
  });
  page.on('request', (request) => addresses.push(request.url()));
  await page.goto(await linkOf(api, scopes));
  await page.locator('.banner .fact').first().waitFor();
  const go = async (path: string) => {
    await page.goto(`${api.url}/dashboard/${path}`);
    await page.locator('.banner .fact').first().waitFor();
  };
  return { page, complaints, addresses, go };
}

/** What a person who can't see the page, or uses no mouse, would stumble over: rule and place. */
export async function violations(page: Page): Promise<string[]> {
  const { violations: found } = await new AxeBuilder({ page })
    .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'best-practice'])
    .analyze();
  return found.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id} ${target.join(' ')}: ${failureSummary ?? ''}`),
  );
}

/** Waits until a condition of the page holds, however long a busy machine takes. */
export async function until(what: string, holds: () => Promise<boolean>, limitMs = SHOWN_MS) {
  const deadline = Date.now() + limitMs;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error(`not so after ${limitMs} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
