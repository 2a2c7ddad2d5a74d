/** Results over several trades: loss streaks (RSK-4) and the day's loss (RSK-8). */
import { decimal, text, type DecimalText } from './money.js';
import type { EpochMs } from './vocabulary.js';

export interface ClosedTrade {
  readonly closedAtMs: EpochMs;
  /** Net of commissions. */
  readonly realizedPnl: DecimalText;
}

/**
 * The longest run of losses among trades closed at or after an instant (the last reset). A result of
 * zero neither counts nor ends a run. A run that was reached stays reached: what closes after it can't
 * take the pause back, only the next reset does.
 */
export function longestLossStreak(trades: readonly ClosedTrade[], sinceMs: EpochMs): number {
  const inOrder = trades
    .filter(({ closedAtMs }) => closedAtMs >= sinceMs)
    .sort((a, b) => a.closedAtMs - b.closedAtMs);
  let longest = 0;
  let current = 0;
  for (const { realizedPnl } of inOrder) {
    const result = decimal(realizedPnl);
    if (result.gt(0)) current = 0;
    if (result.lt(0)) current += 1;
    longest = Math.max(longest, current);
  }
  return longest;
}

/** Net liquidation now less at the previous close, deposits less withdrawals apart (RSK-8). */
export function dayPnl(
  netLiquidation: DecimalText,
  previousCloseEquity: DecimalText,
  netFlows: DecimalText,
): DecimalText {
  return text(decimal(netLiquidation).sub(decimal(previousCloseEquity)).sub(decimal(netFlows)));
}
