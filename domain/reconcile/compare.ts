/**
 * The comparison of one account's books with one complete picture of the broker (REC-2). Pure: the same
 * books and picture give the same findings, in whatever order they stand.
 */
import type { Snapshot } from '../broker/snapshot.js';
import { decimal } from '../money.js';
import { isOwnReference } from '../ids.js';
import { isLive } from '../orders/machine.js';
import type { AccountBooks } from './books.js';
import { inOrder, type Finding } from './finding.js';
import { compareOrders } from './orders.js';
import { comparePositions } from './positions.js';
import { compareReservations } from './reservations.js';
import { unarmedBySplit } from './split.js';
import { unknownOver } from './unknown.js';

/** How much was compared: what a report with no findings is worth. */
export interface Compared {
  readonly contracts: number;
  readonly externalContracts: number;
  readonly trades: number;
  /** Contracts in which strategies hold something. */
  readonly heldContracts: number;
  /** Orders that the books count as live. */
  readonly ordersInBooks: number;
  /** Working at the broker: of this installation, and of others. */
  readonly ownOrders: number;
  readonly foreignOrders: number;
  /** That the broker still lists. */
  readonly executions: number;
  /** References that the database lacks, of what is over, and that a person has seen: no findings any more. Absent in older reports. */
  readonly unknownOver?: number;
}

export interface Comparison {
  readonly compared: Compared;
  readonly findings: readonly Finding[];
}

/** Compares. A picture that isn't complete proves nothing: ask with a complete one only. */
export function compare(books: AccountBooks, snapshot: Snapshot): Comparison {
  const findings = [
    ...comparePositions(books, snapshot),
    ...compareOrders(books, snapshot),
    ...compareReservations(books.reserved ?? [], snapshot.startedAtMs),
  ];
  return { compared: countsOf(books, snapshot), findings: inOrder(unarmedBySplit(findings)) };
}

function countsOf(books: AccountBooks, snapshot: Snapshot): Compared {
  const { account, installationId, contracts, trades } = books;
  const isMine = (row: { readonly account: string }) => row.account === account;
  const orders = snapshot.orders.filter(isMine);
  const completed = snapshot.completed.filter(isMine);
  const executions = snapshot.executions.filter(isMine);
  const own = orders.filter(
    ({ clientOrderId }) => clientOrderId !== null && isOwnReference(installationId, clientOrderId),
  );
  const ids = [
    ...contracts.map(({ brokerContractId }) => brokerContractId),
    ...snapshot.positions.filter(isMine).map(({ brokerContractId }) => brokerContractId),
  ];
  return {
    contracts: new Set(ids).size,
    externalContracts: contracts.filter(({ external }) => !decimal(external).isZero()).length,
    heldContracts: contracts.filter(({ managed }) => !decimal(managed).isZero()).length,
    trades: trades.length,
    ordersInBooks: trades.flatMap(({ legs }) => legs.filter(isLive)).length,
    ownOrders: own.length,
    foreignOrders: orders.length - own.length,
    executions: executions.length,
    unknownOver: unknownOver(books, [...orders, ...completed, ...executions]),
  };
}
