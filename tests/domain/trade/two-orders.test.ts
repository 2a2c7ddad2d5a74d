/** An order that was forgotten as absent fills after another one of its reference was placed. */
import { describe, expect, test } from '@jest/globals';
import type { OrderError } from '../../../domain/broker/fact.js';
import type { OrderToSend } from '../../../domain/broker/group.js';
import { isLive, workingQuantity } from '../../../domain/orders/machine.js';
import { judgePicture } from '../../../domain/sending/picture.js';
import { legOf, type Book } from '../../../domain/trade/book.js';
import { claimActions } from '../../../domain/trade/claim-actions.js';
import { fillsToExecutions } from '../../../domain/trade/executions.js';
import { applyFact } from '../../../domain/trade/fact.js';
import { finish } from '../../../domain/trade/finish.js';
import { isOver, looseEnds } from '../../../domain/trade/is-over.js';
import { needsOf, NOTHING_KNOWN } from '../../../domain/trade/needs.js';
import { absent, unanswered } from '../../../domain/trade/outcome.js';
import { viewOf } from '../../../domain/trade/view.js';
import {
  ACCOUNT,
  claimedBook,
  CLIENT,
  CONTRACT_ID,
  granted,
  picture,
  placedIn,
  report,
  sender,
  standpoint,
  T0,
} from './books.js';

const [ENTRY, TARGET, STOP] = [0, 1, 2] as const;

function forgotten(book: Book, refs: Parameters<typeof absent>[1]): Book {
  const gone = absent(unanswered(book, refs).book, refs).book;
  return {
    ...gone,
    decided: { decisionId: 'd2', verdict: 'approved', decidedAtMs: T0 },
    reservation: { ...gone.reservation!, phase: 'CASH' },
  };
}

const first = claimedBook();
const old = placedIn(first.group);
const second = claimedBook(forgotten(first.book, first.refs), [5, 6, 7]);
const present = placedIn(second.group);

function told(book: Book, order: OrderToSend, change: Parameters<typeof report>[1] = {}): Book {
  const fact = { kind: 'order', report: report(order, change), receivedAtMs: T0 } as const;
  return finish(book, applyFact(book, { ...fact, listed: false }), T0).book;
}

function executed(book: Book, order: OrderToSend, quantity: string): Book {
  const executionKey = `x-${order.sessionOrderId}-${quantity}`;
  const execution = {
    ...{ executionId: `${executionKey}.01`, executionKey, correction: 1, account: ACCOUNT },
    ...{ clientOrderId: order.clientOrderId, brokerOrderId: `perm-${order.sessionOrderId}` },
    ...{ sessionOrderId: order.sessionOrderId, sessionClientId: CLIENT, symbol: 'AAA' },
    ...{ brokerContractId: CONTRACT_ID, side: order.terms.side, quantity, price: '100' },
    executedAtMs: T0,
  };
  const fact = { kind: 'execution', report: execution, receivedAtMs: T0 } as const;
  return finish(book, applyFact(book, fact), T0).book;
}

const HELD = { status: 'HELD', brokerStatus: 'PreSubmitted', whyHeld: 'child' } as const;
const resting = told(
  told(told(second.book, present[ENTRY]!), present[TARGET]!, HELD),
  present[STOP]!,
  HELD,
);
const actions = (book: Book) =>
  needsOf(book, NOTHING_KNOWN, T0).actions.map((action) =>
    action.kind === 'cancel_id'
      ? `${action.kind} ${action.sessionOrderId} ${action.cause}`
      : `${action.kind} ${'legId' in action ? action.legId : ''} ${action.cause}`,
  );

describe('[BRK-2] [TRD-12] two orders of one reference', () => {
  test('the earlier entry fills: its shares count, and the present one is cancelled, not forgotten', () => {
    const book = executed(resting, old[ENTRY]!, '100');
    const entry = legOf(book, 'ENTRY');
    expect([entry.status, isLive(entry), workingQuantity(entry).toString()]).toEqual([
      'ACCEPTED',
      true,
      '100',
    ]);
    expect(viewOf(book).heldQuantity).toBe('100');
    expect(isOver(book)).toBe(false);
    expect(actions(book)).toContain('cancel ENTRY duplicate_leg');
  });

  test('what of the earlier one may still fill is cancelled by its id', () => {
    const book = executed(resting, old[ENTRY]!, '40');
    expect(looseEnds(book)).toEqual([{ legId: 'ENTRY', sessionOrderId: 1, why: 'stray' }]);
    // The cancel that went with the second send came too early, and its refusal proves nothing.
    expect(actions(book)).toEqual(['cancel ENTRY duplicate_leg']);
    const error: OrderError = {
      ...{ clientOrderId: old[ENTRY]!.clientOrderId, sessionOrderId: 1, code: 10147 },
      ...{ message: 'not found', errorClass: 'rejection', about: 'cancel' },
    };
    const refused = applyFact(book, { kind: 'order_error', error, receivedAtMs: T0 }).book;
    expect(actions(refused)).toEqual(['cancel_id 1 stray', 'cancel ENTRY duplicate_leg']);
  });

  test('both fill: both count, and only then the present one is done', () => {
    const half = executed(executed(resting, old[ENTRY]!, '100'), present[ENTRY]!, '60');
    expect(legOf(half, 'ENTRY').status).toBe('PARTIAL');
    const both = executed(half, present[ENTRY]!, '40');
    expect([legOf(both, 'ENTRY').status, viewOf(both).heldQuantity]).toEqual(['EXECUTED', '200']);
  });

  test('an earlier stop fills: the present one lives on, and goes since nothing is held', () => {
    const entered = executed(executed(resting, present[ENTRY]!, '100'), old[STOP]!, '100');
    expect([legOf(entered, 'STOP').status, viewOf(entered).heldQuantity]).toEqual(['HELD', '0']);
    expect(actions(entered)).toContain('cancel STOP nothing_held');
  });

  test('before the present one was shown, which then proves absent: the trade goes on with its shares', () => {
    const filled = executed(second.book, old[ENTRY]!, '100');
    expect(legOf(filled, 'ENTRY').intent).toBe('SENDING');
    const refs = second.refs;
    const gone = finish(filled, absent(unanswered(filled, refs).book, refs), T0).book;
    const entry = legOf(gone, 'ENTRY');
    expect([entry.intent, entry.status, viewOf(gone).state]).toEqual(['SENT', 'FAILED', 'OPEN']);
    expect(actions(gone)).toContain('place_exits  missing_exit');
  });

  test('as they are loaded again', () => {
    const book = executed(executed(resting, old[ENTRY]!, '40'), present[ENTRY]!, '10');
    for (const { legId, executions, incarnations } of book.legs) {
      const own = book.fills.filter((fill) => fill.legId === legId);
      expect(fillsToExecutions(own, incarnations)).toEqual(executions);
    }
  });
});

