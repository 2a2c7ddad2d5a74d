/** The pages of the site, gathered in one folder: docs/, the root's pages, and each file that they point to. */
import { cpSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, extname, join, relative } from 'node:path';
import { filesUnder } from '../lib/files.mjs';
import {
  ROOT_PAGES,
  SOURCE_FOLDER,
  headingsOf,
  placeOf,
  placeOfTarget,
  rewriteLinks,
} from './links.mjs';

/** A file that a page points to is shown up to here; nobody reads more of it in a browser. */
const SOURCE_BYTES_MAX = 200_000;

/** @param {string} root @returns {string[]} every page in the repository, by its path */
export function pagesOf(root) {
  const docs = filesUnder(join(root, 'docs')).map((file) => relative(root, file));
  return [...ROOT_PAGES, ...docs.filter((path) => path.endsWith('.md'))];
}

/**
 * Links of all pages that name no file, or no heading of it.
 * @param {string} root @returns {string[]} one sentence for each
 */
export function deadLinks(root) {
  const headings = headingsByPage(root);
  return pagesOf(root).flatMap((page) => {
    const markdown = readFileSync(join(root, page), 'utf8');
    const { targets, dead } = rewriteLinks(root, page, markdown);
    const own = [...markdown.matchAll(/\]\(#([^)\s]+)\)/g)].map(([, anchor = '']) => anchor);
    return [
      ...dead.map((link) => `${page}: nothing is at ${link}`),
      ...targets
        .filter(({ kind, anchor }) => kind === 'page' && anchor !== '')
        .filter(({ path, anchor }) => !headings.get(path)?.has(anchor))
        .map(({ path, anchor }) => `${page}: ${path} has no heading #${anchor}`),
      ...own
        .filter((anchor) => !headings.get(page)?.has(anchor))
        .map((anchor) => `${page}: it has no heading #${anchor} itself`),
    ];
  });
}

/** @param {string} root @returns {Map<string, Set<string>>} the anchors of each page */
function headingsByPage(root) {
  return new Map(
    pagesOf(root).map((page) => {
      const markdown = readFileSync(join(root, page), 'utf8');
      return [page, new Set(headingsOf(markdown).map(({ slug }) => slug))];
    }),
  );
}

/**
 * Writes all pages of the site.
 * @param {string} root @param {string} folder emptied first
 * @returns {{ pages: number, sources: number }} how many were written
 * @throws Error that lists the dead links
 */
export function stagePages(root, folder) {
  const dead = deadLinks(root);
  if (dead.length > 0) throw new Error(`dead links, mend or remove them:\n  ${dead.join('\n  ')}`);
  rmSync(folder, { recursive: true, force: true });
  /** @type {Map<string, import('./links.mjs').Target>} */
  const shown = new Map();
  const pages = pagesOf(root);
  for (const page of pages) {
    const markdown = readFileSync(join(root, page), 'utf8');
    const { text, targets } = rewriteLinks(root, page, markdown);
    write(join(folder, placeOf(page)), text);
    for (const target of targets) shown.set(placeOfTarget(target), target);
  }
  for (const [place, { kind, path }] of shown) {
    if (kind === 'folder') write(join(folder, place), folderPage(root, path, shown));
    if (kind === 'source') write(join(folder, place), sourcePage(root, path));
    if (kind === 'asset') copyAsset(root, folder, path, place);
  }
  const sources = [...shown.values()].filter(({ kind }) => kind === 'source');
  return { pages: pages.length, sources: sources.length };
}

/** @param {string} file @param {string} text */
function write(file, text) {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

/**
 * Data are served as they are, pictures are taken by the page that shows them.
 * @param {string} root @param {string} folder @param {string} path @param {string} place
 */
function copyAsset(root, folder, path, place) {
  const to = join(folder, place.endsWith('.json') ? join('public', place) : place);
  mkdirSync(dirname(to), { recursive: true });
  cpSync(join(root, path), to);
}

/**
 * A page that lists a folder; those of its files that some page points to are links.
 * @param {string} root @param {string} path
 * @param {Map<string, import('./links.mjs').Target>} shown
 */
function folderPage(root, path, shown) {
  const entries = readdirSync(join(root, path), { withFileTypes: true })
    .filter(({ name }) => !/^(\.|__)/.test(name))
    .map((entry) => {
      if (!entry.isFile()) return `- \`${entry.name}/\``;
      const isShown = shown.has(`${SOURCE_FOLDER}/${path}/${entry.name}.md`);
      return isShown ? `- [${entry.name}](./${entry.name}.md)` : `- \`${entry.name}\``;
    });
  return ['---', 'search: false', '---', '', `# ${path}/`, '', ...entries, ''].join('\n');
}

const LANGUAGES = new Map([
  ...[
    ['.ts', 'ts'],
    ['.mjs', 'js'],
    ['.py', 'python'],
    ['.json', 'json'],
    ['.sql', 'sql'],
  ],
  ...[
    ['.md', 'md'],
    ['.yml', 'yaml'],
    ['.yaml', 'yaml'],
    ['.sh', 'sh'],
    ['.prisma', 'txt'],
  ],
]);

/** @param {string} root @param {string} path @returns {string} a page that shows the file */
function sourcePage(root, path) {
  const text = readFileSync(join(root, path), 'utf8').slice(0, SOURCE_BYTES_MAX);
  const language = LANGUAGES.get(extname(basename(path))) ?? 'txt';
  const head = ['---', 'search: false', 'outline: false', '---', '', `# ${basename(path)}`, ''];
  const body = [`\`${path}\``, '', `\`\`\`\`\`${language}`, text.trimEnd(), '`````', ''];
  return [...head, ...body].join('\n');
}
