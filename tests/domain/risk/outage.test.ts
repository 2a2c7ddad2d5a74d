/** Short outages: what is not told as a reason, who waits for the link, and for how long (BRK-11, T14). */
import { describe, expect, test } from '@jest/globals';
import type { PlanContext } from '../../../domain/risk/context.js';
import { decidePlan } from '../../../domain/risk/decide.js';
import { findingCodes } from '../../../domain/risk/finding.js';
import { outageOf, type OutageTerms } from '../../../domain/risk/outage.js';
import { NOON_MS, SOUND, withPart, withSignal } from './fixture.js';

const DOWN = withPart('broker', {
  ready: false,
  reason: 'socket down',
  upSinceMs: null,
  reportedAccounts: [],
});
/** Nothing of the market was ever known. */
const BLIND: PlanContext = {
  ...DOWN,
  quote: null,
  contract: { kind: 'unavailable', reason: 'the broker was not asked yet' },
  account: { ...DOWN.account, values: null },
};
const justBack = (change: Partial<PlanContext>): PlanContext => ({
  ...withPart('broker', { upSinceMs: NOON_MS - 1_000 }),
  ...change,
});

const TERMS: OutageTerms = { waitMs: 30_000, parkedUntilMs: null, isOfParking: false };
const codesOf = (context: PlanContext) => findingCodes(decidePlan(context).findings);
const outage = (context: PlanContext, change: Partial<OutageTerms> = {}) => {
  const terms = { ...TERMS, ...change };
  return outageOf(context, decidePlan(context).findings, terms);
};

describe('a missing link', () => {
  test('[BRK-11] is the only reason of what it makes unknown', () => {
    expect(codesOf(BLIND)).toEqual(['BROKER_UNAVAILABLE']);
    const listed = { ...BLIND, contract: { kind: 'unknown_symbol' as const, reason: 'no such' } };
    expect(codesOf(listed)).toEqual(['BROKER_UNAVAILABLE']);
  });

  test('[BRK-11] hides no reason that stands without it', () => {
    const halted = { ...BLIND, installation: { ...BLIND.installation, haltFile: true } };
    expect(codesOf(halted)).toEqual(['TRADING_HALTED', 'BROKER_UNAVAILABLE']);
    const live = withPart('account', { brokerAccountId: 'U7654321' }, BLIND);
    expect(codesOf(live)).toContain('LIVE_NOT_ALLOWED');
    expect(codesOf(live)).toContain('ACCOUNT_NOT_AUTHORIZED');
  });

  test('[BRK-11] is waited for, 30 s at the most', () => {
    const found = outage(BLIND);
    expect(found?.untilMs).toBe(NOON_MS + 30_000);
    expect(found?.cause).toContain('socket down');
  });

  test('[BRK-11] is waited for no longer than the signal lives', () => {
    const old = { ...BLIND, signal: { ...BLIND.signal, generatedAtMs: NOON_MS - 55_000 } };
    expect(outage(old)?.untilMs).toBe(NOON_MS + 5_000);
    const expiring = { ...BLIND, signal: { ...BLIND.signal, expiresAtMs: NOON_MS + 2_000 } };
    expect(outage(expiring)?.untilMs).toBe(NOON_MS + 2_000);
    const ahead = { ...BLIND, signal: { ...BLIND.signal, generatedAtMs: NOON_MS + 2_000 } };
    const waitMs = 2 * ahead.limits.signalMaxAgeMs;
    expect(outage(ahead, { waitMs })?.untilMs).toBe(ahead.receivedAtMs + waitMs / 2);
    // A resting limit has no age of its own.
    const limit = withSignal({ orderType: 'LMT', entryPrice: '190', generatedAtMs: 0 }, BLIND);
    expect(outage(limit)?.untilMs).toBe(NOON_MS + 30_000);
  });

  test('[BRK-11] is not waited for anew by each plan, nor beyond the end', () => {
    expect(outage(BLIND, { parkedUntilMs: NOON_MS + 7 })?.untilMs).toBe(NOON_MS + 7);
    expect(outage(BLIND, { parkedUntilMs: NOON_MS })).toBeNull();
    expect(outage(BLIND, { waitMs: 0 })).toBeNull();
  });

  test('[BRK-11] [TRD-11] leaves orders unknown: who comes after one of them waits for the link, too', () => {
    const unknown = withPart('book', { hasUnknownOrder: true }, BLIND);
    expect(codesOf(unknown)).toEqual(['SYMBOL_QUARANTINED', 'BROKER_UNAVAILABLE']);
    expect(outage(unknown)?.untilMs).toBe(NOON_MS + 30_000);
    // It is looked up once the link is back, and denies from then on.
    const back = withPart('book', { hasUnknownOrder: true }, justBack({}));
    expect(outage(back)?.untilMs).toBe(NOON_MS + 30_000);
    expect(outage(withPart('book', { hasUnknownOrder: true }))).toBeNull();
    expect(codesOf(withPart('book', { hasUnknownOrder: true }))).toEqual(['SYMBOL_QUARANTINED']);
  });

  test('[BRK-11] [TRD-13] is not waited for in a symbol that is quarantined', () => {
    const quarantined = { quarantinedBy: 'unexplained 5 shares', hasUnknownOrder: true };
    expect(outage(withPart('book', quarantined, BLIND))).toBeNull();
  });

  test('[BRK-11] is not waited for when the trade would be denied anyway', () => {
    const halted = { ...BLIND, installation: { ...BLIND.installation, haltFile: true } };
    expect(outage(halted)).toBeNull();
  });
});

