/** Signals against a trade of their own strategy: what becomes of either, as a pure rule. */
import { describe, expect, test } from '@jest/globals';
import type { OpenReservation, OppositeTrade, PlanContext } from '../../../domain/risk/context.js';
import { decidePlan } from '../../../domain/risk/decide.js';
import { findingCodes } from '../../../domain/risk/finding.js';
import { isFollowing, oppositeStep } from '../../../domain/risk/opposite.js';
import { asIfOver } from '../../../domain/risk/opposing.js';
import type { OnOpposite } from '../../../domain/vocabulary.js';
import { hoursOf, NOON_MS, SOUND, withPart, withSignal } from './fixture.js';

const WAIT_MS = 30_000;
const LONG: OppositeTrade = {
  tradeId: 'trade-0',
  side: 'BUY',
  state: 'OPEN',
  isOver: false,
  wantedAtMs: null,
};

/** A sound short of a strategy that holds ten shares, with what else is to be so. */
function against(mode: OnOpposite | null, base: PlanContext = SOUND, other = LONG): PlanContext {
  const short = withPart('limits', { allowShort: true }, base);
  const signal = { side: 'SELL', stopLoss: '195', takeProfit: '180', onOpposite: mode } as const;
  const held = { strategyId: 'momentum', symbol: 'AAPL', quantity: '10' };
  const reserved: OpenReservation = {
    ...{ tradeId: other.tradeId, strategyId: 'momentum', symbol: 'AAPL', side: other.side },
    ...{ phase: 'EXPOSURE' as const, cash: '1900', exposure: '1900', openRisk: '50' },
  };
  const positions = other.isOver ? [] : [held];
  const books = { opposites: [other], positions, reservations: [reserved] };
  return withPart('book', books, withSignal(signal, short));
}

const codesOf = (context: PlanContext) => findingCodes(decidePlan(context).findings);
const stepOf = (context: PlanContext) =>
  oppositeStep(context, decidePlan(context).findings, WAIT_MS);
function closedWith(context: PlanContext): readonly string[] | null {
  const step = stepOf(context);
  return step?.kind === 'close' ? findingCodes(step.findings) : null;
}

describe('which trades are meant', () => {
  test('[TRD-7] the other direction has a code of its own, and is no duplicate', () => {
    expect(codesOf(against('deny'))).toEqual(['OPPOSITE_POSITION']);
  });

  test('[TRD-7] without one, everything is as ever', () => {
    expect(stepOf(SOUND)).toBeNull();
    expect(isFollowing(SOUND)).toBe(false);
    expect(codesOf(withPart('book', { opposites: [] }))).toEqual([]);
  });

  test('[TRD-7] one that is over counts for a reversal alone, until it is accounted', () => {
    const over = { ...LONG, isOver: true, state: 'CLOSED' };
    expect(codesOf(against('close', SOUND, over))).toEqual(['DUPLICATE_POSITION']);
    expect(stepOf(against('close', SOUND, over))).toBeNull();
    expect(stepOf(against('reverse', SOUND, over))).toMatchObject({ kind: 'reverse' });
  });

  test('[TRD-7] a trade of the same direction beside it is a duplicate still', () => {
    const context = against('deny');
    const [first] = context.book.reservations;
    const twice = [first!, { ...first!, tradeId: 'trade-9', side: 'SELL' as const }];
    const both = withPart('book', { reservations: twice }, context);
    expect(codesOf(both)).toEqual(['OPPOSITE_POSITION', 'DUPLICATE_POSITION']);
  });
});

describe('whose word it is', () => {
  test("[TRD-7] the signal's, else the setting's, which is close", () => {
    expect(closedWith(against(null))).toEqual(['CLOSED_OPPOSITE']);
    const deny = withPart('limits', { onOpposite: 'deny' });
    expect(stepOf(against(null, deny))).toBeNull();
    expect(closedWith(against('close', deny))).toEqual(['CLOSED_OPPOSITE']);
  });
});

