/** Shares that only trades count: no strategy's position has them, and the broker doesn't either. */
import { expect, test } from '@jest/globals';
import { compare } from '../../../domain/reconcile/compare.js';
import { healthy, pairOf } from './pair.js';

test('[REC-2] shares that a trade holds, and neither its strategy nor the broker, are told of', () => {
  const { books, snapshot } = pairOf([healthy(1, 0)]);
  const { findings } = compare({ ...books, contracts: [] }, { ...snapshot, positions: [] });
  expect(findings).toMatchObject([
    {
      ...{ kind: 'books_differ', subject: 'SYM1/1', symbol: 'SYM1', brokerContractId: 1 },
      ...{ tradeIds: ['trade-1'], books: '0', broker: '20', step: 'ask' },
    },
  ]);
});
