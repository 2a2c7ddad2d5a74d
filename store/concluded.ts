/**
 * What a position, or a person, told of others before any execution did: a close of a trade's shares
 * (closed-outside.ts), or shares that were declared external (resolve/difference.ts). Should the execution
 * come after all, it takes their place (REC-2).
 */
import type { ExecutionReport } from '../domain/broker/fact.js';
import { brokerDay } from '../domain/calendar.js';
import { decimal, min, text, ZERO, type Decimal } from '../domain/money.js';
import { GONE_PREFIX } from '../domain/trade/closed-outside.js';
import { signed } from '../domain/trade/executions.js';
import { takePlace } from '../domain/trade/late-outside.js';
import type { Side } from '../domain/vocabulary.js';
import { changeBook, type Changed } from './book/change.js';
import { lockTrade } from './book/load.js';
import { fromRow, textFromRow, toRow, type Transaction } from './database.js';
import { lockPosition, movePosition, type Holder } from './positions.js';

/** What the keys of executions begin with that a person declared to be others'. */
const DECLARED_PREFIX = 'declared-external-';

/** What of an execution is told before it, and by whom. */
export interface Explained {
  /** The trades in which it has taken the place of what was concluded. */
  readonly changed: readonly Changed[];
  /** Shares of it that nothing had told of. */
  readonly left: Decimal;
}

/** Locks the trades with closes that the execution may be; before the account's position, as everybody does. */
export async function lockConcluded(
  tx: Transaction,
  accountId: string,
  { brokerContractId, side, executedAtMs }: ExecutionReport,
): Promise<readonly string[]> {
  const rows = await tx.execution.findMany({
    where: {
      ...{ accountId, brokerContractId, side, tradeId: { not: null }, superseded: false },
      ...{ executionKey: { startsWith: GONE_PREFIX }, inferred: true },
      executedAt: { gte: new Date(executedAtMs) },
    },
    select: { tradeId: true },
    distinct: ['tradeId'],
    orderBy: { tradeId: 'asc' },
  });
  const tradeIds = rows.flatMap(({ tradeId }) => tradeId ?? []);
  for (const tradeId of tradeIds) await lockTrade(tx, tradeId);
  return tradeIds;
}

/**
 * Puts an execution that has just been booked as external in the place of what was told of it before: what
 * trades take of it is theirs, what was declared external counts no more.
 */
export async function putInPlace(
  tx: Transaction,
  { userId, accountId }: Pick<Holder, 'userId' | 'accountId'>,
  report: ExecutionReport,
): Promise<Explained> {
  const { symbol, brokerContractId, price, side } = report;
  const holder = { userId, accountId, strategyId: null };
  const changed: Changed[] = [];
  let left = decimal(report.quantity);
  // Again, for one may have been concluded while the position was waited for.
  for (const tradeId of await lockConcluded(tx, accountId, report)) {
    const { taken, change } = await takenBy(tx, tradeId, accountId, report, left);
    if (taken.isZero()) continue;
    changed.push(change);
    left = left.sub(taken);
    const back = text(signed(side, text(taken)).neg());
    await movePosition(tx, holder, { symbol, brokerContractId, change: back, price });
  }
  const declared = await takeDeclared(tx, accountId, report, left);
  const back = text(signed(side, text(declared)).neg());
  if (!declared.isZero())
    await movePosition(tx, holder, { symbol, brokerContractId, change: back, price });
  return { changed, left: left.sub(declared) };
}

async function takenBy(
  tx: Transaction,
  tradeId: string,
  accountId: string,
  report: ExecutionReport,
  left: Decimal,
): Promise<{ readonly taken: Decimal; readonly change: Changed }> {
  const { executionId, executionKey, correction, brokerOrderId, side, executedAtMs } = report;
  const row = await tx.execution.findFirst({ where: { accountId, executionId } });
  const execution = {
    ...{ executionId, executionKey, correction, brokerOrderId, side, executedAtMs },
    ...{ quantity: report.quantity, price: report.price, left: text(left) },
    commission: textFromRow(row?.commission ?? null),
    commissionCurrency: row?.commissionCurrency ?? null,
  };
  let taken = ZERO;
  const change = await changeBook(tx, tradeId, Date.now(), (book) => {
    const placed = takePlace(book, execution, Date.now());
    taken = placed.taken;
    return placed;
  });
  return { taken, change };
}

/** What was declared external gives way, the oldest first. @returns how many shares of it */
async function takeDeclared(
  tx: Transaction,
  accountId: string,
  { brokerContractId, side, executedAtMs }: ExecutionReport,
  quantity: Decimal,
): Promise<Decimal> {
  const rows = await tx.execution.findMany({
    where: {
      ...{ accountId, brokerContractId, side, tradeId: null, superseded: false },
      executionKey: { startsWith: DECLARED_PREFIX },
      executedAt: { gte: new Date(executedAtMs) },
    },
    orderBy: { id: 'asc' },
  });
  let taken = ZERO;
  for (const { id, ...row } of rows) {
    const share = min(quantity.sub(taken), fromRow(row.quantity));
    if (share.lte(ZERO)) break;
    taken = taken.add(share);
    await tx.execution.update({ where: { id }, data: { superseded: true } });
    const rest = fromRow(row.quantity).sub(share);
    if (rest.isZero()) continue;
    const correction = row.correction + 1;
    const executionId = `${row.executionKey}.${correction}`;
    await tx.execution.create({
      data: { ...row, executionId, correction, quantity: toRow(text(rest)) },
    });
  }
  return taken;
}

export interface DeclaredExternal {
  readonly symbol: string;
  readonly brokerContractId: number;
  readonly side: Side;
  readonly quantity: string;
  readonly price: string;
  /** The picture that shows it. */
  readonly executedAtMs: number;
  /** Of the declaration: the same declares nothing twice. */
  readonly id: string;
}

/** Counts shares as others' because a person says so; an execution of them takes their place. */
export async function bookDeclaredExternal(
  tx: Transaction,
  { userId, accountId }: Pick<Holder, 'userId' | 'accountId'>,
  declared: DeclaredExternal,
): Promise<void> {
  const { symbol, brokerContractId, side, quantity, price, executedAtMs, id } = declared;
  const executionKey = `${DECLARED_PREFIX}${id}`;
  await lockPosition(tx, { accountId, strategyId: null }, brokerContractId);
  await tx.execution.create({
    data: {
      ...{ userId, accountId, executionId: executionKey, executionKey, correction: 1 },
      ...{ symbol, brokerContractId, side, inferred: true, commission: 0 },
      ...{ quantity: toRow(quantity), price: toRow(price), executedAt: new Date(executedAtMs) },
      brokerDay: new Date(`${brokerDay(executedAtMs)}T00:00:00Z`),
    },
  });
  const change = text(signed(side, quantity));
  const holder = { userId, accountId, strategyId: null };
  await movePosition(tx, holder, { symbol, brokerContractId, change, price });
}
