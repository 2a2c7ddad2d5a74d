/** The books as a statement is laid beside them (REC-6): read in one look, whatever moves meanwhile is checked again. */
import type { BookedExecution, Books, OwnOrder } from '../../domain/statement/compare.js';
import type { Statement } from '../../domain/statement/statement.js';
import type { Side } from '../../domain/vocabulary.js';
import { textFromRow, type Database } from '../database.js';
import { contractIdOf } from '../instrument.js';

/** More names than that in one statement of PostgreSQL cost more than another round trip. */
const NAMES_AT_ONCE = 5_000;

export interface StatementAccount {
  readonly id: string;
  readonly userId: string;
  readonly brokerAccountId: string;
  readonly baseCurrency: string;
  readonly connectionId: string;
  readonly createdAt: Date;
}

/** The user's account by the broker's id; null when it is none of theirs. */
export function statementAccount(
  db: Database,
  userId: string,
  brokerAccountId: string,
): Promise<StatementAccount | null> {
  return db.account.findFirst({ where: { userId, broker: 'ibkr', brokerAccountId } });
}

/** What the books have of a statement's time, and of what it names. */
export async function booksFor(
  db: Database,
  { id: accountId, createdAt }: StatementAccount,
  statement: Statement,
): Promise<Books> {
  const rows = statement.executions ?? [];
  const keys = [...new Set(rows.map(({ executionKey }) => executionKey))];
  const references = [
    ...new Set(rows.flatMap(({ clientOrderId: id }) => (id === null ? [] : [id]))),
  ];
  const [from, until] = [new Date(statement.coversFromMs), new Date(statement.coversUntilMs)];
  const counting = { accountId, superseded: false, inferred: false };
  const found = new Map<bigint, BookedExecution>();
  const within = await db.execution.findMany({
    where: { ...counting, executedAt: { gte: from, lt: until } },
  });
  for (const row of within) found.set(row.id, bookedOf(row));
  for (const some of inParts(keys)) {
    const named = await db.execution.findMany({
      where: { ...counting, executionKey: { in: some } },
    });
    for (const row of named) found.set(row.id, bookedOf(row));
  }
  const orders = new Map<string, OwnOrder>();
  for (const some of inParts(references)) {
    for (const order of await ordersOf(db, accountId, some)) orders.set(order.clientOrderId, order);
  }
  return { executions: [...found.values()], orders, watchedSinceMs: createdAt.getTime() };
}

function inParts(names: readonly string[]): string[][] {
  const count = Math.ceil(names.length / NAMES_AT_ONCE);
  return Array.from({ length: count }, (_, n) =>
    names.slice(n * NAMES_AT_ONCE, (n + 1) * NAMES_AT_ONCE),
  );
}

type Row = Awaited<ReturnType<Database['execution']['findMany']>>[number];

function bookedOf(row: Row): BookedExecution {
  const { executionId, executionKey, correction, tradeId, symbol, brokerContractId } = row;
  return {
    ...{ executionId, executionKey, correction, tradeId, symbol, brokerContractId },
    ...{ side: row.side as Side, quantity: textFromRow(row.quantity) },
    ...{ price: textFromRow(row.price), commission: textFromRow(row.commission) },
    commissionCurrency: row.commissionCurrency,
    executedAtMs: row.executedAt.getTime(),
  };
}

async function ordersOf(
  db: Database,
  accountId: string,
  references: string[],
): Promise<OwnOrder[]> {
  const rows = await db.order.findMany({
    where: { accountId, clientOrderId: { in: references } },
    select: { clientOrderId: true, tradeId: true, role: true, trade: true },
  });
  return rows.map(({ clientOrderId, tradeId, role, trade }) => {
    const isEntry = role === 'ENTRY';
    const side: Side = (trade.side === 'BUY') === isEntry ? 'BUY' : 'SELL';
    return { clientOrderId, tradeId, side, brokerContractId: contractIdOf(trade.instrument) };
  });
}
