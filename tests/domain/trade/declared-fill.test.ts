/** A fill that a status told of and that a person books: it counts once, whatever comes after (TRD-11). */
import { describe, expect, test } from '@jest/globals';
import type { ExecutionReport } from '../../../domain/broker/fact.js';
import type { Book } from '../../../domain/trade/book.js';
import {
  declareFill,
  missingQuantity,
  unbookable,
  unfitting,
} from '../../../domain/trade/declared-fill.js';
import { applyFact } from '../../../domain/trade/fact.js';
import { finish } from '../../../domain/trade/finish.js';
import { FACTS_FOR_PERSON_MS } from '../../../domain/trade/overdue.js';
import { viewOf } from '../../../domain/trade/view.js';
import type { LegRole } from '../../../domain/vocabulary.js';
import { ACCOUNT, CLIENT, CONTRACT_ID, T0 } from './books.js';
import { legOf, openBook } from './open-book.js';

const LATER_MS = T0 + FACTS_FOR_PERSON_MS;
const FILL = { quantity: '100', price: '95', executedAtMs: T0 };

function told(book: Book, role: LegRole, filled: string, remaining = '0'): Book {
  const { clientOrderId, incarnations, readBack } = legOf(book, role);
  const { sessionOrderId } = incarnations[0]!;
  const status = remaining === '0' ? 'EXECUTED' : 'PARTIAL';
  const change = applyFact(book, {
    ...{ kind: 'order', listed: false, receivedAtMs: T0 },
    report: {
      ...{ clientOrderId, brokerOrderId: `perm-${sessionOrderId}`, sessionOrderId, status },
      ...{ sessionClientId: CLIENT, account: ACCOUNT, symbol: 'AAA', terms: readBack },
      ...{ brokerContractId: CONTRACT_ID, brokerStatus: 'Filled', whyHeld: '' },
      ...{ filledQuantity: filled, remainingQuantity: remaining, averageFillPrice: '95' },
      parentSessionOrderId: null,
    },
  });
  return finish(book, change, T0).book;
}

function executed(book: Book, role: LegRole, change: Partial<ExecutionReport>): Book {
  const { clientOrderId, side, incarnations } = legOf(book, role);
  const { sessionOrderId } = incarnations[0]!;
  const report: ExecutionReport = {
    ...{ executionId: 'late.01', executionKey: 'late', correction: 1, clientOrderId, side },
    ...{ brokerOrderId: `perm-${sessionOrderId}`, sessionOrderId, sessionClientId: CLIENT },
    ...{ account: ACCOUNT, symbol: 'AAA', brokerContractId: CONTRACT_ID },
    ...{ quantity: '100', price: '94.9', executedAtMs: T0 + 1, ...change },
  };
  const fact = { kind: 'execution', receivedAtMs: LATER_MS, report } as const;
  return finish(book, applyFact(book, fact), LATER_MS).book;
}

function declared(book: Book, role: LegRole, quantity = '100'): Book {
  const { legId } = legOf(book, role);
  const fill = { ...FILL, quantity };
  return finish(book, declareFill(book, legId, fill, 'me', LATER_MS), LATER_MS).book;
}

const heldOf = (book: Book) => viewOf(book).heldQuantity;
const counting = ({ fills }: Book) =>
  fills
    .filter(({ superseded, quantity }) => !superseded && quantity !== '0')
    .map(({ legId: _, side, quantity, price }) => `${side} ${quantity} at ${price}`);

const STOPPED = told(openBook(), 'STOP', '100');

test('[TRD-11] what a status told of is booked, and the trade goes on as if its execution had come', () => {
  expect([heldOf(STOPPED), viewOf(STOPPED).awaitsExecutions]).toEqual(['100', true]);
  expect(unbookable(legOf(STOPPED, 'STOP'), LATER_MS)).toBeNull();
  expect(unfitting(legOf(STOPPED, 'STOP'), FILL, LATER_MS)).toBeNull();
  const booked = declared(STOPPED, 'STOP');
  expect([heldOf(booked), viewOf(booked).awaitsExecutions]).toEqual(['0', false]);
  expect(legOf(booked, 'STOP')).toMatchObject({ status: 'EXECUTED', filledQuantity: '100' });
  expect(counting(booked)).toEqual(['BUY 100 at 100', 'SELL 100 at 95']);
  const target = legOf(booked, 'TARGET');
  const over = executedTarget(booked, target.legId);
  expect(viewOf(over).isOver).toBe(true);
});

