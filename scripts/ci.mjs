/** The stages of `.ci/run`: all are run, whichever fail; a failing one shows the end of its output. */
import { spawn } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { checkNode } from './lib/bootstrap.mjs';
import { openTemporaryFolder, readJson } from './lib/files.mjs';
import { projectRoot } from './lib/paths.mjs';
import { secondsSince } from './lib/steps.mjs';

/** For all stages together: twice what a quiet machine of two cores takes, for a busy one. */
const TOTAL_LIMIT_MS = 80 * 60_000;

/** Lines of a failing stage's output that are shown. */
const TAIL_LINES = 80;
const TAIL_MAX_CHARS = 200_000;

/** Of each failing test's message: what was expected and where; logs of the parts may follow. */
const MESSAGE_LINES = 12;

/**
 * So many failing files are run a second time, by themselves: on a busy machine one of some four thousand tests meets a bound
 * of its own. More of them have a cause in the code.
 */
const AGAIN_FILES_MAX = 3;

/** So many failing tests are named: more have one cause, and the record stays readable. */
const NAMED_MAX = 40;

/** Between being asked to stop and being killed: a start stops its servers in order. */
const STOP_GRACE_MS = 30_000;

/** A silent stage says after this that it goes on. */
const SIGN_OF_LIFE_MS = 30_000;

const root = projectRoot();
const scratch = openTemporaryFolder('ballast-ci-');
const results = (name) => join(scratch, `${name}.json`);
const jestArguments = (name) => ['--', '--ci', '--json', `--outputFile=${results(name)}`];

/** A session that always plays the same, of the whole menu: with the cases some ten minutes on a quiet machine. */
const FIXED_RUNS = ['--runs', '10', '--seed', '1', '--max-minutes', '4'];

/**
 * @typedef {{
 *   name: string,
 *   args: string[],
 *   when?: () => string | undefined,
 *   env?: Record<string, string>,
 *   show?: boolean,
 * }} Stage `args` are npm's; `when` gives the reason to leave it out; `show` prints the output always
 */

/** @param {string} script @returns {() => string | undefined} */
const ifScript = (script) => () =>
  readJson(join(root, 'package.json')).scripts[script] ? undefined : `there is no ${script} yet`;

/** @param {string} path @returns {() => string | undefined} */
const ifFile = (path) => () =>
  existsSync(join(root, path)) ? undefined : `there is no ${path} yet`;

/** @type {Stage[]} */
const STAGES = [
  { name: 'tests', args: ['test', ...jestArguments('tests')] },
  { name: 'risk coverage', args: ['run', 'coverage'], show: true },
  { name: 'lint', args: ['run', 'lint', '--', '--max-warnings', '0'] },
  { name: 'format', args: ['run', 'format:check'] },
  { name: 'types', args: ['run', 'types'] },
  { name: 'documentation', args: ['run', 'docs'], when: ifScript('docs') },
  {
    name: 'start --once',
    args: ['start', '--', '--once'],
    env: { BALLAST_STATE_DIR: join(scratch, 'state') },
  },
  {
    name: 'bench --short',
    args: ['run', 'bench', '--', '--short'],
    show: true,
    when: ifFile('bench/main.ts'),
    env: { BALLAST_STATE_DIR: join(scratch, 'bench') },
  },
  {
    name: 'chaos cases',
    args: ['run', 'chaos', '--', '--cases'],
    show: true,
    when: ifFile('chaos/main.ts'),
  },
  {
    name: 'chaos runs',
    args: ['run', 'chaos', '--', ...FIXED_RUNS],
    show: true,
    when: ifFile('chaos/main.ts'),
  },
  { name: 'other clients', args: ['run', 'test:clients'], when: ifScript('test:clients') },
];

/** @returns {{ command: string, first: string[] }} npm, as whoever runs us has it */
function npm() {
  const script = process.env.npm_execpath;
  return script?.endsWith('.js')
    ? { command: process.execPath, first: [script] }
    : { command: 'npm', first: [] };
}

/** @type {import('node:child_process').ChildProcess | undefined} */
let current;

/** @param {NodeJS.Signals} signal to the whole stage, npm and what it runs */
function signalCurrent(signal) {
  if (!current?.pid) return;
  try {
    process.kill(-current.pid, signal);
  } catch {
    // It has just ended.
  }
}

/**
 * @param {Stage} stage
 * @param {number} limitMs
 * @returns {Promise<{ code: number, output: string }>}
 */
