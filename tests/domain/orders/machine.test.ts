/** The order machine in the situations of an order's life, one by one. */
import { describe, expect, test } from '@jest/globals';
import {
  applyOrderEvent,
  awaitsExecutions,
  isLive,
  newLeg,
  workingQuantity,
} from '../../../domain/orders/machine.js';
import type { OrderEvent, OrderLeg } from '../../../domain/orders/leg.js';
import { text } from '../../../domain/money.js';
import type { OrderStatus } from '../../../domain/vocabulary.js';

const recorded = newLeg({ legId: 'leg-1', role: 'ENTRY', side: 'BUY', quantity: '100' });

function play(events: readonly OrderEvent[], from: OrderLeg = recorded): OrderLeg {
  return events.reduce((leg, event) => applyOrderEvent(leg, event).leg, from);
}

const sent: OrderEvent = { kind: 'sendStarted' };
const unknown: OrderEvent = { kind: 'outcomeUnknown', message: 'no answer' };
const absent: OrderEvent = { kind: 'provenAbsent' };
const bust: OrderEvent = {
  kind: 'executionCorrected',
  executionId: 'a.02',
  executionKey: 'a',
  correction: 2,
  quantity: '0',
  price: '10',
};

function status(reported: OrderStatus, filled = '0', remaining = '100', whyHeld = ''): OrderEvent {
  return { kind: 'statusReported', status: reported, filled, remaining, whyHeld };
}

function fill(key: string, quantity: string, price = '10'): OrderEvent {
  return {
    kind: 'executed',
    executionId: `${key}.01`,
    executionKey: key,
    correction: 1,
    quantity,
    price,
  };
}

const DONE = status('EXECUTED', '100', '0');

