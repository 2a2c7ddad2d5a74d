/** A closed market: who waits for the next open, until when, and what that open may lack for a moment (SIG-5). */
import { describe, expect, test } from '@jest/globals';
import { parseHours } from '../../../broker/ibkr/hours.js';
import type { TradingHours } from '../../../domain/hours.js';
import {
  asOfOpen,
  crowdedAtOpen,
  lateAtOpen,
  queuedFor,
} from '../../../domain/risk/closed-market.js';
import type { PlanContext } from '../../../domain/risk/context.js';
import { decidePlan } from '../../../domain/risk/decide.js';
import { findingCodes } from '../../../domain/risk/finding.js';
import { outageOf } from '../../../domain/risk/outage.js';
import { createSessions } from '../../../gateway/market/sessions.js';
import { NOON_MS, SOUND, withPart, withSignal } from './fixture.js';

const at = (iso: string) => Date.parse(iso);
/** As a broker tells them on that day: the exchange's calendar for a week. */
function hoursToldAt(nowMs: number): TradingHours {
  return parseHours(createSessions('exchange').liquidHoursText(nowMs), 'US/Eastern', true)!;
}

/** All in order at an instant, but for the hours. */
function contextAt(nowMs: number, hours = hoursToldAt(nowMs)): PlanContext {
  const shiftMs = nowMs - NOON_MS;
  const base: PlanContext = {
    ...withSignal({ whenClosed: 'queue', generatedAtMs: nowMs - 2_000 }),
    nowMs,
    receivedAtMs: nowMs - 1_000,
    quote: { ...SOUND.quote!, atMs: SOUND.quote!.atMs + shiftMs },
  };
  const values = { ...SOUND.account.values!, atMs: nowMs - 30_000 };
  const sector = { name: 'Technology', atMs: nowMs };
  return withPart('contract', { hours, sector }, withPart('account', { values }, base));
}

const opensOf = (context: PlanContext) => {
  const queued = queuedFor(context);
  return queued && new Date(queued.opensMs).toISOString();
};
const findingsOf = (context: PlanContext) => decidePlan(context).findings;

describe('until when', () => {
  test.each([
    ['an evening', '2026-04-06T18:00:00-04:00', '2026-04-07T13:30:00.000Z'],
    ['before the open', '2026-04-06T05:00:00-04:00', '2026-04-06T13:30:00.000Z'],
    ['the very last moment', '2026-04-06T16:00:00-04:00', '2026-04-07T13:30:00.000Z'],
    ['a weekend', '2026-04-11T12:00:00-04:00', '2026-04-13T13:30:00.000Z'],
    ['a holiday with its weekend', '2026-04-03T10:00:00-04:00', '2026-04-06T13:30:00.000Z'],
    ['the evening before Thanksgiving', '2026-11-25T17:00:00-05:00', '2026-11-27T14:30:00.000Z'],
    ['the afternoon of a half day', '2026-11-27T13:00:00-05:00', '2026-11-30T14:30:00.000Z'],
    ['the clocks go on', '2026-03-06T17:00:00-05:00', '2026-03-09T13:30:00.000Z'],
    ['the clocks go back', '2026-10-30T17:00:00-04:00', '2026-11-02T14:30:00.000Z'],
  ])('[SIG-5] %s', (_name, now, opens) => {
    expect(opensOf(contextAt(at(now)))).toBe(opens);
  });

  test('[SIG-5] in a session nothing is queued, half days included', () => {
    expect(opensOf(contextAt(at('2026-11-27T12:59:59-05:00')))).toBeNull();
    expect(findingsOf(contextAt(at('2026-11-27T12:59:59-05:00')))).toEqual([]);
  });

  test('[SIG-5] a closure that nobody foresaw: the hours told at the open say the next one', () => {
    const evening = at('2025-01-08T18:00:00-05:00');
    // What was told before the day of mourning was declared.
    const before = parseHours(
      '20250108:0930-20250108:1600;20250109:0930-20250109:1600;20250110:0930-20250110:1600',
      'US/Eastern',
      true,
    )!;
    const queued = contextAt(evening, before);
    expect(opensOf(queued)).toBe('2025-01-09T14:30:00.000Z');
    const nowMs = at('2025-01-09T09:30:00-05:00');
    const { signal, receivedAtMs } = queued;
    const again = { ...contextAt(nowMs), signal, receivedAtMs };
    expect(opensOf(again)).toBe('2025-01-10T14:30:00.000Z');
  });

  test('[SIG-5] no open told: it looks again where the told days end', () => {
    const closed = parseHours('20260406:CLOSED;20260407:CLOSED', 'US/Eastern', true)!;
    expect(opensOf(contextAt(NOON_MS, closed))).toBe('2026-04-08T04:00:00.000Z');
  });

  test('[SIG-5] it waits ten days at the most', () => {
    const evening = contextAt(at('2026-04-06T18:00:00-04:00'));
    const opensMs = queuedFor(evening)!.opensMs;
    const receivedBefore = (days: number) =>
      withSignal(
        { generatedAtMs: null },
        { ...evening, receivedAtMs: opensMs - days * 86_400_000 },
      );
    expect(queuedFor(receivedBefore(10))).not.toBeNull();
    expect(queuedFor(receivedBefore(10 + 1e-6))).toBeNull();
  });

  test('[SIG-5] one that must be flat by the end waits when too little is left of the session', () => {
    const late = withSignal(
      { closeAtSessionEnd: true },
      contextAt(at('2026-04-06T15:57:00-04:00')),
    );
    expect(opensOf(late)).toBe('2026-04-07T13:30:00.000Z');
  });
});

