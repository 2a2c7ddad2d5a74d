/** The smallest broker: groups that are staged and transmitted, fills, cancels, lists; and its judge. */
import type { ExecutionReport, OrderReport } from '../../../../domain/broker/fact.js';
import type { Snapshot } from '../../../../domain/broker/snapshot.js';
import { factsOf } from '../../../../domain/sending/picture.js';
import { entryOf, type Change } from '../../../../domain/trade/book.js';
import { applyFact } from '../../../../domain/trade/fact.js';
import { finish } from '../../../../domain/trade/finish.js';
import { ACCOUNT, CLIENT, CONTRACT_ID, report } from '../../trade/books.js';
import type { OrderState, State, Wired } from './state.js';

export function take(state: State, message: Wired, isLate: boolean): State {
  const { id, role, parent } = message;
  const orders: Record<number, OrderState> = { ...state.orders };
  if (message.kind === 'cancel') {
    for (const each of [id, id + 1]) {
      if (orders[each] === 'staged' || orders[each] === 'live') orders[each] = 'dead';
    }
    return judged({ ...state, orders });
  }
  const known = orders[id];
  if (known === undefined && id <= state.highest) {
    return { ...state, refused: isLate ? state.refused : [...state.refused, id] };
  }
  const highest = Math.max(state.highest, id);
  if (known !== undefined && known !== 'staged') return { ...state, highest };
  // A child needs its parent; the stop transmits the group.
  if (role === 'STOP' && orders[parent] === undefined) return { ...state, highest };
  orders[id] = 'staged';
  if (role === 'STOP' && orders[parent] === 'staged') orders[parent] = orders[id] = 'live';
  return judged({ ...state, orders, highest });
}

export const parentsOf = (state: State): number[] =>
  Object.keys(state.orders)
    .map(Number)
    .filter((id) => id % 2 === 1);

/** The invariants that the broker's own books show. */
export function judged(state: State): State {
  const alive = parentsOf(state).filter((id) => ['live', 'filled'].includes(state.orders[id]!));
  const entry = entryOf(state.book)!;
  let error = state.error;
  if (alive.length > 1) error ??= 'two live or filled entries of one trade';
  if (alive.some((id) => state.orders[id] === 'filled' && state.orders[id + 1] !== 'live')) {
    error ??= 'a filled share without a live stop';
  }
  const isFree = state.book.reservation?.phase === 'RELEASED' && entry.intent !== 'SENT';
  if (isFree && alive.length > 0) error ??= 'the reservation is released while an entry lives';
  return error === state.error ? state : { ...state, error };
}

/** What the broker's lists show now. */
export function listed(state: State): Snapshot {
  const orders: OrderReport[] = [];
  const completed: OrderReport[] = [];
  const executions: ExecutionReport[] = [];
  for (const [key, status] of Object.entries(state.orders)) {
    const id = Number(key);
    const role = id % 2 === 1 ? 'ENTRY' : 'STOP';
    const leg = state.book.legs.find((each) => each.role === role)!;
    const { clientOrderId, wanted: terms } = leg;
    const instrument = state.book.instrument;
    const shown = report({
      clientOrderId,
      sessionOrderId: id,
      account: ACCOUNT,
      instrument,
      terms,
    });
    if (status === 'live') orders.push(shown);
    if (status === 'dead') completed.push({ ...shown, status: 'CANCELLED' });
    if (status === 'filled') {
      completed.push({
        ...shown,
        status: 'EXECUTED',
        filledQuantity: '100',
        remainingQuantity: '0',
      });
      executions.push(fillOf(clientOrderId, id));
    }
  }
  const held = executions.length * 100;
  const at = {
    account: ACCOUNT,
    symbol: 'AAA',
    securityType: 'STK',
    brokerContractId: CONTRACT_ID,
    averageCost: '1',
  };
  const { generation, since: generationSinceMs, clock } = state;
  return {
    ...{ generation, generationSinceMs, startedAtMs: clock, endedAtMs: clock, isComplete: true },
    ...{ orders, completed, executions },
    positions: held === 0 ? [] : [{ ...at, quantity: String(held) }],
  };
}

export function fillOf(clientOrderId: string, id: number): ExecutionReport {
  return {
    ...{ executionId: `x${id}.01`, executionKey: `x${id}`, correction: 1, clientOrderId },
    ...{ brokerOrderId: `perm-${id}`, sessionOrderId: id, sessionClientId: CLIENT },
    ...{ account: ACCOUNT, symbol: 'AAA', brokerContractId: CONTRACT_ID, side: 'BUY' as const },
    ...{ quantity: '100', price: '100', executedAtMs: 0 },
  };
}

export function commit(state: State, change: Change): State {
  const { book } = finish(state.book, change, state.clock);
  return judged({ ...state, book });
}

/** The book takes what the broker shows, and which ids it refused. */
export function withFacts(state: State): State {
  if (Object.keys(state.orders).length + state.refused.length === 0) return state;
  let book = state.book;
  for (const fact of factsOf(listed(state), state.clock)) book = applyFact(book, fact).book;
  for (const sessionOrderId of state.refused) {
    const role = sessionOrderId % 2 === 1 ? 'ENTRY' : 'STOP';
    const { clientOrderId } = book.legs.find((leg) => leg.role === role)!;
    const told = { code: 103, message: '', errorClass: 'unknown', about: 'write' } as const;
    const error = { clientOrderId, sessionOrderId, ...told };
    book = applyFact(book, { kind: 'order_error', error, receivedAtMs: state.clock }).book;
  }
  return { ...commit(state, { book, events: [] }), refused: [] };
}

/** Makes the verdict fit whatever the book holds now: what happens when nothing is compared. */
