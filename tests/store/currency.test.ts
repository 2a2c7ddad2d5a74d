/** Contracts in another currency than the account's: sized and kept with the ledger's rate. Real PostgreSQL. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { parseSignal } from '../../contract/signal.js';
import { decimal } from '../../domain/money.js';
import type { PlanContext } from '../../domain/risk/context.js';
import { decidePlan } from '../../domain/risk/decide.js';
import { recordAccountValues } from '../../store/accounts.js';
import { openDatabase, type Database } from '../../store/database.js';
import { planTrade } from '../../store/planning/plan.js';
import { riskRoom } from '../../store/risk-room.js';
import { settleTrade } from '../../store/settlement.js';
import { acceptSignal } from '../../store/signals.js';
import { freshDatabase, type TestDatabase } from '../support/postgres.js';
import { plan, plannedTrade, PLAN_SETTINGS } from './support/planned-trade.js';
import { enteredTrade } from './support/closed-trade.js';
import { ACCOUNT, readyAccount, type ReadyAccount } from './support/ready-account.js';

const EQUITY = '92000';

let database: TestDatabase;
let db: Database;
let ready: ReadyAccount;

beforeAll(async () => {
  database = await freshDatabase();
  db = openDatabase({ url: database.url });
  const kind = { baseCurrency: 'EUR', exchangeRates: { EUR: '1', USD: '0.92' } };
  ready = await readyAccount(db, ['AAA', 'BBB', 'CCC'], EQUITY, kind);
}, 60_000);
afterAll(async () => {
  await db?.$disconnect();
  await database?.drop();
});

/** The broker tells the account's values anew. */
const values = (exchangeRates: Record<string, string>, atMs = Date.now()) =>
  recordAccountValues(db, ready.connectionId, {
    ...{ account: ACCOUNT, baseCurrency: 'EUR', netLiquidation: EQUITY, totalCash: EQUITY },
    ...{ settledCash: EQUITY, availableFunds: EQUITY, buyingPower: EQUITY },
    ...{ excessLiquidity: EQUITY, exchangeRates, atMs },
  });

const decisionOf = (tradeId: string) =>
  db.decision.findFirstOrThrow({ where: { tradeId }, orderBy: { serial: 'desc' } });

describe('[SIZ-8] [SIZ-5] an account in euros, a contract in dollars', () => {
  test('is sized at the rate of the ledger, which is kept with the decision and its instant', async () => {
    const atMs = Date.now();
    await values({ EUR: '1', USD: '0.92' }, atMs);
    const tradeId = await plannedTrade(db, ready, { quantity: undefined, symbol: 'AAA' });
    const { verdict, sizing, inputs } = await decisionOf(tradeId);
    expect(verdict).toBe('approved');
    expect((inputs as unknown as PlanContext).fxRate).toEqual({ rate: '0.92', atMs });
    // 92,000 EUR are 100,000 USD: 20 % of it at 100.02 and the slippage allowance.
    expect(sizing).toMatchObject({
      quantity: '198',
      inputs: { equity: '100000', fxRate: '0.92', currency: 'USD', baseCurrency: 'EUR' },
    });
    const fxRateAt = new Date(atMs).toISOString();
    expect(sizing).toMatchObject({ inputs: { fxRateAt } });
    const { exposure } = await db.reservation.findUniqueOrThrow({ where: { tradeId } });
    const dollars = decimal('198').mul('100.02').mul('1.005');
    expect(exposure.toFixed(4)).toBe(dollars.mul('0.92').toFixed(4));
    expect(decidePlan(inputs as unknown as PlanContext).verdict).toBe('approved');
    const room = await riskRoom(db, tradeId, { limits: {}, isHalted: false }, Date.now());
    expect(room.fxRate).toEqual({ rate: '0.92', atMs });
  });

  test('whose ledger names no dollars is denied, and the broker is asked again first', async () => {
    await values({ EUR: '1' });
    const tradeId = await plannedTrade(db, ready, { symbol: 'BBB' });
    const { verdict, codes, findings } = await decisionOf(tradeId);
    expect([verdict, codes]).toEqual(['denied', ['CURRENCY_MISMATCH']]);
    expect(findings).toMatchObject([
      { measured: "no rate: the broker's ledger of the account names no USD" },
    ]);
  });

  test('with a rate of more than five minutes ago is denied', async () => {
    await values({ EUR: '1', USD: '0.92' }, Date.now() - 301_000);
    const tradeId = await plannedTrade(db, ready, { symbol: 'BBB' });
    const { codes } = await decisionOf(tradeId);
    expect(codes).toEqual(['CURRENCY_MISMATCH', 'DATA_UNAVAILABLE']);
  });

  test('a plan that need not be final asks for the account while the rate is missing', async () => {
    await values({ EUR: '1' });
    const tradeId = await accepted('asks');
    const request = { tradeId, final: false, nowMs: Date.now() };
    const outcome = await planTrade(db, PLAN_SETTINGS, {
      ...request,
      installationId: ready.installationId,
    });
    expect(outcome).toEqual({ kind: 'needs_market', missing: ['account'] });
    await values({ EUR: '1', USD: '0.92' });
    expect(await plan(db, ready, tradeId)).toMatchObject({ kind: 'approved' });
  });
});

test('[TRD-8] a commission in euros of a trade in dollars counts at the rate of the ledger', async () => {
  await values({ EUR: '1', USD: '0.8' });
  const { tradeId, exit, commission, entryCommission } = await enteredTrade(db, ready, {
    symbol: 'AAA',
  });
  await entryCommission('2');
  await exit('103');
  await commission('1.60', 'EUR');
  const { summary } = await settleTrade(db, tradeId, Date.now(), {});
  expect(summary).toBe('BUY 10 AAA: 26.00 after commissions');
  // A later rate changes no result.
  await values({ EUR: '1', USD: '0.5' });
  await settleTrade(db, tradeId, Date.now(), {});
  const trade = await db.trade.findUniqueOrThrow({ where: { id: tradeId } });
  expect([Number(trade.commission), Number(trade.realizedPnl)]).toEqual([4, 26]);
});

async function accepted(id: string): Promise<string> {
  const base = { strategy_id: id, symbol: 'CCC', side: 'BUY', quantity: '10' } as const;
  const signal = parseSignal({ id, ...base, stop_loss_pct: '0.05' });
  return (await acceptSignal(db, ready.ownerId, signal)).tradeId;
}