describe('a close', () => {
  const evening = withPart('contract', {
    hours: hoursOf({ '06': ['09:30', '11:00'], '07': ['09:30', '16:00'] }),
  });

  test.each<[string, PlanContext]>([
    ['a halt', withPart('installation', { mode: 'HALTED' })],
    ['a pause of the account', withPart('account', { pausedBy: 'by hand' })],
    ['a pause of the strategy', withPart('strategy', { pausedBy: '3 losses' })],
    ['the daily loss', withPart('account', { day: { ...SOUND.account.day!, latched: true } })],
    ['the number of trades', withPart('book', { tradesToday: 50 })],
    ['a closed market', evening],
    ['no link', withPart('broker', { ready: false, reason: 'down' })],
    ['short selling that is off', withPart('limits', { allowShort: false })],
  ])('[TRD-7] is not kept back by %s', (_, base) => {
    const context = against('close', base);
    const books = { ...context.book, tradesToday: base.book.tradesToday };
    expect(closedWith({ ...context, book: books })).toEqual(['CLOSED_OPPOSITE']);
  });

  test('[TRD-7] needs no stop', () => {
    const bare = withSignal({ stopLoss: null, takeProfit: null }, against('close'));
    expect(codesOf(bare)).toContain('NO_STOP');
    expect(closedWith(bare)).toEqual(['CLOSED_OPPOSITE']);
  });

  test.each<[string, PlanContext]>([
    ['SIGNAL_EXPIRED', withSignal({ expiresAtMs: NOON_MS - 1 }, against('close'))],
    ['SIGNAL_STALE', withSignal({ generatedAtMs: NOON_MS - 90_000 }, against('close'))],
    ['STOP_WRONG_SIDE', withSignal({ stopLoss: '185' }, against('close'))],
    ['TARGET_WRONG_SIDE', withSignal({ takeProfit: '200' }, against('close'))],
    [
      'UNKNOWN_SYMBOL',
      { ...against('close'), contract: { kind: 'unknown_symbol', reason: '200' } },
    ],
  ])('[TRD-7] does not follow from a signal that is wrong itself: %s', (code, context) => {
    expect(codesOf(context)).toContain(code);
    for (const onOpposite of ['close', 'reverse'] as const) {
      expect(stepOf(withSignal({ onOpposite }, context))).toBeNull();
    }
  });

  test('[SIG-4] is not kept back by a later signal that came first; what would follow it is', () => {
    const overtakenBy = { tradeId: 'trade-5', side: 'BUY', generatedAtMs: NOON_MS } as const;
    const late = { ...against('close'), overtakenBy };
    expect(closedWith(late)).toEqual(['CLOSED_OPPOSITE']);
    expect(closedWith({ ...against('reverse'), overtakenBy })).toEqual([
      'SIGNAL_OVERTAKEN',
      'CLOSED_OPPOSITE',
    ]);
  });

  test('[TRD-7] says which trade it closes', () => {
    const step = stepOf(against('close'));
    expect(step).toMatchObject({ findings: [{ measured: 'trade trade-0 (BUY) is to end' }] });
  });
});

