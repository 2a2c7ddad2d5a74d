/** A release: what runs, without the sources it was built from and what builds and tests them. */
import { execFile } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdirSync, readFileSync, readdirSync } from 'node:fs';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { npmCommand } from './install.mjs';
import { projectRoot } from './paths.mjs';

/** Folders of `dist/` that only build, test, measure or prove. */
const NOT_RELEASED = new Set([
  ...['bench', 'chaos', 'conformance', 'deploy', 'docs', 'examples', 'snaptrade-stub', 'tests'],
]);

/** What is read while it runs, beside `dist/`. */
const TAKEN_ALONG = [
  ...['package.json', 'package-lock.json', '.npmrc', 'LICENSE', 'bin', 'scripts'],
  ...['prisma/migrations', 'client/encoded-failures.cjs'],
];

/** The mark of a release: there is nothing here to set up, nor to build from. */
function markOf(/** @type {string} */ root) {
  return join(root, 'dist', '.release');
}

/** @returns {boolean} whether this is a release, and no checkout */
export function isRelease() {
  return existsSync(markOf(projectRoot()));
}

/**
 * Copies a release into a folder, which is emptied first. The packages are no part of it: `npm ci --omit=dev`
 * in that folder brings them.
 * @param {string} folder absolute path
 * @throws Error when this checkout is not built, or the folder holds something that is no release
 */
export function writeRelease(folder) {
  const root = projectRoot();
  if (!existsSync(join(root, 'dist', 'workflow-bundle.js'))) {
    throw new Error('this checkout is not built: run "npm run build" first');
  }
  const isTaken = existsSync(folder) && readdirSync(folder).length > 0;
  if (isTaken && !existsSync(markOf(folder))) {
    throw new Error(`${folder} holds something that is no release: name another folder`);
  }
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(join(folder, 'dist'), { recursive: true });
  for (const path of TAKEN_ALONG) copy(join(root, path), join(folder, path));
  for (const name of readdirSync(join(root, 'dist'))) {
    if (!NOT_RELEASED.has(name)) copy(join(root, 'dist', name), join(folder, 'dist', name));
  }
  chmodSync(join(folder, 'bin', 'ballast.mjs'), EXECUTABLE);
  writeFileSync(markOf(folder), `${versionIn(root)}\n`);
}

const EXECUTABLE = 0o755;

/** Sources in TypeScript and the notes of a build at work stay behind. */
function copy(/** @type {string} */ from, /** @type {string} */ to) {
  cpSync(from, to, {
    recursive: true,
    filter: (path) => !/\.tsx?$|\.bootstrap\.lock/.test(path) || path.endsWith('.d.ts'),
  });
}

/** @param {string} root @returns {string} */
function versionIn(root) {
  return JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).version;
}

/** A slow line. */
const INSTALL_LIMIT_MS = 10 * 60_000;

/**
 * Brings a release's packages, as the image does.
 * @param {string} root of the release
 * @param {(text: string) => void} note
 */
export async function installRelease(root, note) {
  const { command, args } = npmCommand();
  const flags = [
    'ci',
    '--omit=dev',
    '--omit=optional',
    '--ignore-scripts',
    '--no-audit',
    '--no-fund',
  ];
  await promisify(execFile)(command, [...args, ...flags], { cwd: root, timeout: INSTALL_LIMIT_MS });
  note(`${Object.keys(installedIn(root)).length} packages`);
}

/** @param {string} root @returns {Record<string, { dev?: boolean }>} by path */
function installedIn(root) {
  const list = join(root, 'node_modules', '.package-lock.json');
  return JSON.parse(readFileSync(list, 'utf8')).packages;
}

/**
 * @param {string} root of an installed release
 * @throws Error naming the packages there that only build and test need
 */
export function mustHaveNoDevelopment(root) {
  const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages;
  const wrong = Object.keys(installedIn(root)).filter((path) => !lock[path] || lock[path].dev);
  const tools = ['typescript', 'eslint', 'jest', 'vite', 'prisma'];
  const named = tools.filter((name) => existsSync(join(root, 'node_modules', name)));
  if (wrong.length + named.length === 0) return;
  throw new Error(`packages of development are installed: ${[...wrong, ...named].join(', ')}`);
}