describe('a link that parks entries', () => {
  const parkedUntil = (untilMs: number | null) =>
    withPart('broker', { parked: { reason: 'the nightly reset', untilMs } });

  test('[BRK-8] is waited for until that is over, and as long as for any link after it', () => {
    const found = outage(parkedUntil(NOON_MS + 1_800_000));
    expect(found?.cause).toContain('the nightly reset');
    expect(found?.untilMs).toBe(NOON_MS + 1_830_000);
    expect(codesOf(parkedUntil(NOON_MS + 1_800_000))).toEqual(['BROKER_UNAVAILABLE']);
  });

  test('[BRK-8] a wait for the link that began before it does not end it', () => {
    const terms = { parkedUntilMs: NOON_MS + 3_000 };
    expect(outage(parkedUntil(NOON_MS + 1_800_000), terms)?.untilMs).toBe(NOON_MS + 1_830_000);
  });

  test('[BRK-8] without an end it is waited for a day, counted from the receipt', () => {
    const { receivedAtMs } = SOUND;
    expect(outage(parkedUntil(null))?.untilMs).toBe(receivedAtMs + 86_400_000);
    const later = { ...parkedUntil(null), nowMs: receivedAtMs + 86_400_000 };
    expect(outageOf(later, decidePlan(parkedUntil(null)).findings, TERMS)).toBeNull();
  });

  test('[BRK-8] [BRK-11] a link that is lost after it is waited for as long as any, and not as long as that', () => {
    const resting = withSignal({ orderType: 'LMT', entryPrice: '190' }, BLIND);
    const afterParking = { parkedUntilMs: NOON_MS + 80_000_000, isOfParking: true };
    const lost = outage(resting, afterParking);
    expect(lost).toMatchObject({ untilMs: NOON_MS + 30_000, isOfParking: false });
    // From then on it is the link's wait, which no later plan begins anew.
    const later = { ...resting, nowMs: NOON_MS + 20_000 };
    expect(outage(later, { parkedUntilMs: lost!.untilMs })?.untilMs).toBe(NOON_MS + 30_000);
    // The quotes after it come within that time too, or not at all.
    const without = { ...SOUND, quote: null };
    expect(outage(without, afterParking)?.untilMs).toBe(NOON_MS + 30_000);
    expect(outage(parkedUntil(null))?.isOfParking).toBe(true);
  });

  test('[BRK-8] no signal is kept beyond its own end', () => {
    const expiring = withSignal({ expiresAtMs: NOON_MS + 60_000 }, parkedUntil(null));
    expect(outage(expiring)?.untilMs).toBe(NOON_MS + 60_000);
  });
});

describe('a link that is just back', () => {
  test('[BRK-11] is given time for its quotes and values', () => {
    expect(outage(justBack({ quote: null }))?.untilMs).toBe(NOON_MS + 30_000);
    const stale = { ...SOUND.quote!, atMs: NOON_MS - 60_000 };
    expect(outage(justBack({ quote: stale }))).not.toBeNull();
    expect(outage(justBack({ account: { ...SOUND.account, values: null } }))).not.toBeNull();
  });

  test('[RSK-1] whoever has no quote long after it is denied', () => {
    const without = { ...SOUND, quote: null };
    expect(codesOf(without)).toEqual(['NO_QUOTE']);
    expect(outage(without)).toBeNull();
    // One that waited for the link waits on for its quotes, until its own end.
    expect(outage(without, { parkedUntilMs: NOON_MS + 9_000 })?.untilMs).toBe(NOON_MS + 9_000);
  });

  test('[RSK-1] a contract that the broker does not know is no matter of time', () => {
    const unknown = { kind: 'unknown_symbol' as const, reason: 'no such contract' };
    expect(outage(justBack({ contract: unknown }))).toBeNull();
  });
});
