/** `npm start`: everything of one installation, until it is told to stop. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import {
  givenSettings,
  haltFilesOf,
  loadConfig,
  misspeltIn,
  misspeltText,
  noteHaltFile,
  readRuntime,
  unknownInFile,
  withRuntime,
  type Runtime,
} from '../config/index.js';
import { projectRoot, stateDir as stateDirOf } from '../scripts/lib/paths.mjs';
import { identify, isSameProcess, starters } from '../scripts/lib/processes.mjs';
import { createProgress } from '../scripts/lib/steps.mjs';
import type { Context } from './context.js';
import { dashboardTold } from './dashboard-link.js';
import { startHaltBook } from './halt-book.js';
import { withMetricsPorts } from './metrics-ports.js';
import { openTradesTold } from './open-trades.js';
import { USAGE, ignoredText, parseOptions, type StartOptions } from './options.js';
import { PARTS } from './parts.js';
import { claimPorts } from './ports.js';
import {
  dropState,
  holdState,
  jwtSecret,
  removeRuntime,
  stateProblem,
  writeRuntime,
} from './state.js';
import { Supervisor } from './supervisor.js';

/** How long a second start waits for the first to come up. */
const ATTACH_LIMIT_MS = 120_000;
const ATTACH_POLL_MS = 200;

const PARENT_POLL_MS = 500;

/** 128 and the number of SIGINT, as shells have it. */
const EXIT_INTERRUPTED = 130;

const say = (text: string) => void process.stderr.write(`${text}\n`);

/** Runs the sample signals, or the first of them alone. @returns their exit code */
async function runDemo(env: NodeJS.ProcessEnv, sampleOnly: boolean): Promise<number> {
  const file = join(projectRoot(), 'dist', 'cli', 'demo.js');
  if (!existsSync(file)) {
    say('dist/cli/demo.js is missing: no sample signals are shown');
    return 1;
  }
  const demo = (await import(pathToFileURL(file).href)) as {
    runDemo(env: NodeJS.ProcessEnv, options: { sampleOnly: boolean }): Promise<number>;
  };
  return demo.runDemo(env, { sampleOnly });
}

function showUrls(urls: Record<string, string>): void {
  for (const [name, url] of Object.entries(urls)) say(`  ${name.padEnd(16)} ${url}`);
}

/** The first thing to try: what it prints can be pasted as it is. */
function showCurl({ api }: Record<string, string>): void {
  if (api === undefined) return;
  const token = '$(npx ballast token)';
  say(`\n  curl -H "Authorization: Bearer ${token}" ${api}/api/v1/trades`);
  say(`  every endpoint, to read and to try: ${api}/docs\n`);
}

/** What to open first: the link logs in, once. */
async function showDashboard({ api }: Record<string, string>, env: NodeJS.ProcessEnv) {
  if (api === undefined) return;
  for (const line of await dashboardTold(api, env)) say(line);
}

/** A second start in the same checkout: says what runs, and has it start what is down. */
async function attach(holder: number, options: StartOptions): Promise<number> {
  if (options.fresh) {
    say(`Ballast runs in this checkout (process ${holder}): stop it before you drop its state.`);
    return 1;
  }
  const deadline = Date.now() + ATTACH_LIMIT_MS;
  let runtime: Runtime | undefined;
  while (!runtime && Date.now() < deadline) {
    runtime = readRuntime();
    if (!runtime) await sleep(ATTACH_POLL_MS);
  }
  if (!runtime) {
    say(`process ${holder} runs this checkout, but has not come up; see .ballast/logs`);
    return 1;
  }
  say(`Ballast runs already in this checkout (process ${holder}, since ${runtime.startedAt}).`);
  showUrls(runtime.urls);
  await showDashboard(runtime.urls, withRuntime());
  const ignored = ignoredText(options);
  if (ignored !== null) say(ignored);
  process.kill(holder, 'SIGUSR2');
  return options.once ? runDemo(withRuntime(), false) : 0;
}

async function createContext(options: StartOptions, stateDir: string) {
  const config = loadConfig();
  const claimed = await claimPorts(stateDir);
  if (claimed.moved !== null) say(claimed.moved);
  for (const one of [...misspeltIn(process.env), ...unknownInFile()]) say(`! ${misspeltText(one)}`);
  const own = { ...process.env, BALLAST_STATE_DIR: stateDir };
  const given = givenSettings(own);
  const env: NodeJS.ProcessEnv = { ...own, ...given };
  // Before a worker looks at it: "ballast halt" may be given while this start comes up.
  noteHaltFile(env, config.haltFile);
  if (!config.jwtSecret) env['JWT_SECRET'] = jwtSecret(stateDir);
  const context: Context = {
    options,
    config,
    stateDir,
    ports: withMetricsPorts(env, claimed.ports),
    env,
    shared: new Set([...Object.keys(given), 'BALLAST_STATE_DIR', 'JWT_SECRET']),
    urls: {},
    say,
  };
  return { context, release: () => claimed.release() };
}

