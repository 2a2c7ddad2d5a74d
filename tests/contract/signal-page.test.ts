/** The page of all signal fields names each field of the schema, and no other. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { SIGNAL_FIELDS } from '../../contract/signal.js';

test('[SIG-1] docs/signals.md has a row for every field', () => {
  const page = readFileSync(join(process.cwd(), 'docs/signals.md'), 'utf8');
  const named = [...page.matchAll(/^\| `([a-z_]+)` \|/gm)].map(([, name]) => name);
  expect(named).toStrictEqual([...SIGNAL_FIELDS]);
});
