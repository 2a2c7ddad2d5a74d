/** The dashboard's page in few files, with hashes in their names, and compressed once: the server only sends them. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { filesUnder, hashOf, hashOfFiles } from './files.mjs';
import { projectRoot } from './paths.mjs';

/** Raised when the output for the same source changes. */
const FORMAT_VERSION = '1';
/** Smaller ones are sent in one packet anyway. */
const COMPRESSED_FROM_BYTES = 1_000;
const COMPRESSIBLE = /\.(js|css|html|svg)$/;

function paths() {
  const root = projectRoot();
  return {
    source: join(root, 'dashboard'),
    folder: join(root, 'dist', 'dashboard'),
    stamp: join(root, 'dist', '.dashboard-hash'),
    // What of the rest of the project is in the page; types leave nothing behind.
    shared: join(root, 'domain', 'money.ts'),
  };
}

/** By its sources, and what was installed. */
function stampOf() {
  const { source, shared } = paths();
  const lock = readFileSync(join(projectRoot(), 'package-lock.json'));
  return hashOf(FORMAT_VERSION, lock, hashOfFiles([...filesUnder(source), shared]));
}

/** @returns {boolean} whether the page is missing, or older than its sources */
export function dashboardIsStale() {
  const { stamp, folder } = paths();
  if (!existsSync(stamp) || !existsSync(join(folder, 'index.html'))) return true;
  return readFileSync(stamp, 'utf8') !== stampOf();
}

/**
 * Builds it into `dist/dashboard`.
 * @param {(detail: string) => void} [note] takes how large the scripts are
 * @throws Error naming what does not compile
 */
export async function buildDashboard(note = () => undefined) {
  const { source, folder, stamp } = paths();
  // Only here: what is installed may be older than this dependency until the set-up has run.
  const { build } = await import('vite');
  const wanted = stampOf();
  await build({
    configFile: false,
    root: source,
    base: '/dashboard/',
    logLevel: 'error',
    oxc: { jsx: { runtime: 'automatic' } },
    build: {
      ...{ outDir: folder, emptyOutDir: true, target: 'es2022', sourcemap: false },
      // Nothing inline: the page's policy allows no such thing.
      ...{ assetsInlineLimit: 0, modulePreload: { polyfill: false } },
      ...{ reportCompressedSize: false, chunkSizeWarningLimit: 1_000 },
    },
  });
  note(`${Math.round(compressAll(folder) / 1_000)} kB of script, compressed`);
  writeFileSync(stamp, wanted);
}

/** @param {string} folder @returns {number} bytes of all scripts together, compressed */
function compressAll(folder) {
  let scriptBytes = 0;
  for (const file of filesUnder(folder).filter((name) => COMPRESSIBLE.test(name))) {
    const content = readFileSync(file);
    if (content.length < COMPRESSED_FROM_BYTES) continue;
    const params = { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY };
    const small = brotliCompressSync(content, { params });
    writeFileSync(`${file}.br`, small);
    writeFileSync(`${file}.gz`, gzipSync(content, { level: constants.Z_BEST_COMPRESSION }));
    if (file.endsWith('.js')) scriptBytes += small.length;
  }
  return scriptBytes;
}
