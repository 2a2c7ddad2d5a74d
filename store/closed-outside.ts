/** Booking to a trade what somebody closed of it at the broker without this system (TRD-6, REC-2). */
import { randomUUID } from 'node:crypto';
import { decimal, max, min, sum, text, ZERO, type Decimal } from '../domain/money.js';
import {
  bookOutside,
  firstFillAtMs,
  goneFill,
  isSettledAtBroker,
  isUnpriced,
  outsideFills,
  withOutsideClose,
  type OutsideExecution,
  type OutsideFill,
} from '../domain/trade/closed-outside.js';
import { inTurn, nextSequence, type Book, type Change } from '../domain/trade/book.js';
import { signed } from '../domain/trade/executions.js';
import { countedFromNow } from '../domain/trade/unarmed.js';
import { viewOf } from '../domain/trade/view.js';
import { opposite } from '../domain/vocabulary.js';
import { changeBook, type Changed } from './book/change.js';
import type { BookKeys } from './book/keys.js';
import { loadBook, lockTrade } from './book/load.js';
import { textFromRow, type Database, type Transaction } from './database.js';
import { doubtAfterConcluded } from './doubt.js';
import { partsTaken } from './given-away.js';
import { lockPosition, movePosition } from './positions.js';
import { splitQuarantine } from './quarantine.js';
import { referenceOf } from './reference.js';
import { transact } from './transact.js';

/** Far more than a hand makes of one position. */
const EXECUTIONS_MAX = 200;

export interface OutsideEvidence {
  /** The trades of the same account, contract and direction, as the picture was compared with. */
  readonly tradeIds: readonly string[];
  /** Signed: what a complete picture shows of the contract. */
  readonly net: string;
  /** Nothing of it is held, in its contract or in another one of its symbol and kind, and has not been for long. */
  readonly isGone: boolean;
  readonly nowMs: number;
}

/**
 * Books to the trade what the broker holds less than the trades do, as far as executions of others tell
 * of it, or all of it when the symbol is gone. Gives the trade, or null when nothing proves such a close.
 */
export async function bookClosedOutside(
  db: Database,
  tradeId: string,
  evidence: OutsideEvidence,
): Promise<Changed | null> {
  return transact(db, 'outside.commit', { tradeId }, async (tx) => {
    await lockTrade(tx, tradeId);
    const { book, keys } = await loadBook(tx, tradeId);
    const { brokerContractId } = book.instrument;
    if (brokerContractId === undefined || !isSettledAtBroker(book)) return null;
    // A fill that a status told of is no one else's.
    if (viewOf(book).awaitsExecutions) return null;
    const fills = await fillsFor(tx, book, keys, brokerContractId, evidence);
    if (fills.length === 0) return null;
    return bookFills(tx, book, keys, fills, evidence.nowMs);
  });
}

async function fillsFor(
  tx: Transaction,
  book: Book,
  { accountId }: BookKeys,
  brokerContractId: number,
  { tradeIds, net, isGone, nowMs }: OutsideEvidence,
): Promise<OutsideFill[]> {
  const holder = { accountId, strategyId: null };
  await lockPosition(tx, holder, brokerContractId);
  const row = await tx.position.findFirst({ where: { ...holder, brokerContractId } });
  const trades = await tx.trade.findMany({
    where: { id: { in: [...tradeIds] } },
    select: { heldQuantity: true },
  });
  const held = sum(trades.map(({ heldQuantity }) => decimal(textFromRow(heldQuantity))));
  const inDirection = (quantity: string): Decimal => signed(book.side, quantity);
  const missing = held.sub(max(ZERO, inDirection(net)));
  const own = min(missing, decimal(viewOf(book).heldQuantity));
  if (own.lte(ZERO)) return [];
  const closedByOthers = inDirection(row ? textFromRow(row.quantity) : '0').neg();
  // Shares of after a split are not those of before: they are booked once a person has carried the trade across.
  const isMixed = inDirection(net).gt(ZERO) && closedByOthers.lt(missing);
  if (isMixed && (await splitQuarantine(tx, accountId, book.symbol)) !== null) return [];
  if (closedByOthers.gt(ZERO)) {
    return provenFills(tx, accountId, book, brokerContractId, min(own, closedByOthers));
  }
  const gone = isGone ? goneFill(book, own, nowMs) : null;
  return gone === null ? [] : [gone];
}

