/** `npm test [-- jest arguments]`: sets the checkout up and runs the tests. */
import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { bootstrap, run } from './lib/bootstrap.mjs';
import { projectRoot } from './lib/paths.mjs';

run(async () => {
  await bootstrap();
  const jest = dirname(createRequire(import.meta.url).resolve('jest/package.json'));
  const args = ['--experimental-vm-modules', '--no-warnings', join(jest, 'bin', 'jest.js')];
  const child = spawn(process.execPath, [...args, ...process.argv.slice(2)], {
    cwd: projectRoot(),
    stdio: 'inherit',
  });
  // The terminal sends both of us Ctrl-C; jest ends its own way, and we with its exit code.
  process.on('SIGINT', () => undefined);
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (code) => resolve(code ?? 1));
  });
});
