/**
 * What an order is for, as far as the broker's books tell.
 *
 * - external: no client sent it (entered by hand in TWS).
 * - exit: it has a parent.
 * - with a reference that a listed signal of its symbol has: an entry on the signal's side, else an exit.
 * - exit: it belongs to an OCA group, or is a stop, or is on the opposite side of the position that the
 *   account holds when it comes.
 * - entry: everything else.
 *
 * Whose an exit is: see attribution.ts.
 */
import { ZERO } from '../../domain/money.js';
import type { ContractBook } from './contracts.js';
import type { OrderFact } from './inputs.js';
import type { ListedSignal } from './listed.js';
import { isStop } from './orders.js';
import type { Role } from './orders.js';

function opposes(fact: OrderFact, contract: ContractBook): boolean {
  const { position } = contract;
  return fact.action === 'SELL' ? position.gt(ZERO) : position.lt(ZERO);
}

/** The role of a new order, when it first shows up at the exchange; `listed`: whose its reference is. */
export function roleOf(
  fact: OrderFact,
  wasSent: boolean,
  contract: ContractBook,
  listed: ListedSignal | undefined,
): Role {
  if (!wasSent) return 'external';
  if (fact.parentId !== 0 || fact.parentPermId !== 0) return 'exit';
  if (listed?.symbol === fact.symbol) return listed.side === fact.action ? 'entry' : 'exit';
  if (fact.ocaGroup !== '' || isStop(fact)) return 'exit';
  return opposes(fact, contract) ? 'exit' : 'entry';
}