const EVENING = contextAt(at('2026-04-06T18:00:00-04:00'));
const OPEN_MS = at('2026-04-07T09:30:00-04:00');

describe('who', () => {
  test('[SIG-5] denied unless the signal, or else the strategy, says queue', () => {
    const deny = withSignal({ whenClosed: null }, EVENING);
    expect(queuedFor(deny)).toBeNull();
    expect(findingCodes(findingsOf(deny))).toEqual(['MARKET_CLOSED']);
    const byStrategy = withPart('limits', { whenClosed: 'queue' }, deny);
    expect(queuedFor(byStrategy)).not.toBeNull();
    expect(queuedFor(withSignal({ whenClosed: 'deny' }, byStrategy))).toBeNull();
  });

  test('[SIG-5] one that expires before the open, or at it, is denied at once', () => {
    expect(queuedFor(withSignal({ expiresAtMs: OPEN_MS }, EVENING))).toBeNull();
    expect(queuedFor(withSignal({ expiresAtMs: OPEN_MS + 1 }, EVENING))).not.toBeNull();
  });

  test.each([
    ['no quote', { ...EVENING, quote: null }],
    ['a frozen one far away', { ...EVENING, quote: { ...EVENING.quote!, bid: '1', ask: '2' } }],
    ['a stop that the evening is through', withSignal({ stopLoss: '189.99' }, EVENING)],
    ['a broker that is away', withPart('broker', { ready: false, upSinceMs: null }, EVENING)],
    ["today's losses", withPart('account', { day: lostDay() }, EVENING)],
    ['old account values', withPart('account', { values: null }, EVENING)],
  ])('[SIG-5] %s is no reason against it', (_name, context) => {
    expect(queuedFor(context)).not.toBeNull();
  });

  test.each([
    ['NO_STOP', withSignal({ stopLoss: null }, EVENING)],
    ['STOP_WRONG_SIDE', withSignal({ entryPrice: '190', stopLoss: '195' }, EVENING)],
    ['SIGNAL_STALE', withSignal({ generatedAtMs: EVENING.receivedAtMs - 61_000 }, EVENING)],
    ['TRADING_HALTED', withPart('installation', { haltFile: true }, EVENING)],
    ['STRATEGY_PAUSED', withPart('strategy', { pausedBy: 'a person' }, EVENING)],
    ['NO_POSITION', withSignal({ side: 'SELL', stopLoss: '195', takeProfit: '180' }, EVENING)],
  ])('[SIG-5] %s is denied at once', (code, context) => {
    expect(queuedFor(context)).toBeNull();
    expect(findingCodes(findingsOf(context))).toContain(code);
  });

  test('[SIG-5] hours that are not known are no closed market', () => {
    expect(queuedFor(withPart('contract', { hours: null }, EVENING))).toBeNull();
    expect(queuedFor({ ...EVENING, contract: { kind: 'unavailable', reason: '' } })).toBeNull();
  });
});

function lostDay() {
  return { previousCloseEquity: '110000', netFlows: '0', latched: true };
}

/** The evening's signal, planned so long after the open. */
function afterOpen(sinceOpenMs: number, change: Partial<PlanContext> = {}): PlanContext {
  const { receivedAtMs, signal } = EVENING;
  return { ...contextAt(OPEN_MS + sinceOpenMs), receivedAtMs, signal, ...change };
}

