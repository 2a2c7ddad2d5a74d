/**
 * Committing the broker's callbacks (BRK-5): the raw fact, the order it belongs to, money and positions,
 * and the trade derived from all of it, in one transaction under the trade's row lock. A fact that
 * changes nothing leaves no row; an execution is booked once, whatever the number of its reports.
 */
import type {
  CommissionReport,
  ExecutionReport,
  OrderError,
  OrderReport,
} from '../contract/broker-facts.js';
import type { TradeSnapshot } from '../contract/workflows.js';
import type { TradeView } from '../domain/trade/derive.js';
import { around } from '../failpoints/failpoint.js';
import type { Database, Transaction } from './database.js';
import { toJson } from './database.js';
import { lockBook, type TradeBook } from './book/load.js';
import { saveBook } from './book/save.js';
import { bookCommission, bookExecution } from './executions.js';
import { applyError, applyExecution, applyReport } from './order-facts.js';
import type { OrderOwner } from './order-owner.js';
import { adjustResult } from './settlement.js';
import { transact } from './transact.js';

/** Whose link it is. */
export interface InboxContext {
  readonly userId: string;
  /** Account rows of the link by the broker's account id. */
  readonly accountIds: ReadonlyMap<string, string>;
  readonly connectionId: string;
}

export type Fact =
  | {
      readonly kind: 'order';
      readonly report: OrderReport;
      readonly receivedAtMs: number;
      /** From a list that was asked for: the present state, not a message on its way. */
      readonly listed?: boolean;
    }
  | { readonly kind: 'execution'; readonly report: ExecutionReport; readonly receivedAtMs: number }
  | {
      readonly kind: 'commission';
      readonly report: CommissionReport;
      readonly receivedAtMs: number;
    }
  | { readonly kind: 'order_error'; readonly error: OrderError; readonly receivedAtMs: number };

export interface OwnedFact {
  readonly fact: Fact;
  readonly owner: OrderOwner | null;
}

export interface Committed {
  readonly tradeId: string;
  readonly snapshot: TradeSnapshot;
  readonly view: TradeView;
  readonly book: TradeBook;
  readonly wakes: boolean;
}

/**
 * Commits facts of one trade in their order; null tradeId: facts about orders that aren't ours.
 * Gives the trade as it is then, or null for foreign facts.
 */
export async function commitEvents(
  db: Database,
  context: InboxContext,
  tradeId: string | null,
  facts: readonly OwnedFact[],
): Promise<Committed | null> {
  if (tradeId === null) {
    await transact(db, 'inbox.foreign.commit', {}, (tx) => commitForeign(tx, context, facts));
    return null;
  }
  return transact(db, 'inbox.commit', { tradeId }, async (tx) => {
    const book = await lockBook(tx, tradeId);
    for (const { fact, owner } of facts) {
      if (await applyFact(tx, context, book, fact, owner!.orderRowId)) {
        await keepFact(tx, context, book, fact, owner!.orderRowId);
      }
    }
    const lastAtMs = facts[facts.length - 1]!.fact.receivedAtMs;
    const { snapshot, view, wakes } = await saveBook(tx, book, lastAtMs);
    if (book.trade.realizedPnl !== null) await adjustResult(tx, tradeId);
    return { tradeId, snapshot, view, book, wakes };
  });
}

/** True when the fact was news. */
async function applyFact(
  tx: Transaction,
  context: InboxContext,
  book: TradeBook,
  fact: Fact,
  orderRowId: string,
): Promise<boolean> {
  switch (fact.kind) {
    case 'order':
      return applyReport(tx, book, orderRowId, fact.report, fact.listed ?? false);
    case 'order_error':
      return applyError(tx, book, orderRowId, fact.error);
    case 'execution': {
      const booked = await bookExecution(tx, context, fact.report, book, orderRowId);
      return booked && applyExecution(tx, book, orderRowId, fact.report);
    }
    case 'commission':
      return bookCommission(tx, book.account.id, fact.report);
  }
}

/** The inbox row; its number within the trade is its place in the trade's history. */
async function keepFact(
  tx: Transaction,
  context: InboxContext,
  book: TradeBook,
  fact: Fact,
  orderRowId: string,
): Promise<void> {
  await tx.brokerEvent.create({
    data: {
      userId: context.userId,
      accountId: book.account.id,
      tradeId: book.trade.id,
      orderRowId,
      kind: fact.kind,
      body: toJson(fact.kind === 'order_error' ? fact.error : fact.report),
      receivedAt: new Date(fact.receivedAtMs),
    },
  });
}

/** Keeps a fact that could not be booked, as it came, with the reason; a person decides on it. */
export async function keepAside(
  db: Database,
  context: InboxContext,
  tradeId: string | null,
  { fact, owner }: OwnedFact,
  why: string,
): Promise<void> {
  const accountId = tradeId
    ? (await db.trade.findUniqueOrThrow({ where: { id: tradeId } })).accountId
    : [...context.accountIds.values()][0];
  if (!accountId) return;
  const data = {
    userId: context.userId,
    accountId,
    tradeId,
    orderRowId: owner?.orderRowId ?? null,
    kind: 'set_aside',
    body: toJson({ fact, why }),
    receivedAt: new Date(fact.receivedAtMs),
  };
  await around('inbox.aside.commit', { tradeId }, async () => db.brokerEvent.create({ data }));
}

/** Executions without our reference change the account: they are booked as external (TRD-13). */
async function commitForeign(
  tx: Transaction,
  context: InboxContext,
  facts: readonly OwnedFact[],
): Promise<void> {
  for (const { fact } of facts) {
    if (fact.kind === 'execution') await bookExecution(tx, context, fact.report, null, null);
    if (fact.kind === 'commission') {
      await bookCommission(tx, await accountOf(tx, context, fact.report), fact.report);
    }
  }
}

/** A commission's account is that of its execution: as the broker's session saw it, or as it is booked. */
async function accountOf(
  tx: Transaction,
  { accountIds }: InboxContext,
  { account, executionId }: CommissionReport,
): Promise<string> {
  const told = account === null ? undefined : accountIds.get(account);
  if (told) return told;
  const where = { executionId, accountId: { in: [...accountIds.values()] } };
  const booked = await tx.execution.findFirst({ where, select: { accountId: true } });
  if (booked) return booked.accountId;
  throw new Error(`a commission came for the execution ${executionId}, whose account is not known`);
}
