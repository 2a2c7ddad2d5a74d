/** The documentation as a site: `npm run docs` gathers its pages (scripts/docs/) and builds it by this. */
import { join } from 'node:path';
import { PAGES_FOLDER, SITE_FOLDER } from '../../scripts/docs/build.mjs';
import { slugOf } from '../../scripts/docs/links.mjs';
import { sidebar } from './sidebar.mjs';

const root = join(import.meta.dirname, '..', '..');

/** @type {import('vitepress').UserConfig} */
export default {
  title: 'Ballast',
  description: 'Durable trade execution for Interactive Brokers, on Temporal',
  lang: 'en',
  srcDir: join(root, PAGES_FOLDER),
  outDir: join(root, SITE_FOLDER),
  cacheDir: join(root, 'dist', '.docs-cache'),
  // Anchors as GitHub makes them, so that one link works at both places.
  markdown: {
    anchor: { slugify: slugOf },
    // Code within a line, or by indentation, is never read as a template: `{{ticker}}` stays what it is.
    config: (md) => {
      const inline = md.renderer.rules.code_inline;
      md.renderer.rules.code_inline = (tokens, index, ...rest) => {
        tokens[index].attrSet('v-pre', '');
        return inline(tokens, index, ...rest);
      };
      md.renderer.rules.code_block = (tokens, index, options, env, self) => {
        tokens[index].info = 'txt';
        return md.renderer.rules.fence(tokens, index, options, env, self);
      };
    },
  },
  vite: { logLevel: 'warn', build: { chunkSizeWarningLimit: 2_000 } },
  themeConfig: {
    search: {
      provider: 'local',
      options: {
        miniSearch: {
          searchOptions: {
            // Whoever searches wants to do something first, and to know its history last.
            boostDocument: (id) => (/^\/(decisions|changelog|roadmap)/.test(id) ? 0.4 : 1),
          },
        },
      },
    },
    sidebar: sidebar(),
    outline: { level: [2, 3] },
    nav: [
      { text: 'Start', link: '/start' },
      { text: 'Trading', link: '/TRADING' },
      { text: 'Operations', link: '/operations' },
      { text: 'Troubleshooting', link: '/troubleshooting' },
    ],
  },
};