/** The broker's own group has cancelled the target. */
function executedTarget(book: Book, legId: string): Book {
  const { clientOrderId, incarnations } = book.legs.find((leg) => leg.legId === legId)!;
  const { sessionOrderId } = incarnations[0]!;
  const change = applyFact(book, {
    ...{ kind: 'order_error' as const, receivedAtMs: LATER_MS },
    error: {
      ...{ clientOrderId, sessionOrderId, code: 202, message: 'cancelled' },
      ...{ errorClass: 'terminal' as const, about: 'order' as const },
    },
  });
  return finish(book, change, LATER_MS).book;
}

describe('[TRD-11] an execution that comes after all', () => {
  const booked = declared(STOPPED, 'STOP');

  test('takes its place, and counts once; so does a second report of it', () => {
    const late = executed(executed(booked, 'STOP', {}), 'STOP', {});
    expect(heldOf(late)).toBe('0');
    expect(counting(late)).toEqual(['BUY 100 at 100', 'SELL 100 at 94.9']);
  });

  test('takes a part of its place when it is a part, and the rest when that comes', () => {
    const first = executed(booked, 'STOP', { quantity: '60' });
    expect(heldOf(first)).toBe('0');
    const second = { executionId: 'b.01', executionKey: 'b', quantity: '40' };
    const both = executed(first, 'STOP', second);
    expect([heldOf(both), viewOf(both).awaitsExecutions]).toEqual(['0', false]);
    expect(counting(both)).toEqual(['BUY 100 at 100', 'SELL 60 at 94.9', 'SELL 40 at 94.9']);
  });

  test('gives its shares back when it is busted', () => {
    const bust = { executionId: 'late.02', correction: 2, quantity: '0' };
    expect(heldOf(executed(executed(booked, 'STOP', {}), 'STOP', bust))).toBe('100');
  });

  test('of the other exit is another sale: the status told whose the first was', () => {
    expect(heldOf(executed(booked, 'TARGET', {}))).toBe('-100');
  });
});

describe('[TRD-11] nothing is booked', () => {
  const stop = (book: Book) => legOf(book, 'STOP');

  test('while the broker is still asked, or once its execution did come', () => {
    expect(unbookable(stop(STOPPED), LATER_MS - 1)).toContain('still asked');
    expect(unbookable(stop(openBook()), LATER_MS)).toContain('no execution of the stop is missing');
    const came = executed(STOPPED, 'STOP', {});
    expect(unbookable(stop(came), LATER_MS)).toContain('no execution of the stop is missing');
    expect(unbookable(stop(declared(STOPPED, 'STOP')), LATER_MS)).toContain('missing');
  });

  test('while the order works on: what comes next could not be told from it', () => {
    const part = told(openBook(), 'STOP', '40', '60');
    expect(unbookable(stop(part), LATER_MS)).toContain('still works');
  });

  test('but all that is missing, at a price and a time that can be', () => {
    const half = executed(STOPPED, 'STOP', { quantity: '60' });
    expect(missingQuantity(stop(half)).toFixed()).toBe('40');
    const of = (change: object) =>
      unfitting(stop(half), { ...FILL, quantity: '40', ...change }, LATER_MS);
    expect(of({})).toBeNull();
    expect(of({ quantity: '100' })).toContain('40 of the stop are missing');
    expect(of({ quantity: '30' })).toContain('40 of the stop are missing');
    expect(of({ price: '0' })).toContain('above zero');
    expect(of({ executedAtMs: LATER_MS + 1 })).toContain('future');
    expect(of({ executedAtMs: T0 - 1 })).toContain('before it was sent');
  });
});
