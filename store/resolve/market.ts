/** What the market of a contract is, for a person who sets a stop in it. */
import { textFromRow, type Transaction } from '../database.js';
import { CannotResolveError } from './prepared.js';

/** A code is typed within it; what is older is not the market any more. */
const QUOTE_MAX_AGE_MS = 30_000;

/** What a sale or a cover would get now, and from whom it is known. */
export interface Market {
  readonly bid: string;
  readonly ask: string;
  readonly told: string;
}

/**
 * A live quote of the contract, or without one what the person says.
 * @throws CannotResolveError when neither is there
 */
export async function marketOf(
  tx: Transaction,
  {
    symbol,
    brokerContractId,
    connectionId,
  }: Readonly<Record<'symbol' | 'connectionId', string>> & { readonly brokerContractId: number },
  marketPrice: string | null,
  nowMs: number,
): Promise<Market> {
  const at = { gte: new Date(nowMs - QUOTE_MAX_AGE_MS) };
  const where = { connectionId, brokerContractId, kind: 'live', at };
  const quote = await tx.quote.findFirst({ where });
  if (quote?.bid && quote.ask) {
    const [bid, ask] = [textFromRow(quote.bid), textFromRow(quote.ask)];
    return { bid, ask, told: `the market of ${symbol} is ${bid} to ${ask}` };
  }
  if (marketPrice !== null) {
    const told = `no live quote of ${symbol} is known here: its market is said to be ${marketPrice}`;
    return { bid: marketPrice, ask: marketPrice, told };
  }
  throw new CannotResolveError(
    `no live quote of ${symbol} is known here, so the stop can't be judged: read the price at the broker, and give it with --market PRICE`,
  );
}
