/** Taking a signal in: once for ever per user and id, committed before any workflow starts (SIG-2). */
import { randomUUID } from 'node:crypto';
import { differingFields, fingerprint } from '../contract/fingerprint.js';
import type { Signal } from '../contract/signal.js';
import type { Instrument } from '../domain/vocabulary.js';
import { Prisma, type Database, type Transaction } from './database.js';
import { ensureStrategy } from './strategies.js';
import { tradeStart, type TradeStart } from './trade-start.js';

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

/** The user has no account that can be traded yet: the broker worker has never reported one of theirs. */
export class NoAccountError extends Error {
  override readonly name = 'NoAccountError';
}

export interface AcceptedSignal {
  readonly tradeId: string;
  readonly isNew: boolean;
  /** False when the workflow has not been confirmed by Temporal yet. */
  readonly isStarted: boolean;
  /** What its workflow is started with; only given for a new one. */
  readonly start?: TradeStart;
}

/**
 * Stores a parsed signal and its trade in one statement, or finds the ones that are there. A strategy that
 * is new is made on the account that the signal names, else on `defaultAccount`, else on the oldest: of the
 * user's own, for another's counts as unknown (API-2).
 * @throws SignalConflictError when the id is known with another body.
 * @throws NoAccountError when the user has no account to trade on yet.
 */
export async function acceptSignal(
  db: Database | Transaction,
  userId: string,
  signal: Signal,
  defaultAccount?: string,
): Promise<AcceptedSignal> {
  const taken = await insertSignal(db, userId, signal);
  if (taken !== null) return acceptedNow(signal, taken);
  const known = await findSignal(db, userId, signal);
  if (known) return known;
  await makeStrategy(db, userId, signal, defaultAccount);
  const takenNow = await insertSignal(db, userId, signal);
  if (takenNow !== null) return acceptedNow(signal, takenNow);
  const earlier = await findSignal(db, userId, signal);
  if (!earlier) throw await untaken(db, userId, signal);
  return earlier;
}

function acceptedNow(signal: Signal, taken: Taken): AcceptedSignal {
  const { tradeId } = taken;
  return { tradeId, isNew: true, isStarted: false, start: tradeStart({ ...taken, signal }) };
}

async function findSignal(
  db: Database | Transaction,
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

interface Taken {
  readonly tradeId: string;
  readonly brokerAccountId: string;
  /** A broker can be asked now. */
  readonly isAskable: boolean;
  /** And nobody has asked it for the symbol's quote lately. */
  readonly isCold: boolean;
}

/**
 * Null when the id was there before, whoever put it there and however recently; or when the strategy was
 * never seen.
 */
async function insertSignal(
  db: Database | Transaction,
  userId: string,
  signal: Signal,
): Promise<Taken | null> {
  const [rowId, tradeId] = [randomUUID(), randomUUID()];
  const body = JSON.stringify(signal);
  const instrument = JSON.stringify(instrumentOf(signal));
  const rows = await db.$queryRaw<Taken[]>`
    WITH st AS (${strategyOf(userId, signal)}), s AS (
      INSERT INTO signals (id, user_id, signal_id, fingerprint, body)
      SELECT ${rowId}::uuid, ${userId}::uuid, ${signal.id}, ${fingerprint(signal)}, ${body}::jsonb FROM st
      ON CONFLICT (user_id, signal_id) DO NOTHING RETURNING id
    ), t AS (
      INSERT INTO trades (id, user_id, signal_row_id, account_id, strategy_id, symbol, side,
                          instrument)
      SELECT ${tradeId}::uuid, ${userId}::uuid, s.id, st.account_id, st.id,
             ${signal.symbol}, ${signal.side}, ${instrument}::jsonb FROM s, st RETURNING id
    ), e AS (
      INSERT INTO trade_events (user_id, trade_id, kind, summary, detail)
      SELECT ${userId}::uuid, t.id, 'signal', ${describe(signal)},
             jsonb_build_object('signal', ${body}::jsonb) FROM t
    )
    SELECT t.id AS "tradeId", st.broker_account_id AS "brokerAccountId", st.askable AS "isAskable",
           st.askable AND NOT EXISTS (
             SELECT 1 FROM quotes q WHERE q.connection_id = st.connection_id AND q.symbol = ${signal.symbol}
                AND q.at > now() - ${WATCHED_QUOTE_MAX_AGE_MS} * interval '1 millisecond')
           AS "isCold"
      FROM t, st`;
  return rows[0] ?? null;
}

/**
 * The strategy a signal is of, with the account to trade on. A signal may name an account that isn't its
 * strategy's: that one is taken, if it is known. Either is the user's own, or it is as if there were none.
 */
function strategyOf(userId: string, signal: Signal): Prisma.Sql {
  return Prisma.sql`
    SELECT s.id, a.id AS account_id, a.broker_account_id, a.connection_id,
           coalesce(cn.ready AND cn.lease_until > now(), false) AS askable
      FROM strategies s
      LEFT JOIN accounts named ON named.broker_account_id = ${signal.account_id ?? null}
                              AND named.user_id = s.user_id
      JOIN accounts a ON a.id = coalesce(named.id, s.account_id) AND a.user_id = s.user_id
      JOIN connections cn ON cn.id = a.connection_id
     WHERE s.user_id = ${userId}::uuid AND s.name = ${signal.strategy_id} LIMIT 1`;
}

/** Of a symbol that is watched, the broker worker confirms the quote every 2 s. */
const WATCHED_QUOTE_MAX_AGE_MS = 5_000;

/** The instrument a signal names, with the defaults of SIG-1. */
export function instrumentOf(signal: Signal): Instrument {
  return {
    symbol: signal.symbol,
    securityType: signal.security_type ?? 'STK',
    exchange: signal.exchange ?? 'SMART',
    currency: signal.currency ?? 'USD',
  };
}

/**
 * A strategy seen for the first time is made on the user's account that the signal names; where there is none of that
 * name on the default one, and where that is none of theirs on their oldest.
 */
async function makeStrategy(
  db: Database | Transaction,
  userId: string,
  signal: Signal,
  defaultAccount: string | undefined,
): Promise<void> {
  const own = await db.account.findMany({
    where: { userId },
    orderBy: [{ createdAt: 'asc' }, { id: 'asc' }],
    select: { id: true, brokerAccountId: true },
  });
  const called = (name: string | undefined) =>
    own.find(({ brokerAccountId }) => brokerAccountId === name);
  const account = called(signal.account_id) ?? called(defaultAccount) ?? own[0];
  if (!account) {
    throw new NoAccountError(
      'no account of yours is known yet: one belongs to the user whose broker worker has reported it; start that, ' +
        'and wait until it has connected (ballast doctor)',
    );
  }
  await ensureStrategy(db, userId, signal.strategy_id, account.id);
}

/** Why a signal could not be taken although it is new: for whoever sent it. */
async function untaken(
  db: Database | Transaction,
  userId: string,
  { id, strategy_id: name }: Signal,
): Promise<Error> {
  const elsewhere = await db.strategy.findFirst({
    where: { userId, name, account: { userId: { not: userId } } },
  });
  if (elsewhere === null) return new Error(`signal ${id} is neither new nor known; send it again`);
  return new NoAccountError(
    `strategy ${name} stands on an account of another user: name an account of yours, or send another strategy_id`,
  );
}

function describe(signal: Signal): string {
  const size = signal.quantity ? `${signal.quantity} ` : '';
  return `${signal.side} ${size}${signal.symbol} from ${signal.strategy_id}`;
}