function runStage({ name, args, env }, limitMs) {
  const started = performance.now();
  const { command, first } = npm();
  const child = spawn(command, [...first, ...args], {
    cwd: root,
    env: { ...process.env, ...env, CI: 'true' },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  current = child;
  let output = '';
  const take = (/** @type {Buffer} */ chunk) => {
    output = (output + chunk.toString()).slice(-TAIL_MAX_CHARS);
  };
  child.stdout.on('data', take);
  child.stderr.on('data', take);
  const alive = setInterval(
    () => console.log(`… ${name} goes on (${secondsSince(started)})`),
    SIGN_OF_LIFE_MS,
  );
  const late = setTimeout(() => {
    output += `\nended: the ${TOTAL_LIMIT_MS / 60_000} minutes of all stages are over\n`;
    signalCurrent('SIGTERM');
    setTimeout(() => signalCurrent('SIGKILL'), STOP_GRACE_MS).unref();
  }, limitMs);
  return new Promise((resolve) => {
    const end = (/** @type {number} */ code) => {
      clearInterval(alive);
      clearTimeout(late);
      current = undefined;
      resolve({ code, output });
    };
    child.on('error', (error) => {
      output += error.message;
      end(127);
    });
    child.on('close', (code) => end(code ?? 1));
  });
}

/** @param {string} name @returns {{ passed: number, failed: number }} of jest, none when it did not come to its end */
function countTests(name) {
  const found = readJson(results(name));
  if (!found) return { passed: 0, failed: 0 };
  // A file that does not even load fails without a failing test.
  const failed = found.numFailedTests + found.numRuntimeErrorTestSuites;
  return { passed: found.numPassedTests, failed };
}

/** @param {string} name @returns {{ name: string, message: string, assertionResults: any[] }[]} */
function failingFiles(name) {
  const files = readJson(results(name))?.testResults ?? [];
  return files.filter(({ status }) => status === 'failed');
}

/** @param {string} name @returns {string[]} file, title and the beginning of the message of what failed: the tail shows its last alone */
function failingTests(name) {
  return failingFiles(name)
    .flatMap(({ name, message, assertionResults }) => {
      const file = name.replace(`${root}/`, '');
      const failed = assertionResults.filter(({ status }) => status === 'failed');
      if (failed.length === 0) return [describe(file, 'did not load', message)];
      return failed.map(({ fullName, failureMessages }) =>
        describe(file, fullName, failureMessages.join('\n')),
      );
    })
    .slice(0, NAMED_MAX);
}

/** @param {string} file @param {string} title @param {string} message */
function describe(file, title, message) {
  const lines = stripVTControlCharacters(message).trim().split('\n').slice(0, MESSAGE_LINES);
  return [`✗ ${file}: ${title}`, ...lines.map((line) => `    ${line.slice(0, 300)}`)].join('\n');
}

async function main() {
  checkNode();
  const deadline = performance.now() + TOTAL_LIMIT_MS;
  let failing = 0;
  for (const stage of STAGES) {
    const reason = stage.when?.();
    if (reason) {
      console.log(`– ${stage.name}: left out, ${reason}`);
      continue;
    }
    const started = performance.now();
    const { code, output } = await runStage(stage, Math.max(deadline - started, 1));
    console.log(`${code === 0 ? '✓' : '✗'} ${stage.name} (${secondsSince(started)})`);
    if (code !== 0) failing += 1;
    else if (!stage.show) continue;
    console.log(output.trimEnd().split('\n').slice(-TAIL_LINES).join('\n'));
  }
  for (const test of failingTests('tests')) console.log(test);
  const again = await runAgain(deadline);
  if (again) failing -= 1;
  const { passed, failed } = countTests('tests');
  console.log(again ? `${passed + failed} passed, 0 failed` : `${passed} passed, ${failed} failed`);
  return failing === 0 ? 0 : 1;
}

/**
 * A few failing files once more, with nothing beside them. What passes then is named as unsteady, and is no failure.
 * @param {number} deadline of all stages
 * @returns {Promise<boolean>} whether there were such files, and all pass
 */
async function runAgain(deadline) {
  const files = failingFiles('tests').map(({ name }) => name);
  if (files.length === 0 || files.length > AGAIN_FILES_MAX) return false;
  const started = performance.now();
  const args = ['test', ...jestArguments('again'), '--runInBand', '--runTestsByPath', ...files];
  const { code, output } = await runStage(
    { name: 'failed tests again', args },
    Math.max(deadline - started, 1),
  );
  console.log(`${code === 0 ? '✓' : '✗'} failed tests again (${secondsSince(started)})`);
  if (code === 0) {
    for (const file of files)
      console.log(`unsteady: ${file.replace(`${root}/`, '')}: passes alone`);
    return true;
  }
  console.log(output.trimEnd().split('\n').slice(-TAIL_LINES).join('\n'));
  return false;
}

for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
  process.on(signal, () => {
    signalCurrent('SIGTERM');
    setTimeout(() => process.exit(1), STOP_GRACE_MS);
  });
}

main()
  .catch((error) => {
    console.error(error instanceof Error ? error.message : String(error));
    return 1;
  })
  .then((code) => {
    rmSync(scratch, { recursive: true, force: true });
    process.exit(code);
  });
