/** Exits that the database lost, taken into their trade's book as the broker shows them (REC-3). */
import { expect, test } from '@jest/globals';
import type { ExecutionReport, OrderReport } from '../../../domain/broker/fact.js';
import { isLive } from '../../../domain/orders/machine.js';
import { adoptExit, placesAhead } from '../../../domain/trade/adopt.js';
import { stopExit } from '../../../domain/trade/bracket.js';
import { applyFact } from '../../../domain/trade/fact.js';
import { finish } from '../../../domain/trade/finish.js';
import { needsOf, NOTHING_KNOWN } from '../../../domain/trade/needs.js';
import { viewOf } from '../../../domain/trade/view.js';
import { judgePicture } from '../../../domain/sending/picture.js';
import { ACCOUNT, CLIENT, CONTRACT_ID, picture, standpoint, T0 } from './books.js';
import { legOf, openBook } from './open-book.js';

const AT = { nowMs: T0, generation: 4, brokerDay: '2026-11-20' };
const EXIT = { role: 'STOP', sequence: 2, legId: 'adopted', clientOrderId: 'ref-2' } as const;

function shown(change: Partial<OrderReport> = {}): OrderReport {
  return {
    ...{ clientOrderId: 'ref-2', brokerOrderId: 'perm-9', account: ACCOUNT, symbol: 'AAA' },
    ...{ sessionOrderId: 71, sessionClientId: CLIENT, brokerContractId: CONTRACT_ID },
    ...{ status: 'ACCEPTED', brokerStatus: 'PreSubmitted', whyHeld: 'trigger' },
    ...{ filledQuantity: '0', remainingQuantity: '100', averageFillPrice: null },
    ...{ terms: stopExit('SELL', '100', '97', 'group-2'), parentSessionOrderId: null },
    ...change,
  };
}

const EXECUTION: ExecutionReport = {
  ...{ executionId: 'y.01', executionKey: 'y', correction: 1, clientOrderId: 'ref-2' },
  ...{ brokerOrderId: 'perm-9', sessionOrderId: 71, sessionClientId: CLIENT, account: ACCOUNT },
  ...{ symbol: 'AAA', brokerContractId: CONTRACT_ID, side: 'SELL', quantity: '100', price: '96' },
  executedAtMs: T0,
};

/** The backup's book, after the picture told that the stop it knows was cancelled since. */
function older(): ReturnType<typeof openBook> {
  const book = openBook();
  const { clientOrderId } = legOf(book, 'STOP');
  const { sessionOrderId } = legOf(book, 'STOP').incarnations[0]!;
  const report = shown({ clientOrderId, sessionOrderId, status: 'CANCELLED', terms: null });
  return applyFact(book, { kind: 'order', listed: true, receivedAtMs: T0, report }).book;
}

test('[REC-3] an exit that stands at the broker is adopted, and none is placed beside it', () => {
  const adopted = adoptExit(older(), EXIT, { orders: [shown()], executions: [] }, AT);
  const fact = { kind: 'order', listed: true, receivedAtMs: T0, report: shown() } as const;
  const { book } = finish(older(), applyFact(adopted.book, fact), T0);
  const leg = book.legs.find(({ legId }) => legId === 'adopted')!;
  expect([isLive(leg), leg.quantity, leg.incarnations[0]!.brokerOrderIds]).toEqual([
    ...[true, '100', ['perm-9']],
  ]);
  expect(book.exits.stopPrice).toBe('97');
  expect(viewOf(book).isProtected).toBe(true);
  const { actions } = needsOf(book, NOTHING_KNOWN, T0 + 60_000);
  expect(actions.filter(({ kind }) => kind === 'place_exits')).toEqual([]);
});

test('[REC-3] without it the planner would place another one', () => {
  const { actions } = needsOf(older(), NOTHING_KNOWN, T0 + 60_000);
  expect(actions.map(({ kind }) => kind)).toContain('place_exits');
});

test('[REC-3] one that filled meanwhile closes the trade, told by its execution alone', () => {
  const adopted = adoptExit(older(), EXIT, { orders: [], executions: [EXECUTION] }, AT);
  const fact = { kind: 'execution', receivedAtMs: T0, report: EXECUTION } as const;
  const { book, view } = finish(older(), applyFact(adopted.book, fact), T0);
  expect(view.heldQuantity).toBe('0');
  expect(book.legs.find(({ legId }) => legId === 'adopted')?.status).toBe('EXECUTED');
});

test('[REC-3] what the book has, what tells nothing, and an order of the other side are left alone', () => {
  const book = older();
  const adopted = adoptExit(book, EXIT, { orders: [shown()], executions: [] }, AT).book;
  expect(adoptExit(adopted, EXIT, { orders: [shown()], executions: [] }, AT).book).toBe(adopted);
  expect(adoptExit(book, EXIT, { orders: [shown({ terms: null })], executions: [] }, AT).book).toBe(
    book,
  );
  const buys = shown({ terms: stopExit('BUY', '100', '97', 'group-2') });
  expect(adoptExit(book, EXIT, { orders: [buys], executions: [] }, AT).book).toBe(book);
});

test('[REC-3] never an entry, and only what may come after what the book has', () => {
  const places = placesAhead(openBook());
  expect(new Set(places.map(({ role }) => role))).toEqual(new Set(['STOP', 'TARGET', 'CLOSE']));
  expect(places.filter(({ role }) => role === 'STOP')[0]).toEqual({ role: 'STOP', sequence: 2 });
});

test('[REC-3] [TRD-3] an adopted stop that vanishes is missed as any is', () => {
  const adopted = adoptExit(older(), EXIT, { orders: [shown()], executions: [] }, AT);
  const fact = { kind: 'order', listed: true, receivedAtMs: T0, report: shown() } as const;
  let { book } = finish(older(), applyFact(adopted.book, fact), T0);
  for (const atMs of [T0 + 60_000, T0 + 90_000]) {
    const positions = [
      {
        ...{ account: ACCOUNT, brokerContractId: CONTRACT_ID, symbol: 'AAA' },
        ...{ securityType: 'STK', quantity: '100', averageCost: '100' },
      },
    ];
    const { generation } = AT;
    const seen = picture({
      ...{ generation, generationSinceMs: T0 - 60_000, positions },
      ...{ startedAtMs: atMs, endedAtMs: atMs + 500 },
    });
    const expected = { account: ACCOUNT, brokerContractId: CONTRACT_ID, quantity: '100' };
    book = finish(book, judgePicture(book, seen, standpoint({ nowMs: atMs, expected })), atMs).book;
  }
  expect(isLive(book.legs.find(({ legId }) => legId === 'adopted')!)).toBe(false);
  expect(viewOf(book).isProtected).toBe(false);
});

test('[REC-3] one that has ended says nothing of the prices wanted', () => {
  const ended = shown({ status: 'CANCELLED', terms: stopExit('SELL', '100', '80', 'group-2') });
  const { book } = adoptExit(older(), EXIT, { orders: [ended], executions: [] }, AT);
  expect(book.exits.stopPrice).toBe(older().exits.stopPrice);
  expect(book.legs).toHaveLength(older().legs.length + 1);
});

test('[REC-3] [BRK-6] of an execution and its correction the correction counts', () => {
  const corrected = { ...EXECUTION, executionId: 'y.02', correction: 2, quantity: '90' };
  const executions = [EXECUTION, corrected];
  const { book } = adoptExit(older(), EXIT, { orders: [], executions }, AT);
  expect(book.legs.find(({ legId }) => legId === 'adopted')?.quantity).toBe('90');
});
