/** The worked example of docs/sdk.md: its commands as they stand, on the whole system, and what they print. */
import { execFile, execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { projectRoot } from '../../scripts/lib/paths.mjs';
import { startStackWithApi, type StackWithApi } from './stack.js';

/** Far more than it takes on a busy machine. */
const LIMIT_MS = 120_000;
const MARK = '─── end of a step';

function hasCurl(): boolean {
  try {
    for (const name of ['bash', 'curl']) execFileSync(name, ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
const describeCurl = hasCurl() ? describe : describe.skip;
if (!hasCurl()) process.stderr.write('skipped: the worked example needs bash and curl\n');

interface Step {
  readonly commands: string;
  /** What the page says that they print; nothing where it says nothing. */
  readonly printed: string;
}

/** The steps between the page's two marks. */
function steps(): Step[] {
  const page = readFileSync(join(projectRoot(), 'docs/sdk.md'), 'utf8');
  const [, example = ''] = /<!-- worked example -->(.*)<!-- \/worked example -->/s.exec(page) ?? [];
  const blocks = example.matchAll(/```sh\n(.*?)```(?:\s*```json\n(.*?)```)?/gs);
  return [...blocks].map(([, commands = '', printed = '']) => ({ commands, printed }));
}

function run(script: string, env: Record<string, string>, cwd: string): Promise<string> {
  const options = { cwd, env: { ...process.env, ...env }, timeout: LIMIT_MS };
  return new Promise((resolve, reject) => {
    execFile('bash', ['-euo', 'pipefail', '-c', script], options, (error, out, err) => {
      if (error) reject(new Error(`${error.message}\n${out}\n${err}`));
      else resolve(out);
    });
  });
}

describeCurl('docs/sdk.md', () => {
  let world: StackWithApi;
  let folder = '';
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'ballast-curl-'));
    world = await startStackWithApi();
  }, 120_000);
  afterAll(async () => {
    await world?.stop();
    rmSync(folder, { recursive: true, force: true });
  }, 60_000);

  test('[SIZ-4, SDK-1] its commands print what it says: 133 shares, risk 665, reward:risk 2', async () => {
    const { BALLAST_TOKEN: TOKEN = '', BALLAST_URL: API = '', GATEWAY = '' } = world.env;
    const known = steps();
    const script = known.map(({ commands }) => `${commands}\necho '${MARK}'\n`).join('');
    const out = await run(script, { TOKEN, API, GATEWAY, no_proxy: '127.0.0.1' }, folder);
    const printed = out.split(`${MARK}\n`).slice(0, -1);
    expect(printed).toEqual(known.map((step) => step.printed));
    expect(out).toMatch(/"quantity": "133"/);
    expect(out).toMatch(/"risk_amount": "665.00"/);
    expect(out).toMatch(/"reward_risk": "2"/);
  }, 180_000);
});
