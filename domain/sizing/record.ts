/** A sizing as it is kept for audit and shown (SIZ-5): all inputs, all caps, plain text. */
import { moneyText, text, type DecimalText } from '../money.js';
import type { CapName, OnCap, SizingInput, SizingRefusal, SizingResult } from './types.js';
import { riskPercentText, rewardRiskText } from './text.js';

export interface SizingRecord {
  readonly inputs: Readonly<Record<string, DecimalText | OnCap | null>>;
  readonly rawQuantity: DecimalText;
  readonly caps: Readonly<Partial<Record<CapName, DecimalText>>>;
  readonly boundBy: CapName | null;
  readonly approved: boolean;
  readonly quantity: DecimalText;
  readonly refusal: SizingRefusal | null;
  readonly riskAmount: DecimalText | null;
  readonly riskPercent: DecimalText | null;
  readonly positionValue: DecimalText | null;
  readonly rewardRisk: DecimalText | null;
}

/** Writes a sizing down. */
export function sizingRecord(input: SizingInput, result: SizingResult): SizingRecord {
  const inputs = Object.fromEntries(
    Object.entries(input).map(([name, value]) => [
      name,
      value === null || typeof value === 'string' ? value : text(value),
    ]),
  );
  const { risk } = result;
  return {
    inputs,
    rawQuantity: text(result.rawQuantity),
    caps: capsText(result.caps),
    boundBy: result.boundBy,
    approved: result.approved,
    quantity: text(result.quantity),
    refusal: result.refusal,
    riskAmount: risk && moneyText(risk.riskAmount),
    riskPercent: risk && riskPercentText(risk.riskPercent),
    positionValue: risk && moneyText(risk.positionValue),
    rewardRisk: risk?.rewardRisk ? rewardRiskText(risk.rewardRisk) : null,
  };
}

/** Caps as text, in their order. */
export function capsText(caps: SizingResult['caps']): Partial<Record<CapName, DecimalText>> {
  return Object.fromEntries([...caps].map(([name, cap]) => [name, text(cap)]));
}
