/** When a signal waits for a person, what a word lets pass, and for how long (SIG-3). Pure rules. */
import { describe, expect, test } from '@jest/globals';
import {
  approvalGate,
  approvedTerms,
  asksUntilMs,
  asOfApproval,
  decisionRefusal,
  shownOf,
  type ApprovalFacts,
  type ApprovalVerdict,
  type Decided,
} from '../../../domain/risk/approval.js';
import { queuedFor } from '../../../domain/risk/closed-market.js';
import type { PlanContext } from '../../../domain/risk/context.js';
import { decidePlan } from '../../../domain/risk/decide.js';
import { findingCodes } from '../../../domain/risk/finding.js';
import { DEFAULT_LIMITS } from '../../../domain/risk/limits.js';
import { outageOf } from '../../../domain/risk/outage.js';
import { NOON_MS, SOUND, withPart, withSignal } from './fixture.js';

const MINUTE_MS = 60_000;
const NEEDED = { ...DEFAULT_LIMITS, approval: 'required' as const };
const shown = shownOf(SOUND, decidePlan(SOUND), false)!;
const ASKED: ApprovalFacts = {
  ...{ shown, expiresAtMs: NOON_MS + 15 * MINUTE_MS },
  verdict: null,
};
const decided = (verdict: ApprovalVerdict): Decided => ({
  ...{ ...ASKED, verdict, actor: 'cli:anna', reason: null, decidedAtMs: NOON_MS + MINUTE_MS },
});

describe('the gate', () => {
  const UNREADABLE = ['settings of strategy momentum: approval is "Required"'];

  test.each([
    ['nobody need be asked', DEFAULT_LIMITS, null, 0, 'open'],
    ['a person is to be asked', NEEDED, null, 0, 'ask'],
    ['a setting that is not known asks', { ...NEEDED, approval: 'yes' as never }, null, 0, 'ask'],
    ['asked', NEEDED, ASKED, 0, 'wait'],
    ['asked, with one millisecond left', NEEDED, ASKED, 15 * MINUTE_MS - 1, 'wait'],
    ['its time is over', NEEDED, ASKED, 15 * MINUTE_MS, 'closed'],
    ['asked, and waived since', DEFAULT_LIMITS, ASKED, 0, 'wait'],
    ['asked and waived, its time is over', DEFAULT_LIMITS, ASKED, 15 * MINUTE_MS, 'closed'],
    ['approved', NEEDED, decided('approved'), 2 * MINUTE_MS, 'open'],
    [
      'approved in time, past the end of asking',
      NEEDED,
      decided('approved'),
      15.5 * MINUTE_MS,
      'open',
    ],
    ['approved too long ago', NEEDED, decided('approved'), 16 * MINUTE_MS, 'closed'],
    ['rejected', NEEDED, decided('rejected'), 2 * MINUTE_MS, 'closed'],
    ['rejected, and waived since', DEFAULT_LIMITS, decided('rejected'), 2 * MINUTE_MS, 'closed'],
    ['expired', NEEDED, decided('expired'), 2 * MINUTE_MS, 'closed'],
  ] as const)('[SIG-3] %s', (_, limits, facts, afterMs, kind) => {
    expect(approvalGate({ limits }, facts, NOON_MS + afterMs)).toMatchObject({ kind });
  });

  test('[SIG-3] a setting that can not be read asks: it may be the one that does', () => {
    const context = { limits: DEFAULT_LIMITS, settingsProblems: UNREADABLE };
    expect(approvalGate(context, null, NOON_MS)).toEqual({ kind: 'ask' });
  });

  test('[SIG-3] only an expiry that the row does not have yet is due', () => {
    const late = approvalGate({ limits: NEEDED }, ASKED, NOON_MS + 15 * MINUTE_MS);
    expect(late).toMatchObject({ isDue: true, finding: { code: 'NOT_APPROVED' } });
    const told = approvalGate({ limits: NEEDED }, decided('expired'), NOON_MS + 15 * MINUTE_MS);
    expect(told).toMatchObject({ isDue: false });
  });

  test('[SIG-3] a denial says who and when', () => {
    const facts = { ...decided('rejected'), reason: 'too late in the day' };
    expect(approvalGate({ limits: NEEDED }, facts, NOON_MS)).toMatchObject({
      finding: {
        measured: 'rejected by cli:anna at 2026-04-06T16:01:00.000Z: too late in the day',
      },
    });
  });

  test("[SIG-3] nobody is asked past the signal's own end", () => {
    expect(asksUntilMs(SOUND, NOON_MS)).toBe(NOON_MS + 15 * MINUTE_MS);
    const short = withSignal({ expiresAtMs: NOON_MS + MINUTE_MS });
    expect(asksUntilMs(short, NOON_MS)).toBe(NOON_MS + MINUTE_MS);
  });
});

