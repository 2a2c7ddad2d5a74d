/** Resolving a fill that a status told of and whose execution never came: a person books it (TRD-11). */
import { text } from '../../domain/money.js';
import type { Book, Leg } from '../../domain/trade/book.js';
import {
  declareFill,
  missingQuantity,
  sentSinceMs,
  unbookable,
  unfitting,
  type DeclaredFill,
} from '../../domain/trade/declared-fill.js';
import { missingText } from '../../domain/trade/overdue.js';
import { tradeLeg } from '../../domain/trade/leg.js';
import { evidenceOf, nameOf } from '../../domain/trade/resolve.js';
import { changeBook } from '../book/change.js';
import { loadBook, lockTrade } from '../book/load.js';
import { textFromRow, type Transaction } from '../database.js';
import { legNamed } from './order.js';
import { CannotResolveError, type Prepare } from './prepared.js';

export interface MissingFillResolution extends DeclaredFill {
  readonly tradeId: string;
  /** The order's reference, or its role as people name it: `stop`, `stop 2`. */
  readonly order: string;
}

/** A person looks through no more. */
const EXTERNAL_MAX = 5;

/** Prepares the booking. */
export function resolveMissingFill({ tradeId, order, ...fill }: MissingFillResolution): Prepare {
  return async (tx, { userId, actor, nowMs }) => {
    await lockTrade(tx, tradeId);
    const { book, keys } = await loadBook(tx, tradeId);
    if (keys.userId !== userId) throw new CannotResolveError(`there is no trade ${tradeId}`);
    const leg = legNamed(book.legs, order);
    const why = unbookable(leg, nowMs) ?? unfitting(leg, fill, nowMs);
    if (why !== null) throw new CannotResolveError(why);
    const { legId, reported, executions } = leg;
    const external = await externalLike(tx, keys.accountId, book, leg);
    return {
      subject: `missing fill of ${nameOf(leg)} ${leg.clientOrderId} of trade ${tradeId}`,
      does: doesOf(leg, fill),
      evidence: [missingText([tradeLeg(leg)]), ...evidenceOf(leg), ...external],
      basis: { seq: keys.seq, legId, reported, executions, external },
      apply: async () => {
        const { snapshot } = await changeBook(tx, tradeId, nowMs, (now) =>
          declareFill(now, legId, fill, actor, nowMs),
        );
        return { tradeId, snapshot };
      },
    };
  };
}

function doesOf(leg: Leg, { quantity, price, executedAtMs }: DeclaredFill): string[] {
  const at = new Date(executedAtMs).toISOString();
  return [
    `${leg.side} ${quantity} at ${price} of ${at} counts as a fill of the ${nameOf(leg)}, its commission as 0`,
    'the trade is protected, or settled, by what it holds then; an execution that comes after all takes its place',
  ];
}

/** Executions of nobody's that this may be: attributing one of them is better than a declaration. */
async function externalLike(
  tx: Transaction,
  accountId: string,
  { instrument }: Book,
  leg: Leg,
): Promise<string[]> {
  const { brokerContractId } = instrument;
  if (brokerContractId === undefined) return [];
  const rows = await tx.execution.findMany({
    where: {
      ...{ accountId, brokerContractId, tradeId: null, superseded: false, side: leg.side },
      quantity: { gt: 0, lte: text(missingQuantity(leg)) },
      executedAt: { gte: new Date(sentSinceMs(leg)) },
    },
    orderBy: { id: 'desc' },
    take: EXTERNAL_MAX,
  });
  return rows.map(({ executionId, quantity, price }) => {
    const what = `${executionId}, ${leg.side} ${textFromRow(quantity)} at ${textFromRow(price)}`;
    return `the account has an execution of nobody's (${what}): if it is this one, give "ballast resolve fill ${executionId} ${leg.clientOrderId}" instead`;
  });
}