function runtimeOf(context: Context, supervisor: Supervisor, startedAt: string): Runtime {
  const shared = [...context.shared]
    .map((name) => [name, context.env[name] ?? ''] as const)
    .filter(([, value]) => value !== '');
  return {
    supervisor: identify(),
    pids: supervisor.pids(),
    parts: supervisor.parts(),
    ports: context.ports,
    urls: context.urls,
    env: Object.fromEntries(shared),
    startedAt,
  };
}

/** Resolves with an exit code when somebody wants this process to end. */
function untilToldToStop(supervisor: Supervisor): Promise<number> {
  return new Promise((resolve) => {
    process.on('SIGINT', () => resolve(EXIT_INTERRUPTED));
    process.on('SIGTERM', () => resolve(EXIT_INTERRUPTED));
    process.on('SIGHUP', () => resolve(EXIT_INTERRUPTED));
    process.on('SIGUSR2', () => void supervisor.restartDown());
    void supervisor.givenUp.then((error) => {
      say(error.message);
      resolve(1);
    });
    // Under npm the person's Ctrl-C or kill may end npm only.
    if (!process.env['npm_lifecycle_event']) return;
    const above = starters();
    setInterval(() => {
      if (!above.every(isSameProcess)) resolve(EXIT_INTERRUPTED);
    }, PARENT_POLL_MS).unref();
  });
}

const environmentOf = ({ env }: Context) => ({ ...process.env, ...env });

/** Says what stays open at the broker; its orders work there without anything of this running. */
async function tellWhatStays(context: Context): Promise<void> {
  const lines = await openTradesTold(environmentOf(context));
  for (const line of lines) say(line);
  if (lines.length === 0) return;
  const isOwnGateway = context.urls['gateway-control'] !== undefined;
  say(isOwnGateway ? STAYS_WITH_GATEWAY : STAYS);
}

const STAYS = 'The broker keeps these orders; nobody repairs them until the next start.';
const STAYS_WITH_GATEWAY =
  'The paper gateway stops as well: its orders and its market go on with the next start.';

/** Starts all, then shows the samples. @returns an exit code when this start ends by itself */
async function bringUp(context: Context, supervisor: Supervisor, publish: () => void) {
  await supervisor.startAll();
  publish();
  if (context.shared.has('TRADING_ENABLED') && !process.env['TRADING_ENABLED']) {
    say('TRADING_ENABLED is set to true for the paper gateway, because it is not set at all.');
  }
  say('\nBallast runs.');
  showUrls(context.urls);
  showCurl(context.urls);
  if (!context.options.once) await showDashboard(context.urls, environmentOf(context));
  for (const line of await openTradesTold(environmentOf(context))) say(line);
  if (!context.options.demo) return undefined;
  const { once } = context.options;
  const code = await runDemo(environmentOf(context), !once);
  if (once) return code;
  say('\nCtrl-C stops it; "npx ballast --help" says what can be done meanwhile.');
  return undefined;
}

async function supervise(options: StartOptions, stateDir: string): Promise<number> {
  const { context, release } = await createContext(options, stateDir);
  const startedAt = new Date().toISOString();
  let isUp = false;
  const publish = () => {
    if (isUp) writeRuntime(runtimeOf(context, supervisor, startedAt), process.env);
  };
  const progress = createProgress();
  const supervisor = new Supervisor({ context, parts: PARTS, progress, onChange: publish });
  const told = untilToldToStop(supervisor);
  const stopBooking = startHaltBook({
    files: () => haltFilesOf(context.env).files,
    env: () => environmentOf(context),
  });
  const up = bringUp(context, supervisor, () => {
    isUp = true;
    publish();
  });
  try {
    const ended = await Promise.race([told, up]);
    return ended ?? (await told);
  } finally {
    stopBooking();
    if (isUp) await tellWhatStays(context);
    isUp = false;
    removeRuntime(process.env);
    await supervisor.stop();
    release();
    // An interrupted start fails in its own way; that is nobody's news any more.
    void up.catch(() => undefined);
  }
}

/**
 * @param args the command line after the program
 * @returns the exit code
 */
export async function main(args: string[]): Promise<number> {
  // A terminal that has gone away must not keep us from stopping in order.
  process.stdout.on('error', () => undefined);
  process.stderr.on('error', () => undefined);
  let options: StartOptions;
  try {
    options = parseOptions(args);
  } catch (error) {
    say(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`);
    return 2;
  }
  if (options.help) {
    process.stdout.write(USAGE);
    return 0;
  }
  const stateDir = stateDirOf();
  try {
    return await startOrAttach(options, stateDir);
  } catch (error) {
    throw stateProblem(error, stateDir) ?? error;
  }
}

async function startOrAttach(options: StartOptions, stateDir: string): Promise<number> {
  const hold = holdState(stateDir);
  if ('holder' in hold) return attach(hold.holder.pid, options);
  try {
    if (options.fresh) dropState(stateDir);
    return await supervise(options, stateDir);
  } finally {
    hold.release();
  }
}
