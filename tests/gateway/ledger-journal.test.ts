import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { LedgerInput } from '../../gateway/ledger/inputs.js';
import { LedgerJournal } from '../../gateway/ledger/journal.js';

let folder: string;
let path: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ballast-journal-'));
  path = join(folder, 'ledger.jsonl');
});

afterEach(() => rmSync(folder, { recursive: true }));

const fact = (at: number): LedgerInput => ({ at, kind: 'connected', clientId: at });

function open() {
  const facts: LedgerInput[] = [];
  const journal = new LedgerJournal(path);
  journal.read((each) => facts.push(each));
  return { facts, journal };
}

test('[GWY-4] gives back what was written; a line cut by a kill is cut off', () => {
  const first = open();
  first.journal.append(fact(1));
  first.journal.append(fact(2));
  first.journal.flush();
  appendFileSync(path, '{"at":3,"kind":"conn');
  const second = open();
  expect(second.facts).toEqual([fact(1), fact(2)]);
  second.journal.append(fact(4));
  second.journal.close();
  second.journal.append(fact(5));
  second.journal.flush();
  const third = open();
  expect(third.facts).toEqual([fact(1), fact(2), fact(4)]);
  third.journal.close();
  first.journal.close();
  expect(readFileSync(path, 'utf8').split('\n')).toHaveLength(4);
});

test('a line that is no fact names the file and the place', () => {
  writeFileSync(path, `${JSON.stringify(fact(1))}\nnonsense\n`);
  expect(open).toThrow(/ledger\.jsonl, byte 41: not a fact of the ledger/);
});

test('[GWY-4] a file longer than what is read at once comes back whole', () => {
  const count = 200_000;
  const first = open();
  for (let at = 1; at <= count; at += 1) first.journal.append(fact(at));
  first.journal.close();
  const { facts, journal } = open();
  journal.close();
  expect(facts.map(({ at }) => at)).toEqual(Array.from({ length: count }, (_, index) => index + 1));
});