describe('[BRK-4] an order from record to end', () => {
  test.each<[string, readonly OrderEvent[], OrderStatus, string]>([
    ['recorded', [], 'PENDING', '0'],
    ['sent', [sent], 'PENDING', '0'],
    ['working', [sent, status('ACCEPTED')], 'ACCEPTED', '0'],
    ['acknowledged without a status', [sent, { kind: 'acknowledged' }], 'ACCEPTED', '0'],
    ['held for a locate', [sent, status('HELD', '0', '100', 'locate')], 'HELD', '0'],
    ['held, then working', [sent, status('HELD'), status('ACCEPTED')], 'ACCEPTED', '0'],
    ['partly filled', [sent, status('ACCEPTED'), fill('a', '40')], 'PARTIAL', '40'],
    ['filled', [sent, fill('a', '40'), fill('b', '60')], 'EXECUTED', '100'],
    [
      'execution before any status',
      [sent, fill('a', '100'), status('ACCEPTED')],
      'EXECUTED',
      '100',
    ],
    ['"filled" before its executions', [sent, status('EXECUTED', '100', '0')], 'ACCEPTED', '0'],
    [
      '"filled", then executions',
      [sent, status('EXECUTED', '100', '0'), fill('a', '100')],
      'EXECUTED',
      '100',
    ],
    ['"partial" without execution', [sent, status('PARTIAL', '40', '60')], 'ACCEPTED', '0'],
    [
      'reduced by its group, then filled',
      [sent, fill('a', '60'), status('EXECUTED', '60', '0')],
      'EXECUTED',
      '60',
    ],
    ['cancelled', [sent, { kind: 'cancelRequested' }, { kind: 'cancelled' }], 'CANCELLED', '0'],
    [
      'cancel pending, old status',
      [sent, { kind: 'cancelRequested' }, status('ACCEPTED')],
      'CANCEL_PENDING',
      '0',
    ],
    ['fill beats cancel', [sent, { kind: 'cancelRequested' }, fill('a', '100')], 'EXECUTED', '100'],
    ['fill after cancelled', [sent, status('CANCELLED'), fill('a', '40')], 'CANCELLED', '40'],
    [
      'whole fill after cancelled',
      [sent, status('CANCELLED'), fill('a', '100')],
      'EXECUTED',
      '100',
    ],
    [
      'cancel after the end',
      [sent, fill('a', '100'), { kind: 'cancelRequested' }],
      'EXECUTED',
      '100',
    ],
    ['rejected', [sent, { kind: 'rejected', code: 201, message: 'margin' }], 'REJECTED', '0'],
    [
      'rejected, then the late status',
      [sent, { kind: 'rejected', code: 201, message: 'margin' }, status('ACCEPTED')],
      'REJECTED',
      '0',
    ],
    ['expired', [sent, status('ACCEPTED'), { kind: 'expired' }], 'EXPIRED', '0'],
    ['never written', [sent, { kind: 'sendFailed', message: 'not ready' }], 'FAILED', '0'],
    ['written, unanswered', [sent, unknown], 'UNKNOWN', '0'],
    [
      'unknown, found',
      [sent, unknown, { kind: 'foundPresent', status: 'HELD', whyHeld: 'child' }],
      'HELD',
      '0',
    ],
    ['unknown, proven absent', [sent, unknown, absent], 'FAILED', '0'],
    ['proven absent, yet it speaks', [sent, unknown, absent, status('ACCEPTED')], 'ACCEPTED', '0'],
    ['proven absent, yet it fills', [sent, unknown, absent, fill('a', '10')], 'PARTIAL', '10'],
    [
      'bust of all while working',
      [sent, status('ACCEPTED'), fill('a', '40'), bust],
      'ACCEPTED',
      '0',
    ],
    [
      'bust of a part, and done later: the broker has no more of it',
      [sent, status('ACCEPTED'), fill('a', '40'), bust, fill('b', '60'), DONE],
      'EXECUTED',
      '60',
    ],
    [
      'done before its bust and its last fill are told',
      [sent, status('ACCEPTED'), fill('a', '40'), DONE, bust, fill('b', '60')],
      'EXECUTED',
      '60',
    ],
    [
      'bust of all that was filled, and done',
      [sent, fill('a', '40'), bust, status('EXECUTED', '40', '0')],
      'EXECUTED',
      '0',
    ],
    ['bust after the end', [sent, fill('a', '100'), bust], 'EXECUTED', '0'],
    [
      'resent after a failed send',
      [sent, { kind: 'sendFailed', message: '' }, sent],
      'PENDING',
      '0',
    ],
  ])('%s', (_name, events, expected, filled) => {
    const leg = play(events);
    expect([leg.status, leg.filledQuantity]).toStrictEqual([expected, filled]);
  });
});

