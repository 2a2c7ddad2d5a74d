/** No sequence of signals, fills and ends breaches a limit, however prices move within the allowance. */
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { decimal, sum, type Decimal } from '../../../domain/money.js';
import type {
  HeldPosition,
  OpenReservation,
  PlanContext,
  SignalTerms,
} from '../../../domain/risk/context.js';
import { decidePlan } from '../../../domain/risk/decide.js';
import type { BracketPlan } from '../../../domain/risk/plan.js';
import type { Side } from '../../../domain/vocabulary.js';
import { NOON_MS, SOUND, withPart } from './fixture.js';

const SYMBOLS = ['AAPL', 'MSFT', 'IBM', 'SPY', 'BAC'] as const;
const STRATEGIES = ['momentum', 'reversal', 'news'] as const;
/** Some of one sector, one of none, one that is of several by what it holds. */
const SECTORS: Readonly<Record<string, string>> = {
  ...{ AAPL: 'Technology', MSFT: 'Technology', IBM: 'Technology' },
  ...{ SPY: '', BAC: 'Financial' },
};
/** Of MSFT and BAC, which move as one. Others go their own ways. */
function rhoOf(one: string, other: string): string {
  return [one, other].sort().join(' ') === 'BAC MSFT' ? '0.95' : '0.1';
}
const EQUITY = decimal('50000');
/** Less than the equity, so that cash binds as well. */
const START_CASH = decimal('18000');
const OPEN_MAX = 4;
const TRADES_MAX = 12;

interface Trade {
  readonly id: string;
  readonly strategyId: string;
  readonly symbol: string;
  readonly plan: BracketPlan;
  filled: Decimal;
  price: Decimal;
  valuesSeen: boolean;
}

/** The book of one account as the store keeps it: reservations in two phases, cash that lags. */
class Book {
  readonly open = new Map<string, Trade>();
  cash = START_CASH;
  /** What the broker's account values say, which lag behind. */
  reportedCash = START_CASH;
  tradesToday = 0;
  count = 0;
  /** Both sides of what moves as one were held at once: when one of them ends, more of the other is left. */
  wasHedged = false;

  reservations(): OpenReservation[] {
    return [...this.open.values()].map((trade) => ({
      tradeId: trade.id,
      strategyId: trade.strategyId,
      symbol: trade.symbol,
      side: trade.plan.side,
      sector: SECTORS[trade.symbol]!,
      phase: trade.valuesSeen ? 'EXPOSURE' : 'CASH',
      ...trade.plan.reservation,
    }));
  }

  positions(): HeldPosition[] {
    return [...this.open.values()]
      .filter(({ filled }) => filled.gt(0))
      .map(({ strategyId, symbol, plan, filled }) => ({
        strategyId,
        symbol,
        quantity: (plan.side === 'BUY' ? filled : filled.neg()).toFixed(),
      }));
  }

  decide(
    strategyId: string,
    signal: SignalTerms,
    onCap: 'reduce' | 'deny',
    bidCents: number,
  ): void {
    this.count += 1;
    const id = `trade-${this.count}`;
    const bid = decimal(String(bidCents)).div(100);
    const quote = { ...SOUND.quote!, bid: bid.toFixed(), ask: bid.add('0.01').toFixed() };
    const values = { ...SOUND.account.values!, ...this.valuesNow() };
    const base: PlanContext = {
      ...SOUND,
      tradeId: id,
      signal,
      quote,
      limits: {
        ...SOUND.limits,
        onCap,
        allowShort: true,
        maxOpenPositions: OPEN_MAX,
        maxTradesPerDay: TRADES_MAX,
        minRewardRisk: '0',
      },
      book: {
        ...SOUND.book,
        reservations: this.reservations(),
        positions: this.positions(),
        correlations: [...this.open.values()].map(({ id: tradeId, symbol }) => ({
          tradeId,
          ...{ rho: rhoOf(symbol, signal.instrument.symbol), returns: 60 },
        })),
        tradesToday: this.tradesToday,
      },
    };
    const sector = { name: SECTORS[signal.instrument.symbol]!, atMs: NOON_MS };
    const listed = withPart('contract', { sector }, base);
    const context = withPart(
      'account',
      { values, day: null },
      withPart('strategy', { strategyId }, listed),
    );
    const decision = decidePlan(context);
    if (decision.verdict === 'denied') return;
    this.tradesToday += 1;
    const zero = decimal('0');
    const twins = [...this.open.values()].filter(({ symbol }) => ['MSFT', 'BAC'].includes(symbol));
    this.wasHedged ||= twins.some(({ plan }) => plan.side !== decision.plan.side);
    this.open.set(id, {
      id,
      strategyId,
      symbol: signal.instrument.symbol,
      plan: decision.plan,
      filled: zero,
      price: zero,
      valuesSeen: false,
    });
  }

  private valuesNow() {
    const cash = this.reportedCash.toFixed();
    return {
      netLiquidation: EQUITY.toFixed(),
      settledCash: cash,
      availableFunds: cash,
      buyingPower: cash,
      excessLiquidity: EQUITY.toFixed(),
    };
  }

  /** Fills a share of the trade, slipped by up to the allowance against it. */
  fill(index: number, percent: number, slipPermille: number): void {
    const trade = [...this.open.values()][index % Math.max(1, this.open.size)];
    if (!trade || trade.filled.gt(0)) return;
    const { plan } = trade;
    const slip = decimal(String(plan.entry.orderType === 'MKT' ? slipPermille : 0)).div(1000);
    const against = plan.side === 'BUY' ? slip : slip.neg();
    trade.filled = decimal(plan.quantity).mul(percent).div(100).floor();
    trade.price = decimal(plan.referencePrice).mul(against.add(1));
    this.cash = this.cash.sub(trade.filled.mul(trade.price));
  }

