/**
 * What an order is for, as far as the broker's books tell.
 *
 * - external: no client sent it (entered by hand in TWS).
 * - exit: it has a parent, or belongs to an OCA group, or is a stop, or is on the opposite side of the
 *   position that the account holds when it comes.
 * - entry: everything else.
 *
 * An exit belongs to its parent's signal; without a parent to the latest signal of the contract that
 * still holds shares on the opposite side; failing that (left over nothing) to the contract's latest.
 */
import { ZERO } from '../../domain/money.js';
import type { ContractBook } from './contracts.js';
import type { OrderFact } from './inputs.js';
import { isStop } from './orders.js';
import type { LedgerOrder, Role } from './orders.js';
import { openShares } from './signals.js';
import type { Signal } from './signals.js';

function opposes(fact: OrderFact, contract: ContractBook): boolean {
  const { position } = contract;
  return fact.action === 'SELL' ? position.gt(ZERO) : position.lt(ZERO);
}

/** The role of a new order, when it first shows up at the exchange. */
export function roleOf(fact: OrderFact, wasSent: boolean, contract: ContractBook): Role {
  if (!wasSent) return 'external';
  const isChild = fact.parentId !== 0 || fact.parentPermId !== 0;
  if (isChild || fact.ocaGroup !== '' || isStop(fact)) return 'exit';
  return opposes(fact, contract) ? 'exit' : 'entry';
}

/** The signal an exit belongs to. */
export function signalOfExit(
  fact: OrderFact,
  parent: LedgerOrder | undefined,
  contract: ContractBook,
  latest: Signal | undefined,
): Signal | undefined {
  if (parent?.signal) return parent.signal;
  const holds = (signal: Signal): boolean => {
    const open = openShares(signal);
    return fact.action === 'SELL' ? open.gt(ZERO) : open.lt(ZERO);
  };
  return [...contract.openSignals].findLast(holds) ?? latest;
}