describe('a decision', () => {
  const now = { state: 'AWAITING_APPROVAL', isOver: false, cancelRequested: false };
  test.each([
    ['is taken', ASKED, now, 0, null],
    ['is too late', ASKED, now, 15 * MINUTE_MS, 'its time was over at 2026-04-06T16:15:00.000Z'],
    [
      'was made',
      decided('approved'),
      now,
      0,
      'it was approved by cli:anna at 2026-04-06T16:01:00.000Z',
    ],
    ['ran out', decided('expired'), now, 0, 'its time was over at 2026-04-06T16:15:00.000Z'],
    ['is not wanted', null, { ...now, state: 'OPEN' }, 0, 'the trade waits for no approval (OPEN)'],
    [
      'follows a cancel',
      ASKED,
      { ...now, cancelRequested: true },
      0,
      'the trade is to be cancelled',
    ],
    [
      'follows the end',
      ASKED,
      { ...now, state: 'CANCELLED', isOver: true },
      0,
      'the trade is over (CANCELLED)',
    ],
  ] as const)('[SIG-3] %s', (_, facts, trade, afterMs, refusal) => {
    expect(decisionRefusal(facts, trade, NOON_MS + afterMs)).toBe(refusal);
  });
});

describe('what a person is shown', () => {
  test('[SIG-3] is what the plan would be now', () => {
    expect(shown).toEqual({
      ...{ side: 'BUY', quantity: '104', price: '190', stopPrice: '185', targetPrice: '200' },
      ...{ risk: '520.00', summary: 'BUY 104 AAPL @ 190 stop 185 target 200, risks 520.00 USD' },
    });
  });

  test('[SIG-3] nobody is asked for what is denied anyway', () => {
    const halted = withPart('installation', { haltFile: true });
    expect(shownOf(halted, decidePlan(halted), false)).toBeNull();
  });

  test('[SIG-3] without a target, or as a reversal, it says so', () => {
    const plain = withSignal({ takeProfit: null });
    expect(shownOf(plain, decidePlan(plain), false)).toMatchObject({
      ...{ targetPrice: null, summary: 'BUY 104 AAPL @ 190 stop 185, risks 520.00 USD' },
    });
    const other = { tradeId: 'trade-0', side: 'SELL', state: 'OPEN' } as const;
    const opposites = [{ ...other, isOver: false, wantedAtMs: null }];
    const turning = withPart('book', { opposites }, withSignal({ onOpposite: 'reverse' }));
    const ends = 'ends the trades of the other direction, then BUY 104 AAPL @ 190';
    expect(shownOf(turning, decidePlan(turning), true)).toMatchObject({
      ...{ quantity: '104', summary: expect.stringContaining(ends) },
    });
  });

  test('[SIG-3] nothing of what was shown binds before it is approved', () => {
    for (const facts of [null, ASKED, decided('rejected')]) {
      expect(approvedTerms(facts)).toBeNull();
      expect(asOfApproval(SOUND, facts)).toBe(SOUND);
    }
    const short = withSignal({ expiresAtMs: NOON_MS + 2 * MINUTE_MS });
    const { signal } = asOfApproval(short, decided('approved'));
    expect(signal.expiresAtMs).toBe(NOON_MS + 2 * MINUTE_MS);
  });

  test('[SIG-3] a signal that only ends another trade is shown with no shares, and opens none', () => {
    const closing = withSignal({ stopLoss: null, onOpposite: 'close' });
    const ends = shownOf(closing, decidePlan(closing), true)!;
    expect(ends).toMatchObject({ quantity: '0', price: null });
    const approved = approvedTerms({ ...decided('approved'), shown: ends })!;
    expect(findingCodes(decidePlan({ ...SOUND, approved }).findings)).toEqual([
      'BELOW_MINIMUM_SIZE',
    ]);
  });
});

