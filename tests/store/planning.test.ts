/** Check and reservation are one serialized step, from however many processes. Real PostgreSQL. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { parseSignal } from '../../contract/signal.js';
import { decimal, sum, type Decimal } from '../../domain/money.js';
import type { PlanContext } from '../../domain/risk/context.js';
import { decidePlan } from '../../domain/risk/decide.js';
import type { RiskLimits } from '../../domain/risk/limits.js';
import { openDatabase, type Database } from '../../store/database.js';
import type { PlanSettings } from '../../store/planning/context.js';
import { planTrade } from '../../store/planning/plan.js';
import { withdrawEntry } from '../../store/settlement.js';
import { acceptSignal } from '../../store/signals.js';
import { freshDatabase, type TestDatabase } from '../support/postgres.js';
import { PLAN_SETTINGS } from './support/planned-trade.js';
import { ACCOUNT, readyAccount, type ReadyAccount } from './support/ready-account.js';

const EQUITY = '100000';
const SIGNALS = 120;
/** Pools of their own, as processes have. */
const PROCESSES = 4;
const SYMBOLS = ['AAA', 'BBB', 'CCC', 'DDD'];

let database: TestDatabase;
let pools: Database[];
let ready: ReadyAccount;

beforeAll(async () => {
  database = await freshDatabase();
  pools = Array.from({ length: PROCESSES }, () => openDatabase({ url: database.url }));
  ready = await readyAccount(pools[0]!, SYMBOLS, EQUITY);
}, 60_000);
afterAll(async () => {
  for (const pool of pools ?? []) await pool.$disconnect();
  await database?.drop();
});

const settings: PlanSettings = {
  ...PLAN_SETTINGS,
  // Other limits out of the way: money and risk are to be met first.
  limits: { ...PLAN_SETTINGS.limits, maxTradesPerDay: 1_000 },
};

async function acceptAndPlan(index: number) {
  const db = pools[index % PROCESSES]!;
  const signal = parseSignal({
    id: `burst-${index}`,
    strategy_id: `strategy-${index % 10}`,
    symbol: SYMBOLS[index % SYMBOLS.length],
    account_id: ACCOUNT,
    side: 'BUY',
    stop_loss_pct: index % 3 === 0 ? '0.02' : '0.05',
  });
  return asCaller(async () => {
    const { tradeId } = await acceptSignal(db, ready.ownerId, signal);
    return plan(db, tradeId);
  });
}

/** A caller whose pool has no connection in time tries again, as activities do; so often at most. */
const TRIES_MAX = 10;

async function asCaller<T>(ask: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await ask();
    } catch (error) {
      if (tries === TRIES_MAX || !String(error).includes('timeout exceeded when trying to connect'))
        throw error;
    }
  }
}

function plan(db: Database, tradeId: string) {
  const { installationId } = ready;
  return planTrade(db, settings, { tradeId, final: true, nowMs: Date.now(), installationId });
}

const total = (values: readonly { toFixed(): string }[]): Decimal =>
  sum(values.map((value) => decimal(value.toFixed())));

describe('many plans at once', () => {
  beforeAll(async () => {
    await Promise.all(Array.from({ length: SIGNALS }, (_, index) => acceptAndPlan(index)));
  }, 120_000);

  test('[RSK-2] breach no limit together', async () => {
    const kept = await pools[0]!.reservation.findMany({ where: { phase: 'CASH' } });
    expect(kept.length).toBeGreaterThan(2);
    expect(total(kept.map((row) => row.cash)).lte(decimal(EQUITY))).toBe(true);
    expect(total(kept.map((row) => row.openRisk)).lte(decimal(EQUITY).mul('0.1'))).toBe(true);
    const strategies = new Set(kept.map((row) => row.strategyId));
    for (const strategyId of strategies) {
      const own = kept.filter((row) => row.strategyId === strategyId);
      expect(total(own.map((row) => row.exposure)).lte(decimal(EQUITY).mul('0.5'))).toBe(true);
    }
  });

  test('[RSK-2] deny the rest, each on record with its codes', async () => {
    const denied = await pools[0]!.decision.findMany({ where: { verdict: 'denied' } });
    const approved = await pools[0]!.decision.count({ where: { verdict: 'approved' } });
    expect(denied.length + approved).toBe(SIGNALS);
    for (const { codes } of denied) expect(codes.length).toBeGreaterThan(0);
  });

  test('[RSK-2] each saw every reservation that was committed before it', async () => {
    const decisions = await pools[0]!.decision.findMany({ orderBy: { serial: 'asc' } });
    const committed: string[] = [];
    for (const { inputs, verdict, tradeId } of decisions) {
      const context = inputs as unknown as PlanContext;
      const seen = context.book.reservations.map((reservation) => reservation.tradeId);
      expect(seen.sort()).toEqual([...committed].sort());
      expect(decidePlan(context).verdict).toBe(verdict);
      if (verdict === 'approved') committed.push(tradeId);
    }
  });

  test('[TRD-1] a plan asked for again is the committed one, and reserves nothing more', async () => {
    const db = pools[0]!;
    const approved = await db.decision.findFirstOrThrow({ where: { verdict: 'approved' } });
    const before = await db.reservation.count();
    const [first, second] = await Promise.all([
      plan(pools[1]!, approved.tradeId),
      plan(pools[2]!, approved.tradeId),
    ]);
    expect(first).toEqual(second);
    expect(first).toMatchObject({ kind: 'approved', decisionId: approved.id });
    expect(await db.reservation.count()).toBe(before);
    expect(await db.decision.count({ where: { tradeId: approved.tradeId } })).toBe(1);
  });
});

