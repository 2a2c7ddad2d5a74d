/** The image without an engine for containers: what the Dockerfile must keep, and what of the code it would run. */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { findProgram, WAYS } from '../../scripts/infra/find-program.js';
import { fromWheel, type Program } from '../../scripts/infra/temporal-programs.js';
import { projectRoot } from '../../scripts/lib/paths.mjs';
import { importsOf, loadedBy, sourcesIn } from '../architecture/sources.js';

const root = projectRoot();
const text = readFileSync(join(root, 'Dockerfile'), 'utf8');
/** Instructions, with their continuations; the last stage is what is shipped. */
const instructions = text
  .replace(/^#.*\n/gm, '')
  .replace(/\\\n/g, ' ')
  .split('\n')
  .filter((line) => line.trim() !== '');
const shipped = instructions.slice(instructions.findLastIndex((line) => line.startsWith('FROM')));

interface Manifest {
  readonly engines: { readonly node: string };
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
}
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Manifest;

describe('[OPS-2] the image', () => {
  test('is made from one pinned Node', () => {
    const bases = instructions
      .filter((line) => line.startsWith('FROM'))
      .map((line) => line.split(' ')[1]);
    expect(new Set(bases).size).toBe(1);
    expect(bases[0]).toMatch(/^node:\d+\.\d+\.\d+-bookworm-slim$/);
    expect(Number(/node:(\d+)/.exec(bases[0] ?? '')?.[1])).toBeGreaterThanOrEqual(20);
  });

  test('ships packages that were installed without those of development, and no source', () => {
    const copied = shipped.filter((line) => line.startsWith('COPY'));
    expect(copied.map((line) => line.split(' ')[1]).sort()).toEqual([
      '--from=build',
      '--from=packages',
    ]);
    const installs = instructions.filter((line) => line.includes('npm ci'));
    expect(installs.filter((line) => line.includes('--omit=dev'))).toHaveLength(1);
    expect(installs.every((line) => line.includes('--ignore-scripts'))).toBe(true);
  });

  test('runs as a user who is not root, and owns nothing but the state', () => {
    expect(shipped).toContain('USER 1000:1000');
    const chowned = shipped.filter((line) => line.includes('chown'));
    expect(chowned).toEqual(['RUN mkdir /state && chown 1000:1000 /state']);
  });

  test('says whether it is well, and what it runs exists', () => {
    const programs = [...shipped.join('\n').matchAll(/"((?:dist|scripts)\/[^"]+)"/g)];
    expect(programs.length).toBe(2);
    for (const [, path = ''] of programs) {
      const source = path.replace(/^dist\/(.*)\.js$/, '$1.ts');
      expect([path, existsSync(join(root, source))]).toEqual([path, true]);
    }
    expect(shipped.some((line) => line.startsWith('HEALTHCHECK'))).toBe(true);
  });

  test('nothing secret and nothing that was built elsewhere goes into it', () => {
    const ignored = readFileSync(join(root, '.dockerignore'), 'utf8').split('\n');
    for (const path of ['.env', '.git', '.ballast', 'node_modules', 'dist']) {
      expect(ignored).toContain(path);
    }
  });
});

describe('[OPS-2] what it runs', () => {
  const all = sourcesIn([
    ...['domain', 'contract', 'workflows', 'activities', 'worker', 'client', 'broker', 'gateway'],
    ...['store', 'notify', 'api', 'cli', 'config', 'app', 'supervisor', 'scripts', 'failpoints'],
    ...['flex', 'mcp', 'telemetry'],
  ]).flatMap(importsOf);
  const ENTRIES = [
    'worker/trade-worker.ts',
    'worker/broker-worker.ts',
    'worker/notifier.ts',
  ].concat(
    ['worker/broker/main.ts', 'worker/watchdog.ts', 'api/main.ts', 'gateway/main.ts'],
    ['scripts/infra/prepare.ts', 'cli/main.ts'],
  );

  test.each(ENTRIES)('%s needs no package of development', (entry) => {
    const packages = [...loadedBy(entry, all)].filter((name) => !name.includes('.ts'));
    const needless = packages.filter(
      (name) => name in manifest.devDependencies && !(name in manifest.dependencies),
    );
    expect([packages.length > 0, needless]).toEqual([true, []]);
  });
});

const HADOLINT: Program = {
  name: 'hadolint',
  title: 'hadolint',
  sdkKind: 'dev-server',
  sdkPath: '',
  requirements: 'tools/requirements-lint.txt',
  goPackage: undefined,
  probe: { args: ['--version'], expect: /Haskell Dockerfile Linter/ },
  minimumServer: undefined,
};

const wheel = WAYS.filter(({ way }) => way === fromWheel);
const hadolint = await findProgram(HADOLINT, { ways: wheel }).catch((error: Error) => {
  process.stderr.write(`skipped: ${error.message.split('\n').slice(0, 2).join(' ')}\n`);
  return undefined;
});

(hadolint ? test : test.skip)('[OPS-2] hadolint has nothing to say about the Dockerfile', () => {
  const said = execFileSync(hadolint?.path ?? '', ['--no-color', join(root, 'Dockerfile')], {
    encoding: 'utf8',
  });
  expect(said).toBe('');
});