describe('after the word', () => {
  const since = NOON_MS + MINUTE_MS;
  const approved = approvedTerms(decided('approved'))!;
  const later = (change: Partial<PlanContext>): PlanContext => ({ ...SOUND, approved, ...change });
  const quoted = (ask: string, nowMs = NOON_MS) =>
    later({ nowMs, quote: { ...SOUND.quote!, ask, bid: ask, atMs: nowMs } });

  test('[SIG-3] no more shares are bought than were shown, though the risk would allow them', () => {
    const near = quoted('189');
    expect(decidePlan(near)).toMatchObject({ verdict: 'approved', plan: { quantity: '104' } });
    const { approved: _, ...unasked } = near;
    const more = decidePlan(unasked);
    expect(more.verdict === 'approved' && Number(more.plan.quantity)).toBeGreaterThan(104);
  });

  test('[SIG-3] no more is risked than was shown, though the price came nearer to its bound', () => {
    const plan = { quantity: '75', approvedRisk: '517.5' };
    expect(decidePlan(quoted('191.9'))).toMatchObject({ verdict: 'approved', plan });
    expect(decidePlan(quoted('190'))).toMatchObject({ plan: { quantity: '104' } });
  });

  test('[SIG-3] the price may not be far from the one that was shown', () => {
    const findings = decidePlan(quoted('192')).findings;
    expect(findings).toMatchObject([
      { code: 'PRICE_DEVIATION', measured: '0.010526 (quote 192 against 190)' },
    ]);
    expect(decidePlan(quoted('191.9')).verdict).toBe('approved');
    // The price of a limit is its own: no other was shown.
    const limit = withSignal({ orderType: 'LMT', entryPrice: '190' }, quoted('192'));
    expect(decidePlan(limit).findings).toEqual([]);
  });

  test('[SIG-3] a link is waited for as long as from a receipt, and not past the word', () => {
    const away = later({
      nowMs: since,
      broker: { ...SOUND.broker, ready: false },
      signal: { ...SOUND.signal, generatedAtMs: null },
      receivedAtMs: NOON_MS - 14 * MINUTE_MS,
    });
    const terms = { waitMs: 30_000, parkedUntilMs: null, isOfParking: false };
    const { findings } = decidePlan(away);
    expect(outageOf(away, findings, terms)).toBeNull();
    const outage = outageOf(asOfApproval(away, decided('approved')), findings, terms);
    expect(outage).toMatchObject({ untilMs: since + 30_000 });
    const endless = { waitMs: 24 * 60 * MINUTE_MS, parkedUntilMs: null, isOfParking: false };
    const limit = withSignal({ orderType: 'LMT', entryPrice: '190' }, away);
    const longest = outageOf(asOfApproval(limit, decided('approved')), findings, endless);
    expect(longest).toMatchObject({ untilMs: since + 15 * MINUTE_MS });
  });

  test("[SIG-3] the next day's open is another price: a word of today is not queued for it", () => {
    const closedMs = Date.UTC(2026, 3, 6, 20, 1);
    const facts = { ...decided('approved'), decidedAtMs: closedMs - 2 * MINUTE_MS };
    const shut = withSignal({ whenClosed: 'queue' }, later({ nowMs: closedMs }));
    expect(queuedFor(shut)).not.toBeNull();
    expect(queuedFor(asOfApproval(shut, facts))).toBeNull();
  });
});
