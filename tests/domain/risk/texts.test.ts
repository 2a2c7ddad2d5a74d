/** What is told of accounts and findings, in the same words and by the same rule everywhere. */
import { expect, test } from '@jest/globals';
import { finding, findingsText, findingText } from '../../../domain/risk/finding.js';
import { isPaperAt } from '../../../domain/risk/live-guard.js';

test.each([
  ['DU1234567', undefined, true],
  ['U7654321', undefined, false],
  ['U7654321', ['U7654321'], true],
  ['DU1234567', [], false],
] as const)('[RSK-6] of %s, where %j are called paper: %s', (account, paperAccounts, expected) => {
  expect(isPaperAt(account, paperAccounts)).toBe(expected);
});

test('[RSK-1] a finding is told with what was found and what would have passed', () => {
  const halted = finding('TRADING_HALTED', 'the halt file exists', 'ACTIVE, and no halt file');
  const text = 'TRADING_HALTED: the halt file exists; allowed: ACTIVE, and no halt file';
  expect(findingText(halted)).toBe(text);
  expect(findingsText([halted, finding('NO_STOP', 'no stop', 'a stop')])).toBe(
    `${text} | NO_STOP: no stop; allowed: a stop`,
  );
});
