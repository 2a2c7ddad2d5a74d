/** The one way to the database: a Prisma client over the plain PostgreSQL driver, and its rows' types. */
import { PrismaPg } from '@prisma/adapter-pg';
import type { SqlQuery } from '@prisma/driver-adapter-utils';
import { PrismaClient, Prisma } from './generated/client.js';
import { Decimal, decimal, text } from '../domain/money.js';
import { createStatementNamer } from './prepared.js';

export type Database = PrismaClient;
/** What runs inside one transaction. */
export type Transaction = Prisma.TransactionClient;
export { Prisma };

export interface DatabaseOptions {
  readonly url: string;
  /** Connections in the pool. The server allows 100; every process keeps well below its share. */
  readonly poolSize?: number;
  /** A statement, and the way to the server, may take that long; without it they wait as long as it takes. */
  readonly answerTimeoutMs?: number;
}

/** Each worker has at most this many transactions in flight; more would only queue on two cores. */
const POOL_SIZE = 10;
/** Waiting longer for a pooled connection means the database is down or overloaded: say so. */
const CONNECT_TIMEOUT_MS = 5_000;
/** A transaction that takes longer is stuck behind a lock; it is rolled back and tried again. */
const TRANSACTION_TIMEOUT_MS = 15_000;

/**
 * A transaction in which nothing is said for that long is of a client that is cut off, or frozen: the server
 * ends it, so that its locks hold up nobody else. A live one pauses for milliseconds, seconds on a busy machine.
 */
export const IDLE_IN_TRANSACTION_MAX_MS = 10_000;

/**
 * What the server is told of each connection. Instants are stored with their zone: the session's only decides
 * how they are printed. A host that vanished is found out within about 10 s, also while the server waits to
 * tell it something; on a unix socket those settings mean nothing, and do no harm.
 */
const SESSION_OPTIONS = [
  'timezone=UTC',
  `idle_in_transaction_session_timeout=${IDLE_IN_TRANSACTION_MAX_MS}`,
  ...['tcp_keepalives_idle=5', 'tcp_keepalives_interval=2', 'tcp_keepalives_count=3'],
  'tcp_user_timeout=10000',
]
  .map((setting) => `-c ${setting}`)
  .join(' ');

/** Opens a pool on the database. Nothing is connected before the first query. */
export function openDatabase(options: DatabaseOptions): Database {
  const { answerTimeoutMs } = options;
  const pool = {
    connectionString: options.url,
    max: options.poolSize ?? POOL_SIZE,
    connectionTimeoutMillis: answerTimeoutMs ?? CONNECT_TIMEOUT_MS,
    // The server ends the statement; should the line be dead, the driver drops the connection.
    ...(answerTimeoutMs && { statement_timeout: answerTimeoutMs, query_timeout: answerTimeoutMs }),
    options: SESSION_OPTIONS,
  };
  // The driver takes no name for "not prepared"; only the type of the option does not say so.
  const statementNameGenerator = createStatementNamer() as (statement: SqlQuery) => string;
  const adapter = new PrismaPg(pool, { statementNameGenerator });
  return new PrismaClient({
    adapter,
    transactionOptions: { maxWait: TRANSACTION_TIMEOUT_MS, timeout: TRANSACTION_TIMEOUT_MS },
  });
}

/**
 * Opens the one connection that a lease is kept by: slow queries that fill a process's pool must not make
 * a healthy holder lose it. A try ends at half of the lease's length, so that there is time for another.
 */
export function openLeaseDatabase(url: string, leaseTtlMs: number): Database {
  return openDatabase({ url, poolSize: 1, answerTimeoutMs: Math.floor(leaseTtlMs / 2) });
}

/**
 * Enough for a few repairs at once, each of which holds one for milliseconds at a time; writes to the broker
 * are paced anyway. Nothing is connected while nothing is to be protected.
 */
const PROTECT_POOL_SIZE = 5;

/** Opens the connections of closes, repairs and moved exits: what fills a process's pool must not delay a stop. */
export function openProtectDatabase(url: string): Database {
  return openDatabase({ url, poolSize: PROTECT_POOL_SIZE });
}

/** Prisma's decimals are a class of their own: convert at this edge, and only here. */
export function fromRow(value: Prisma.Decimal): Decimal;
export function fromRow(value: Prisma.Decimal | null): Decimal | null;
export function fromRow(value: Prisma.Decimal | null): Decimal | null {
  return value === null ? null : new Decimal(value.toFixed());
}

/** A NUMERIC column as plain decimal text without trailing zeros; null stays null. */
export function textFromRow(value: Prisma.Decimal): string;
export function textFromRow(value: Prisma.Decimal | null): string | null;
export function textFromRow(value: Prisma.Decimal | null): string | null {
  return value === null ? null : text(new Decimal(value.toFixed()));
}

/** What a NUMERIC column is given: text, so that no binary number is ever in between. */
export function toRow(value: Decimal | string): string {
  return text(decimal(value));
}

/** A value as a JSON column takes it. Decimals and dates become text, undefined members vanish. */
export function toJson(value: unknown): Prisma.InputJsonValue {
  return JSON.parse(JSON.stringify(value)) as Prisma.InputJsonValue;
}
