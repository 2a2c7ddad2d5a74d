/** The list of what fails today: it names cases that exist, and neither hides news nor outlives its defects. */
import { describe, expect, test } from '@jest/globals';
import { CASES } from '../../chaos/cases/index.js';
import { brokenCase, hasFailed, verdictOf, type PlayedCase } from '../../chaos/cases/play.js';
import type { Finding } from '../../chaos/judge/finding.js';
import { knownAs, KNOWN_OPEN, type KnownOpen } from '../../chaos/known-open.js';

const GUILTY: Finding[] = [{ kind: 'lost', subject: 'IBM', detail: 'it never ended' }];
const UNLISTED = 'X1-nobody-knows-it';
const LISTED = 'X2-everybody-knows-it';
/** A list as it may be some day. */
const KNOWN: KnownOpen = {
  id: 'X2',
  what: 'A defect.',
  cases: [LISTED],
  inRuns: { kinds: ['lost'], under: ['kill-'], detail: /never ended/ },
};

function played(name: string, findings: readonly Finding[]): PlayedCase {
  const verdict = verdictOf(name, findings, [KNOWN]);
  return { name, ...verdict, findings, tookMs: 1, leftWhole: true };
}

describe('the list', () => {
  test('[PRF-2] names each defect once', () => {
    const ids = KNOWN_OPEN.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });

  test('[PRF-2] names cases that exist, each under one defect', () => {
    const listed = KNOWN_OPEN.flatMap(({ cases }) => cases);
    const names = CASES.map(({ name }) => name);
    expect(listed.filter((name) => !names.includes(name))).toEqual([]);
    expect(new Set(listed).size).toBe(listed.length);
  });
});

describe('the cases', () => {
  test('[PRF-2] have names of their own: a defect or a promise, then what happens', () => {
    const names = CASES.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(names.filter((name) => !/^([A-Z]+\d+|P)-[A-Za-z0-9-]+$/.test(name))).toEqual([]);
  });

  test('[PRF-2] that are listed begin with the id of their defect, or are a promise not kept', () => {
    const strays = KNOWN_OPEN.flatMap(({ id, cases }) =>
      cases.filter((name) => !name.startsWith(`${id}-`) && !name.startsWith('P-')),
    );
    expect(strays).toEqual([]);
  });

  test('[PRF-2] tell their story in a sentence', () => {
    expect(CASES.filter(({ story }) => !/^[A-Z].*\.$/.test(story))).toEqual([]);
  });
});

test('[PRF-2] a run excuses what is listed, under what it is listed for, and nothing else', () => {
  const [finding] = GUILTY;
  expect(knownAs(finding!, ['kill-gateway'], [KNOWN])).toBe(KNOWN);
  expect(knownAs(finding!, ['cut-broker'], [KNOWN])).toBeNull();
  expect(knownAs({ ...finding!, kind: 'books' }, ['kill-gateway'], [KNOWN])).toBeNull();
  expect(knownAs({ ...finding!, detail: 'else' }, ['kill-gateway'], [KNOWN])).toBeNull();
});

describe('the verdict of a case', () => {
  test.each([
    ['that nobody lists and that finds nothing', UNLISTED, [], 'passed', null, false],
    ['that nobody lists and that finds something', UNLISTED, GUILTY, 'failed', null, true],
    ['that is listed and finds something', LISTED, GUILTY, 'known, open', KNOWN.id, false],
    ['that is listed and passes', LISTED, [], 'listed as open, but passes', KNOWN.id, true],
  ] as const)('[PRF-2] %s', (_, name, findings, verdict, id, fails) => {
    const result = played(name, findings);
    expect(result).toMatchObject({ verdict, id });
    expect(hasFailed([result])).toBe(fails);
  });

  test('[PRF-2] that broke is a failure, even where a defect is listed', () => {
    const result = brokenCase(LISTED, new Error('no stack'), 1);
    expect(result).toMatchObject({ verdict: 'failed', id: null, leftWhole: false });
    expect(hasFailed([result])).toBe(true);
  });
});
