/** What must not be written anywhere in the project, and ids that must exist. */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { expect, test } from '@jest/globals';
import { filesUnder } from '../../scripts/lib/files.mjs';
import { projectRoot } from '../../scripts/lib/paths.mjs';

const root = projectRoot();

function versioned(): string[] {
  try {
    return execFileSync('git', ['ls-files'], { cwd: root, encoding: 'utf8' }).split('\n');
  } catch {
    // Without git: an unpacked archive, which holds little besides.
    return filesUnder(root)
      .map((file) => relative(root, file))
      .filter((path) => !/^(dist|coverage|store\/generated)\//.test(path));
  }
}

/** Files under version control, but not the lock file, which npm writes. */
const files = versioned()
  .filter((path) => path !== '' && path !== 'package-lock.json')
  .filter((path) => !/\.(gz|png|wasm|ico)$/.test(path))
  .filter((path) => existsSync(join(root, path)));

const contents = files.map((path) => [path, readFileSync(join(root, path), 'utf8')] as const);

function filesWith(pattern: RegExp, except: readonly string[] = []): string[] {
  return contents
    .filter(([path]) => !except.includes(path))
    .flatMap(([path, text]) => {
      const line = text.split('\n').findIndex((content) => pattern.test(content));
      return line === -1 ? [] : [`${path}:${line + 1}`];
    });
}

const SELF = ['tests/architecture/words.test.ts'];

test('the files were listed at all', () => {
  expect(files.length).toBeGreaterThan(100);
});

test('no host of a package registry is named: which one is used is a setting of the machine', () => {
  const REGISTRY = /registry\.npmjs|npmjs\.org|files\.pythonhosted|pypi\.org\/simple|proxy\.golang/;
  expect(filesWith(REGISTRY, SELF)).toEqual([]);
  const lock = readFileSync(join(root, 'package-lock.json'), 'utf8');
  expect(/"resolved":/.test(lock)).toBe(false);
});

test('no absolute path of a machine is written down', () => {
  expect(filesWith(/(^|[\s"'`(])\/(work|home|root|Users)\/[a-z]/, SELF)).toEqual([]);
});

test('"cancelled" is written with two l, as the broker writes it', () => {
  // The words of others stay as they are: Temporal's, the broker's, a status of a trade.
  const ALLOWED = /CANCELED|WorkflowExecutionCanceled|isCanceled|Order Canceled/;
  const wrong = contents
    .filter(([path]) => !SELF.includes(path) && /\.(ts|mjs|md)$/.test(path))
    .flatMap(([path, text]) =>
      text
        .split('\n')
        .filter((line) => /\bcanceled\b/i.test(line) && !ALLOWED.test(line))
        .map((line) => `${path}: ${line.trim()}`),
    );
  expect(wrong).toEqual([]);
});

const SPECIFICATION = join(root, '..', 'shared', 'spec.md');
const withSpecification = existsSync(SPECIFICATION) ? test : test.skip;
if (!existsSync(SPECIFICATION)) {
  console.warn('skipped: ids in test titles can be checked only beside the specification');
}

withSpecification('every id in a test title is one of the specification', () => {
  const known = new Set(
    [...readFileSync(SPECIFICATION, 'utf8').matchAll(/^- ([A-Z]{2,4}-\d+)/gm)].map(([, id]) => id),
  );
  expect(known.size).toBeGreaterThan(50);
  const TITLE =
    /\b(?:test|it|describe|prop\w*)(?:\.\w+)*(?:\([^)'"`]*\))?\(\s*['"`]((?:\[[^\]]+\] ?)+)/g;
  const unknown = contents
    .filter(([path]) => path.endsWith('.test.ts'))
    .flatMap(([path, text]) =>
      [...text.matchAll(TITLE)].flatMap(([, ids = '']) =>
        [...ids.matchAll(/[A-Z]{2,4}-\d+/g)]
          .filter(([id]) => !known.has(id))
          .map(([id]) => `${path}: ${id}`),
      ),
    );
  expect(unknown).toEqual([]);
});
