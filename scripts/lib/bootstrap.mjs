/** From a fresh clone to something that runs: dependencies, generated code, `dist/`. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { bundleCommand, commandIsStale } from './command.mjs';
import { buildDashboard, dashboardIsStale } from './dashboard.mjs';
import { dependenciesAreCurrent, installDependencies } from './install.mjs';
import { withLock } from './lock.mjs';
import { projectRoot } from './paths.mjs';
import { isRelease } from './release.mjs';
import { createProgress } from './steps.mjs';

/** The first release whose `require` of ES modules and module hooks the tools here rely on. */
const NODE_MINIMUM = [20, 19];

/** Another bootstrap may be downloading all dependencies over a slow line. */
const LOCK_TIMEOUT_MS = 15 * 60_000;

/** @throws Error when this Node is too old */
export function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  const [wantedMajor, wantedMinor] = NODE_MINIMUM;
  if (major > wantedMajor || (major === wantedMajor && minor >= wantedMinor)) return;
  throw new Error(
    `Node ${process.versions.node} is too old: Ballast needs ${NODE_MINIMUM.join('.')} or newer. ` +
      'Install a current Node and start again.',
  );
}

/** In an emergency: a compile is over by then, and nobody waits for a download. */
const EMERGENCY_LOCK_TIMEOUT_MS = 3_000;

/**
 * Brings the checkout up to date; does nothing, and waits for nobody, when it is. Two that have something to
 * do wait for one another.
 * @param {{
 *   progress?: import('./steps.mjs').Progress,
 *   only?: string[],
 *   bundle?: boolean,
 *   page?: boolean,
 *   timeoutMs?: number,
 * }} [options] `only`: top-level folders to compile; `bundle: false` leaves the workflow bundle, `page: false` the dashboard, where that alone is old;
 *   `timeoutMs`: how long to wait for another that is at it
 */
export async function bootstrap(options = {}) {
  checkNode();
  // Nothing is built there, nor installed: what is missing could not be made.
  if (isRelease()) return;
  const { progress = createProgress(), only, bundle = true, page = true } = options;
  if (await isUpToDate(only, bundle, page)) return;
  await withLock(bootstrapLock(), () => bringUpToDate(progress, only, bundle), {
    timeoutMs: options.timeoutMs ?? LOCK_TIMEOUT_MS,
    onWait: (pid) => progress.line(`… waiting for process ${pid}, which sets up this checkout`),
  });
}

/** @returns {string} the file that is held by whoever changes the checkout's build */
export function bootstrapLock() {
  return join(projectRoot(), 'dist', '.bootstrap.lock');
}

/**
 * The same for what must work while a set-up fails or takes long (no network, a source that does not
 * compile): nothing is installed, and what was built last is run.
 * @param {import('./steps.mjs').Progress} progress
 * @throws Error when nothing was ever built here
 */
export async function bootstrapInEmergency(progress) {
  if (isRelease()) return;
  const isBuilt = existsSync(join(projectRoot(), 'dist', 'cli', 'main.js'));
  if (!isBuilt) return bootstrap({ progress });
  try {
    if (!dependenciesAreCurrent()) throw new Error('its packages are not those of the lock file');
    await bootstrap({ progress, page: false, timeoutMs: EMERGENCY_LOCK_TIMEOUT_MS });
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    process.stderr.write(`this checkout is not up to date, what was built last is run: ${why}\n`);
  }
}

/**
 * By reading alone: whoever changes something writes its mark last.
 * @param {string[] | undefined} only
 * @param {boolean} bundle
 * @param {boolean} page
 */
async function isUpToDate(only, bundle, page) {
  if (!dependenciesAreCurrent()) return false;
  const { bundleIsStale, clientIsStale } = await import('./generate.mjs');
  const { distIsStale } = await import('./build.mjs');
  if (clientIsStale() || distIsStale({ only })) return false;
  if (bundle && bundleIsStale()) return false;
  return only !== undefined || (!commandIsStale() && !(page && dashboardIsStale()));
}

/**
 * @param {import('./steps.mjs').Progress} progress
 * @param {string[] | undefined} only
 * @param {boolean} bundle
 */
async function bringUpToDate(progress, only, bundle) {
  if (!dependenciesAreCurrent()) await progress.step('dependencies', installDependencies);
  // Only now: what follows needs the dependencies.
  const { bundleIsStale, bundleWorkflows, clientIsStale, generateClient } =
    await import('./generate.mjs');
  const { buildDist } = await import('./build.mjs');
  if (clientIsStale()) await progress.step('Prisma client', generateClient);
  await progress.step('compile', (note) => {
    const { built, total } = buildDist({ only });
    note(built === 0 ? `${total} files, none changed` : `${built} of ${total} files`);
  });
  if (bundle && bundleIsStale()) await progress.step('workflow bundle', bundleWorkflows);
  if (only !== undefined) return;
  if (commandIsStale()) await progress.step('command bundle', bundleCommand);
  if (dashboardIsStale()) await progress.step('dashboard', buildDashboard);
}

/**
 * The path of a compiled module.
 * @param {string} path below dist, such as "cli/main.js"
 * @returns {string} a file URL's path for `import()`
 * @throws Error when the build has no such file
 */
export function built(path) {
  const file = join(projectRoot(), 'dist', path);
  if (!existsSync(file)) {
    throw new Error(`dist/${path} is missing: run "npm run build", and see what it says`);
  }
  return file;
}

/**
 * Runs a script's main function: an error is printed without a stack and ends with exit code 1.
 * @param {() => Promise<number | void>} main gives the exit code
 */
export function run(main) {
  main().then(
    (code) => {
      process.exitCode = code ?? 0;
    },
    (error) => {
      process.stderr.write(`\n${error instanceof Error ? error.message : String(error)}\n`);
      if (process.env.BALLAST_DEBUG) console.error(error);
      process.exitCode = 1;
    },
  );
}
