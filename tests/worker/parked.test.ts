/** A parked entry is not claimed, whatever else would let it go (BRK-8). */
import { expect, test } from '@jest/globals';
import { entryBlockedBy } from '../../activities/entry-guard.js';
import type { BrokerDeps } from '../../activities/deps.js';
import type { Book } from '../../domain/trade/book.js';
import type { Parked } from '../../domain/broker/parking.js';

/** Of a link, only what the check reads. */
function linkThat(facts: { parked: Parked | null; maySend: boolean }): BrokerDeps {
  const switches = { tradingEnabled: true, haltFile: false, readOnly: false };
  return {
    link: { maySend: () => facts.maySend, parked: () => facts.parked },
    settings: { switches: () => switches, limits: {} },
    market: { latest: () => null },
  } as unknown as BrokerDeps;
}

const STORED = {
  installationMode: 'ACTIVE',
  accountMode: 'ACTIVE',
  strategyMode: 'ACTIVE',
  accountPaused: false,
  strategyPaused: false,
} as const;
const BOOK = { plan: null, symbol: 'AAA' } as unknown as Book;
const RESET = { reason: 'the nightly reset of the broker', untilMs: 0 };

test('[BRK-8] it waits, and the reason says for what', () => {
  const check = (parked: Parked | null, maySend = true) =>
    entryBlockedBy(linkThat({ parked, maySend }), BOOK, STORED);
  expect(check(null)).toBeNull();
  expect(check(RESET)).toBe('parked: the nightly reset of the broker');
  expect(check(RESET, false)).toContain('lease');
});
