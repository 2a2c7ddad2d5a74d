/** What is asked of a plan right before its entry is sent: its age, its signal's end, its quote. */
import { describe, expect, test } from '@jest/globals';
import { DEFAULT_LIMITS } from '../../../domain/risk/limits.js';
import type { BracketPlan } from '../../../domain/risk/plan.js';
import { beyondStop, deviationOf, paysTheQuote } from '../../../domain/trade/deviation.js';
import { tooLateToSend } from '../../../domain/trade/send-window.js';
import type { Quote } from '../../../domain/vocabulary.js';
import { PLAN, plannedBook, T0 } from './books.js';

const WINDOW_MS = 15_000;

describe('[BRK-2] a plan may be sent', () => {
  test('for as long as the window after it was decided, whatever is waited for', () => {
    const lateAt = (nowMs: number) => tooLateToSend(plannedBook(), nowMs, WINDOW_MS);
    expect(lateAt(T0)).toBeNull();
    expect(lateAt(T0 + WINDOW_MS)).toBeNull();
    expect(lateAt(T0 + WINDOW_MS + 1)).toBe(
      'its plan was decided 15001 ms ago, more than the 15000 ms that it may be sent in',
    );
  });

  test('[SIG-4] until its signal expires, and not in that very instant', () => {
    const expiresAtMs = T0 + 1_000;
    const book = plannedBook({ entry: { ...PLAN.entry, expiresAtMs } });
    expect(tooLateToSend(book, expiresAtMs - 1, WINDOW_MS)).toBeNull();
    expect(tooLateToSend(book, expiresAtMs, WINDOW_MS)).toContain('expired');
  });

  test('only while it is in force', () => {
    const book = { ...plannedBook(), decided: null };
    expect(tooLateToSend(book, T0, WINDOW_MS)).toBe('there is no plan in force');
  });

  test('though it was made before plans kept the end of their signal', () => {
    const { expiresAtMs: _, ...entry } = PLAN.entry;
    const book = plannedBook({ entry: entry as BracketPlan['entry'] });
    expect(tooLateToSend(book, T0, WINDOW_MS)).toBeNull();
  });
});

describe('[SIZ-7] the quote at the send', () => {
  const QUOTE: Quote = {
    ...{ bid: '99.98', ask: '100', bidSize: '5', askSize: '5' },
    ...{ atMs: T0, kind: 'live', halted: false },
  };
  const verdict = (quote: Quote | null, plan: BracketPlan = PLAN, nowMs = T0) =>
    deviationOf(plan, quote, nowMs, DEFAULT_LIMITS);

  test.each([
    ['live and near the plan', QUOTE, null],
    ['better by far', { ...QUOTE, bid: '97.9', ask: '98' }, null],
    ['none at all', null, 'NO_QUOTE'],
    ['one side only', { ...QUOTE, ask: null }, 'NO_QUOTE'],
    ['too old', { ...QUOTE, atMs: T0 - 5_001 }, 'QUOTE_STALE'],
    ['delayed', { ...QUOTE, kind: 'delayed' }, 'QUOTE_DELAYED'],
    ['too wide', { ...QUOTE, bid: '98' }, 'SPREAD_TOO_WIDE'],
    ['run away', { ...QUOTE, bid: '101.4', ask: '101.5' }, 'the quote moved from 100 to 101.5'],
  ] as const)('of a market entry: %s', (_name, quote, expected) => {
    if (expected === null) expect(verdict(quote)).toBeNull();
    else expect(verdict(quote)).toContain(expected);
  });

  test('[TRD-3] beyond the stop sends nothing, whatever the order is', () => {
    const fallen = { ...QUOTE, bid: '95', ask: '95.02' };
    const limit = {
      ...PLAN,
      entry: { ...PLAN.entry, orderType: 'LMT', limitPrice: '100' },
    } as const;
    for (const plan of [PLAN, limit]) {
      expect(verdict(fallen, plan)).toContain('beyond the stop at 95: the bid is 95');
      expect(verdict({ ...fallen, bid: '95.01' }, plan)).toBeNull();
    }
    const short = { ...PLAN, side: 'SELL', stopPrice: '105' } as const;
    expect(beyondStop(short, { ...QUOTE, ask: '105' })).toContain('the ask is 105');
    expect(beyondStop(short, { ...QUOTE, ask: '104.99' })).toBeNull();
    expect(beyondStop(PLAN, { ...fallen, kind: 'delayed' })).toBeNull();
  });

  test('matters to a collared limit, and not to a limit of the signal', () => {
    const limit = { ...PLAN.entry, orderType: 'LMT', limitPrice: '100' } as const;
    const collared = { ...PLAN, entry: { ...limit, collared: true } };
    expect(paysTheQuote(collared)).toBe(true);
    expect(verdict(null, collared)).toContain('NO_QUOTE');
    expect(verdict(null, { ...PLAN, entry: limit })).toBeNull();
  });
});
