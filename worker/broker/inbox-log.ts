/** What a commit of the inbox tells in the log: the fills, for everything else is in the trade's timeline. */
import type { Logger } from '../../config/logger.js';
import type { BrokerFact } from '../../domain/broker/fact.js';

/** One line for each execution; `tradeId` null: of orders that are nobody's here. */
export function logFills(log: Logger, tradeId: string | null, facts: readonly BrokerFact[]): void {
  for (const fact of facts) {
    if (fact.kind !== 'execution') continue;
    const { executionId, symbol, side, quantity, price } = fact.report;
    log.info({ tradeId, executionId, symbol, side, quantity, price }, 'a fill is booked');
  }
}
