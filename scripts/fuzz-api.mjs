/**
 * `npm run fuzz:api`: schemathesis sends made-up requests to the HTTP API of an installation of its own, by its OpenAPI
 * document, and judges each answer by it: nothing is a 5xx, nothing is answered that the document does not name, and
 * without a token nothing is answered but 401. Left out, with a notice, where there is no Python for it.
 */
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { answersIn } from './clients/fuzz-report.mjs';
import { startInstallation } from './clients/installation.mjs';
import { Unavailable, pythonWith } from './clients/python.mjs';
import { UNDOCUMENTED } from './clients/undocumented.mjs';
import { bootstrap, run } from './lib/bootstrap.mjs';
import { projectRoot } from './lib/paths.mjs';
import { createProgress } from './lib/steps.mjs';

const USAGE = `npm run fuzz:api -- [options]

  --seeds LIST      one run of each kind for each of them (default: 1)
  --examples N      made-up requests of each endpoint, beside those at the edges of its schema (default: 10)
  --help            this text
`;

/** @type {import('./clients/python.mjs').PythonTools} */
const TOOLS = {
  name: 'fuzz',
  requirements: 'requirements-fuzz.txt',
  minimum: [3, 11],
  installs: 'schemathesis',
};

/** As contract/payload-keys.ts has it: AES-256. */
const PAYLOAD_KEY_BYTES = 32;
/** Of one run: fifty endpoints with some hundred requests each, on a busy machine. */
const RUN_LIMIT_MS = 20 * 60_000;
/** A preview that nobody makes is given up after half a minute. */
const REQUEST_LIMIT_S = 60;
/** Of a failing run's output: each finding with the request that repeats it. */
const TAIL_CHARS = 40_000;

/**
 * Rules between two fields, and cursors, stand in no JSON schema: what fits the schema may be refused, with a code. That
 * what doesn't fit is refused is checked, and that nothing else is answered.
 */
const NOT_CHECKED = ['positive_data_acceptance'];
/** Without a token nobody gets as far as what these look at. */
const NOT_CHECKED_WITHOUT = [
  ...NOT_CHECKED,
  ...['negative_data_rejection', 'ignored_auth', 'unsupported_method'],
];

/** It does not end while its token lives (tests/api/events.test.ts reads it). */
const ENDLESS = 'followEvents';
/** They call back the very token that the requests after them need (tests/api/sessions.test.ts plays them). */
const END_TOKENS = ['revokeSession', 'revokeSessions'];

/**
 * @typedef {{ title: string, args: string[], env?: Record<string, string> }} Run
 * @typedef {{ document: string, url: string, token: string, undocumented: string }} Target
 */

/** @param {Target} target @param {string} seed @returns {Run[]} */
function runsOf({ document, url, token, undocumented }, seed) {
  const bearer = ['--header', `Authorization: Bearer ${token}`];
  const endless = [ENDLESS, ...END_TOKENS].flatMap((id) => ['--exclude-operation-id', id]);
  const checked = ['--exclude-checks', NOT_CHECKED.join(',')];
  const hidden = [undocumented, '--url', url];
  return [
    ...['positive', 'negative'].map((mode) => ({
      title: `${mode}, seed ${seed}`,
      args: [document, '--mode', mode, ...bearer, ...endless, ...checked],
    })),
    {
      title: `codec and MCP, seed ${seed}`,
      args: [...hidden, '--mode', 'all', ...bearer, ...checked],
    },
    ...[[document], hidden].map((place) => ({
      title: `${place === hidden ? 'codec and MCP ' : ''}without a token, seed ${seed}`,
      args: [...place, '--mode', 'all', '--exclude-checks', NOT_CHECKED_WITHOUT.join(',')],
      env: { FUZZ_WITHOUT_TOKEN: '1' },
    })),
  ].map(({ args, ...rest }) => ({ ...rest, args: [...args, '--seed', seed] }));
}

/**
 * @param {string} python @param {Run} one @param {Record<string, string>} env @param {string} report
 * @returns {Promise<void>} @throws with the findings
 */
