/**
 * A development tool of this checkout: `node scripts/tool.mjs eslint .`, as `npm run lint` calls it. What it needs is
 * set up first: in a fresh clone neither the tools nor the generated code are there.
 */
import { spawn } from 'node:child_process';
import { existsSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { bootstrap, run } from './lib/bootstrap.mjs';
import { projectRoot } from './lib/paths.mjs';
import { createProgress } from './lib/steps.mjs';

/** As shells tell of a program that a signal has ended. */
const EXIT_BY_SIGNAL = 128;

run(async () => {
  const [name = '', ...args] = process.argv.slice(2);
  // Nothing is compiled: sources that do not even parse are what a tool is asked about.
  await bootstrap({ progress: createProgress({ quiet: true }), only: [], bundle: false });
  const link = join(projectRoot(), 'node_modules', '.bin', name);
  if (name === '' || !existsSync(link)) {
    throw new Error(`there is no tool "${name}": package.json names those there are`);
  }
  const child = spawn(process.execPath, [realpathSync(link), ...args], { stdio: 'inherit' });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (code) => resolve(code ?? EXIT_BY_SIGNAL));
  });
});
