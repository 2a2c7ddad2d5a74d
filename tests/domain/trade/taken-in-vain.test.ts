/** A modification that the broker takes, and that changes nothing, comes again at growing pauses (TRD-5). */
import { expect, test } from '@jest/globals';
import type { Incarnation } from '../../../domain/trade/incarnation.js';
import { tradeLeg, withIncarnation } from '../../../domain/trade/leg.js';
import { claimedBook } from './books.js';
import { NOW_MS, plan } from './ask.js';
import { ENTERED, leg } from './legs.js';

const base = claimedBook().book.legs.find(({ role }) => role === 'STOP')!;
const place = base.incarnations[0]!;
const modified = (count: number, states: readonly Incarnation['state'][] = []) => {
  const changes = Array.from({ length: count }, (_, at): Incarnation => ({
    ...{ ...place, n: at + 2, kind: 'modify', state: states[at] ?? 'SHOWN' },
    claimedAtMs: NOW_MS,
  }));
  const shown = withIncarnation(base, place.n, { state: 'SHOWN' });
  return tradeLeg({ ...shown, incarnations: [...shown.incarnations, ...changes] });
};

test('[TRD-5] the pause begins with the second of the same, and grows up to a minute', () => {
  const pauses = [1, 2, 3, 4, 20].map((count) => {
    const { takenInVain } = modified(count);
    return takenInVain ? takenInVain.untilMs - NOW_MS : null;
  });
  expect(pauses).toEqual([null, 1_000, 2_000, 4_000, 60_000]);
  expect(modified(2, ['REFUSED', 'SHOWN']).takenInVain).toBeNull();
});

test('[TRD-5] only the same terms wait: another change goes at once', () => {
  // The broker shows the stop at its full size, and says that less of it remains.
  const reported = { filled: '0', remaining: '50', done: false };
  const { terms } = place;
  const taken = { ...terms!, quantity: '100', limitPrice: null, stopPrice: '95' };
  const vain = { takenInVain: { terms: taken, untilMs: NOW_MS + 2_000 } };
  const target = leg('TARGET');
  expect(plan([ENTERED, leg('STOP', { reported }), target]).actions).toMatchObject([
    { kind: 'modify', legId: 'STOP-1', quantity: '100', stopPrice: '95' },
  ]);
  expect(plan([ENTERED, leg('STOP', { reported, ...vain }), target])).toMatchObject({
    ...{ actions: [], recheckAtMs: NOW_MS + 2_000, then: 'plan' },
  });
  const other = { stopPrice: '96' };
  expect(plan([ENTERED, leg('STOP', { reported, ...vain }), target], other).actions).toHaveLength(
    1,
  );
});
