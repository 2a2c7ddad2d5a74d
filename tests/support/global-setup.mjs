/** Before all tests: the process that lends them servers. It starts none until one is asked for. */
import { spawn } from 'node:child_process';
import { bootstrap, built } from '../../scripts/lib/bootstrap.mjs';
import { createProgress } from '../../scripts/lib/steps.mjs';

export default async function setup() {
  await bootstrap({
    only: ['config', 'domain', 'gateway', 'scripts', 'supervisor'],
    bundle: false,
    progress: createProgress({ quiet: true }),
  });
  const child = spawn(process.execPath, [built('scripts/infra/test-services.js')], {
    stdio: ['pipe', 'pipe', 'inherit'],
    detached: true,
  });
  const line = await new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`the test services ended with code ${code}`)));
    child.stdout.once('data', (chunk) => resolve(String(chunk)));
  });
  const { port, temporary } = JSON.parse(line.slice('ready '.length));
  process.env.BALLAST_TEST_SERVICES = `http://127.0.0.1:${port}`;
  process.env.TMPDIR = temporary;
  child.unref();
  globalThis.ballastTestServices = child;
}
