/** Builds the documentation's site from docs/. */
import { join } from 'node:path';
import { projectRoot } from '../lib/paths.mjs';
import { stagePages } from './stage.mjs';

/** The built site; any file server can serve it from its root. */
export const SITE_FOLDER = 'dist/docs';

/** The pages as the site's builder reads them. */
export const PAGES_FOLDER = 'dist/docs-pages';

/**
 * @param {import('../lib/steps.mjs').Progress} progress
 * @throws Error for a link that names nothing
 */
export async function buildSite(progress) {
  const root = projectRoot();
  await progress.step('pages', (note) => {
    const { pages, sources } = stagePages(root, join(root, PAGES_FOLDER));
    note(`${pages} pages, ${sources} source files`);
  });
  await progress.step('site', async (note) => {
    const { build } = await import('vitepress');
    await build(join(root, 'docs'));
    note(SITE_FOLDER);
  });
}
