/** Links of the documentation: what each names, and where that stands on the site. */
import { existsSync, statSync } from 'node:fs';
import { dirname, join, posix, relative } from 'node:path';

/** Pages outside docs/ that the site has too. */
export const ROOT_PAGES = ['README.md', 'CHANGELOG.md', 'CONTRIBUTING.md', 'SECURITY.md'];

/** Where the files that pages point to are shown. */
export const SOURCE_FOLDER = 'source';

const LINK = /(\]\()([^)\s]+)(\))/g;
const PICTURE = /\.(svg|png|jpe?g|gif)$/;
const DATA = /\.json$/;

/**
 * The anchor of a heading as GitHub makes it, so that the same link works there and on the site.
 * @param {string} heading text without its marks of code or links
 */
export function slugOf(heading) {
  return heading
    .trim()
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .replace(/\s/g, '-');
}

/**
 * Every heading of a page, with its anchor; a second one of the same text gets a number.
 * @param {string} markdown @returns {{ depth: number, text: string, slug: string }[]}
 */
export function headingsOf(markdown) {
  /** @type {Map<string, number>} */
  const seen = new Map();
  return outsideFences(markdown).flatMap((line) => {
    const found = /^(#{1,6}) +(.+?)\s*$/.exec(line);
    if (!found) return [];
    const text = found[2].replace(/\[([^\]]*)\]\([^)]*\)/g, '$1').replace(/[`*]/g, '');
    const base = slugOf(text);
    const count = seen.get(base) ?? 0;
    seen.set(base, count + 1);
    return [{ depth: found[1].length, text, slug: count === 0 ? base : `${base}-${count}` }];
  });
}

/** @param {string} markdown @returns {string[]} its lines, those of code blocks as empty ones */
function outsideFences(markdown) {
  let fence = '';
  return markdown.split('\n').map((line) => {
    const mark = /^\s*(```+|~~~+)/.exec(line)?.[1] ?? '';
    if (fence === '' && mark === '') return line;
    if (fence === '') fence = mark;
    else if (mark.startsWith(fence)) fence = '';
    return '';
  });
}

/**
 * @typedef {{ kind: 'outside' | 'page' | 'source' | 'folder' | 'asset', path: string, anchor: string }} Target
 * `path`: of the repository, empty for what is outside; `anchor` without its #
 */

/**
 * What a link names.
 * @param {string} root of the repository @param {string} page path of the page below it
 * @param {string} link as written
 * @returns {Target | undefined} undefined when there is no such file
 */
export function targetOf(root, page, link) {
  if (/^[a-z]+:/.test(link)) return { kind: 'outside', path: '', anchor: '' };
  const [name = '', anchor = ''] = link.split('#');
  const path = name === '' ? page : posix.normalize(posix.join(dirname(page), name));
  const clean = path.replace(/\/$/, '');
  if (clean.startsWith('..') || !existsSync(join(root, clean))) return undefined;
  if (statSync(join(root, clean)).isDirectory()) return { kind: 'folder', path: clean, anchor };
  return { kind: kindOf(clean), path: clean, anchor };
}

/** @param {string} path @returns {Target['kind']} */
function kindOf(path) {
  if (ROOT_PAGES.includes(path)) return 'page';
  if (!path.startsWith('docs/')) return 'source';
  if (path.endsWith('.md')) return 'page';
  return PICTURE.test(path) || DATA.test(path) ? 'asset' : 'source';
}

/**
 * Where a page stands among the site's: `docs/` falls away, a README is the index of its folder.
 * @param {string} path @returns {string} of a Markdown file
 */
export function placeOf(path) {
  if (ROOT_PAGES.includes(path)) return path.toLowerCase();
  return path.replace(/^docs\//, '').replace(/(^|\/)README\.md$/, '$1index.md');
}

/**
 * Where what a link names stands among the site's pages.
 * @param {Target} target
 */
export function placeOfTarget({ kind, path }) {
  if (kind === 'page') return placeOf(path);
  if (kind === 'asset') return path.replace(/^docs\//, '');
  return kind === 'folder' ? `${SOURCE_FOLDER}/${path}/index.md` : `${SOURCE_FOLDER}/${path}.md`;
}

/**
 * Every link of a page that is not in a code block.
 * @param {string} markdown @returns {string[]} as written
 */
export function linksOf(markdown) {
  const text = outsideFences(markdown).join('\n');
  return [...text.matchAll(LINK)].map(([, , link]) => link ?? '');
}

/**
 * The page with its links as the site has them.
 * @param {string} root @param {string} page path of the page below it @param {string} markdown
 * @returns {{ text: string, targets: Target[], dead: string[] }} `dead`: links that name nothing
 */
export function rewriteLinks(root, page, markdown) {
  /** @type {Target[]} */
  const targets = [];
  /** @type {string[]} */
  const dead = [];
  const from = dirname(placeOf(page));
  const rewrite = (/** @type {string} */ link) => {
    const target = targetOf(root, page, link);
    if (!target) dead.push(link);
    if (!target || target.kind === 'outside' || link.startsWith('#')) return link;
    targets.push(target);
    const to = relative(from, placeOfTarget(target));
    const dotted = to.startsWith('.') ? to : `./${to}`;
    return target.anchor === '' ? dotted : `${dotted}#${target.anchor}`;
  };
  const outside = outsideFences(markdown);
  const lines = markdown.split('\n').map((line, index) => {
    if (outside[index] === '') return line;
    return line.replace(LINK, (_, open, link, close) => `${open}${rewrite(link)}${close}`);
  });
  return { text: lines.join('\n'), targets, dead };
}