describe('a reversal', () => {
  test('[TRD-7] [SIG-4] waits as long as for an outage, and as its signal lives', () => {
    expect(stepOf(against('reverse'))).toMatchObject({ untilMs: NOON_MS + WAIT_MS });
    const old = withSignal({ generatedAtMs: NOON_MS - 50_000 }, against('reverse'));
    expect(stepOf(old)).toMatchObject({ untilMs: NOON_MS + 10_000 });
    const expiring = withSignal({ expiresAtMs: NOON_MS + 5_000 }, against('reverse'));
    expect(stepOf(expiring)).toMatchObject({ untilMs: NOON_MS + 5_000 });
  });

  test('[TRD-16] that is reckoned from when the end was first wanted, and told alike', () => {
    const first = stepOf(against('reverse'));
    const wanted = { ...LONG, state: 'CLOSING', wantedAtMs: NOON_MS };
    const later = (afterMs: number) => ({
      ...against('reverse', SOUND, wanted),
      nowMs: NOON_MS + afterMs,
    });
    expect(stepOf(later(4_000))).toEqual(first);
    expect(stepOf(later(WAIT_MS))).toBeNull();
    expect(isFollowing(later(4_000))).toBe(true);
    expect(isFollowing(against('reverse'))).toBe(false);
  });

  test.each<[string, Partial<PlanContext>]>([
    ['NO_POSITION', withPart('limits', { allowShort: false }, against('reverse'))],
    ['SHORT_NOT_ALLOWED', withPart('account', { kind: 'cash' }, against('reverse'))],
    ['NO_STOP', withSignal({ stopLoss: null }, against('reverse'))],
  ])('[TRD-7] that could never be entered is a close, and says so: %s', (code, context) => {
    const codes = closedWith(context as PlanContext);
    expect([...codes!].sort()).toEqual(['CLOSED_OPPOSITE', code].sort());
  });

  test('[TRD-7] that could never be entered, of a trade that is over, is no step: the denial says it', () => {
    const over = { ...LONG, isOver: true, state: 'CLOSED' };
    const context = withSignal({ stopLoss: null }, against('reverse', SOUND, over));
    expect(stepOf(context)).toBeNull();
    expect(codesOf(context)).toContain('NO_STOP');
  });

  test("[TRD-7] leaves shares of other strategies and symbols in the books: they aren't over", () => {
    const others = [
      { strategyId: 'value', symbol: 'AAPL', quantity: '10' },
      { strategyId: 'momentum', symbol: 'MSFT', quantity: '10' },
    ];
    const context = against('reverse');
    const positions = [...context.book.positions, ...others];
    expect(asIfOver(withPart('book', { positions }, context)).book.positions).toEqual(others);
  });

  test('[TRD-7] of a short needs no short selling', () => {
    const short = { ...LONG, side: 'SELL' as const };
    const buy = { side: 'BUY', stopLoss: '185', takeProfit: '200' } as const;
    const context = withSignal(buy, against('reverse', SOUND, short));
    const held = [{ strategyId: 'momentum', symbol: 'AAPL', quantity: '-10' }];
    const positions = withPart('book', { positions: held }, context);
    expect(stepOf(withPart('limits', { allowShort: false }, positions))).toMatchObject({
      kind: 'reverse',
    });
  });

  test('[TRD-7] that came too late to wait closes what it finds, once', () => {
    const late = { ...against('reverse'), receivedAtMs: NOON_MS - 120_000 };
    const context = withSignal({ generatedAtMs: null }, late);
    expect(closedWith(context)).toEqual(['CLOSED_OPPOSITE']);
    const wanted = withPart('book', { opposites: [{ ...LONG, wantedAtMs: NOON_MS - 1 }] }, context);
    expect(stepOf(wanted)).toBeNull();
  });

  test('[TRD-7] [SIG-5] of a closed market waits for its open, and then for the close', () => {
    const opensMs = NOON_MS + 3_600_000;
    const session = { openMs: opensMs, closeMs: opensMs + 3_600_000, liquid: true };
    const hours = { sessions: [session], fromMs: NOON_MS - 1, untilMs: opensMs + 86_400_000 };
    const closed = withPart('contract', { hours }, against('reverse'));
    const queued = withSignal({ whenClosed: 'queue' }, closed);
    expect(stepOf(queued)).toMatchObject({ kind: 'queue', opensMs });
    const wanted = { opposites: [{ ...LONG, wantedAtMs: NOON_MS }] };
    const opened = { ...withPart('book', wanted, queued), nowMs: opensMs + 1_000 };
    expect(stepOf(opened)).toMatchObject({ kind: 'reverse', untilMs: opensMs + WAIT_MS });
  });
});
