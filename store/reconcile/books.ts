/** Reading what the books of an account say, for a comparison with a picture of the broker (REC-2). */
import type { Snapshot } from '../../domain/broker/snapshot.js';
import { isOwnReference } from '../../domain/ids.js';
import { decimal, ZERO, type Decimal } from '../../domain/money.js';
import type {
  AccountBooks,
  BookedContract,
  KnownOrder,
  LateExecution,
} from '../../domain/reconcile/books.js';
import type { GuardedTrade } from '../../domain/trade/guard.js';
import type { EpochMs } from '../../domain/vocabulary.js';
import { ms, amount } from '../book/load.js';
import { openTrades } from '../book/open-trades.js';
import type { Database } from '../database.js';
import { AVERAGE_COST } from '../positions.js';
import { splitQuarantines } from '../quarantine.js';
import { seenReferences } from './seen-references.js';

/** What is told within this was not missed: clocks differ by seconds, and executions have whole ones. */
const LATE_MS = 10_000;
/** Newest executions that are looked through: a day of 2,500 trades. */
const NEWEST_EXECUTIONS = 5_000;
const LATE_MAX = 100;

export interface AccountOf {
  readonly id: string;
  readonly connectionId: string;
  readonly brokerAccountId: string;
}

/** Reads all of it. `sinceMs`: executions that were told late since then are given; null: none. */
export async function loadAccountBooks(
  db: Database,
  account: AccountOf,
  snapshot: Snapshot,
  sinceMs: EpochMs | null,
): Promise<AccountBooks> {
  const trades: GuardedTrade[] = [];
  for await (const page of openTrades(db, account.connectionId, false)) {
    trades.push(...page.filter(({ accountId }) => accountId === account.id));
  }
  return {
    ...(await loadPositions(db, account, snapshot)),
    trades,
    knownExecutions: await knownExecutions(db, account, snapshot),
    lateExecutions: sinceMs === null ? [] : await lateExecutions(db, account, sinceMs),
  };
}

/** The part of it that takes no time however many trades there are: positions and references alone. */
export async function loadPositions(
  db: Database,
  account: AccountOf,
  snapshot: Snapshot,
): Promise<Omit<AccountBooks, 'trades' | 'knownExecutions' | 'lateExecutions'>> {
  const { id: installationId } = await db.installation.findFirstOrThrow();
  const contracts = await contractsOf(db, account);
  const traded = await tradedContracts(db, account, strangers(account, contracts, snapshot));
  const shown = snapshot.positions.filter((row) => row.account === account.brokerAccountId);
  const booked = new Set(contracts.map(({ brokerContractId }) => brokerContractId));
  const unbooked = shown
    .filter(({ brokerContractId }) => !booked.has(brokerContractId))
    .map(({ brokerContractId, symbol }) => ({
      ...{ brokerContractId, symbol, managed: '0', external: '0' },
      ...{ averageCost: null, lastPrice: null },
    }));
  const splits = await splitQuarantines(db, account.id);
  const told = ownReferences(installationId, account, snapshot);
  const known = await knownOrders(db, told);
  const names = new Set(known.map(({ clientOrderId }) => clientOrderId));
  const unknown = told.filter((reference) => !names.has(reference));
  return {
    account: account.brokerAccountId,
    installationId,
    contracts: [...contracts, ...unbooked].map((contract) => ({
      ...contract,
      splitSeen: splits.get(contract.symbol) ?? null,
      hasOwnOrders: traded.has(contract.brokerContractId),
      newestTradeId: traded.get(contract.brokerContractId) ?? null,
    })),
    knownOrders: known,
    seenReferences: await seenReferences(db, account.id, unknown),
  };
}

type Contract = Omit<BookedContract, 'hasOwnOrders' | 'newestTradeId' | 'splitSeen'>;

async function contractsOf(
  db: Database,
  { id, connectionId }: AccountOf,
): Promise<readonly Contract[]> {
  const rows = await db.$queryRaw<{ contract: Contract }[]>`
    SELECT jsonb_build_object('brokerContractId', p.broker_contract_id, 'symbol', p.symbol,
        'managed', ${amount('p.managed')}, 'external', ${amount('p.external')},
        'averageCost', ${amount('p.cost')},
        'lastPrice', trim_scale(coalesce((q.bid + q.ask) / 2, q.bid, q.ask))::text) AS contract
      FROM (
        SELECT broker_contract_id,
            coalesce(min(symbol) FILTER (WHERE strategy_id IS NOT NULL), min(symbol)) AS symbol,
            coalesce(sum(quantity) FILTER (WHERE strategy_id IS NOT NULL), 0) AS managed,
            coalesce(sum(quantity) FILTER (WHERE strategy_id IS NULL), 0) AS external,
            ${AVERAGE_COST} AS cost
          FROM positions WHERE account_id = ${id}::uuid AND quantity <> 0
         GROUP BY broker_contract_id) p
      LEFT JOIN quotes q ON q.connection_id = ${connectionId}::uuid
             AND q.broker_contract_id = p.broker_contract_id`;
  return rows.map(({ contract }) => contract);
}