  /** New account values: they include every fill up to now, so that its reserved cash is let go. */
  report(): void {
    this.reportedCash = this.cash;
    for (const trade of this.open.values()) if (trade.filled.gt(0)) trade.valuesSeen = true;
  }

  end(index: number): void {
    const trade = [...this.open.values()][index % Math.max(1, this.open.size)];
    if (!trade) return;
    this.open.delete(trade.id);
    this.cash = this.cash.add(trade.filled.mul(trade.price));
    this.report();
  }

  /** The limits, reckoned from what is filled and what could still be. */
  check(): void {
    const trades = [...this.open.values()];
    const most = (trade: Trade) =>
      trade.filled.gt(0) ? trade.filled : decimal(trade.plan.quantity);
    const price = (trade: Trade) =>
      trade.filled.gt(0) ? trade.price : decimal(trade.plan.referencePrice);
    const value = (trade: Trade) => most(trade).mul(price(trade));
    const risk = (trade: Trade) => most(trade).mul(price(trade).sub(trade.plan.stopPrice).abs());
    for (const trade of trades) expect(value(trade).lte(EQUITY.mul('0.20'))).toBe(true);
    for (const strategyId of STRATEGIES) {
      const own = trades.filter((trade) => trade.strategyId === strategyId);
      expect(sum(own.map(value)).lte(EQUITY.mul('0.50'))).toBe(true);
    }
    for (const sector of new Set(Object.values(SECTORS))) {
      const own = trades.filter(({ symbol }) => SECTORS[symbol] === sector);
      expect(sum(own.map(value)).lte(EQUITY.mul('0.40'))).toBe(true);
    }
    for (const side of ['BUY', 'SELL'] as const) {
      const twins = trades.filter(({ symbol }) => ['MSFT', 'BAC'].includes(symbol));
      const one = twins.filter(({ plan }) => plan.side === side);
      // Of one side alone nothing is taken off, whoever came first.
      if (one.length !== twins.length) continue;
      expect(sum(one.map(value)).lte(EQUITY.mul('0.40')) || this.wasHedged).toBe(true);
    }
    expect(sum(trades.map(risk)).lte(EQUITY.mul('0.10'))).toBe(true);
    const unpaid = trades.filter((trade) => trade.filled.eq(0)).map(value);
    expect(this.cash.sub(sum(unpaid)).gte(0)).toBe(true);
    expect(trades.length).toBeLessThanOrEqual(OPEN_MAX);
    expect(this.tradesToday).toBeLessThanOrEqual(TRADES_MAX);
    const keys = trades.map(({ strategyId, symbol }) => `${strategyId} ${symbol}`);
    expect(new Set(keys).size).toBe(keys.length);
    for (const symbol of SYMBOLS) {
      const sides = new Set(
        trades.filter((trade) => trade.symbol === symbol).map(({ plan }) => plan.side),
      );
      expect(sides.size).toBeLessThanOrEqual(1);
    }
  }
}

const signal = fc
  .record({
    symbol: fc.constantFrom(...SYMBOLS),
    side: fc.constantFrom<Side>('BUY', 'SELL'),
    orderType: fc.constantFrom<'MKT' | 'LMT'>('MKT', 'LMT'),
    bidCents: fc.integer({ min: 500, max: 50_000 }),
    stopPercent: fc.integer({ min: 1, max: 40 }),
    quantity: fc.option(fc.integer({ min: 1, max: 400 }), { nil: null }),
    riskPct: fc.constantFrom('0.005', '0.01', '0.03', '0.10'),
    trailing: fc.boolean(),
  })
  .map(({ symbol, bidCents, stopPercent, quantity, trailing, ...rest }) => {
    const fraction = (stopPercent / 100).toFixed(2);
    const terms: SignalTerms = {
      ...SOUND.signal,
      ...rest,
      instrument: { ...SOUND.signal.instrument, symbol },
      entryPrice: rest.orderType === 'LMT' ? (bidCents / 100).toFixed(2) : null,
      stopLoss: null,
      takeProfit: null,
      stopLossPct: trailing ? null : fraction,
      trailingStop: trailing ? { fraction } : null,
      quantity: quantity === null ? null : String(quantity),
      generatedAtMs: NOON_MS,
    };
    return { terms, bidCents };
  });

const step = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant('signal' as const),
      signal,
      strategy: fc.constantFrom(...STRATEGIES),
      onCap: fc.constantFrom<'reduce' | 'deny'>('reduce', 'deny'),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('fill' as const),
      index: fc.nat(5),
      percent: fc.constantFrom(100, 100, 100, 40),
      slip: fc.constantFrom(5, 5, 2, 0),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('report' as const) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('end' as const), index: fc.nat(5) }) },
);

test('[RSK-7] [RSK-2] [PRF-4] no sequence of signals and fills breaches a limit', () => {
  let approved = 0;
  fc.assert(
    fc.property(fc.array(step, { minLength: 5, maxLength: 40 }), (steps) => {
      const book = new Book();
      for (const s of steps) {
        if (s.kind === 'signal')
          book.decide(s.strategy, s.signal.terms, s.onCap, s.signal.bidCents);
        else if (s.kind === 'fill') book.fill(s.index, s.percent, s.slip);
        else if (s.kind === 'report') book.report();
        else book.end(s.index);
        book.check();
      }
      approved += book.tradesToday;
    }),
    { numRuns: 400 },
  );
  // The property must not hold for want of trades.
  expect(approved).toBeGreaterThan(400);
});
