/** A copy of the checkout with a mutant's edits in it, built, so that its processes can be started. */
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import type * as bootstrapping from '../../scripts/lib/bootstrap.mjs';
import { projectRoot } from '../../scripts/lib/paths.mjs';
import { patched, type Mutant } from './mutant.js';

/** Linked, not copied; or of no use to a running engine. `dist` goes along: only changes are compiled. */
const LEFT_OUT = new Set(
  ['node_modules', '.git', '.ballast', 'coverage'].concat(['tests', 'docs', 'examples', 'tools']),
);

/** Folders whose code the workers load as one bundle. */
const BUNDLED = ['workflows/', 'domain/', 'contract/'];

export interface EngineCopy {
  /** Checkout whose `dist` holds the patched engine. */
  readonly root: string;
  remove(): void;
}

/**
 * Copies, patches and builds.
 * @throws MutantOutOfDateError when an edit does not fit; Error when the patched source does not compile
 */
export async function copyWith({ edits }: Mutant): Promise<EngineCopy> {
  const root = mkdtempSync(join(tmpdir(), 'ballast-mutant-'));
  const remove = () => rmSync(root, { recursive: true, force: true });
  try {
    const from = projectRoot();
    cpSync(from, root, {
      recursive: true,
      filter: (path) => !LEFT_OUT.has(relative(from, path)),
    });
    symlinkSync(join(from, 'node_modules'), join(root, 'node_modules'));
    for (const edit of edits) {
      const file = join(root, edit.file);
      writeFileSync(file, patched(readFileSync(file, 'utf8'), edit));
    }
    const bundle = edits.some(({ file }) => BUNDLED.some((folder) => file.startsWith(folder)));
    await build(root, bundle);
    return { root, remove };
  } catch (error) {
    remove();
    throw error;
  }
}

/** With the copy's own scripts: they build the checkout that they are in. */
async function build(root: string, bundle: boolean): Promise<void> {
  const script = pathToFileURL(join(root, 'scripts', 'lib', 'bootstrap.mjs')).href;
  const { bootstrap } = (await import(script)) as typeof bootstrapping;
  const quiet = {
    step: async <T>(_: string, work: (note: (text: string) => void) => Promise<T> | T) =>
      work(() => undefined),
    line: () => undefined,
  };
  await bootstrap({ progress: quiet, bundle });
}
