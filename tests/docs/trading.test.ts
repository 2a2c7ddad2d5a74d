/** docs/TRADING.md against the code: its worked sizing, and the settings it names. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { settings } from '../../config/schema.js';
import { projectRoot } from '../../scripts/lib/paths.mjs';
import { pagesOf } from '../../scripts/docs/stage.mjs';
import { ballast } from '../cli/support.js';

const root = projectRoot();
const read = (path: string) => readFileSync(join(root, path), 'utf8');

test('[OPS-7] [SIZ-4] the worked sizing of the page is what the command says', async () => {
  const { code, out, err } = await ballast(['size', '--file', join(root, 'examples/sizing.json')]);
  expect(err).toBe('');
  expect(code).toBe(0);
  const shown = /<!-- sizing -->\n\n```\n\$ .*\n([\s\S]*?)```/.exec(read('docs/TRADING.md'))?.[1];
  expect(shown).toBe(out);
});

/** What programs that are no part of it are told, by the examples. */
const OF_CLIENTS = ['BALLAST_TOKEN'];

test('[OPS-7] [OPS-3] every setting that a page tells a reader to set is one', () => {
  const unknown = pagesOf(root)
    .filter((path) => path.startsWith('docs/') && !path.startsWith('docs/decisions/'))
    .flatMap((path) =>
      [...read(path).matchAll(/\b([A-Z][A-Z0-9]+(?:_[A-Z0-9]+)+)=/g)]
        .map(([, name = '']) => name)
        .filter((name) => !OF_CLIENTS.includes(name) && !(name.replace(/_FILE$/, '') in settings))
        .map((name) => `${path}: ${name}`),
    );
  expect(unknown).toEqual([]);
});
