/** TypeScript to `dist/`, file by file and only what changed: types are checked by `npm run types`. */
import { copyFileSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, extname, join, relative } from 'node:path';
import { filesUnder, hashOf, readJson } from './files.mjs';
import { projectRoot } from './paths.mjs';

/** Folders of the checkout that hold no code for `dist/`. */
const NOT_BUILT = new Set(['node_modules', 'dist', 'coverage', 'tests', 'docs', 'prisma', 'bin']);

/** Raised when the output for the same source changes. */
const FORMAT_VERSION = '1';

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

/** @param {string} root @param {Record<string, string>} before @param {Record<string, string>} now */
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

/** @param {string} root @returns {Record<string, string>} hash by source, as of the last build */
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
  const isBuilt = (/** @type {string} */ file) =>
    before[file] === hashOf(FORMAT_VERSION, readFileSync(join(root, file), 'utf8')) &&
    existsSync(join(root, 'dist', outputOf(file)));
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
  /** @type {Record<string, string>} */
  const now = {};
  /** @type {string[]} */
  const broken = [];
  const swc = createRequire(import.meta.url)('@swc/core');
  let built = 0;
  for (const file of sources(root, only)) {
    const source = readFileSync(join(root, file), 'utf8');
    const hash = hashOf(FORMAT_VERSION, source);
    if (before[file] !== hash || !existsSync(join(root, 'dist', outputOf(file)))) {
      try {
        emit(root, file, source, swc);
        built += 1;
      } catch (error) {
        broken.push(`${file}: ${error instanceof Error ? error.message : String(error)}`);
        continue;
      }
    }
    now[file] = hash;
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
