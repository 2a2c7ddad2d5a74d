/** The correlation limit from stored closes, under many plans at once. Real PostgreSQL. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { parseSignal } from '../../contract/signal.js';
import { decimal, sum } from '../../domain/money.js';
import type { PlanContext } from '../../domain/risk/context.js';
import { decidePlan } from '../../domain/risk/decide.js';
import { saveCloses } from '../../store/closes.js';
import { openDatabase, type Database } from '../../store/database.js';
import type { PlanSettings } from '../../store/planning/context.js';
import { planTrade } from '../../store/planning/plan.js';
import { acceptSignal } from '../../store/signals.js';
import { freshDatabase, type TestDatabase } from '../support/postgres.js';
import { PLAN_SETTINGS } from './support/planned-trade.js';
import { ACCOUNT, readyAccount, type ReadyAccount } from './support/ready-account.js';

const EQUITY = '100000';
const SIGNALS = 36;
/** Pools of their own, as processes have. */
const PROCESSES = 3;
/** AAA and BBB move as one; CCC goes its own way; of DDD nobody knows anything. */
const SYMBOLS = ['AAA', 'BBB', 'CCC', 'DDD'];
const DAYS = 66;
const FIVE_DAYS_MS = 5 * 24 * 3_600_000;

const settings: PlanSettings = {
  ...PLAN_SETTINGS,
  limits: {
    ...PLAN_SETTINGS.limits,
    ...{ maxCorrelatedExposurePct: '0.40', maxPositionPct: '0.07' },
    ...{ maxStrategyPct: '9', maxOpenRiskPct: '9' },
  },
};

let database: TestDatabase;
let pools: Database[];
let ready: ReadyAccount;

beforeAll(async () => {
  database = await freshDatabase();
  pools = Array.from({ length: PROCESSES }, () => openDatabase({ url: database.url }));
  ready = await readyAccount(pools[0]!, SYMBOLS, EQUITY);
  await storeCloses('AAA', 1.7);
  await storeCloses('BBB', 1.7);
  await storeCloses('CCC', 2.9);
}, 60_000);
afterAll(async () => {
  for (const pool of pools ?? []) await pool.$disconnect();
  await database?.drop();
});

/** Closes that swing by their own rule. */
async function storeCloses(symbol: string, rule: number, fetchedAtMs = Date.now()) {
  const closes = Array.from({ length: DAYS }, (_, index) => ({
    day: new Date(Date.UTC(2026, 0, 1 + index)).toISOString().slice(0, 10),
    close: (100 + 5 * Math.sin(index * rule)).toFixed(4),
  }));
  const brokerContractId = SYMBOLS.indexOf(symbol) + 1;
  const instrument = { symbol, securityType: 'STK', exchange: 'SMART', currency: 'USD' };
  const told = { closes, fetchedAtMs };
  await saveCloses(pools[0]!, ready.connectionId, { ...instrument, brokerContractId }, told);
}

async function planOf(index: number, symbol: string, final = true) {
  const db = pools[index % PROCESSES]!;
  const signal = parseSignal({
    ...{ id: `burst-${index}`, strategy_id: `strategy-${index}`, account_id: ACCOUNT },
    ...{ symbol, side: 'BUY', stop_loss_pct: '0.02' },
  });
  const { tradeId } = await acceptSignal(db, ready.ownerId, signal);
  const { installationId } = ready;
  const request = { tradeId, nowMs: Date.now(), installationId };
  return planTrade(db, settings, { ...request, final });
}

describe('[RSK-1] [RSK-2] the correlation limit', () => {
  beforeAll(async () => {
    const indices = Array.from({ length: SIGNALS }, (_, index) => index);
    await Promise.all(indices.map((index) => planOf(index, SYMBOLS[index % 3]!)));
  }, 120_000);

  test('holds for what moves as one, whoever planned at once, and leaves the rest alone', async () => {
    const kept = await pools[0]!.reservation.findMany();
    const worth = (...symbols: string[]) =>
      sum(
        kept
          .filter(({ symbol }) => symbols.includes(symbol))
          .map(({ exposure }) => decimal(exposure.toFixed())),
      );
    const limit = decimal(EQUITY).mul('0.4');
    expect(worth('AAA', 'BBB').lte(limit)).toBe(true);
    expect(worth('AAA', 'BBB').gt(limit.mul('0.8'))).toBe(true);
    expect(worth('CCC').gt(limit.mul('0.8'))).toBe(true);
  });

  test('each verdict follows from its context again, which names the correlations', async () => {
    const decisions = await pools[0]!.decision.findMany({ orderBy: { serial: 'asc' } });
    expect(decisions).toHaveLength(SIGNALS);
    for (const { inputs, verdict } of decisions) {
      expect(decidePlan(inputs as unknown as PlanContext).verdict).toBe(verdict);
    }
    const denied = decisions.filter(({ verdict }) => verdict === 'denied');
    expect(denied.length).toBeGreaterThan(10);
    for (const { codes } of denied) expect(codes).toContain('CORRELATED_EXPOSURE');
    expect(JSON.stringify(denied.map(({ findings }) => findings))).toContain('ρ 1.0000 of 60');
  });

  test('a context tells of each other trade how much of it is held', async () => {
    const db = pools[0]!;
    const { tradeId } = await db.reservation.findFirstOrThrow();
    const { plannedQuantity } = await db.trade.findUniqueOrThrow({ where: { id: tradeId } });
    const heldQuantity = plannedQuantity!.div(4);
    await db.trade.update({ where: { id: tradeId }, data: { heldQuantity } });
    await planOf(99, 'AAA');
    const { inputs } = await db.decision.findFirstOrThrow({ orderBy: { serial: 'desc' } });
    const { reservations } = (inputs as unknown as PlanContext).book;
    expect(reservations.length).toBeGreaterThan(5);
    for (const other of reservations) {
      expect(other.heldShare).toBe(other.tradeId === tradeId ? '0.25' : '0');
    }
  });

  test('a contract without closes asks for them first, and counts as moving with all then', async () => {
    expect(await planOf(100, 'DDD', false)).toEqual({ kind: 'needs_market', missing: ['closes'] });
    const outcome = await planOf(101, 'DDD');
    expect(outcome).toMatchObject({ kind: 'denied', codes: ['CORRELATED_EXPOSURE'] });
  });

  test('closes that are too old are none', async () => {
    await storeCloses('DDD', 4.1, Date.now() - FIVE_DAYS_MS - 60_000);
    expect(await planOf(102, 'DDD')).toMatchObject({ codes: ['CORRELATED_EXPOSURE'] });
    await storeCloses('DDD', 4.1);
    expect(await planOf(103, 'DDD')).toMatchObject({ kind: 'approved' });
  });
});
