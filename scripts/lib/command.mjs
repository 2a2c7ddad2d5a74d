/** The command line in few files: loading a thousand small ones takes longer than what most commands do. */
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { hashOf } from './files.mjs';
import { projectRoot } from './paths.mjs';

/** What starts parts, or finds files by where it lies itself, stays as it is built: large, and seldom asked for. */
const LEFT_OUT = /(^|\/)(scripts|supervisor|gateway|worker)\//;

/** Packages of CommonJS that are bundled ask for the modules of Node by `require`. */
const WITH_REQUIRE =
  "import { createRequire as requireOf } from 'node:module'; const require = requireOf(import.meta.url);";

function paths() {
  const dist = join(projectRoot(), 'dist');
  return {
    entry: join(dist, 'cli', 'main.js'),
    folder: join(dist, 'command'),
    stamp: join(dist, 'command', '.hash'),
    manifest: join(dist, '.build.json'),
  };
}

/** By what was built, and what was installed. */
function stampOf() {
  const lock = readFileSync(join(projectRoot(), 'package-lock.json'));
  return hashOf(readFileSync(paths().manifest), lock);
}

/** @returns {boolean} whether the command in few files is missing, or older than `dist/` */
export function commandIsStale() {
  const { stamp, manifest } = paths();
  if (!existsSync(stamp) || !existsSync(manifest)) return true;
  return readFileSync(stamp, 'utf8') !== stampOf();
}

/**
 * Bundles `dist/cli` to `dist/command`, with what it takes from elsewhere. What is loaded late there is so here.
 * @throws Error naming what can't be resolved
 */
export async function bundleCommand() {
  const { entry, folder, stamp } = paths();
  // Only here: what is installed may be older than this dependency until the set-up has run.
  const { build } = await import('esbuild');
  const wanted = stampOf();
  rmSync(folder, { recursive: true, force: true });
  await build({
    entryPoints: [entry],
    outdir: folder,
    bundle: true,
    splitting: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    banner: { js: WITH_REQUIRE },
    logLevel: 'silent',
    plugins: [
      { name: 'left-out', setup: leaveOut },
      { name: 'small-compiler', setup: takeSmallCompiler },
      { name: 'node-alone', setup: askForNoOtherRuntime },
    ],
  });
  writeFileSync(stamp, wanted);
}

/** @param {import('esbuild').PluginBuild} build */
function leaveOut({ onResolve }) {
  onResolve({ filter: /^@temporalio\// }, ({ path }) => ({ path, external: true }));
  // Asked for where traces are sent alone; what spans are made by does nothing without, and is small.
  onResolve({ filter: /^@opentelemetry\// }, ({ path }) =>
    path === '@opentelemetry/api' ? undefined : { path, external: true },
  );
  // Every bundled file lies one folder below dist, whatever the depth of its source.
  onResolve({ filter: /^\.\.?\// }, ({ path }) => {
    if (!LEFT_OUT.test(path)) return undefined;
    return { path: `../${path.replace(/^(\.\.?\/)+/, '')}`, external: true };
  });
}

/** What the database client is made with, for processes that go on; and what half the bytes of it do as well. */
const COMPILER = { fast: 'query_compiler_fast_bg', small: 'query_compiler_small_bg' };

/**
 * A command makes a handful of queries, and most of its start is reading the compiler of queries: the small one takes half
 * of that, and longer for each query, which nobody sees of so few.
 * @param {import('esbuild').PluginBuild} build
 */
function takeSmallCompiler({ onLoad }) {
  onLoad({ filter: /store[/\\]generated[/\\]internal[/\\]class\.js$/ }, ({ path }) => {
    const text = readFileSync(path, 'utf8');
    if (!text.includes(COMPILER.fast)) {
      throw new Error(
        `${path} does not load ${COMPILER.fast}: name what it loads in ${import.meta.url}`,
      );
    }
    return { contents: text.replaceAll(COMPILER.fast, COMPILER.small), loader: 'js' };
  });
}

/** What pg looks whether it runs elsewhere than in Node by: it loads a whole HTTP client, a third of a bare start's time. */
const OTHER_RUNTIME = "if (typeof Response === 'function') {";

/** @param {import('esbuild').PluginBuild} build */
function askForNoOtherRuntime({ onLoad }) {
  onLoad({ filter: /pg[/\\]lib[/\\]stream\.js$/ }, ({ path }) => {
    const text = readFileSync(path, 'utf8');
    if (!text.includes(OTHER_RUNTIME)) {
      throw new Error(`${path} asks otherwise where it runs: see ${import.meta.url}`);
    }
    return { contents: text.replace(OTHER_RUNTIME, 'if (false) {'), loader: 'js' };
  });
}
