/**
 * PRF-1: a plan's read with 300,000 orders on record, beside the same read with none. In a database of its
 * own: what runs beside it must not find trades that never were.
 */
import { randomUUID } from 'node:crypto';
import { migrate } from '../scripts/infra/migrate.js';
import { recordAccounts } from '../store/accounts.js';
import { parseSignal } from '../contract/signal.js';
import { ensureConnection } from '../store/connections.js';
import { openDatabase, type Database } from '../store/database.js';
import { ensureInstallation } from '../store/installation.js';
import { readPlanRows } from '../store/planning/read.js';
import { acceptSignal } from '../store/signals.js';
import type { BenchStack } from './stack.js';

const TRADES = 100_000;
/** Some three hundred a day: 300,000 orders are those of a year. */
const MINUTES_APART = 5;
const READS = 200;
/** Until each connection has made its plan of the statement. */
const WARM_UPS = 20;
const FILL_LIMIT_MS = 120_000;

export interface PlanReadFigures {
  readonly orders: number;
  readonly emptyMs: readonly number[];
  readonly fullMs: readonly number[];
}

/** Measures the read before and after a year of trades is on record. */
export async function measurePlanRead(stack: BenchStack): Promise<PlanReadFigures> {
  const url = await emptyDatabase(stack);
  const db = openDatabase({ url, poolSize: 1 });
  try {
    await migrate(url);
    const tradeId = await oneTrade(db);
    const emptyMs = await timeReads(db, tradeId);
    await fill(db, tradeId);
    return { orders: await db.order.count(), emptyMs, fullMs: await timeReads(db, tradeId) };
  } finally {
    await db.$disconnect();
  }
}

async function emptyDatabase({ db, databaseUrl }: BenchStack): Promise<string> {
  const name = `plan_read_${randomUUID().slice(0, 8)}`;
  await db.$executeRawUnsafe(`CREATE DATABASE ${name}`);
  const url = new URL(databaseUrl);
  url.pathname = `/${name}`;
  return url.href;
}

/** A trade that is about to be planned. */
async function oneTrade(db: Database): Promise<string> {
  const { ownerId } = await ensureInstallation(db);
  const key = { userId: ownerId, host: '127.0.0.1', port: 4002, clientId: 17 };
  await recordAccounts(db, await ensureConnection(db, key), ownerId, ['DU1000001']);
  const body = { id: 'present', strategy_id: 'bench', symbol: 'AAPL', side: 'BUY' };
  const { tradeId } = await acceptSignal(db, ownerId, parseSignal(body));
  return tradeId;
}

async function timeReads(db: Database, tradeId: string): Promise<number[]> {
  const durations: number[] = [];
  for (let index = 0; index < WARM_UPS + READS; index += 1) {
    const startedAt = performance.now();
    await db.$transaction((tx) => readPlanRows(tx, tradeId, Date.now()));
    if (index >= WARM_UPS) durations.push(performance.now() - startedAt);
  }
  return durations;
}

/** Trades that are over, each with an approved plan, a bracket and what it had reserved. */
async function fill(db: Database, tradeId: string): Promise<void> {
  const work = async (tx: Pick<Database, '$executeRaw'>) => {
    await tx.$executeRaw`
      CREATE TEMPORARY TABLE past ON COMMIT DROP AS
        SELECT gen_random_uuid() AS id, gen_random_uuid() AS signal, n,
               now() - n * ${MINUTES_APART} * interval '1 minute' AS at,
               t.user_id, t.account_id, t.strategy_id, t.symbol, t.side, t.instrument
          FROM trades t, generate_series(1, ${TRADES}::int) n WHERE t.id = ${tradeId}::uuid`;
    await tx.$executeRaw`
      INSERT INTO signals (id, user_id, signal_id, fingerprint, body)
        SELECT signal, user_id, 'past-' || n, '', '{}' FROM past`;
    await tx.$executeRaw`
      INSERT INTO trades (id, user_id, signal_row_id, account_id, strategy_id, symbol, side,
                          instrument, state, created_at, started_at, closed_at, settled_at)
        SELECT id, user_id, signal, account_id, strategy_id, symbol, side, instrument, 'CLOSED',
               at, at, at, at FROM past`;
    await tx.$executeRaw`
      INSERT INTO orders (id, user_id, account_id, trade_id, role, client_order_id, intent, status,
                          terms, created_at)
        SELECT gen_random_uuid(), user_id, account_id, id, role, role || n, 'SENT', status, '{}', at
          FROM past, (VALUES ('ENTRY', 'EXECUTED'), ('STOP', 'CANCELLED'), ('TARGET', 'EXECUTED'))
               AS leg(role, status)`;
    await tx.$executeRaw`
      INSERT INTO decisions (id, user_id, account_id, trade_id, kind, verdict, findings, inputs,
                             decided_at)
        SELECT gen_random_uuid(), user_id, account_id, id, 'plan', 'approved', '[]', '{}', at
          FROM past`;
    await tx.$executeRaw`
      INSERT INTO reservations (trade_id, user_id, account_id, strategy_id, symbol, side, phase,
                                cash, exposure, open_risk, resting_cash, created_at, released_at)
        SELECT id, user_id, account_id, strategy_id, symbol, side, 'RELEASED', 1, 1, 1, 0, at, at
          FROM past`;
  };
  await db.$transaction(work, { timeout: FILL_LIMIT_MS });
  // As the server does by itself, a minute later.
  await db.$executeRaw`VACUUM ANALYZE`;
}
