/** The client as others get it: fresh types, and a package that is installed, compiled against and run. */
import { execFileSync } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { projectRoot } from '../../scripts/lib/paths.mjs';
import { SDK_TYPES, sdkTypes } from '../../scripts/lib/sdk-types.mjs';

const root = projectRoot();
const read = (path: string) => readFileSync(join(root, path), 'utf8');
const compiler = join(root, 'node_modules/typescript/bin/tsc');

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'ballast-client-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('[SDK-1] the types are those of the document ("node scripts/write-reference.mjs" writes them)', async () => {
  expect((await sdkTypes(read('docs/reference/openapi.json'))) === read(SDK_TYPES)).toBe(true);
}, 60_000);

test('the package asks for the versions that the tests run with', () => {
  const { dependencies } = JSON.parse(read('sdk/package.json')) as Manifest;
  const { devDependencies = {} } = JSON.parse(read('package.json')) as Manifest;
  for (const [name, version] of Object.entries(dependencies ?? {})) {
    expect([name, devDependencies[name]]).toEqual([name, version]);
  }
});

interface Manifest {
  readonly dependencies?: Record<string, string>;
  readonly devDependencies?: Record<string, string>;
}

const CONSUMER = `import { Ballast, type Signal } from 'ballast-client';

const signal: Signal = { id: 'a', strategy_id: 's', symbol: 'AAPL', side: 'BUY', stop_loss: '1' };
// @ts-expect-error a side that does not exist
const wrong: Signal = { ...signal, side: 'HOLD' };
const ballast = new Ballast({ url: 'http://127.0.0.1:1', token: 't', retry: { attemptsMax: 1 } });
ballast.submit(signal).catch((error: Error) => console.log(error.name, wrong.side));
`;

test('[SDK-1] is installed, compiled against in strict mode and run, without anything of the server', () => {
  const installed = join(folder, 'node_modules/ballast-client');
  mkdirSync(installed, { recursive: true });
  cpSync(join(root, 'sdk/package.json'), join(installed, 'package.json'));
  const out = ['--outDir', join(installed, 'dist')];
  execFileSync(process.execPath, [compiler, '-p', join(root, 'sdk'), ...out]);
  for (const name of ['openapi-fetch', 'openapi-typescript-helpers']) {
    symlinkSync(join(root, 'node_modules', name), join(folder, 'node_modules', name));
  }
  writeFileSync(join(folder, 'package.json'), '{"type": "module"}');
  writeFileSync(join(folder, 'consumer.ts'), CONSUMER);
  const strict = ['--strict', '--module', 'nodenext', '--target', 'es2022'];
  execFileSync(process.execPath, [compiler, ...strict, 'consumer.ts'], { cwd: folder });
  const said = execFileSync(process.execPath, ['consumer.js'], { cwd: folder, encoding: 'utf8' });
  expect(said).toBe('GaveUpError HOLD\n');
}, 120_000);