describe('one plan', () => {
  async function codesOf(id: string, change: Record<string, unknown>): Promise<readonly string[]> {
    const db = pools[0]!;
    const base = { strategy_id: 'single', symbol: 'AAA', side: 'BUY', stop_loss_pct: '0.05' };
    const signal = parseSignal({ id, ...base, ...change });
    const { tradeId } = await acceptSignal(db, ready.ownerId, signal);
    const outcome = await plan(db, tradeId);
    return outcome.kind === 'denied' ? outcome.codes : [];
  }

  test('[SIG-4] of a signal that was old when it came, or is past its expiry, is denied', async () => {
    const twoMinutesAgo = new Date(Date.now() - 120_000).toISOString();
    expect(await codesOf('stale', { generated_at: twoMinutesAgo })).toContain('SIGNAL_STALE');
    expect(await codesOf('expired', { expires_at: twoMinutesAgo })).toContain('SIGNAL_EXPIRED');
    const fresh = await codesOf('fresh', { generated_at: new Date().toISOString() });
    expect(fresh).not.toContain('SIGNAL_STALE');
  });

  test('[RSK-1] for an account that the broker does not report is denied', async () => {
    const codes = await codesOf('elsewhere', { account_id: 'DU9999999' });
    expect(codes).toContain('ACCOUNT_NOT_AUTHORIZED');
  });

  test('[RSK-2] made again after it was withdrawn, counts among the orders of that minute', async () => {
    const db = pools[0]!;
    const planned = async (id: string, limits: Partial<RiskLimits>) => {
      const signal = parseSignal({
        ...{ id, strategy_id: id, symbol: 'DDD', side: 'BUY' },
        ...{ quantity: '1', stop_loss_pct: '0.05' },
      });
      const { tradeId } = await acceptSignal(db, ready.ownerId, signal);
      const again = async () => {
        const { installationId } = ready;
        const request = { tradeId, final: true, nowMs: Date.now(), installationId };
        await planTrade(db, { ...settings, limits: { ...settings.limits, ...limits } }, request);
        const where = { tradeId };
        const row = await db.decision.findFirstOrThrow({ where, orderBy: { serial: 'desc' } });
        return { verdict: row.verdict, book: (row.inputs as unknown as PlanContext).book };
      };
      return { tradeId, first: await again(), again };
    };
    const roomy = { maxOpenPositions: 1_000, maxOpenRiskPct: '1', maxStrategyPct: '1' };
    await db.reservation.updateMany({ data: { phase: 'RELEASED' } });
    const { tradeId, first, again } = await planned('withdrawn', roomy);
    expect(first.verdict).toBe('approved');
    await withdrawEntry(db, tradeId, Date.now());
    const before = new Date(Date.now() - 120_000);
    await db.order.updateMany({ data: { createdAt: before } });
    expect((await again()).verdict).toBe('approved');
    const other = await planned('beside', roomy);
    expect(other.first.book.ordersLastMinute).toBe(2);
    // Its own bracket is made anew, and is not counted beside itself.
    await withdrawEntry(db, other.tradeId, Date.now());
    expect((await other.again()).book.ordersLastMinute).toBe(2);
  });

  test('[RSK-5] while the halt file exists, or trading is off, is denied', async () => {
    const db = pools[0]!;
    const signal = parseSignal({
      id: 'halted',
      strategy_id: 'halted',
      symbol: 'AAA',
      side: 'BUY',
      stop_loss_pct: '0.05',
    });
    const { tradeId } = await acceptSignal(db, ready.ownerId, signal);
    const switches = () => ({ ...settings.switches(), haltFile: true, tradingEnabled: false });
    const outcome = await planTrade(
      db,
      { ...settings, switches },
      { tradeId, final: true, nowMs: Date.now(), installationId: ready.installationId },
    );
    expect(outcome.kind === 'denied' ? outcome.codes : []).toEqual(
      expect.arrayContaining(['TRADING_DISABLED', 'TRADING_HALTED']),
    );
  });
});
