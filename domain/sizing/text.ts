/** How sizing numbers are written: money with 2 decimals, others half even without trailing zeros. */
import { text, type Decimal, type DecimalText } from '../money.js';

const RISK_PERCENT_DECIMALS = 6;
const REWARD_RISK_DECIMALS = 4;

export function riskPercentText(value: Decimal): DecimalText {
  return text(value.toDecimalPlaces(RISK_PERCENT_DECIMALS));
}

export function rewardRiskText(value: Decimal): DecimalText {
  return text(value.toDecimalPlaces(REWARD_RISK_DECIMALS));
}
