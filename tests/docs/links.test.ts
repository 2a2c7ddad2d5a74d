/** The documentation's links, and its pages' places on the site. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { SUBJECTS } from '../../docs/.vitepress/sidebar.mjs';
import { headingsOf, linksOf, rewriteLinks, slugOf } from '../../scripts/docs/links.mjs';
import { deadLinks, pagesOf, stagePages } from '../../scripts/docs/stage.mjs';
import { projectRoot } from '../../scripts/lib/paths.mjs';

test('[OPS-7] no link of the documentation names what is not there', () => {
  expect(pagesOf(projectRoot()).length).toBeGreaterThan(50);
  expect(deadLinks(projectRoot())).toEqual([]);
});

test('[OPS-7] every page stands in the sidebar, once', () => {
  const listed = SUBJECTS.flatMap(({ pages }) => pages.map((page) => `docs/${page}.md`));
  const there = pagesOf(projectRoot()).filter((path) => path.startsWith('docs/'));
  expect([...listed].sort()).toEqual([...there].sort());
});

test('a heading has the anchor that GitHub gives it', () => {
  expect(slugOf("The day's loss")).toBe('the-days-loss');
  const page = '# A `b` [c](d.md)\n\n```\n# none\n```\n\n## Same\n\n## Same\n';
  expect(headingsOf(page).map(({ slug }) => slug)).toEqual(['a-b-c', 'same', 'same-1']);
});

test('what stands in a code block is no link', () => {
  expect(linksOf('[a](b.md)\n\n```\n[c](d.md)\n```\n\n[e\nf](g.md)')).toEqual(['b.md', 'g.md']);
});

let root: string;
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'ballast-docs-'));
  const files = {
    ...{ 'README.md': '# Top\n\n[start](docs/start.md)\n', 'CHANGELOG.md': '# C\n' },
    ...{ 'CONTRIBUTING.md': '# C\n', 'SECURITY.md': '# S\n', 'domain/a.ts': 'export {};\n' },
    'docs/start.md':
      '# Start\n\n[a](../domain/a.ts) [d](../domain/) [x](decisions/README.md#why)\n',
    'docs/decisions/README.md': '# Decisions\n\n## Why\n\n[up](../start.md) ![p](../p.svg)\n',
    'docs/p.svg': '<svg/>',
  };
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
});
afterAll(() => {
  rmSync(root, { recursive: true });
});

test('links to sources, folders and other pages lead to their places on the site', () => {
  const page = '[a](../domain/a.ts) [d](../domain/) [x](decisions/README.md#why) [w](https://a.b)';
  expect(rewriteLinks(root, 'docs/start.md', page).text).toBe(
    '[a](./source/domain/a.ts.md) [d](./source/domain/index.md) [x](./decisions/index.md#why) [w](https://a.b)',
  );
  expect(rewriteLinks(root, 'README.md', '[s](docs/start.md)').text).toBe('[s](./start.md)');
});

test('a link that names no file, no heading, or leads out of the repository is dead', () => {
  expect(deadLinks(root)).toEqual([]);
  const bad = '# Bad\n\n[a](no.md) [b](start.md#no) [c](../../out.md) [d](#no)\n';
  writeFileSync(join(root, 'docs/bad.md'), bad);
  expect(deadLinks(root)).toEqual([
    'docs/bad.md: nothing is at no.md',
    'docs/bad.md: nothing is at ../../out.md',
    'docs/bad.md: docs/start.md has no heading #no',
    'docs/bad.md: it has no heading #no itself',
  ]);
  expect(() => stagePages(root, join(root, 'out'))).toThrow('dead links');
  rmSync(join(root, 'docs/bad.md'));
  expect(stagePages(root, join(root, 'out'))).toEqual({ pages: 6, sources: 1 });
});
