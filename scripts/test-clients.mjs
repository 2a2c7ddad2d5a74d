/**
 * `npm run test:clients`: independent clients trade through the paper gateway, and see the same account
 * as @stoqey/ib does on another client id. Left out, with a notice, where there is no Python.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deepStrictEqual } from 'node:assert';
import { startGateway } from './clients/gateway.mjs';
import { Unavailable, clientPython } from './clients/python.mjs';
import { bootstrap, run } from './lib/bootstrap.mjs';
import { projectRoot } from './lib/paths.mjs';
import { createProgress } from './lib/steps.mjs';

/** For one client's tests; they need some ten seconds. */
const BATTERY_LIMIT_MS = 180_000;
const BATTERIES = ['ib_async', 'ibapi'];

/** @param {string} python @param {string} name @param {Record<string, string>} env */
function runBattery(python, name, env) {
  const file = join(projectRoot(), 'tests', 'clients', `test_${name}.py`);
  const child = spawn(python, ['-B', file], {
    env: { ...process.env, ...env, PYTHONDONTWRITEBYTECODE: '1' },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const late = setTimeout(() => child.kill('SIGKILL'), BATTERY_LIMIT_MS);
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (code, signal) => {
      clearTimeout(late);
      if (code === 0) resolve();
      else reject(new Error(`${name}: its tests ended with ${code ?? signal}`));
    });
  });
}

/** Rows in one order, whatever order they came in. */
function sorted(view) {
  const rows = (list) => [...list].sort((a, b) => (String(a[0]) < String(b[0]) ? -1 : 1));
  const { orders, positions, executions, completed, cash } = view;
  return {
    orders: rows(orders),
    positions: rows(positions),
    executions: rows(executions),
    completed: rows(completed),
    cash,
  };
}

/** @param {string} python @param {string} scratch @param {import('./lib/steps.mjs').Progress} progress */
async function trade(python, scratch, progress) {
  // Only now: before the bootstrap there may be no dependencies.
  const { stoqeyView } = await import('./clients/stoqey-view.mjs');
  const gateway = await startGateway(scratch);
  const env = {
    GATEWAY_PORT: String(gateway.port),
    GATEWAY_CONTROL_PORT: String(gateway.controlPort),
    CLIENT_STATES: scratch,
  };
  try {
    for (const name of BATTERIES) {
      await progress.step(`${name} trades`, () => runBattery(python, name, env));
      await progress.step(`${name} and @stoqey/ib see the same account`, async (note) => {
        const theirs = sorted(JSON.parse(readFileSync(join(scratch, `${name}.json`), 'utf8')));
        const ours = sorted(await stoqeyView(gateway.port));
        deepStrictEqual(theirs, ours, `${name} and @stoqey/ib see different accounts`);
        const { orders, executions, completed } = ours;
        if (orders.length === 0 || executions.length === 0) throw new Error('nothing was traded');
        note(`${orders.length} open, ${executions.length} fills, ${completed.length} completed`);
      });
    }
    if (gateway.errors() !== '') throw new Error(`the gateway complained:\n${gateway.errors()}`);
  } finally {
    await gateway.stop();
  }
}

run(async () => {
  const progress = createProgress();
  await bootstrap({ progress, only: ['gateway', 'domain'], bundle: false });
  const scratch = mkdtempSync(join(tmpdir(), 'ballast-clients-'));
  try {
    const python = await progress.step('independent clients', clientPython);
    await trade(python, scratch, progress);
    return 0;
  } catch (error) {
    if (!(error instanceof Unavailable)) throw error;
    progress.line(`SKIPPED: the independent clients can't be run here: ${error.message}`);
    progress.line('Install Python 3.10 or newer with venv, and let pip reach its index.');
    return 0;
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
});
