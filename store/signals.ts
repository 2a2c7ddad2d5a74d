/** Taking a signal in: once for ever per user and id, committed before any workflow starts (SIG-2). */
import { differingFields, fingerprint } from '../contract/fingerprint.js';
import type { Signal } from '../contract/signal.js';
import type { Instrument } from '../domain/vocabulary.js';
import { isUniqueViolation, toJson, type Database, type Transaction } from './database.js';
import { addTradeEvent } from './timeline.js';

/** The same id came before with another body. Nothing was changed; `fields` names the differences. */
export class SignalConflictError extends Error {
  override readonly name = 'SignalConflictError';
  constructor(
    readonly signalId: string,
    readonly tradeId: string,
    readonly fields: readonly string[],
  ) {
    super(
      `signal ${signalId} is already known with another body (different: ${fields.join(', ')}); ` +
        `send a new id for a new trade`,
    );
  }
}

/** No account can be traded yet: the broker worker has never reported one. */
export class NoAccountError extends Error {
  override readonly name = 'NoAccountError';
}

export interface AcceptedSignal {
  readonly tradeId: string;
  readonly isNew: boolean;
  /** False when the workflow has not been confirmed by Temporal yet. */
  readonly isStarted: boolean;
}

/**
 * Stores a parsed signal and its trade in one transaction, or finds the ones that are there.
 * @throws SignalConflictError when the id is known with another body.
 * @throws NoAccountError when there is no account to trade on yet.
 */
export async function acceptSignal(
  db: Database,
  userId: string,
  signal: Signal,
): Promise<AcceptedSignal> {
  const known = await findSignal(db, userId, signal);
  if (known) return known;
  try {
    const tradeId = await db.$transaction((tx) => insertSignal(tx, userId, signal));
    return { tradeId, isNew: true, isStarted: false };
  } catch (error) {
    // Another process inserted the same id between our look and our write: theirs is the trade.
    const winner = isUniqueViolation(error) ? await findSignal(db, userId, signal) : null;
    if (winner) return winner;
    throw error;
  }
}

async function findSignal(
  db: Database,
  userId: string,
  signal: Signal,
): Promise<AcceptedSignal | null> {
  const row = await db.signal.findUnique({
    where: { userId_signalId: { userId, signalId: signal.id } },
    include: { trade: { select: { id: true, startedAt: true } } },
  });
  if (!row?.trade) return null;
  if (row.fingerprint !== fingerprint(signal)) {
    const fields = differingFields(row.body as Record<string, unknown>, { ...signal });
    throw new SignalConflictError(signal.id, row.trade.id, fields);
  }
  return { tradeId: row.trade.id, isNew: false, isStarted: row.trade.startedAt !== null };
}

async function insertSignal(tx: Transaction, userId: string, signal: Signal): Promise<string> {
  const strategy = await strategyOf(tx, userId, signal);
  const row = await tx.signal.create({
    data: { userId, signalId: signal.id, fingerprint: fingerprint(signal), body: toJson(signal) },
  });
  const trade = await tx.trade.create({
    data: {
      userId,
      signalRowId: row.id,
      accountId: strategy.accountId,
      strategyId: strategy.id,
      symbol: signal.symbol,
      side: signal.side,
      instrument: toJson(instrumentOf(signal)),
    },
  });
  await addTradeEvent(tx, { userId, tradeId: trade.id }, 'signal', describe(signal), { signal });
  return trade.id;
}

/** The instrument a signal names, with the defaults of SIG-1. */
export function instrumentOf(signal: Signal): Instrument {
  return {
    symbol: signal.symbol,
    securityType: signal.security_type ?? 'STK',
    exchange: signal.exchange ?? 'SMART',
    currency: signal.currency ?? 'USD',
  };
}

/** A strategy seen for the first time is made on the account it names, else on the only one there is. */
async function strategyOf(tx: Transaction, userId: string, signal: Signal) {
  const known = await tx.strategy.findUnique({
    where: { userId_name: { userId, name: signal.strategy_id } },
  });
  // A signal may name an account that isn't its strategy's: the plan then denies it, on record.
  const named = signal.account_id
    ? await tx.account.findFirst({ where: { brokerAccountId: signal.account_id } })
    : null;
  if (known) return named ? { ...known, accountId: named.id } : known;
  const account = named ?? (await tx.account.findFirst({ orderBy: { createdAt: 'asc' } }));
  if (!account) {
    throw new NoAccountError(
      'no account is known yet: start the broker worker and wait until it has connected (ballast doctor)',
    );
  }
  return tx.strategy.upsert({
    where: { userId_name: { userId, name: signal.strategy_id } },
    create: { userId, name: signal.strategy_id, accountId: account.id },
    update: {},
  });
}

function describe(signal: Signal): string {
  const size = signal.quantity ? `${signal.quantity} ` : '';
  return `${signal.side} ${size}${signal.symbol} from ${signal.strategy_id}`;
}
