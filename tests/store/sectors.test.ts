/** The sector limit under many plans at once, from several processes. Real PostgreSQL. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { parseSignal } from '../../contract/signal.js';
import { decimal, sum } from '../../domain/money.js';
import type { PlanContext } from '../../domain/risk/context.js';
import { decidePlan } from '../../domain/risk/decide.js';
import { openDatabase, type Database } from '../../store/database.js';
import type { PlanSettings } from '../../store/planning/context.js';
import { planTrade } from '../../store/planning/plan.js';
import { acceptSignal } from '../../store/signals.js';
import { freshDatabase, type TestDatabase } from '../support/postgres.js';
import { PLAN_SETTINGS } from './support/planned-trade.js';
import { ACCOUNT, readyAccount, type ReadyAccount } from './support/ready-account.js';

const EQUITY = '100000';
const SIGNALS = 48;
/** Pools of their own, as processes have. */
const PROCESSES = 3;
const SYMBOLS = ['AAA', 'BBB', 'CCC', 'DDD', 'EEE', 'FFF'];
const INDUSTRIES = ['Technology', 'Technology', 'Technology', 'Technology', 'Technology', ''];

const settings: PlanSettings = {
  ...PLAN_SETTINGS,
  // Small trades, and every other limit out of the way: the sector's is to be met.
  limits: {
    ...PLAN_SETTINGS.limits,
    maxSectorExposurePct: '0.40',
    maxPositionPct: '0.07',
    maxStrategyPct: '9',
    maxOpenRiskPct: '9',
  },
};

let database: TestDatabase;
let pools: Database[];
let ready: ReadyAccount;

beforeAll(async () => {
  database = await freshDatabase();
  pools = Array.from({ length: PROCESSES }, () => openDatabase({ url: database.url }));
  ready = await readyAccount(pools[0]!, SYMBOLS, EQUITY, { industries: INDUSTRIES });
}, 60_000);
afterAll(async () => {
  for (const pool of pools ?? []) await pool.$disconnect();
  await database?.drop();
});

async function acceptAndPlan(index: number) {
  const db = pools[index % PROCESSES]!;
  const signal = parseSignal({
    ...{ id: `burst-${index}`, strategy_id: `strategy-${index}`, account_id: ACCOUNT },
    ...{ symbol: SYMBOLS[index % SYMBOLS.length], side: 'BUY', stop_loss_pct: '0.02' },
  });
  const { tradeId } = await acceptSignal(db, ready.ownerId, signal);
  const { installationId } = ready;
  return planTrade(db, settings, { tradeId, final: true, nowMs: Date.now(), installationId });
}

describe('[RSK-1] [RSK-2] the sector limit', () => {
  beforeAll(async () => {
    await Promise.all(Array.from({ length: SIGNALS }, (_, index) => acceptAndPlan(index)));
  }, 120_000);

  test('holds for each sector, whoever planned at once', async () => {
    const kept = await pools[0]!.reservation.findMany();
    const of = (sector: string) => kept.filter((row) => row.sector === sector);
    for (const sector of new Set(INDUSTRIES)) {
      const total = sum(of(sector).map(({ exposure }) => decimal(exposure.toFixed())));
      expect(total.lte(decimal(EQUITY).mul('0.4'))).toBe(true);
    }
    // Five of 7 % fit into 40 %, and cash is left when both are full.
    expect([of('Technology').length, of('').length]).toEqual([5, 5]);
  });

  test('denies the rest with it, and each verdict follows from what was on record before', async () => {
    const decisions = await pools[0]!.decision.findMany({ orderBy: { serial: 'asc' } });
    expect(decisions).toHaveLength(SIGNALS);
    const committed: string[] = [];
    for (const { inputs, verdict, tradeId } of decisions) {
      const context = inputs as unknown as PlanContext;
      const seen = context.book.reservations.map((reservation) => reservation.tradeId);
      expect(seen.sort()).toEqual([...committed].sort());
      expect(decidePlan(context).verdict).toBe(verdict);
      if (verdict === 'approved') committed.push(tradeId);
    }
    const denied = decisions.filter(({ verdict }) => verdict === 'denied');
    for (const { codes } of denied) expect(codes).toEqual(['SECTOR_EXPOSURE']);
    expect(denied).toHaveLength(SIGNALS - 10);
  });

  test('asks the broker for a contract whose industry was told too long ago', async () => {
    const db = pools[0]!;
    const weekAgo = new Date(Date.now() - 8 * 24 * 3_600_000);
    await db.contract.updateMany({ where: { symbol: 'FFF' }, data: { fetchedAt: weekAgo } });
    const base = { strategy_id: 'old', account_id: ACCOUNT, symbol: 'FFF', side: 'BUY' } as const;
    const signal = parseSignal({ id: 'old', ...base, stop_loss_pct: '0.02' });
    const { tradeId } = await acceptSignal(db, ready.ownerId, signal);
    const { installationId } = ready;
    const request = { tradeId, nowMs: Date.now(), installationId };
    const outcome = await planTrade(db, settings, { ...request, final: false });
    expect(outcome).toEqual({ kind: 'needs_market', missing: ['contract'] });
    const final = await planTrade(db, settings, { ...request, final: true });
    expect(final).toMatchObject({
      kind: 'denied',
      codes: expect.arrayContaining(['DATA_UNAVAILABLE']),
    });
  });
});
