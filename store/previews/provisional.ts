/**
 * A signal as if it had been taken in: its rows are made, looked at as any trade's, and taken back. So a preview is
 * decided from what a plan reads, by the statement that a plan reads it with, and nothing is left of it.
 */
import type { Signal } from '../../contract/signal.js';
import type { Database, Transaction } from '../database.js';
import { acceptSignal, SignalConflictError } from '../signals.js';
import type { TradeStart } from '../trade-start.js';
import { rolledBack } from '../transact.js';

/** The signal was taken in before: there is nothing to preview. */
export class SignalKnownError extends Error {
  override readonly name = 'SignalKnownError';
  constructor(
    readonly signalId: string,
    readonly tradeId: string,
  ) {
    super(
      `signal ${signalId} was taken in before, as trade ${tradeId}: send a new id for a new trade`,
    );
  }
}

/** Whose signal it is, and where a strategy trades that is new. */
export interface Provisional {
  readonly userId: string;
  readonly signal: Signal;
  readonly defaultAccount?: string | undefined;
}

/** Runs `work` on the trade that the signal would be. @throws SignalKnownError, NoAccountError */
export function provisionally<T>(
  db: Database,
  { userId, signal, defaultAccount }: Provisional,
  work: (tx: Transaction, tradeId: string) => Promise<T>,
): Promise<T> {
  return rolledBack(db, async (tx) => {
    const { tradeId } = await newTrade(tx, userId, signal, defaultAccount);
    return work(tx, tradeId);
  });
}

export interface NewTrade {
  readonly tradeId: string;
  /** What its workflow is started with. */
  readonly start: TradeStart;
}

/** Takes a signal in that must be new. @throws SignalKnownError, NoAccountError */
export async function newTrade(
  tx: Transaction,
  userId: string,
  signal: Signal,
  defaultAccount: string | undefined,
): Promise<NewTrade> {
  const accepted = await acceptSignal(tx, userId, signal, defaultAccount).catch(
    (error: unknown) => {
      if (!(error instanceof SignalConflictError)) throw error;
      throw new SignalKnownError(signal.id, error.tradeId);
    },
  );
  const { tradeId, start } = accepted;
  if (start === undefined) throw new SignalKnownError(signal.id, tradeId);
  return { tradeId, start };
}
