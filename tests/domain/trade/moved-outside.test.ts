/** A stop that somebody else moved: where it risks less it stays, else it is put back (RSK-3). */
import { expect, test } from '@jest/globals';
import type { OrderReport } from '../../../domain/broker/fact.js';
import { applyFact } from '../../../domain/trade/fact.js';
import { finish } from '../../../domain/trade/finish.js';
import { needsOf, NOTHING_KNOWN } from '../../../domain/trade/needs.js';
import { viewOf } from '../../../domain/trade/view.js';
import { ACCOUNT, CLIENT, CONTRACT_ID, T0 } from './books.js';
import { legOf, openBook } from './open-book.js';

/** The book after a list that shows its stop at that price. */
function shownAt(stopPrice: string): ReturnType<typeof openBook> {
  const book = openBook();
  const { clientOrderId, incarnations, readBack } = legOf(book, 'STOP');
  const report: OrderReport = {
    ...{ clientOrderId, account: ACCOUNT, symbol: 'AAA', brokerContractId: CONTRACT_ID },
    ...{ sessionOrderId: incarnations[0]!.sessionOrderId, sessionClientId: CLIENT },
    ...{ brokerOrderId: incarnations[0]!.brokerOrderIds[0]!, parentSessionOrderId: null },
    ...{ status: 'ACCEPTED', brokerStatus: 'PreSubmitted', whyHeld: 'trigger' },
    ...{ filledQuantity: '0', remainingQuantity: '100', averageFillPrice: null },
    terms: { ...readBack!, stopPrice },
  };
  const fact = { kind: 'order', listed: true, receivedAtMs: T0, report } as const;
  return finish(book, applyFact(book, fact), T0).book;
}

const actionsOf = (book: ReturnType<typeof openBook>) =>
  needsOf(book, NOTHING_KNOWN, T0 + 60_000).actions;

test('[RSK-3] [REC-3] a stop that was moved to risk less stays where it is', () => {
  const wanted = Number(openBook().exits.stopPrice);
  const book = shownAt(String(wanted + 2));
  expect(book.exits.stopPrice).toBe(String(wanted + 2));
  expect(viewOf(book).isProtected).toBe(true);
  expect(actionsOf(book)).toEqual([]);
});

test('[RSK-3] one that was moved to risk more is put back', () => {
  const wanted = openBook().exits.stopPrice;
  const book = shownAt(String(Number(wanted) - 2));
  expect(book.exits.stopPrice).toBe(wanted);
  expect(actionsOf(book)).toMatchObject([{ kind: 'modify', stopPrice: wanted }]);
});

test('[TRD-6] a price that this system gave the order itself is no hand of others', () => {
  const book = openBook();
  const stop = legOf(book, 'STOP');
  const tighter = String(Number(book.exits.stopPrice) + 2);
  const [place] = stop.incarnations;
  const carried = {
    ...place!,
    ...{ n: 2, kind: 'modify' as const, terms: { ...place!.terms!, stopPrice: tighter } },
  };
  const moved = {
    ...book,
    legs: book.legs.map((leg) =>
      leg === stop ? { ...leg, incarnations: [place!, carried] } : leg,
    ),
  };
  const { clientOrderId, readBack } = stop;
  const report: OrderReport = {
    ...{ clientOrderId, account: ACCOUNT, symbol: 'AAA', brokerContractId: CONTRACT_ID },
    ...{ sessionOrderId: place!.sessionOrderId, sessionClientId: CLIENT },
    ...{ brokerOrderId: place!.brokerOrderIds[0]!, parentSessionOrderId: null },
    ...{ status: 'ACCEPTED', brokerStatus: 'PreSubmitted', whyHeld: 'trigger' },
    ...{ filledQuantity: '0', remainingQuantity: '100', averageFillPrice: null },
    terms: { ...readBack!, stopPrice: tighter },
  };
  const fact = { kind: 'order', listed: true, receivedAtMs: T0, report } as const;
  expect(applyFact(moved, fact).book.exits.stopPrice).toBe(book.exits.stopPrice);
});
