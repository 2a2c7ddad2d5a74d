/** Jest, with what native ES modules need. */
import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { projectRoot } from './paths.mjs';

/**
 * Runs Jest to its end on our terminal. SIGTERM is handed on; Ctrl-C it hears itself.
 * @param {readonly string[]} args
 * @returns {Promise<number>} its exit code; 1 when a signal ended it
 */
export function runJest(args) {
  const jest = dirname(createRequire(import.meta.url).resolve('jest/package.json'));
  const first = ['--experimental-vm-modules', '--no-warnings', join(jest, 'bin', 'jest.js')];
  const child = spawn(process.execPath, [...first, ...args], {
    cwd: projectRoot(),
    stdio: 'inherit',
  });
  process.on('SIGINT', () => undefined);
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (code) => resolve(code ?? 1));
  });
}
