/** A paper gateway of its own for a run of tests: simulated, held, on free ports. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { built } from '../lib/bootstrap.mjs';

const READY_LIMIT_MS = 30_000;
const STOP_LIMIT_MS = 10_000;
/** Lines of the gateway's errors kept for a failing run. */
const TAIL_CHARS = 20_000;

/**
 * @param {string} stateDir
 * @returns {Promise<{ port: number, controlPort: number, stop: () => Promise<void>, errors: () => string }>}
 */
export async function startGateway(stateDir) {
  const flags = ['--port', '0', '--control-port', '0', '--paused', '--exit-with-parent'];
  const args = [built('gateway/main.js'), ...flags, '--state', join(stateDir, 'gateway')];
  const child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'pipe'] });
  let errors = '';
  child.stderr.on('data', (chunk) => (errors = (errors + chunk).slice(-TAIL_CHARS)));
  const ended = new Promise((resolve) => child.once('exit', resolve));
  const { port, controlPort } = await new Promise((resolve, reject) => {
    let output = '';
    const late = setTimeout(
      () => reject(new Error(`the gateway was not ready in time: ${output}${errors}`)),
      READY_LIMIT_MS,
    );
    child.once('exit', (code) => reject(new Error(`the gateway ended with ${code}: ${errors}`)));
    child.stdout.on('data', (chunk) => {
      output += chunk;
      const line = /^ready (\{.*\})$/m.exec(output);
      if (!line) return;
      clearTimeout(late);
      resolve(JSON.parse(line[1]));
    });
  });
  async function stop() {
    child.kill('SIGTERM');
    const kill = setTimeout(() => child.kill('SIGKILL'), STOP_LIMIT_MS);
    await ended;
    clearTimeout(kill);
  }
  return { port, controlPort, stop, errors: () => errors };
}
