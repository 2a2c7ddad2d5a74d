/** TypeScript to `dist/`, file by file and only what changed: types are checked by `npm run types`. */
import { copyFileSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, extname, join, relative } from 'node:path';
import { filesUnder, hashOf, readJson } from './files.mjs';
import { projectRoot } from './paths.mjs';

/** Folders of the checkout that hold no code for `dist/`. */
const NOT_BUILT = new Set([
  'node_modules',
  'dist',
  'coverage',
  'tests',
  'docs',
  'prisma',
  'bin',
  'sdk',
  'dashboard',
]);

/** Raised when the output for the same source changes. */
const FORMAT_VERSION = '2';

const MANIFEST = '.build.json';

/** @param {string} root @param {string[] | undefined} only @returns {string[]} relative paths */
function sources(root, only) {
  const folders = readdirSync(root, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
    .map((entry) => entry.name)
    .filter((name) => !NOT_BUILT.has(name) && (!only || only.includes(name)));
  return folders
    .flatMap((folder) => filesUnder(join(root, folder)))
    .map((file) => relative(root, file))
    .filter((file) => /\.(ts|mjs|json)$/.test(file) && !file.endsWith('.d.ts'));
}

/** @param {string} file @returns {string} its place below dist */
function outputOf(file) {
  return extname(file) === '.ts' ? `${file.slice(0, -'.ts'.length)}.js` : file;
}

/** @param {string} root @param {string} file @param {string} source @param {any} swc */
function emit(root, file, source, swc) {
  const output = join(root, 'dist', outputOf(file));
  mkdirSync(dirname(output), { recursive: true });
  if (extname(file) !== '.ts') return copyFileSync(join(root, file), output);
  const { code, map } = swc.transformSync(source, {
    filename: join(root, file),
    sourceFileName: relative(dirname(output), join(root, file)),
    sourceMaps: true,
    swcrc: false,
    configFile: false,
    isModule: true,
    module: { type: 'es6' },
    jsc: {
      target: 'es2022',
      parser: { syntax: 'typescript' },
      transform: { verbatimModuleSyntax: true },
    },
  });
  const base = output.slice(output.lastIndexOf('/') + 1);
  writeFileSync(output, `${code}//# sourceMappingURL=${base}.map\n`);
  writeFileSync(`${output}.map`, map ?? '{}');
}

/** @param {string} root @param {Record<string, Source>} before @param {Record<string, Source>} now */
function dropOrphans(root, before, now, only) {
  for (const file of Object.keys(before)) {
    if (only && !only.includes(file.split('/')[0])) {
      now[file] = before[file];
      continue;
    }
    if (file in now) continue;
    rmSync(join(root, 'dist', outputOf(file)), { force: true });
    rmSync(join(root, 'dist', `${outputOf(file)}.map`), { force: true });
  }
}

/**
 * A source as it was built: its content, and what the file system said of it before it was read. While the file
 * system says the same nobody reads it again, as git does it.
 * @typedef {{ hash: string, mtimeMs: number, size: number }} Source
 */

/** @param {string} file @returns {Pick<Source, 'mtimeMs' | 'size'>} */
function statOf(file) {
  const { mtimeMs, size } = statSync(file);
  return { mtimeMs, size };
}

/** @param {string} root @returns {Record<string, Source>} by path, as of the last build */
function builtFiles(root) {
  return readJson(join(root, 'dist', MANIFEST))?.files ?? {};
}

/**
 * Whether `dist/` is out of line with the sources. It reads only, so nobody has to wait for anybody.
 * @param {{ only?: string[] }} [options] top-level folders to look at; all by default
 * @returns {boolean}
 */
export function distIsStale({ only } = {}) {
  const root = projectRoot();
  const before = builtFiles(root);
  const files = sources(root, only);
  const isBuilt = (/** @type {string} */ file) => {
    const known = before[file];
    if (!known || !existsSync(join(root, 'dist', outputOf(file)))) return false;
    const { mtimeMs, size } = statOf(join(root, file));
    if (known.mtimeMs === mtimeMs && known.size === size) return true;
    return known.hash === hashOf(FORMAT_VERSION, readFileSync(join(root, file), 'utf8'));
  };
  return files.length === 0 || !files.every(isBuilt);
}

/**
 * Brings `dist/` in line with the sources.
 * @param {{ only?: string[] }} [options] top-level folders to build; all by default
 * @returns {{ built: number, total: number }} files written and files there are
 * @throws Error naming each file that does not parse
 */
export function buildDist({ only } = {}) {
  const root = projectRoot();
  const manifestFile = join(root, 'dist', MANIFEST);
  const before = builtFiles(root);
  /** @type {Record<string, Source>} */
  const now = {};
  /** @type {string[]} */
  const broken = [];
  const swc = createRequire(import.meta.url)('@swc/core');
  let built = 0;
  for (const file of sources(root, only)) {
    const stat = statOf(join(root, file));
    const source = readFileSync(join(root, file), 'utf8');
    const hash = hashOf(FORMAT_VERSION, source);
    if (before[file]?.hash !== hash || !existsSync(join(root, 'dist', outputOf(file)))) {
      try {
        emit(root, file, source, swc);
        built += 1;
      } catch (error) {
        broken.push(`${file}: ${error instanceof Error ? error.message : String(error)}`);
        continue;
      }
    }
    now[file] = { hash, ...stat };
  }
  const total = Object.keys(now).length;
  dropOrphans(root, before, now, only);
  mkdirSync(dirname(manifestFile), { recursive: true });
  writeFileSync(manifestFile, JSON.stringify({ files: now }));
  if (broken.length > 0) {
    throw new Error(
      `these files do not compile:\n${broken.join('\n')}\nMend them and start again.`,
    );
  }
  return { built, total };
}
