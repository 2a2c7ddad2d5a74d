/** The engine's database against the broker's ledger: executions, positions, P&L to the cent. Pure. */
import { decimal, sum, ZERO } from '../../domain/money.js';
import type { Decimal } from '../../domain/money.js';
import type { Ledger, LedgerExecution } from '../stack/gateway-control.js';
import { isSettled, type ExecutionRow, type OrderRow, type TradeRow } from './engine-books.js';
import type { Finding } from './finding.js';

export interface BooksOfRun {
  /** By the trade's name in the run. */
  readonly trades: ReadonlyMap<string, TradeRow>;
  readonly orders: readonly OrderRow[];
  /** Of the run's symbols. */
  readonly executions: readonly ExecutionRow[];
  /** Shares by symbol, all strategies and external together. */
  readonly positions: ReadonlyMap<string, string>;
  readonly ledger: Ledger;
  /** How our references begin. */
  readonly orderRefPrefix: string;
}

/** Half a cent: sums are compared as they are shown. */
const CENT_TOLERANCE = '0.005';

/** Everything on which the two disagree. */
export function bookFindings(books: BooksOfRun): Finding[] {
  return [
    ...executionFindings(books),
    ...positionFindings(books),
    ...[...books.trades].flatMap(([name, trade]) => pnlFindings(books, name, trade)),
    ...liveOrderFindings(books),
    ...reservationFindings(books),
  ];
}

function executionFindings(books: BooksOfRun): Finding[] {
  const { executions, ledger, orderRefPrefix } = books;
  const symbols = symbolsOf(books);
  const ours = new Map(
    executions.filter(({ tradeId }) => tradeId !== null).map((row) => [row.executionId, row]),
  );
  const theirs = new Map(
    ledger.executions
      .filter(({ symbol }) => symbols.has(symbol))
      .filter(
        (one) => one.orderRef.startsWith(orderRefPrefix) || (isByHand(one) && ours.has(one.execId)),
      )
      .map((execution) => [execution.execId, execution]),
  );
  const owners = new Map(books.orders.map((order) => [order.clientOrderId, order.tradeId]));
  const missing = [...theirs].filter(([id, { shares }]) => !ours.has(id) && decimal(shares).gt(0));
  const invented = [...ours].filter(([id]) => !theirs.has(id));
  const different = [...ours].flatMap(([id, row]) => {
    const execution = theirs.get(id);
    return execution ? differences(row, execution, owners).map((text) => [id, text] as const) : [];
  });
  return [
    ...missing.map(([id, { symbol }]) => found(symbol, `execution ${id} is not in the database`)),
    ...invented.map(([id, { symbol }]) => found(symbol, `execution ${id} is in no ledger`)),
    ...different.map(([id, text]) => found(id, text)),
    ...handFindings(books),
  ];
}

/** In a contract of the run nobody else trades: what a hand does there closes a trade's position, or opens one. */
function isByHand({ orderRef }: LedgerExecution): boolean {
  return orderRef === '';
}

/** Only what lessens a trade's position may be booked to it without an order of its own. */
function handFindings({ executions, ledger, trades }: BooksOfRun): Finding[] {
  const hands = new Set(ledger.executions.filter(isByHand).map(({ execId }) => execId));
  const sides = new Map([...trades.values()].map(({ id, side }) => [id, side]));
  return executions
    .filter(({ executionId }) => hands.has(executionId))
    .filter(({ tradeId, side }) => tradeId !== null && sides.get(tradeId) === side)
    .map(({ executionId, side }) =>
      found(executionId, `a hand's ${side} is booked to a ${side} trade`),
    );
}

function differences(
  row: ExecutionRow,
  execution: LedgerExecution,
  owners: ReadonlyMap<string, string>,
): string[] {
  const pairs = [
    ['shares', row.quantity, execution.shares],
    ['price', row.price, execution.price],
    ['commission', row.commission, execution.commission],
  ] as const;
  const amounts = pairs.filter(
    ([, ours, theirs]) => !decimal(ours ?? '0').eq(decimal(theirs ?? '0')),
  );
  const side = execution.side.startsWith('B') ? 'BUY' : 'SELL';
  const words = (
    [
      ['side', row.side, side],
      ['symbol', row.symbol, execution.symbol],
      ['trade', row.tradeId, owners.get(execution.orderRef) ?? row.tradeId],
    ] as const
  ).filter(([, ours, theirs]) => ours !== theirs);
  return [...amounts, ...words].map(
    ([what, ours, theirs]) => `${what}: database ${ours}, ledger ${theirs}`,
  );
}

function positionFindings(books: BooksOfRun): Finding[] {
  const held = new Map(books.ledger.contracts.map(({ symbol, position }) => [symbol, position]));
  return [...symbolsOf(books)].flatMap((symbol) => {
    const ours = books.positions.get(symbol) ?? '0';
    const theirs = held.get(symbol) ?? '0';
    if (decimal(ours).eq(decimal(theirs))) return [];
    return [found(symbol, `position: database ${ours}, broker ${theirs}`)];
  });
}

function pnlFindings(books: BooksOfRun, name: string, trade: TradeRow): Finding[] {
  if (!isSettled(trade)) return [];
  const references = new Set(
    books.orders.filter(({ tradeId }) => tradeId === trade.id).map((order) => order.clientOrderId),
  );
  const booked = new Set(
    books.executions.filter(({ tradeId }) => tradeId === trade.id).map((row) => row.executionId),
  );
  const fills = books.ledger.executions.filter(
    (one) => references.has(one.orderRef) || (isByHand(one) && booked.has(one.execId)),
  );
  const theirs = sum(fills.map(cashOf));
  const ours = decimal(trade.realizedPnl ?? '0');
  if (ours.sub(theirs).abs().lt(decimal(CENT_TOLERANCE))) return [];
  return [found(name, `P&L: database ${ours.toFixed(2)}, ledger ${theirs.toFixed(2)}`)];
}

/** What a fill brought in, net of its commission. */
function cashOf({ side, shares, price, commission }: LedgerExecution): Decimal {
  const amount = decimal(shares).mul(decimal(price));
  const isBuy = side.startsWith('B');
  return (isBuy ? amount.neg() : amount).sub(commission === null ? ZERO : decimal(commission));
}

const DEAD = new Set(['Filled', 'Cancelled', 'ApiCancelled', 'Inactive']);

/** When every trade of the run is over, nothing of them may work at the broker. */
function liveOrderFindings(books: BooksOfRun): Finding[] {
  if (![...books.trades.values()].every(isSettled)) return [];
  const symbols = symbolsOf(books);
  return books.ledger.orders
    .filter(
      ({ orderRef, symbol }) => orderRef.startsWith(books.orderRefPrefix) && symbols.has(symbol),
    )
    .filter(({ status }) => !DEAD.has(status))
    .map(({ orderRef, symbol, orderType, status }) =>
      found(symbol, `${orderType} ${orderRef} still works (${status}) though its trade is over`),
    );
}

function reservationFindings({ trades }: BooksOfRun): Finding[] {
  return [...trades]
    .filter(([, trade]) => isSettled(trade))
    .filter(([, { reservation }]) => reservation !== null && reservation !== 'RELEASED')
    .map(([name, { reservation }]) => found(name, `over, but its reservation is ${reservation}`));
}

function symbolsOf({ trades }: BooksOfRun): Set<string> {
  return new Set([...trades.values()].map(({ symbol }) => symbol));
}

function found(subject: string, detail: string): Finding {
  return { kind: 'books', subject, detail };
}