describe('at the open', () => {
  test('[SIG-4] its age was judged at its receipt', () => {
    expect(findingsOf(afterOpen(10))).toEqual([]);
  });

  test('[SIG-5] a price that has left the signal is denied', () => {
    const moved = withSignal({ entryPrice: '187', stopLoss: '180' }, afterOpen(10));
    expect(findingCodes(findingsOf(moved))).toEqual(['PRICE_DEVIATION']);
    expect(lateAtOpen(moved, findingsOf(moved))).toBeNull();
  });

  test.each([
    ['no quote', null],
    ['a wide one', { ...EVENING.quote!, atMs: OPEN_MS, bid: '180', ask: '200' }],
    ['a halt until its auction', { ...EVENING.quote!, atMs: OPEN_MS + 5_000, halted: true }],
  ])('[SIG-5] %s is waited for, a minute from the open', (_name, quote) => {
    const context = afterOpen(5_000, { quote });
    expect(lateAtOpen(context, findingsOf(context))?.untilMs).toBe(OPEN_MS + 60_000);
    const later = { ...context, nowMs: OPEN_MS + 60_000 };
    expect(lateAtOpen(later, findingsOf(later))).toBeNull();
  });

  test('[SIG-5] one that came in the session itself waits for no quote', () => {
    const context = { ...afterOpen(5_000, { quote: null }), receivedAtMs: OPEN_MS };
    expect(lateAtOpen(context, findingsOf(context))).toBeNull();
  });

  test('[BRK-11] a link that is away then is waited for as by a signal of that moment', () => {
    const down = withPart('broker', { ready: false, reason: 'down' }, afterOpen(5_000));
    const terms = { waitMs: 30_000, parkedUntilMs: null, isOfParking: false };
    expect(outageOf(down, findingsOf(down), terms)).toBeNull();
    expect(outageOf(asOfOpen(down), findingsOf(down), terms)?.untilMs).toBe(OPEN_MS + 35_000);
    expect(asOfOpen(SOUND)).toBe(SOUND);
  });
});

describe('the days that were told of are over', () => {
  const told = parseHours('20260407:0930-20260407:1600;20260410:CLOSED', 'US/Eastern', true)!;
  const evening = contextAt(at('2026-04-10T18:00:00-04:00'), told);
  const { receivedAtMs, signal } = evening;
  const endMs = queuedFor(evening)!.opensMs;
  const atEnd = (change: Partial<PlanContext> = {}): PlanContext => ({
    ...contextAt(endMs, told),
    ...{ receivedAtMs, signal, ...change },
  });
  const down = withPart('broker', { ready: false, reason: 'down', upSinceMs: null }, atEnd());

  test.each([
    ['the link is down', down],
    ['the new ones are not read yet', atEnd()],
    ['they could not be read', withPart('contract', { hours: null }, atEnd())],
    ['there is no contract', atEnd({ contract: { kind: 'unavailable', reason: '' } })],
  ])('[SIG-5] whoever waited looks again, ten days at the most: %s', (_name, context) => {
    expect(queuedFor(context, true)?.opensMs).toBe(endMs + 600_000);
    expect(queuedFor(context, false)).toBeNull();
    const old = { ...context, receivedAtMs: endMs - 10 * 86_400_000 };
    expect(queuedFor(old, true)).toBeNull();
    expect(queuedFor(withSignal({ expiresAtMs: endMs + 1 }, context), true)).toBeNull();
  });

  test('[SIG-5] what nobody may pass is denied there too', () => {
    const halted = withPart('installation', { haltFile: true }, down);
    expect(queuedFor(halted, true)).toBeNull();
    const unknown = atEnd({ contract: { kind: 'unknown_symbol', reason: '' } });
    expect(queuedFor(unknown, true)).toBeNull();
  });

  test('[SIG-5] an open market is not waited for', () => {
    expect(queuedFor(afterOpen(1_000), true)).toBeNull();
  });
});

describe('more signals than may be sent in a minute', () => {
  const crowd = (sinceOpenMs: number, change: Partial<PlanContext> = {}) =>
    withPart('book', { ordersLastMinute: 120 }, afterOpen(sinceOpenMs, change));
  const crowdedOf = (context: PlanContext) => crowdedAtOpen(context, findingsOf(context));

  test('[SIG-5] [TRD-16] the next minute is waited for, a quarter of an hour at the most', () => {
    expect(findingCodes(findingsOf(crowd(1_000)))).toEqual(['ORDER_RATE']);
    const untilMs = OPEN_MS + 900_000;
    expect(crowdedOf(crowd(1_000))).toMatchObject({ againMs: OPEN_MS + 62_000, untilMs });
    expect(crowdedOf(crowd(900_000 - 61_000))).toBeNull();
    expect(crowdedOf(withSignal({ expiresAtMs: OPEN_MS + 60_000 }, crowd(1_000)))).toBeNull();
  });

  test('[SIG-5] so it is beside a late quote, or a link that is away', () => {
    expect(crowdedOf(crowd(1_000, { quote: null }))).not.toBeNull();
    const down = withPart('broker', { ready: false, reason: 'down' }, crowd(1_000));
    expect(crowdedOf(down)).not.toBeNull();
  });

  test('[SIG-5] one that came in the session, or may not be sent anyhow, is denied', () => {
    expect(crowdedOf(crowd(1_000, { receivedAtMs: OPEN_MS }))).toBeNull();
    expect(crowdedOf(withPart('installation', { haltFile: true }, crowd(1_000)))).toBeNull();
    expect(crowdedOf(afterOpen(1_000, { quote: null }))).toBeNull();
  });
});
