/** Streaks over generated results: against a count by hand, against repetition, and against the clock's schedule. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  DEFAULT_PROTECTIONS,
  lossesInARow,
  locksAfter,
  nextReset,
  type Outcome,
} from '../../../domain/risk/protections.js';
import { dueOf } from '../../../domain/schedules/due.js';
import { JOBS } from '../../../domain/schedules/jobs.js';
import { nextDue } from '../schedules/next-due.js';

const NOW_MS = Date.parse('2026-11-24T20:00:00Z');
const MINUTE_MS = 60_000;

/** Cents, so that every sum is exact; often zero. */
const cents = fc.oneof(fc.constant(0), fc.integer({ min: -500, max: 500 }));
const results = fc.array(cents, { maxLength: 40 }).map((all) =>
  all.map((each, index): Outcome => ({
    ...{ tradeId: `t${index}`, symbol: 'AAPL', side: 'BUY', currency: 'USD' },
    closedAtMs: NOW_MS - (all.length - index) * MINUTE_MS,
    realizedPnl: (each / 100).toFixed(2),
  })),
);

/** As a person would count, going forward. */
function countedByHand(outcomes: readonly Outcome[]): number {
  let count = 0;
  for (const { realizedPnl } of outcomes) {
    if (Number(realizedPnl) < 0) count += 1;
    if (Number(realizedPnl) > 0) count = 0;
  }
  return count;
}

describe('[RSK-4] losses in a row', () => {
  test('are those since the last win, zero apart', () => {
    fc.assert(
      fc.property(results, (outcomes) => {
        const lost = lossesInARow(outcomes);
        expect(lost).toHaveLength(countedByHand(outcomes));
        expect(lost.every(({ realizedPnl }) => Number(realizedPnl) < 0)).toBe(true);
      }),
    );
  });

  test('lock exactly while so many of them stand, whichever result was judged', () => {
    fc.assert(
      fc.property(results, fc.integer({ min: 1, max: 6 }), (outcomes, lossStreak) => {
        const limits = { ...DEFAULT_PROTECTIONS, lossStreak };
        const judged = { outcomes, equity: null, limits, nowMs: NOW_MS };
        const locks = outcomes.map(({ tradeId }) => locksAfter(tradeId, judged));
        const isLocked = countedByHand(outcomes) >= lossStreak;
        for (const lock of locks) expect(lock).toHaveLength(isLocked ? 1 : 0);
        expect(locksAfter('none', judged)).toEqual([]);
      }),
    );
  });

  test('a result of zero, wherever it comes, changes nothing', () => {
    fc.assert(
      fc.property(results, fc.nat(), (outcomes, where) => {
        const place = where % (outcomes.length + 1);
        const zero: Outcome = {
          ...{ tradeId: 'zero', symbol: 'AAPL', side: 'BUY', currency: 'USD' },
          ...{ closedAtMs: NOW_MS, realizedPnl: '0' },
        };
        expect(lossesInARow(outcomes.toSpliced(place, 0, zero))).toEqual(lossesInARow(outcomes));
      }),
    );
  });
});

/** Any instant of these years: 48 changes of the clock's offset, and every holiday. */
const instants = fc.integer({ min: Date.UTC(2015, 0), max: Date.UTC(2038, 0) });

describe('[RSK-4] [SCH-1] the end of a streak', () => {
  test('is the next run of the reset that has something to do', () => {
    const reset = JOBS['daily-reset'];
    fc.assert(
      fc.property(instants, (nowMs) => {
        let dueMs = nextDue(reset, nowMs);
        while (dueOf('daily-reset', dueMs).kind === 'nothing') dueMs = nextDue(reset, dueMs);
        expect(nextReset(nowMs)).toBe(dueMs);
      }),
    );
  });
});
