/** The day's result (RSK-8). */
import { decimal, text, type DecimalText } from './money.js';

/** Net liquidation now less at the previous close, deposits less withdrawals apart (RSK-8). */
export function dayPnl(
  netLiquidation: DecimalText,
  previousCloseEquity: DecimalText,
  netFlows: DecimalText,
): DecimalText {
  return text(decimal(netLiquidation).sub(decimal(previousCloseEquity)).sub(decimal(netFlows)));
}
