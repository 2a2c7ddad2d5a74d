/** An order that is known to be filled by its status alone. */
import { applyFact } from '../../domain/trade/fact.js';
import { FACTS_FOR_PERSON_MS } from '../../domain/trade/overdue.js';
import { changeTrade } from '../../store/book/change.js';
import type { Database } from '../../store/database.js';
import { ACCOUNT } from '../store/support/ready-account.js';

/** Tells a trade that its entry of ten was filled at 100, longer ago than a person is told after. */
export async function tellFilled(
  db: Database,
  tradeId: string,
  contract: { readonly symbol: string; readonly brokerContractId: number },
): Promise<void> {
  const receivedAtMs = Date.now() - FACTS_FOR_PERSON_MS - 10_000;
  await changeTrade(db, 'unknown.commit', tradeId, receivedAtMs, (book) => {
    const { clientOrderId, incarnations, wanted } = book.legs[0]!;
    const { sessionOrderId, sessionClientId } = incarnations[0]!;
    return applyFact(book, {
      ...{ kind: 'order', listed: false, receivedAtMs },
      report: {
        ...{ clientOrderId, brokerOrderId: '77', sessionOrderId, sessionClientId },
        ...{ account: ACCOUNT, ...contract, status: 'EXECUTED' },
        ...{ brokerStatus: 'Filled', whyHeld: '', filledQuantity: '10', remainingQuantity: '0' },
        ...{ averageFillPrice: '100', terms: wanted, parentSessionOrderId: null },
      },
    });
  });
}