/** So many shares of the trade out of the executions of others that no trade has taken; fewer where they tell of fewer. */
export async function provenFills(
  tx: Transaction,
  accountId: string,
  book: Book,
  brokerContractId: number,
  wanted: Decimal,
): Promise<OutsideFill[]> {
  const executions = await externalExecutions(tx, accountId, book, brokerContractId);
  return outsideFills(wanted, executions, book);
}

/** How many shares such executions tell of. */
export async function provenShares(
  tx: Transaction,
  accountId: string,
  book: Book,
  brokerContractId: number,
): Promise<Decimal> {
  const executions = await externalExecutions(tx, accountId, book, brokerContractId);
  return sum(executions.map(({ left }) => decimal(left)));
}

/** Of no order of ours, in the closing direction, newest first: what came last made the difference. */
async function externalExecutions(
  tx: Transaction,
  accountId: string,
  book: Book,
  brokerContractId: number,
): Promise<OutsideExecution[]> {
  const rows = await tx.execution.findMany({
    where: {
      ...{ accountId, brokerContractId, tradeId: null, superseded: false },
      ...{ side: opposite(book.side), quantity: { gt: 0 } },
      // What was done before the trade had shares has closed none of them.
      executedAt: { gte: new Date(firstFillAtMs(book)) },
    },
    orderBy: [{ executedAt: 'desc' }, { id: 'desc' }],
    take: EXECUTIONS_MAX,
  });
  const taken = await partsTaken(tx, accountId, brokerContractId);
  return rows.map(({ executionId, executionKey, correction, brokerOrderId, ...row }) => ({
    ...{ executionId, executionKey, correction, brokerOrderId },
    quantity: textFromRow(row.quantity),
    left: text(decimal(textFromRow(row.quantity)).sub(taken(executionKey))),
    price: textFromRow(row.price),
    executedAtMs: row.executedAt.getTime(),
    commission: textFromRow(row.commission),
    commissionCurrency: row.commissionCurrency,
  }));
}

/**
 * What was sold by hand may have looked like a split, whose exits wait for a person: what is left is
 * protected before it is sold for the time without a stop.
 */
function repairedFirst(book: Book): Change {
  return { book: countedFromNow(book), events: [] };
}

/** Books what was closed outside to a trade that is locked; `then` changes what follows with it. */
export async function bookFills(
  tx: Transaction,
  book: Book,
  { userId, accountId }: BookKeys,
  fills: readonly OutsideFill[],
  nowMs: number,
  then: (book: Book) => Change = (now) => ({ book: now, events: [] }),
): Promise<Changed> {
  const { id: installationId } = await tx.installation.findFirstOrThrow();
  const sequence = nextSequence(book, 'CLOSE');
  const leg = {
    legId: randomUUID(),
    clientOrderId: referenceOf(installationId, book.id, 'CLOSE', sequence),
  };
  const quantity = text(sum(fills.map((fill) => decimal(fill.quantity))));
  await changeBook(tx, book.id, nowMs, (now) => withOutsideClose(now, leg, quantity));
  const { symbol, brokerContractId = 0 } = book.instrument;
  // What counted as others' is the trade's now: the account's sum stays what it is. A position that is
  // gone without an execution was in nobody's books: there the sum follows the broker.
  for (const fill of fills.filter(({ wasExternal }) => wasExternal)) {
    const change = text(signed(book.side, fill.quantity));
    const holder = { userId, accountId, strategyId: null };
    await movePosition(tx, holder, { symbol, brokerContractId, change, price: fill.price });
  }
  const changed = await changeBook(tx, book.id, nowMs, (now) =>
    inTurn(now, (first) => bookOutside(first, leg.legId, fills, nowMs), repairedFirst, then),
  );
  if (fills.some(isUnpriced)) await doubtAfterConcluded(tx, accountId, changed.book);
  return changed;
}
