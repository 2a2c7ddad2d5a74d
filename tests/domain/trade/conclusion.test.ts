/** A trade that is over without a fill says why (TRD-14, RSK-5, TRD-12). */
import { describe, expect, test } from '@jest/globals';
import type { OrderReport } from '../../../domain/broker/fact.js';
import type { Book } from '../../../domain/trade/book.js';
import { claimActions } from '../../../domain/trade/claim-actions.js';
import { withEntryCancelled } from '../../../domain/trade/conclusion.js';
import { applyFact } from '../../../domain/trade/fact.js';
import { finish } from '../../../domain/trade/finish.js';
import { needsOf, NOTHING_KNOWN } from '../../../domain/trade/needs.js';
import { requestCancel, requestEnd } from '../../../domain/trade/wishes.js';
import {
  ACCOUNT,
  claimedBook,
  CLIENT,
  CONTRACT_ID,
  granted,
  PLAN,
  placedIn,
  plannedBook,
  report,
  sender,
  T0,
} from './books.js';

const EXPIRES_MS = T0 + 60_000;
const LIMIT = { ...PLAN.entry, orderType: 'LMT', limitPrice: '99', timeInForce: 'GTD' } as const;

/** An entry that rests at the broker, good till then; `told`: what the broker tells of it. */
function resting(goodTillMs: number | null = EXPIRES_MS) {
  const { book, group } = claimedBook(plannedBook({ entry: { ...LIMIT, goodTillMs } }));
  const orders = placedIn(group);
  const told = (now: Book, change: Partial<OrderReport>, nowMs: number, only?: string) =>
    orders
      .filter(({ clientOrderId }) => only === undefined || clientOrderId === only)
      .reduce((so, order) => {
        const fact = { kind: 'order', listed: false, receivedAtMs: nowMs } as const;
        return finish(so, applyFact(so, { ...fact, report: report(order, change) }), nowMs).book;
      }, now);
  return { book: told(book, {}, T0), told, entry: orders[0]! };
}

const GONE = { status: 'CANCELLED', brokerStatus: 'Cancelled' } as const;

/** Its cancel is claimed, and the broker has cancelled all of it. */
function cancelled(book: Book, entriesMustGo: boolean, told: ReturnType<typeof resting>['told']) {
  const { actions } = needsOf(book, { ...NOTHING_KNOWN, entriesMustGo }, T0);
  const claimed = granted(
    claimActions(book, actions, [], sender(), { legId: () => '', clientOrderId: () => '' }),
  );
  const going = withEntryCancelled(claimed.book, actions, 'halted by the halt file');
  return told(finish(book, { book: going, events: [] }, T0).book, GONE, T0 + 1_000);
}

describe('[TRD-14] an entry that the broker ends unfilled', () => {
  test('at its good-till date has expired', () => {
    const { book, told } = resting();
    const over = told(book, GONE, EXPIRES_MS - 500);
    expect([over.closedAtMs, over.failure]).toEqual([
      EXPIRES_MS - 500,
      `expired at ${new Date(EXPIRES_MS).toISOString()}`,
    ]);
  });

  test('before it, or without one, was cancelled there', () => {
    for (const until of [EXPIRES_MS, null]) {
      const { book, told } = resting(until);
      expect(told(book, GONE, T0 + 30_000).failure).toMatch(
        /^entry cancelled at the broker, not by/,
      );
    }
  });

  test('is told in its timeline, once', () => {
    const { book, told, entry } = resting();
    const one = told(told(book, GONE, EXPIRES_MS, 'ref-STOP'), GONE, EXPIRES_MS, 'ref-TARGET');
    const fact = { kind: 'order', listed: false, receivedAtMs: EXPIRES_MS } as const;
    const change = applyFact(one, { ...fact, report: report(entry, GONE) });
    const { book: over, events } = finish(one, change, EXPIRES_MS);
    expect(events.filter(({ kind }) => kind === 'ended')).toMatchObject([
      { summary: expect.stringMatching(/^cancelled: expired at/) },
    ]);
    expect(
      finish(over, applyFact(over, { ...fact, report: report(entry, GONE) }), EXPIRES_MS).events,
    ).toEqual([]);
  });
});

test('[RSK-5] one that a switch lets not stand names the switch, a wish its cause', () => {
  const { book, told } = resting();
  expect(cancelled(book, true, told).failure).toBe('entry cancelled: halted by the halt file');
  const asked = requestCancel(book).book;
  expect(cancelled(asked, false, told).failure).toBe('entry cancelled: by command');
  const ended = requestEnd(book, 'session_end').book;
  expect(cancelled(ended, false, told).failure).toBe('entry cancelled: session end');
});

test('[TRD-12] fills that were all taken back say so; what fills after all has no such word', () => {
  const { book, told, entry } = resting();
  const over = told(book, GONE, EXPIRES_MS);
  const fill = (correction: number, quantity: string) => ({
    ...{ clientOrderId: entry.clientOrderId, side: 'BUY', quantity, price: '99', symbol: 'AAA' },
    ...{ executionId: `x.0${correction}`, executionKey: 'x', correction, account: ACCOUNT },
    ...{ brokerOrderId: 'perm-1', sessionOrderId: 1, sessionClientId: CLIENT },
    ...{ brokerContractId: CONTRACT_ID, executedAtMs: T0 },
  });
  const filled = (now: Book, correction: number, quantity: string) => {
    const fact = { kind: 'execution', receivedAtMs: EXPIRES_MS } as const;
    const change = applyFact(now, { ...fact, report: fill(correction, quantity) as never });
    return finish(now, change, EXPIRES_MS).book;
  };
  const late = filled(over, 1, '40');
  expect([late.closedAtMs, late.failure]).toEqual([null, null]);
  const busted = filled(late, 2, '0');
  expect(busted.closedAtMs).not.toBeNull();
  expect(busted.failure).toBe('all its fills were taken back by the broker (bust)');
  expect(filled(busted, 3, '40').failure).toBeNull();
});
