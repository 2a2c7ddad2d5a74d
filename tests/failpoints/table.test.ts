/** The table and the code name the same failpoints, and the page shows the table. */
import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import ts from 'typescript';
import { updateFailpointsPage } from '../../failpoints/document.js';
import { FAILPOINT_NAMES, FAILPOINTS } from '../../failpoints/table.js';
import { CODE_FOLDERS, sourcesIn, walk } from '../architecture/sources.js';

/** What a call to each of these passes, given the name in it. */
const PASSED_BY: Record<string, readonly string[]> = {
  failpoint: [''],
  failpointSync: [''],
  'failpoints.pass': [''],
  around: ['.before', '.after'],
  transact: ['.before', '.after'],
  markDelivered: ['.before', '.after'],
  changeTrade: ['.before', '.after'],
  claim: ['.before', '.after'],
  abandonTrade: ['.before', '.after'],
  pauseOnce: ['.before', '.after'],
};

/** Kinds of writes and names of activities stand in templates: `write.${kind}.before`. */
const KINDS = ['bracket', 'exits', 'modify', 'cancel'];
const GROUPS = ['bracket', 'exits'];

const ENGINE = CODE_FOLDERS.filter((folder) => !['failpoints', 'chaos'].includes(folder));

/** The names in the calls of the engine; a template is given as it is written. */
function namesInCode(): { names: Set<string>; templates: Set<string> } {
  const names = new Set<string>();
  const templates = new Set<string>();
  for (const { tree } of sourcesIn(ENGINE)) {
    walk(tree, (node) => {
      if (!ts.isCallExpression(node)) return;
      const endings = PASSED_BY[node.expression.getText()];
      if (!endings) return;
      for (const argument of node.arguments) {
        if (ts.isTemplateExpression(argument)) templates.add(argument.getText());
        if (!ts.isStringLiteral(argument)) continue;
        for (const ending of endings) names.add(`${argument.text}${ending}`);
      }
    });
  }
  return { names, templates };
}

test('[PRF-2] every failpoint of the table stands in the code, and no other', () => {
  const { names, templates } = namesInCode();
  expect([...templates].sort()).toEqual(
    [
      '`activity.${activity}.done`',
      '`activity.${activity}.started`',
      '`activity.${told.activity}.reported`',
      '`write.${kind}.after`',
      '`write.${kind}.before`',
      '`write.${kind}.between`',
      '`${step}.after`',
      '`${step}.before`',
    ].sort(),
  );
  for (const kind of KINDS) names.add(`write.${kind}.before`).add(`write.${kind}.after`);
  for (const group of GROUPS) names.add(`write.${group}.between`);
  const withoutActivities = FAILPOINT_NAMES.filter((name) => !name.startsWith('activity.'));
  expect([...names].sort()).toEqual([...withoutActivities].sort());
});

test('[PRF-2] every transaction of the workers has its pair of failpoints', () => {
  const bare = sourcesIn(['activities', 'store', 'worker', 'app'])
    .filter(({ path }) => path !== 'store/transact.ts')
    .filter(({ text }) => text.includes('$transaction('));
  expect(bare.map(({ path }) => path)).toEqual([]);
});

test('[PRF-3] every activity of the contract has its three failpoints', () => {
  const files = ['contract/activities.ts', 'contract/preview.ts', 'contract/reconcile.ts'];
  const methods = sourcesIn(['contract'])
    .filter(({ path }) => files.includes(path))
    .flatMap(({ text }) => [...text.matchAll(/^ {2}(\w+)\(input/gm)].map(([, name]) => name));
  expect(methods.length).toBeGreaterThan(5);
  const moments = ['started', 'done', 'reported'];
  const wanted = methods.flatMap((name) => moments.map((moment) => `activity.${name}.${moment}`));
  const there = FAILPOINT_NAMES.filter((name) => name.startsWith('activity.'));
  expect([...there].sort()).toEqual(wanted.sort());
  const repeatable = FAILPOINT_NAMES.filter((name) => FAILPOINTS[name].actions.includes('repeat'));
  expect(repeatable.sort()).toEqual(methods.map((name) => `activity.${name}.done`).sort());
});

test('[PRF-2] the page shows the table as the code has it (scripts/write-reference.mjs)', () => {
  const page = readFileSync(new URL('../../docs/failpoints.md', import.meta.url), 'utf8');
  expect(page).toBe(updateFailpointsPage(page));
});
