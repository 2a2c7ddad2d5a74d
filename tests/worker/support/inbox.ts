/** An inbox on a real database, and facts of the broker about a planned entry. */
import pino from 'pino';
import type { ExecutionReport } from '../../../domain/broker/fact.js';
import type { Database } from '../../../store/database.js';
import type { Committed } from '../../../store/inbox.js';
import { Inbox, type InboxOptions } from '../../../worker/broker/inbox.js';
import { plannedTrade } from '../../store/support/planned-trade.js';
import { ACCOUNT, type ReadyAccount } from '../../store/support/ready-account.js';

interface Place {
  readonly db: Database;
  readonly ready: Pick<ReadyAccount, 'ownerId' | 'connectionId' | 'accountId'>;
  readonly spillFolder: string;
}

/** Its commits are collected. */
export function inboxOf(
  { db, ready, spillFolder }: Place,
  commits: Committed[] = [],
  change: Partial<InboxOptions> = {},
): Inbox {
  const { ownerId: userId, connectionId, accountId } = ready;
  return new Inbox({
    db,
    spillFolder,
    context: () => ({ userId, connectionId, accountIds: new Map([[ACCOUNT, accountId]]) }),
    log: pino({ level: process.env['TEST_LOG'] ?? 'silent' }),
    onCommitted: (committed) => commits.push(committed),
    onOverflow: () => undefined,
    ...change,
  });
}

/** The entry's row of a trade that is planned now, and not sent. */
export async function entryOfPlan(db: Database, ready: ReadyAccount) {
  const tradeId = await plannedTrade(db, ready);
  return db.order.findFirstOrThrow({ where: { tradeId, role: 'ENTRY' } });
}

export type EntryRow = Awaited<ReturnType<typeof entryOfPlan>>;

/** The entry's nth execution, of five shares. */
export function execution(entry: EntryRow, number: number, change: Partial<ExecutionReport> = {}) {
  const key = `0000e0d5.${entry.id.slice(0, 8)}.0${number}`;
  const report: ExecutionReport = {
    executionId: `${key}.01`,
    executionKey: key,
    correction: 1,
    clientOrderId: entry.clientOrderId,
    brokerOrderId: '1',
    sessionOrderId: 1,
    sessionClientId: 17,
    account: ACCOUNT,
    symbol: 'AAA',
    brokerContractId: 1,
    side: 'BUY',
    quantity: '5',
    price: '100.02',
    executedAtMs: Date.now(),
    ...change,
  };
  return { kind: 'execution' as const, report, receivedAtMs: Date.now() };
}
