/** Resolving an order of unknown fate: a person declares it present or absent. */
import type { Leg } from '../../domain/trade/book.js';
import {
  declareAbsent,
  declarePresent,
  evidenceOf,
  misnamed,
  nameOf,
  undeclarable,
} from '../../domain/trade/resolve.js';
import { changeBook } from '../book/change.js';
import { loadBook, lockTrade } from '../book/load.js';
import { CannotResolveError, type Prepare } from './prepared.js';

export interface OrderResolution {
  readonly tradeId: string;
  /** Its reference, or its role as people name it: `stop`, `stop 2`. */
  readonly order: string;
  /** The broker's durable id of an order that is present; null declares it absent. */
  readonly brokerOrderId: string | null;
}

/** Prepares the declaration. */
export function resolveOrder({ tradeId, order, brokerOrderId }: OrderResolution): Prepare {
  return async (tx, { userId, actor, nowMs }) => {
    await lockTrade(tx, tradeId);
    const { book, keys } = await loadBook(tx, tradeId);
    if (keys.userId !== userId) throw new CannotResolveError(`there is no trade ${tradeId}`);
    const leg = legNamed(book.legs, order);
    const name = brokerOrderId === null ? null : misnamed(leg, brokerOrderId);
    const why = undeclarable(leg) ?? awaited(leg) ?? name;
    if (why !== null) throw new CannotResolveError(why);
    const { legId } = leg;
    const isAbsent = brokerOrderId === null;
    return {
      subject: `${nameOf(leg)} ${leg.clientOrderId} of trade ${tradeId}`,
      does: isAbsent
        ? doesWhenAbsent(leg)
        : [
            `the ${nameOf(leg)} counts as working at the broker under permId ${brokerOrderId}, with the terms that were written`,
          ],
      evidence: evidenceOf(leg),
      basis: { seq: keys.seq, legId, status: leg.status, writes: leg.incarnations },
      apply: async () => {
        const { snapshot, changed } = await changeBook(tx, tradeId, nowMs, (now) =>
          isAbsent
            ? declareAbsent(now, legId, actor)
            : declarePresent(now, legId, brokerOrderId, actor, nowMs),
        );
        if (!changed)
          throw new CannotResolveError('the evidence contradicts it: nothing was changed');
        return { tradeId, snapshot };
      },
    };
  };
}

/** In flight, its answer may come any moment: only when none came is its fate unknown. */
function awaited(leg: Leg): string | null {
  if (leg.status !== 'PENDING') return null;
  return `the answer to the ${nameOf(leg)} is still awaited: wait until its status is UNKNOWN, with the workers running`;
}

function doesWhenAbsent(leg: Leg): string[] {
  const name = nameOf(leg);
  if (leg.role === 'ENTRY') {
    return [
      `the ${name} and what was sent with it count as not at the broker`,
      'the trade may be planned and sent again: if the order is there after all, it is bought twice',
    ];
  }
  return [
    `the ${name} counts as not at the broker`,
    'what is held is protected anew: if the order is there after all, too much may be sold',
  ];
}

/** The order that people name so, by its role or its reference. @throws CannotResolveError */
export function legNamed(legs: readonly Leg[], name: string): Leg {
  const wanted = name.toLowerCase().replace('-', ' ');
  const found = legs.find((leg) => leg.clientOrderId === name || nameOf(leg) === wanted);
  if (found) return found;
  const known = legs.map(nameOf).join(', ');
  throw new CannotResolveError(`it has no order ${name}: ${known || 'it was never planned'}`);
}
