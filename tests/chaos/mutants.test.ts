/** The table of mutants against the sources of today, and how a mutant is held to be caught. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { PROMISE_CASES } from '../../chaos/cases/promise.js';
import { CASE_BROKE } from '../../chaos/cases/play.js';
import { KNOWN_OPEN } from '../../chaos/known-open.js';
import { MUTANTS } from '../../chaos/mutants/index.js';
import { MutantOutOfDateError, patched, type Mutant } from '../../chaos/mutants/mutant.js';
import { caught, chosenMutants, mutantTable } from '../../chaos/mutants/play.js';
import { projectRoot } from '../../scripts/lib/paths.mjs';

/** PRF-2's list: no look-up before a resend, stop after fill, OCA type 1, … */
const WANTED = ['no-look-up', 'stop-after-fill', 'oca-type-1', 'no-upper-bound'].concat([
  'id-reuse',
  'repair-across-split',
  'no-end-markers',
]);

const edits = MUTANTS.flatMap(({ name, edits: own }) => own.map((edit) => ({ name, ...edit })));

test('[PRF-2] there is a mutant for each promise, and each has its own name', () => {
  expect(MUTANTS.map(({ name }) => name).sort()).toEqual([...WANTED].sort());
});

test.each(edits)('[PRF-2] $name fits $file as it is today', ({ file, ...edit }) => {
  const source = readFileSync(join(projectRoot(), file), 'utf8');
  const after = patched(source, { file, ...edit });
  expect(after).not.toBe(source);
});

test.each(MUTANTS)('[PRF-2] $name is to be caught by promise cases', ({ caughtBy }) => {
  const names = PROMISE_CASES.map(({ name }) => name);
  expect(caughtBy.length).toBeGreaterThan(0);
  for (const wanted of caughtBy) expect(names).toContain(wanted.case);
});

test.each(MUTANTS)('[PRF-2] $name is a patch, caught by cases that the engine passes', (mutant) => {
  const open = KNOWN_OPEN.flatMap(({ cases }) => cases);
  expect(mutant.edits.length).toBeGreaterThan(0);
  expect(mutant.caughtBy.filter((wanted) => open.includes(wanted.case))).toEqual([]);
});

describe('an edit', () => {
  const edit = { file: 'a.ts', find: 'one', replace: 'two' };

  test('replaces what it finds, and takes nothing in it for a pattern', () => {
    expect(patched('x = one;', edit)).toBe('x = two;');
    expect(patched('x = $1(;', { ...edit, find: '$1(', replace: '$&' })).toBe('x = $&;');
  });

  test.each([
    ['x = two;', 'no longer occurs in a.ts'],
    ['one + one', 'occurs 2 times in a.ts'],
  ])('is out of date for %j', (source, told) => {
    expect(() => patched(source, edit)).toThrow(MutantOutOfDateError);
    expect(() => patched(source, edit)).toThrow(told);
  });
});

describe('a mutant', () => {
  const wanted: Mutant['caughtBy'] = [{ case: 'P-x', kind: 'lost' }];
  const played = (kind: 'lost' | 'books', detail: string) => [
    { name: 'P-x', findings: [{ kind, subject: 'x', detail }] },
  ];

  test('is caught by a finding of the kind expected', () => {
    const result = caught(wanted, played('lost', 'ENTERING'));
    expect(result).toEqual({ isCaught: true, how: 'P-x: lost (ENTERING)' });
  });

  test.each([
    ['by another kind', played('books', 'a cent'), 'P-x found no lost, but books (a cent)'],
    ['by a case that broke', played('lost', `${CASE_BROKE}: Error`), 'P-x found no lost, but lost'],
    ['by a case without findings', [{ name: 'P-x', findings: [] }], 'found no lost, but nothing'],
    ['by a case that was not played', [], 'found no lost, but nothing'],
  ])('is not caught %s', (_, results, told) => {
    const { isCaught, how } = caught(wanted, results);
    expect(isCaught).toBe(false);
    expect(how).toContain(told);
  });

  test('is not caught by what another trade came to', () => {
    const ofY: Mutant['caughtBy'] = [{ case: 'P-x', kind: 'lost', subject: 'y' }];
    expect(caught(ofY, played('lost', 'ENTERING')).isCaught).toBe(false);
  });

  test('is not caught when one of its cases misses it', () => {
    const both: Mutant['caughtBy'] = [...wanted, { case: 'P-y', kind: 'books' }];
    expect(caught(both, played('lost', 'ENTERING')).isCaught).toBe(false);
  });

  test('is named by how it begins', () => {
    expect(chosenMutants([])).toEqual(MUTANTS);
    expect(chosenMutants(['oca']).map(({ name }) => name)).toEqual(['oca-type-1']);
    expect(chosenMutants(['nobody'])).toEqual([]);
  });
});

test('the table says what was not caught, and a control that failed', () => {
  const judged = [
    { name: 'one', isCaught: true, how: 'P-x: lost' },
    { name: 'another', isCaught: false, how: 'P-x found nothing' },
  ];
  expect(mutantTable(judged, ['P-y'])).toBe(
    [
      'mutant     caught by',
      'unpatched  FAILED: P-y',
      'one        P-x: lost',
      'another    NOT CAUGHT: P-x found nothing',
    ].join('\n'),
  );
  expect(mutantTable([], [])).toContain('unpatched  passed');
});
