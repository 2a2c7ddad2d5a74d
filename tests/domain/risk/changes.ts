/** The sound context with one thing changed, for tables of cases. */
import type { OpenReservation, PlanContext } from '../../../domain/risk/context.js';
import { NOON_MS, SOUND, withPart } from './fixture.js';

export const limits = (change: Partial<PlanContext['limits']>, base?: PlanContext) =>
  withPart('limits', change, base);
export const values = (
  change: Partial<NonNullable<PlanContext['account']['values']>>,
  base = SOUND,
) => withPart('account', { values: { ...base.account.values!, ...change } }, base);
export const quote = (change: Partial<NonNullable<PlanContext['quote']>>, base = SOUND) =>
  withPart('quote', change, base);
export const contract = (change: object, base = SOUND): PlanContext =>
  withPart('contract', change as Partial<PlanContext['contract']>, base);
export const reservation = (change: Partial<OpenReservation>): OpenReservation => ({
  tradeId: 'trade-0',
  strategyId: 'other',
  symbol: 'MSFT',
  side: 'BUY',
  phase: 'EXPOSURE',
  cash: '1000',
  exposure: '1000',
  openRisk: '50',
  sector: 'Financial',
  ...change,
});
export const reserved = (...changes: Partial<OpenReservation>[]) =>
  withPart('book', {
    reservations: changes.map(reservation),
    // Each goes its own way.
    correlations: changes.map((_, index) => ({ tradeId: `trade-${index}`, rho: '0', returns: 60 })),
  });
/** One other trade of another sector, and how it moves with the candidate. */
export const together = (exposure: string, rho: string | null) =>
  withPart(
    'book',
    { correlations: [{ tradeId: 'trade-0', rho, returns: 60 }] },
    reserved({ exposure }),
  );
export const position = (strategyId: string | null, quantity: string, base = SOUND) =>
  withPart('book', { positions: [{ strategyId, symbol: 'AAPL', quantity }] }, base);
/** A sale of the same strategy was made since, and came first. */
export const OVERTAKEN: PlanContext = {
  ...SOUND,
  overtakenBy: { tradeId: 'trade-0', side: 'SELL', generatedAtMs: NOON_MS },
};
