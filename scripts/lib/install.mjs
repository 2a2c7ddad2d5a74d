/** `npm ci`, when the dependencies are missing or no longer those of the lock file. */
import { spawn } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { hashOf } from './files.mjs';
import { projectRoot } from './paths.mjs';

/** Lines of npm's output shown when it fails. */
const TAIL_LINES = 25;

/** Which lock file the dependencies were installed from; inside, so that it goes with them. */
function stampFile() {
  return join(projectRoot(), 'node_modules', '.ballast-lock-hash');
}

/** The platform counts too: a folder carried to another system has the wrong binaries. */
function wantedStamp() {
  const lock = readFileSync(join(projectRoot(), 'package-lock.json'));
  return hashOf(lock, process.platform, process.arch);
}

/** @returns {boolean} whether `node_modules` is what the lock file says */
export function dependenciesAreCurrent() {
  return existsSync(stampFile()) && readFileSync(stampFile(), 'utf8') === wantedStamp();
}

/**
 * A folder that npm itself filled from this lock file (`npm ci` or `npm install` by hand).
 * @returns {boolean}
 */
function npmSaysCurrent() {
  const root = projectRoot();
  const hidden = join(root, 'node_modules', '.package-lock.json');
  if (!existsSync(hidden)) return false;
  const installed = JSON.parse(readFileSync(hidden, 'utf8')).packages ?? {};
  const wanted = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages ?? {};
  return Object.entries(wanted).every(([path, entry]) => {
    if (path === '') return true;
    const found = installed[path];
    return found ? found.version === entry.version : Boolean(entry.optional || entry.peer);
  });
}

/** @returns {{ command: string, args: string[] }} how to run npm here */
export function npmCommand() {
  const script = process.env.npm_execpath;
  if (script?.endsWith('.js') && existsSync(script)) {
    return { command: process.execPath, args: [script] };
  }
  return { command: process.platform === 'win32' ? 'npm.cmd' : 'npm', args: [] };
}

/** @param {(text: string) => void} note @returns {Promise<void>} */
function runNpmCi(note) {
  const { command, args } = npmCommand();
  // Every dependency works without its install script, and one of them asks a host for binaries.
  const flags = ['--no-audit', '--no-fund', '--ignore-scripts', '--loglevel', 'http'];
  const child = spawn(command, [...args, 'ci', ...flags], {
    cwd: projectRoot(),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const total = countOfPackages();
  let fetched = 0;
  /** @type {string[]} */
  let tail = [];
  const take = (/** @type {Buffer} */ chunk) => {
    for (const line of chunk.toString().split('\n')) {
      if (/\bhttp (fetch|cache)\b/.test(line)) {
        if (line.includes('.tgz')) fetched += 1;
        note(`${fetched} of at most ${total} packages fetched`);
      } else if (line.trim() !== '') tail = [...tail, line].slice(-TAIL_LINES);
    }
  };
  child.stdout.on('data', take);
  child.stderr.on('data', take);
  return new Promise((resolve, reject) => {
    child.on('error', (error) =>
      reject(new Error(`npm could not be run (${error.message}); install npm, it comes with Node`)),
    );
    child.on('exit', (code) => {
      if (code === 0) return resolve();
      reject(
        new Error(
          `npm ci failed with code ${code}:\n${tail.join('\n')}\n` +
            'Check that the package registry can be reached (npm ping), then start again.',
        ),
      );
    });
  });
}

/** @param {(text: string) => void} note takes the latest line of npm's output */
export async function installDependencies(note) {
  if (!npmSaysCurrent()) await runNpmCi(note);
  note(`${countOfPackages()} packages`);
  writeFileSync(stampFile(), wantedStamp());
}

function countOfPackages() {
  const lock = JSON.parse(readFileSync(join(projectRoot(), 'package-lock.json'), 'utf8'));
  return Object.keys(lock.packages ?? {}).length - 1;
}
