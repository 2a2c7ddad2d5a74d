/** A split ends exits one after the other: the target's end alone already calls for the broker's position (REC-5). */
import { expect, test } from '@jest/globals';
import type { OrderReport } from '../../../domain/broker/fact.js';
import type { Book } from '../../../domain/trade/book.js';
import { mayBeSplit } from '../../../domain/trade/corporate-action.js';
import { applyFact } from '../../../domain/trade/fact.js';
import { finish } from '../../../domain/trade/finish.js';
import { needsOf, NOTHING_KNOWN, type World } from '../../../domain/trade/needs.js';
import { ACCOUNT, CLIENT, CONTRACT_ID, T0 } from './books.js';
import { legOf, openBook } from './open-book.js';

const NOW = T0 + 90_000_000;
const world = (change: Partial<World> = {}): World => ({
  ...{ ...NOTHING_KNOWN, priceIncrement: '0.01' },
  link: { readySinceMs: T0, pictureAtMs: NOW + 1 },
  ...change,
});

/** The broker has ended the target of 100 shares, and its word on the stop is not here yet. */
function targetEnded(book = openBook()): Book {
  const { clientOrderId, incarnations } = legOf(book, 'TARGET');
  const { sessionOrderId } = incarnations[0]!;
  const report: OrderReport = {
    ...{ clientOrderId, brokerOrderId: null, account: ACCOUNT, symbol: 'AAA', sessionOrderId },
    ...{ sessionClientId: CLIENT, brokerContractId: CONTRACT_ID },
    ...{ status: 'CANCELLED', brokerStatus: 'Cancelled', whyHeld: '' },
    ...{ filledQuantity: '0', remainingQuantity: '100', averageFillPrice: null },
    ...{ terms: null, parentSessionOrderId: null },
  };
  const fact = { kind: 'order', listed: true, receivedAtMs: NOW, report } as const;
  return finish(book, applyFact(book, fact), NOW).book;
}

test('[REC-5] the target has ended and the stop lives on: the position is asked for before another is sent', () => {
  const book = targetEnded();
  // A target is what the trade needs, and the broker worker asks for the position only where this is true.
  expect(needsOf(book, world(), NOW + 500).actions).toMatchObject([{ targetPrice: '110' }]);
  expect(mayBeSplit(book)).toBe(true);
});