describe('[BRK-2] [TRD-12] an order that another one has replaced, and whose cancels come to nothing', () => {
  const both = told(resting, old[ENTRY]!);
  const cancelled = told(both, present[ENTRY]!, { status: 'CANCELLED', brokerStatus: 'Cancelled' });
  const children = told(
    told(cancelled, present[TARGET]!, { status: 'CANCELLED' }),
    present[STOP]!,
    { status: 'CANCELLED' },
  );
  const names = { legId: () => 'x', clientOrderId: () => 'x' };

  /** The cancel that is due at that time, sent and refused. */
  function inVain(book: Book, nowMs: number): Book {
    const due = needsOf(book, NOTHING_KNOWN, nowMs).actions;
    expect(due).toMatchObject([{ kind: 'cancel_id', sessionOrderId: 1, cause: 'stray' }]);
    const claimed = granted(claimActions(book, due, [], sender({ nowMs }), names));
    return refusedCancel(claimed.book);
  }

  function refusedCancel(book: Book): Book {
    const error: OrderError = {
      ...{ clientOrderId: old[ENTRY]!.clientOrderId, sessionOrderId: 1, code: 10148 },
      ...{ message: 'can not be cancelled', errorClass: 'rejection', about: 'cancel' },
    };
    return applyFact(book, { kind: 'order_error', error, receivedAtMs: T0 }).book;
  }

  const settled = refusedCancel(children);

  test('is cancelled again at growing pauses, and for a person after three: it may fill at any time', () => {
    let book = settled;
    let nowMs = T0;
    for (const pauseMs of [0, 1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000]) {
      if (pauseMs > 0) {
        const early = needsOf(book, NOTHING_KNOWN, nowMs + pauseMs - 1);
        expect(early).toMatchObject({ actions: [], wait: { untilMs: nowMs + pauseMs } });
        expect(early.wait?.then).toBe(pauseMs === 1_000 ? 'look_up' : 'person');
      }
      nowMs += pauseMs;
      book = inVain(book, nowMs);
      expect(isOver(book)).toBe(false);
    }
    expect(isOver(told(book, old[ENTRY]!, { status: 'CANCELLED' }))).toBe(true);
  });

  test('it is over when two pictures lack it, though its reference is that of another order', () => {
    const from = { nowMs: T0 + 40_000 };
    const completed = present.map((order) => report(order, { status: 'CANCELLED' }));
    const at = (startedAtMs: number, change = {}) =>
      picture({ generationSinceMs: T0, startedAtMs, completed, ...change });
    const judged = (book: Book, snapshot: ReturnType<typeof picture>, change = {}) =>
      judgePicture(book, snapshot, standpoint({ ...from, ...change }));
    const once = judged(settled, at(T0 + 20_000));
    expect([isOver(once.book), once.lookAgainAtMs]).toEqual([false, T0 + 42_000]);
    const later = at(T0 + 25_000);
    const twice = judged(once.book, later);
    const [stray] = legOf(twice.book, 'ENTRY').incarnations;
    expect([stray?.state, isOver(twice.book)]).toEqual(['VANISHED', true]);
    expect(twice.events.map(({ kind }) => kind)).toEqual(['vanished']);
    expect(legOf(twice.book, 'ENTRY').status).toBe('CANCELLED');
    // Neither while it is listed, nor beside a position that it may have made.
    const isThere = at(T0 + 25_000, { orders: [report(old[ENTRY]!)] });
    expect(isOver(judged(once.book, isThere).book)).toBe(false);
    expect(isOver(judged(once.book, later, { isInReset: () => true }).book)).toBe(false);
    expect(isOver(judged(once.book, later, { expected: null }).book)).toBe(false);
    // It shows up after all: one too many again.
    expect(looseEnds(told(twice.book, old[ENTRY]!))).toHaveLength(1);
  });
});
