/** A parked entry is not claimed, whatever else would let it go (BRK-8). */
import { expect, test } from '@jest/globals';
import { viewpoint } from '../../activities/look-up.js';
import { CAPABILITIES } from '../../broker/ibkr/capabilities.js';
import { entryBlockedBy } from '../../activities/entry-guard.js';
import type { BrokerDeps } from '../../activities/deps.js';
import type { Parked } from '../../domain/broker/parking.js';
import { PLAN, plannedBook, T0 } from '../domain/trade/books.js';

/** Of a link, only what the check reads. */
function linkThat(facts: { parked: Parked | null; maySend: boolean }): BrokerDeps {
  const switches = { tradingEnabled: true, haltFile: false, readOnly: false };
  return {
    link: { maySend: () => facts.maySend, parked: () => facts.parked },
    settings: { switches: () => switches, limits: {}, entrySendWindowMs: 15_000 },
    nowMs: () => T0,
    market: { latest: () => null },
  } as unknown as BrokerDeps;
}

test('[BRK-8] nothing is proven absent in the nightly reset, unless the broker knows no nights', () => {
  const day = CAPABILITIES.day;
  const seen = (knowsNights: boolean) => {
    const link = { port: { capabilities: { day } }, lease: () => ({ epoch: 1n }) };
    const deps = { link, settings: { knowsNights, ackTimeoutMs: 1 }, nowMs: () => T0 };
    const { isInReset, isBlindTo } = viewpoint(deps as unknown as BrokerDeps);
    const beforeMidnight = Date.parse('2026-11-22T04:50:00Z');
    const afterMidnight = Date.parse('2026-11-22T05:10:00Z');
    return [
      isInReset(beforeMidnight),
      isBlindTo('2026-11-21', beforeMidnight),
      isBlindTo('2026-11-21', afterMidnight),
    ];
  };
  expect(seen(true)).toEqual([true, true, true]);
  expect(seen(false)).toEqual([false, false, true]);
});

const STORED = {
  installationMode: 'ACTIVE',
  accountMode: 'ACTIVE',
  strategyMode: 'ACTIVE',
  accountPaused: false,
  strategyPaused: false,
  dailyLossReached: false,
  quarantinedBy: null,
  limits: [],
} as const;
const LIMIT = { ...PLAN.entry, orderType: 'LMT', limitPrice: '100' } as const;
const BOOK = plannedBook({ entry: LIMIT });
const RESET = { reason: 'the nightly reset of the broker', untilMs: 0 };

test('[BRK-8] it waits, and the reason says for what', () => {
  const check = (parked: Parked | null, maySend = true) =>
    entryBlockedBy(linkThat({ parked, maySend }), BOOK, STORED);
  expect(check(null)).toBeNull();
  expect(check(RESET)).toBe('parked: the nightly reset of the broker');
  expect(check(RESET, false)).toContain('lease');
});
