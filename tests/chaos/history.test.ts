/** What the judge reads from histories: points to reset to, failed tasks, the run before. */
import { describe, expect, test } from '@jest/globals';
import { continuedFrom, failedTasks, resetPoints } from '../../chaos/harness/history.js';

const CROSSED_A_MESSAGE = 1;
const RESET = 20;
const NONDETERMINISM = 24;

describe('a history with a reset, a failed task and a lost one', () => {
  const events = [
    { eventId: 1, workflowExecutionStartedEventAttributes: { continuedExecutionRunId: 'before' } },
    { eventId: 4, workflowTaskFailedEventAttributes: { cause: RESET, failure: { message: 'x' } } },
    { eventId: 7, workflowTaskCompletedEventAttributes: {} },
    {
      eventId: 11,
      workflowTaskFailedEventAttributes: {
        cause: NONDETERMINISM,
        failure: { message: 'Nondeterminism error' },
      },
    },
    { eventId: 12, workflowTaskFailedEventAttributes: { cause: CROSSED_A_MESSAGE } },
    { eventId: 13, workflowTaskFailedEventAttributes: { cause: 3 } },
    {
      eventId: 16,
      workflowTaskCompletedEventAttributes: {},
      workflowTaskFailedEventAttributes: null,
    },
  ];

  test('[PRF-3] each completed task is a point to reset to', () => {
    expect(resetPoints(events).map(({ eventId }) => eventId)).toEqual([7, 16]);
  });

  test("[PRF-3] a failed task is told, a reset's own mark and an end that crossed a message are not", () => {
    expect(failedTasks(events)).toEqual(['event 11: Nondeterminism error', 'event 13: cause 3']);
  });

  test('[PRF-3] the run that it goes on from is named', () => {
    expect(continuedFrom(events)).toBe('before');
  });
});

test('[PRF-3] a story that begins with this run goes on from none', () => {
  const first = { workflowExecutionStartedEventAttributes: { continuedExecutionRunId: '' } };
  expect(continuedFrom([first])).toBeNull();
  expect(continuedFrom([])).toBeNull();
});