/** Contracts in which no strategy holds anything, and the broker shows another quantity than is known. */
function strangers(
  { brokerAccountId }: AccountOf,
  contracts: readonly Contract[],
  snapshot: Snapshot,
): number[] {
  const quantities = new Map<number, Decimal>();
  const add = (id: number, quantity: Decimal): void => {
    quantities.set(id, (quantities.get(id) ?? ZERO).add(quantity));
  };
  for (const row of snapshot.positions) {
    if (row.account === brokerAccountId) add(row.brokerContractId, decimal(row.quantity));
  }
  for (const { brokerContractId, external } of contracts)
    add(brokerContractId, decimal(external).neg());
  const held = contracts.filter(({ managed }) => !decimal(managed).isZero());
  for (const { brokerContractId } of held) quantities.delete(brokerContractId);
  return [...quantities].filter(([, difference]) => !difference.isZero()).map(([id]) => id);
}

/** Of these contracts, those in which this database has ever sent an order, each with the newest trade that has. */
async function tradedContracts(
  db: Database,
  { id }: AccountOf,
  contractIds: readonly number[],
): Promise<ReadonlyMap<number, string>> {
  if (contractIds.length === 0) return new Map();
  const rows = await db.$queryRaw<{ contract_id: number; trade_id: string }[]>`
    SELECT DISTINCT ON (contract_id) (t.instrument->>'brokerContractId')::int AS contract_id, t.id AS trade_id
      FROM trades t
     WHERE t.account_id = ${id}::uuid
       AND EXISTS (SELECT 1 FROM orders o WHERE o.trade_id = t.id AND o.intent <> 'NEW')
       AND t.instrument->>'brokerContractId' = ANY(${contractIds.map(String)})
     ORDER BY contract_id, t.created_at DESC, t.id`;
  return new Map(rows.map((row) => [row.contract_id, row.trade_id]));
}

/** What the picture names of this installation, each once. */
function ownReferences(
  installationId: string,
  { brokerAccountId }: AccountOf,
  { orders, completed, executions }: Snapshot,
): readonly string[] {
  const told = [...orders, ...completed, ...executions]
    .filter(({ account }) => account === brokerAccountId)
    .flatMap(({ clientOrderId }) => clientOrderId ?? [])
    .filter((reference) => isOwnReference(installationId, reference));
  return [...new Set(told)];
}

function knownOrders(db: Database, references: readonly string[]): Promise<KnownOrder[]> {
  return db.$queryRaw<KnownOrder[]>`
    SELECT client_order_id AS "clientOrderId", trade_id AS "tradeId" FROM orders
     WHERE client_order_id = ANY(${[...references]})`;
}

/** Of the picture's executions those that are booked, or that a booked correction has replaced. */
async function knownExecutions(
  db: Database,
  { id, brokerAccountId }: AccountOf,
  { executions }: Snapshot,
): Promise<ReadonlySet<string>> {
  const mine = executions.filter(({ account }) => account === brokerAccountId);
  const keys = [...new Set(mine.map(({ executionKey }) => executionKey))];
  const rows = await db.$queryRaw<{ key: string; correction: number }[]>`
    SELECT execution_key AS key, max(correction)::int AS correction FROM executions
     WHERE account_id = ${id}::uuid AND execution_key = ANY(${keys}) GROUP BY execution_key`;
  const newest = new Map(rows.map(({ key, correction }) => [key, correction]));
  const booked = mine.filter((row) => (newest.get(row.executionKey) ?? 0) >= row.correction);
  return new Set(booked.map(({ executionId }) => executionId));
}

async function lateExecutions(
  db: Database,
  { id }: AccountOf,
  sinceMs: EpochMs,
): Promise<LateExecution[]> {
  const rows = await db.$queryRaw<{ late: LateExecution }[]>`
    SELECT jsonb_build_object('executionId', e.execution_id, 'tradeId', e.trade_id,
        'symbol', e.symbol, 'side', e.side, 'quantity', ${amount('e.quantity')}, 'price', ${amount('e.price')},
        'executedAtMs', ${ms('e.executed_at')}, 'receivedAtMs', ${ms('e.received_at')}) AS late
      FROM (SELECT * FROM executions ORDER BY id DESC LIMIT ${NEWEST_EXECUTIONS}) e
     WHERE e.account_id = ${id}::uuid AND e.trade_id IS NOT NULL AND NOT e.inferred
       AND e.received_at > ${new Date(sinceMs)}
       AND e.received_at > e.executed_at + ${LATE_MS} * interval '1 millisecond'
     ORDER BY e.id DESC LIMIT ${LATE_MAX}`;
  return rows.map(({ late }) => late);
}

/** The account of a row. @throws when there is none */
export async function accountOf(db: Database, accountId: string): Promise<AccountOf> {
  const { id, connectionId, brokerAccountId } = await db.account.findUniqueOrThrow({
    where: { id: accountId },
  });
  return { id, connectionId, brokerAccountId };
}
