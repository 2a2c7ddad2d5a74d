/**
 * `npm run docs:pictures`: records the terminal of a running system for the documentation. It brings up a system of
 * its own, in a folder that is thrown away, and stops it at the end.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { bootstrap, built, run } from './lib/bootstrap.mjs';
import { openTemporaryFolder } from './lib/files.mjs';
import { projectRoot } from './lib/paths.mjs';
import { createProgress } from './lib/steps.mjs';
import { SCENES, keepRecording, withoutMachine } from './docs/pictures.mjs';

/** A first start with its sample, on a machine that does other things too. */
const START_LIMIT_MS = 5 * 60_000;
/** `npm start` says this once its sample is over. */
const SETTLED = /Ctrl-C/;

/** @typedef {import('./docs/recording.mjs').Chunk} Chunk */

run(async () => {
  const progress = createProgress();
  await bootstrap({ progress });
  const folder = openTemporaryFolder('ballast-pictures-');
  const env = { ...process.env, BALLAST_STATE_DIR: folder, NO_COLOR: '1' };
  const clean = (/** @type {string} */ text) => withoutMachine(text, [folder, projectRoot()]);
  /** @type {Chunk[]} */
  const start = [typed('npm start')];
  const script = join(projectRoot(), 'scripts', 'start.mjs');
  const child = spawn(process.execPath, [script], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  child.stderr.on('data', (chunk) => start.push(chunkOf(clean(String(chunk)))));
  child.stdout.on('data', (chunk) => start.push(chunkOf(clean(String(chunk)))));
  try {
    await progress.step('npm start', () => settled(child, start));
    keepRecording(projectRoot(), { name: 'start', title: 'npm start' }, start);
    const runtime = JSON.parse(readFileSync(join(folder, 'runtime.json'), 'utf8'));
    for (const scene of SCENES) {
      await progress.step(scene.name, async () => {
        const chunks = await play(scene, env, runtime.urls['gateway-control'], clean);
        keepRecording(projectRoot(), scene, chunks);
      });
    }
  } finally {
    child.kill('SIGINT');
    if (child.exitCode === null) await once(child, 'exit');
    rmSync(folder, { recursive: true, force: true });
  }
  return 0;
});

/** @param {string} text @returns {Chunk} */
const chunkOf = (text) => ({ atMs: performance.now(), text });
/** @param {string} command */
const typed = (command) => chunkOf(`\u001b[1m$ ${command}\u001b[0m\n`);

/** @param {import('node:child_process').ChildProcess} child @param {readonly Chunk[]} printed */
async function settled(child, printed) {
  const deadlineMs = performance.now() + START_LIMIT_MS;
  while (!SETTLED.test(printed.map(({ text }) => text).join(''))) {
    const isLate = performance.now() > deadlineMs;
    if (isLate || child.exitCode !== null) throw new Error('"npm start" did not come up');
    await sleep(250);
  }
}

/**
 * @param {import('./docs/pictures.mjs').Scene} scene @param {NodeJS.ProcessEnv} env
 * @param {string} controlUrl of the paper gateway @param {(text: string) => string} clean
 * @returns {Promise<Chunk[]>}
 */
async function play({ steps }, env, controlUrl, clean) {
  const { main } = await import(built('cli/main.js'));
  /** @type {Chunk[]} */
  const chunks = [];
  const print = (/** @type {string} */ text) => void chunks.push(chunkOf(clean(text)));
  for (const step of steps) {
    if ('pauseMs' in step) await sleep(step.pauseMs);
    else if ('control' in step) {
      const body = JSON.stringify(step.body);
      chunks.push(typed(`curl -s $GATEWAY${step.control} -d '${body}'`));
      await fetch(new URL(step.control, controlUrl), { method: 'POST', body });
    } else {
      const input = step.input ? JSON.stringify(step.input) : '';
      const given = input === '' ? '' : `echo '${input}' | `;
      chunks.push(typed(`${given}npx ballast ${step.argv.join(' ')}`));
      const readInput = () => Promise.resolve(input);
      await main(step.argv, { out: print, err: print, env, hasColours: true, readInput });
      print('\n');
    }
  }
  return chunks;
}
