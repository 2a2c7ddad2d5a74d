/** Which of two statements has the last word on an execution: the one that was made later, of its own days alone. */
import { describe, expect, test } from '@jest/globals';
import type { Step } from '../../../domain/statement/compare.js';
import { overtaking } from '../../../domain/statement/newer.js';

const at = (instant: string) => Date.parse(instant);
const TUESDAY = {
  ...{ fromDay: '2026-11-24', toDay: '2026-11-24' },
  generatedAtMs: at('2026-11-25T09:15:00Z'),
};
const step = { kind: 'book_commission', was: '1' } as unknown as Step;

describe('[REC-6] a newer statement', () => {
  test.each([
    ['of the execution’s own day', '2026-11-24T10:00:00-05:00', true],
    ['of the day after', '2026-11-23T10:00:00-05:00', false],
    [
      'of the day after, where what is done in the evening counts',
      '2026-11-23T20:05:00-05:00',
      true,
    ],
    ['of the day after, before that', '2026-11-23T19:55:00-05:00', false],
    ['of the day before', '2026-11-25T10:00:00-05:00', false],
  ])('%s', (_name, executedAt, isOvertaken) => {
    const newest = overtaking(step, at(executedAt), [TUESDAY]);
    expect(newest).toBe(isOvertaken ? TUESDAY : null);
  });
});
