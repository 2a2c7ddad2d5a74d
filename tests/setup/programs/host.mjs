/** Starts a foreign program and a Node child as the supervisor does, names them, and waits. */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const [root, folder] = process.argv.slice(2);
const load = (path) => import(pathToFileURL(join(root, 'dist', path)).href);
const { startTethered } = await load('scripts/infra/tethered.js');
const { startNodeChild } = await load('supervisor/node-child.js');

const foreign = startTethered({
  name: 'sleep',
  command: 'sleep',
  args: ['300'],
  logFile: join(folder, 'foreign.log'),
  pidFile: join(folder, 'foreign.pid'),
  stopSignal: 'SIGTERM',
  graceMs: 500,
});
const own = await startNodeChild({
  name: 'own',
  script: join(root, 'tests', 'setup', 'programs', 'child.mjs'),
  args: [],
  env: process.env,
  logFile: join(folder, 'own.log'),
  readyLimitMs: 10_000,
});
while (foreign.pid() === undefined) await new Promise((resolve) => setTimeout(resolve, 10));
process.stdout.write(`${JSON.stringify({ foreign: foreign.pid(), own: own.pid() })}\n`);
setInterval(() => undefined, 1_000);