describe('odd arms say so', () => {
  const noteOf = (events: readonly OrderEvent[], last: OrderEvent) =>
    applyOrderEvent(play(events), last).note;
  const working = [sent, status('ACCEPTED')];

  test.each<[string, readonly OrderEvent[], OrderEvent, RegExp]>([
    ['send started twice', working, sent, /though the broker has it/],
    [
      'send failed, yet it is there',
      working,
      { kind: 'sendFailed', message: 'x' },
      /though the broker/,
    ],
    [
      'send failed after the write',
      [sent, unknown],
      { kind: 'sendFailed', message: 'x' },
      /after it was/,
    ],
    ['absent, yet it was seen', working, absent, /had shown it/],
    ['cancel refused', working, { kind: 'cancelRejected', code: 10148, message: 'x' }, /10148/],
    [
      'status after the end',
      [sent, status('CANCELLED')],
      status('ACCEPTED'),
      /late status ACCEPTED/,
    ],
    [
      'figures of an older status',
      [sent, status('PARTIAL', '40', '60')],
      status('ACCEPTED'),
      /older/,
    ],
    ['execution after the end', [sent, status('CANCELLED')], fill('a', '1'), /after CANCELLED/],
    ['late rejection', [sent, fill('a', '100')], { kind: 'rejected', code: 1, message: '' }, /^$/],
  ])('%s', (_name, events, last, pattern) => {
    expect(noteOf(events, last) ?? '').toMatch(pattern);
  });

  test('[BRK-2] a refused cancel proves nothing: only a list says what the order is', () => {
    const refused: OrderEvent = { kind: 'cancelRejected', code: 10148, message: 'x' };
    const asked = [...working, { kind: 'cancelRequested' } as const, refused];
    expect(play(asked).status).toBe('CANCEL_PENDING');
    expect(play([...asked, status('ACCEPTED')]).status).toBe('CANCEL_PENDING');
    const listed: OrderEvent = { kind: 'foundPresent', status: 'ACCEPTED', whyHeld: '' };
    expect(play([...asked, listed]).status).toBe('ACCEPTED');
  });

  test('a cancel that was never written leaves the order as it was', () => {
    const [asked, undone] = [{ kind: 'cancelRequested' }, { kind: 'cancelWithdrawn' }] as const;
    expect(play([...working, asked, undone]).status).toBe('ACCEPTED');
    expect(play([...working, fill('a', '40'), asked, undone]).status).toBe('PARTIAL');
    expect(play([sent, status('HELD', '0', '100', 'child'), asked, undone]).status).toBe('HELD');
  });

  test('[BRK-2] what the broker has shown is never new again, a send under way may be', () => {
    const withdrawn: OrderEvent = { kind: 'sendWithdrawn' };
    expect(play([sent, unknown, withdrawn])).toStrictEqual(recorded);
    const shown = play([...working, fill('a', '40')]);
    expect(applyOrderEvent(shown, withdrawn)).toMatchObject({ leg: shown, changed: false });
  });

  test('[BRK-12] an order gone without a word is over, until the broker speaks of it again', () => {
    const gone = play([...working, { kind: 'vanished' }]);
    expect([gone.status, isLive(gone)]).toStrictEqual(['FAILED', false]);
    expect(applyOrderEvent(gone, status('ACCEPTED')).leg.status).toBe('ACCEPTED');
    const done = play([sent, fill('a', '100')]);
    expect(applyOrderEvent(done, { kind: 'vanished' }).changed).toBe(false);
  });

  test('a rejection keeps its code and text', () => {
    const leg = play([sent, { kind: 'rejected', code: 201, message: 'margin' }]);
    expect(leg.error).toStrictEqual({ code: 201, message: 'margin' });
  });
});

describe('what still works at the broker', () => {
  const working = (events: readonly OrderEvent[]) => text(workingQuantity(play(events)));

  test('recorded only: nothing; sent: all of it; ended: nothing', () => {
    expect(working([])).toBe('0');
    expect(working([sent])).toBe('100');
    expect(working([sent, fill('a', '30')])).toBe('70');
    expect(working([sent, fill('a', '30'), status('CANCELLED', '30', '70')])).toBe('0');
    expect(isLive(play([sent, { kind: 'sendFailed', message: '' }]))).toBe(false);
  });

  test('a fill that only a status told of no longer works, and is awaited', () => {
    const events = [sent, status('PARTIAL', '40', '60')];
    expect(working(events)).toBe('60');
    expect(awaitsExecutions(play(events))).toBe(true);
    expect(awaitsExecutions(play([...events, fill('a', '40')]))).toBe(false);
  });

  test('[TRD-12] a bust takes shares away that a status still counts, and nothing is awaited', () => {
    const done = [sent, status('EXECUTED', '100', '0'), fill('a', '100')];
    expect(play([...done, bust]).filledQuantity).toBe('0');
    expect(awaitsExecutions(play([...done, bust]))).toBe(false);
    expect(awaitsExecutions(play([sent, bust, status('EXECUTED', '100', '0')]))).toBe(true);
    expect(awaitsExecutions(play([sent, bust, ...done]))).toBe(false);
  });

  test('[TRD-3] what the group took away no longer works', () => {
    expect(working([sent, status('ACCEPTED', '0', '60')])).toBe('60');
    expect(working([sent, status('ACCEPTED', '0', '60'), fill('a', '25')])).toBe('35');
    expect(working([sent, { kind: 'quantityRead', quantity: '60' }])).toBe('60');
  });
});
