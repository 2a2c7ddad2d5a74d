/** docker-compose.yml says the same as the code: setting names, Temporal's flags, file names. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { settings } from '../../config/schema.js';
import { DYNAMIC_CONFIG, SEARCH_ATTRIBUTES, SQLITE_PRAGMAS } from '../../scripts/infra/temporal.js';
import { projectRoot } from '../../scripts/lib/paths.mjs';

const compose = readFileSync(join(projectRoot(), 'docker-compose.yml'), 'utf8');

/** `--flag=name=value` lines, as the object they came from. */
function flags(flag: string): Record<string, string> {
  const found = compose.matchAll(new RegExp(`- --${flag}=([\\w.]+)=(\\w+)`, 'g'));
  return Object.fromEntries([...found].map(([, name, value]) => [name ?? '', value ?? '']));
}

test("[OPS-2] the workers' environment holds nothing but settings", () => {
  const block = /environment: &environment\n((?: {4}.*\n)+)/.exec(compose)?.[1] ?? '';
  const names = [...block.matchAll(/^ {4}([A-Z_]+):/gm)].map(([, name]) => name ?? '');
  expect(names.length).toBeGreaterThan(5);
  expect(names.filter((name) => !(name in settings))).toEqual([]);
});

test('[OPS-2] Temporal is tuned there as it is here', () => {
  const numbers = Object.entries(DYNAMIC_CONFIG).map(([name, value]) => [name, String(value)]);
  expect(flags('dynamic-config-value')).toEqual(Object.fromEntries(numbers));
  expect(flags('search-attribute')).toEqual(SEARCH_ATTRIBUTES);
  expect(flags('sqlite-pragma')).toEqual(SQLITE_PRAGMAS);
});

test('the programs that it runs exist', () => {
  const programs = [...compose.matchAll(/\b((?:dist|scripts)\/[\w/-]+\.m?js)\b/g)];
  expect(programs.length).toBeGreaterThan(3);
  for (const [, path = ''] of programs) {
    const source = path.replace(/^dist\/(.*)\.js$/, '$1.ts');
    expect([path, existsSync(join(projectRoot(), source))]).toEqual([path, true]);
  }
});
