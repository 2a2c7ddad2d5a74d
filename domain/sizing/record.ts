/** A sizing as it is kept for audit and shown (SIZ-5): all inputs, all caps, plain text. */
import { moneyText, text, type Decimal, type DecimalText } from '../money.js';
import type { CapName, SizingInput, SizingRefusal, SizingResult } from './types.js';
import { riskPercentText, rewardRiskText } from './text.js';

export interface SizingRecord {
  /** By the names of SizingInput: decimals as text, `side` and `onCap` as they are; more, where a rate was used. */
  readonly inputs: Readonly<Record<string, string | null>>;
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
    Object.entries(input).map(([name, value]: [string, Decimal | string | null]) => [
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
    rewardRisk: risk?.rewardRisk && canPay(input) ? rewardRiskText(risk.rewardRisk) : null,
  };
}

/** A ratio of an exit on the wrong side is of nothing that can be won or lost: the checks deny it, nobody is shown it. */
function canPay({ side, entryPrice, stopPrice, targetPrice }: SizingInput): boolean {
  const [worse, better] = side === 'BUY' ? [stopPrice, targetPrice] : [targetPrice, stopPrice];
  return worse !== null && better !== null && worse.lt(entryPrice) && entryPrice.lt(better);
}

/** Caps as text, in their order. */
export function capsText(caps: SizingResult['caps']): Partial<Record<CapName, DecimalText>> {
  return Object.fromEntries([...caps].map(([name, cap]) => [name, text(cap)]));
}
