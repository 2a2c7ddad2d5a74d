/** The generic harness: which activities it strikes, what it holds against a trade, which cases there are. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { CASES, casesNamed } from '../../chaos/cases/index.js';
import { activityNames, failActivities, unreached } from '../../chaos/harness/activities.js';
import { armIfKnown } from '../../chaos/harness/failpoints.js';
import { differences } from '../../chaos/harness/resets.js';
import type { TradeRow } from '../../chaos/judge/engine-books.js';
import { isArmed } from '../../failpoints/arm.js';
import { enableFailpoints, failpoint } from '../../failpoints/failpoint.js';

const ROW: TradeRow = {
  ...{ id: 'a', symbol: 'AAPL', side: 'BUY', state: 'OPEN', heldQuantity: '50', exitReason: null },
  ...{ filledQuantity: '50', averageEntry: '190.05', stopPrice: '184.35', targetPrice: null },
  ...{ isProtected: true, verified: true, needsWork: false, denialCodes: [], realizedPnl: null },
  ...{ failure: null, reservation: 'CASH', createdAtMs: 1, closedAtMs: null },
};

describe('activities', () => {
  let folder: string;
  let disable: () => void;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'ballast-harness-'));
    disable = enableFailpoints(folder, 'this test');
  });
  afterEach(() => {
    disable();
    rmSync(folder, { recursive: true, force: true });
  });

  test('[PRF-3] come from the table of failpoints', () => {
    const points = ['activity.plan.started', 'activity.plan.done', 'plan.commit.after'] as const;
    expect(activityNames(points)).toEqual(['plan']);
    expect(activityNames()).toEqual(expect.arrayContaining(['plan', 'enter', 'pursue', 'settle']));
  });

  test('[PRF-3] one that no trade came to is a finding', async () => {
    const armed = failActivities(folder, 'before', ['plan', 'enter']);
    await expect(failpoint('activity.plan.started')).rejects.toThrow('told to throw');
    expect(unreached(armed).map(({ kind, subject }) => [kind, subject])).toEqual([
      ['unreached', 'enter'],
    ]);
  });

  test('[PRF-3] run twice by an order to repeat', async () => {
    const armed = failActivities(folder, 'twice', ['settle']);
    await expect(failpoint('activity.settle.done')).resolves.toBe('repeat');
    expect(unreached(armed)).toEqual([]);
    armed.get('settle')!.disarm();
    expect(isArmed(folder, 'activity.settle.done')).toBe(false);
  });

  test('[PRF-3] a point that the engine does not have is never taken', () => {
    const armed = armIfKnown(folder, 'activity.gone.started', { action: 'throw' });
    armed.disarm();
    expect(armed.hits()).toBe(0);
  });
});

describe('a trade after a reset', () => {
  test('[PRF-3] is the same when only the note for people changed', () => {
    expect(differences(ROW, { ...ROW, failure: 'looked up' })).toEqual([]);
  });

  test.each([
    ['state', { state: 'CLOSED' }, 'state was OPEN, is CLOSED'],
    ['shares', { heldQuantity: '100' }, 'heldQuantity was 50, is 100'],
    ['stop', { stopPrice: '184.30' }, 'stopPrice was 184.35, is 184.30'],
    ['reservation', { reservation: 'RELEASED' }, 'reservation was held, is RELEASED'],
    ['codes', { denialCodes: ['NO_STOP'] }, 'denialCodes was , is NO_STOP'],
  ])('[PRF-3] another %s is told', (_what, change, told) => {
    expect(differences(ROW, { ...ROW, ...change })).toEqual([told]);
  });

  test('[PRF-3] a reservation that the account now counts is held as before', () => {
    expect(differences(ROW, { ...ROW, reservation: 'EXPOSURE' })).toEqual([]);
  });
});

describe('cases by name', () => {
  test('[PRF-3] no two have the same', () => {
    expect(new Set(CASES.map(({ name }) => name)).size).toBe(CASES.length);
  });

  test('[PRF-3] all are played without a name, but those that narrow another down', () => {
    const names = casesNamed([]).map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(['PRF3-before', 'PRF3-after', 'PRF3-twice']));
    expect(names).not.toContain('PRF3-after-enter');
  });

  test('[PRF-3] a beginning stands for its cases, a whole name for one', () => {
    expect(casesNamed(['PRF3-after']).map(({ name }) => name)).toEqual(['PRF3-after']);
    expect(casesNamed(['PRF3-after-enter']).map(({ name }) => name)).toEqual(['PRF3-after-enter']);
  });
});
