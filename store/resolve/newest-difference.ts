/**
 * What the newest comparison with the broker says of one contract's position: two complete pictures, ten
 * seconds apart, have shown it. What a person declares of a position rests on it, and on nothing else.
 */
import { ASKED_LATER, type ActedFinding } from '../../contract/reconcile.js';
import { decimal } from '../../domain/money.js';
import { isSettledAtBroker } from '../../domain/trade/closed-outside.js';
import type { Book } from '../../domain/trade/book.js';
import { viewOf } from '../../domain/trade/view.js';
import { loadBook, lockTrade, type LoadedBook } from '../book/load.js';
import type { Transaction } from '../database.js';
import { expectedPosition, lockPosition } from '../positions.js';
import { newestFindings } from './newest-run.js';
import { CannotResolveError } from './prepared.js';

export interface Difference {
  readonly runId: string;
  /** When the picture was begun that showed it last. */
  readonly pictureAtMs: number;
  readonly found: ActedFinding & { readonly difference: string };
}

/**
 * Locks the trade and gives its book. `settled`: what the caller's word makes of it first.
 * @throws CannotResolveError when it is no trade of the user's, or something of it is still to be told
 */
export async function loadSettled(
  tx: Transaction,
  tradeId: string,
  userId: string,
  settled: (book: Book) => Book = (book) => book,
): Promise<LoadedBook & { readonly brokerContractId: number }> {
  await lockTrade(tx, tradeId);
  const loaded = await loadBook(tx, tradeId);
  const { book, keys } = loaded;
  if (keys.userId !== userId) throw new CannotResolveError(`there is no trade ${tradeId}`);
  const { brokerContractId } = book.instrument;
  if (brokerContractId === undefined) throw new CannotResolveError('it was never sent');
  mustBeSettled(settled(book));
  return { ...loaded, brokerContractId };
}

/** @throws CannotResolveError while an order of the trade may explain what differs */
export function mustBeSettled(book: Book): void {
  if (isSettledAtBroker(book) && !viewOf(book).awaitsExecutions) return;
  throw new CannotResolveError(
    `an order of trade ${book.id} is in flight, of unknown fate, or awaits its executions, and may be what differs: "ballast trade" shows which`,
  );
}

/**
 * What differs in the contract, by the newest comparison; the account's external position stays locked.
 * @throws CannotResolveError when there is none that is complete and fresh, or the books have moved since
 */
export async function newestDifference(
  tx: Transaction,
  { accountId }: { readonly accountId: string },
  { account, symbol }: Pick<Book, 'account' | 'symbol'>,
  brokerContractId: number,
  nowMs: number,
): Promise<Difference> {
  const { runId, pictureAtMs, findings } = await newestFindings(
    tx,
    accountId,
    brokerContractId,
    nowMs,
  );
  const found = findings.find((one) => one.difference !== null);
  const comparedAt = new Date(pictureAtMs).toISOString();
  if (!found)
    throw new CannotResolveError(
      `nothing differed in ${symbol} when it was compared last, at ${comparedAt}: if the broker shows another number than the books now, give "ballast reconcile" first`,
    );
  if (found.step === 'wait' || found.done === ASKED_LATER)
    throw new CannotResolveError(`${found.summary}, and ${found.why}: wait until that is settled`);
  await lockPosition(tx, { accountId, strategyId: null }, brokerContractId);
  const { quantity } = await expectedPosition(tx, accountId, account, brokerContractId);
  if (found.books === null || !decimal(found.books).eq(quantity))
    throw new CannotResolveError(
      `the books say ${quantity} of ${symbol}, and said ${found.books ?? 'nothing'} at ${comparedAt}: give "ballast reconcile" first`,
    );
  return { runId, pictureAtMs, found: { ...found, difference: found.difference! } };
}
