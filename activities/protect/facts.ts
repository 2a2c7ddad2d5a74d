/** What only the broker can tell and a close needs: the live quote and the account's net position. */
import { decimal, text, ZERO } from '../../domain/money.js';
import type { Instrument, Quote } from '../../domain/vocabulary.js';
import type { BrokerDeps } from '../deps.js';

export interface ClosingFacts {
  readonly quote: Quote | null;
  readonly brokerNet: string | null;
}

/** A quote older than this is asked for again before a limit is made of it. */
const QUOTE_FRESH_MS = 2_000;

/** Asks the broker only when shares may have to be sold; else what this process knows anyway. */
export async function closingFacts(deps: BrokerDeps, tradeId: string): Promise<ClosingFacts> {
  const { db, market, link, commits, nowMs, log } = deps;
  const trade = await db.trade.findUniqueOrThrow({
    where: { id: tradeId },
    select: {
      symbol: true,
      instrument: true,
      state: true,
      closeRequested: true,
      account: { select: { brokerAccountId: true } },
      _count: { select: { orders: { where: { role: 'STOP', status: 'REJECTED' } } } },
    },
  });
  const known = market.latest(trade.symbol);
  const mayClose =
    trade.closeRequested !== null || trade.state === 'OVERFILLED' || trade._count.orders > 0;
  if (!mayClose) return { quote: known, brokerNet: null };
  if (!known || nowMs() - known.atMs > QUOTE_FRESH_MS) {
    await market.warm(trade.instrument as unknown as Instrument).catch((error: unknown) => {
      log.warn({ tradeId, error: String(error) }, 'closing without a fresh quote');
    });
  }
  const positions = await link.port.positions();
  // The broker told of every fill in these positions before it told the positions.
  await commits.drained();
  const own = positions.items.filter(
    (row) => row.account === trade.account.brokerAccountId && row.symbol === trade.symbol,
  );
  const net = own.reduce((total, row) => total.add(decimal(row.quantity)), ZERO);
  return {
    quote: market.latest(trade.symbol),
    brokerNet: positions.complete ? text(net) : null,
  };
}