function play(python, { title, args, env: own }, env, report) {
  const common = [
    ...['--phases', 'examples,coverage,fuzzing', '--generation-database', 'none'],
    ...['--continue-on-failure', '--no-color', '--warnings', 'off'],
    ...['--request-timeout', String(REQUEST_LIMIT_S)],
    ...['--report', 'ndjson', '--report-ndjson-path', report],
  ];
  const hooks = join(projectRoot(), 'tests', 'clients', 'fuzz', 'hooks.py');
  const child = spawn(python, ['-B', '-m', 'schemathesis.cli', 'run', ...args, ...common], {
    env: { ...process.env, ...env, ...own, SCHEMATHESIS_HOOKS: hooks },
    // It keeps what it found where it runs.
    cwd: dirname(report),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  const take = (chunk) => (output = (output + chunk).slice(-TAIL_CHARS));
  child.stdout.on('data', take);
  child.stderr.on('data', take);
  const late = setTimeout(() => child.kill('SIGKILL'), RUN_LIMIT_MS);
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => {
      clearTimeout(late);
      if (code === 0) resolve();
      else reject(new Error(`${title}: schemathesis ended with ${code ?? signal}\n${output}`));
    });
  });
}

/** @param {import('./clients/installation.mjs').Installation} installation @param {string} scratch */
async function targetOf({ url, ballast }, scratch) {
  const undocumented = join(scratch, 'undocumented.json');
  writeFileSync(undocumented, JSON.stringify(UNDOCUMENTED));
  const scopes = 'read,trade,approve,admin';
  const token = await ballast('token', '--scope', scopes, '--expires', '12h');
  const hook = await ballast(
    ...['hook', 'create', 'fuzz', '--strategy', 'fuzz', '--template', 'plain'],
  );
  const lastPart = (address) => address.trim().split('/').at(-1);
  const [, address = ''] = /(\S*\/hooks\/\S+)/.exec(hook) ?? [];
  return {
    target: { document: `${url}/openapi.json`, url, token, undocumented },
    env: {
      FUZZ_HOOK_TOKEN: lastPart(address),
      FUZZ_CODEC_SECRET: lastPart(await ballast('codec', 'endpoint')),
    },
  };
}

/** @param {{ python: string, seeds: string[], examples: string, scratch: string }} given */
async function fuzz({ python, seeds, examples, scratch }, progress) {
  const installation = await progress.step('an installation of its own', () =>
    startInstallation(join(scratch, 'state'), {
      TEMPORAL_PAYLOAD_KEYS: `fuzz=${randomBytes(PAYLOAD_KEY_BYTES).toString('base64url')}`,
      API_REQUESTS_PER_MINUTE: '1000000',
      HOOK_REQUESTS_PER_MINUTE: '100000',
    }),
  );
  const failed = [];
  try {
    const { target, env } = await targetOf(installation, scratch);
    for (const one of seeds.flatMap((seed) => runsOf(target, seed))) {
      const report = join(scratch, 'report.ndjson');
      const args = [...one.args, '--max-examples', examples];
      try {
        await progress.step(one.title, async (note) => {
          await play(python, { ...one, args }, env, report);
          note(answersIn(report));
        });
      } catch (error) {
        failed.push(one.title);
        progress.line(error.message);
      }
    }
  } finally {
    await installation.stop();
  }
  if (failed.length > 0) throw new Error(`found something: ${failed.join('; ')}`);
}

run(async () => {
  const { values } = parseArgs({
    options: {
      seeds: { type: 'string', default: '1' },
      examples: { type: 'string', default: '10' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(USAGE);
    return 0;
  }
  const progress = createProgress();
  await bootstrap({ progress });
  const scratch = mkdtempSync(join(tmpdir(), 'ballast-fuzz-'));
  try {
    const python = await progress.step('schemathesis', (note) => pythonWith(TOOLS, note));
    const seeds = values.seeds.split(',');
    await fuzz({ python, seeds, examples: values.examples, scratch }, progress);
    return 0;
  } catch (error) {
    if (!(error instanceof Unavailable)) throw error;
    progress.line(`SKIPPED: schemathesis can't be run here: ${error.message}`);
    progress.line('Install Python 3.11 or newer with venv, and let pip reach its index.');
    return 0;
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
});
