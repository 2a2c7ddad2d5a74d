/** When what the broker holds beside the books becomes the baseline of an account. Table. */
import { describe, expect, test } from '@jest/globals';
import { baselineStep, type ContractFacts } from '../../../domain/sending/baseline.js';

const T0 = 1_000_000;
const NONE: ContractFacts = { shown: '0', expected: '0', hasOwnOrders: false, candidate: null };
const SEEN = { quantity: '100', seenAtMs: T0 };

describe('[REC-2] the baseline', () => {
  test.each<[string, Partial<ContractFacts>, number, object]>([
    ['all is in the books', { shown: '5', expected: '5' }, 0, { kind: 'nothing' }],
    ['shares beside the books', { shown: '100' }, 0, { kind: 'propose', quantity: '100' }],
    ['a short', { shown: '-7', expected: '1' }, 0, { kind: 'propose', quantity: '-8' }],
    [
      'it may be a lost fill',
      { shown: '100', hasOwnOrders: true },
      0,
      { kind: 'unproven', quantity: '100' },
    ],
    ['too soon', { shown: '100', candidate: SEEN }, 1_999, { kind: 'nothing' }],
    ['seen twice', { shown: '100', candidate: SEEN }, 2_000, { kind: 'confirm', quantity: '100' }],
    [
      'seen twice, with own fills in the books since',
      { shown: '110', expected: '10', candidate: SEEN, hasOwnOrders: true },
      2_000,
      { kind: 'confirm', quantity: '100' },
    ],
    [
      'others traded meanwhile',
      { shown: '50', candidate: SEEN },
      2_000,
      { kind: 'propose', quantity: '50' },
    ],
    ['others sold it all', { shown: '0', candidate: SEEN }, 2_000, { kind: 'drop' }],
    [
      'a fill of ours is on its way',
      { shown: '110', candidate: SEEN, hasOwnOrders: true },
      59_999,
      { kind: 'nothing' },
    ],
    [
      'a fill of ours never came',
      { shown: '110', candidate: SEEN, hasOwnOrders: true },
      60_000,
      { kind: 'unproven', quantity: '110' },
    ],
    [
      'all of it is in the books: a fill of ours may be on its way',
      { candidate: SEEN, hasOwnOrders: true },
      59_999,
      { kind: 'nothing' },
    ],
    [
      'all of it is in the books, and stays there: nothing is left to prove',
      { candidate: SEEN, hasOwnOrders: true },
      60_000,
      { kind: 'drop' },
    ],
  ])('%s', (_, change, afterMs, step) => {
    expect(baselineStep({ ...NONE, ...change }, T0 + afterMs)).toEqual(step);
  });
});
