/** What a case finds: by the gateway's ledger and by the rows, never by what the engine thinks of itself. */
import { REPAIR_WINDOW_MS } from '../disturb/disturbance.js';
import { isOpenAndCalm, isSettled, type TradeRow } from '../judge/engine-books.js';
import type { Finding, FindingKind } from '../judge/finding.js';
import { stateOf, type Scene, type SymbolLedger } from './scene.js';

/** Breaches of one kind in the symbol that lasted longer than allowed; those that last count until now. */
export function breachFindings(
  { symbol }: Scene,
  { breaches, atMs }: SymbolLedger,
  kind: 'unprotected' | 'excess',
  allowedMs: number,
): Finding[] {
  const lasted = breaches
    .filter((breach) => breach.kind === kind)
    .map((breach) => ({ ...breach, ms: (breach.toMs ?? atMs) - breach.fromMs }))
    .filter(({ ms }) => ms > allowedMs);
  return lasted.map(({ ms, maxShares, toMs }) => ({
    kind,
    subject: symbol,
    detail: `${maxShares} shares for ${ms} ms${toMs === null ? ' and it lasts' : ''}`,
  }));
}

/** How long after a fault that breaks a stop the repair is certainly over, with the look at it. */
export const AFTER_REPAIR_MS = REPAIR_WINDOW_MS + 1_500;

/** Nothing, when the row passes; else that the trade is not where it must be. */
export function unless(
  passes: (row: TradeRow) => boolean,
  scene: Scene,
  row: TradeRow | undefined,
  kind: FindingKind,
  wanted: string,
): Finding[] {
  if (row && passes(row)) return [];
  return [found(scene, kind, `${row ? stateOf(row) : 'no row'} instead of ${wanted}`)];
}

/** Over and booked, or open with its exits in place. */
export function isAtRest(row: TradeRow): boolean {
  return isSettled(row) || isOpenAndCalm(row);
}

export function found({ symbol }: Scene, kind: FindingKind, detail: string): Finding {
  return { kind, subject: symbol, detail };
}
