/**
 * Recovery mode (REC-3): so much is unexplained that nothing may be opened in the account until a person
 * has looked. Protection goes on.
 */
import { decimal, moneyText, sum, type DecimalText } from '../money.js';
import type { Comparison } from './compare.js';
import type { Finding } from './finding.js';

/** More than this part of the positions gone at once is no accident of one symbol. */
const VANISHED_PART = '0.5';

export interface Recovery {
  /** For people: why the account's entries are paused. */
  readonly reason: string;
  /** Nothing is booked as closed then: who lost more than half would book a broker's error. */
  readonly isMassVanish: boolean;
}

/** Σ |difference| × price of what nothing explains; null when a price of it is unknown. */
export function unexplainedValue(findings: readonly Finding[]): DecimalText | null {
  const unexplained = findings.filter(({ isUnexplained }) => isUnexplained);
  if (unexplained.some(({ value }) => value === null)) return null;
  return moneyText(sum(unexplained.map(({ value }) => decimal(value!))));
}

/** Why the account must go into recovery mode; null when it need not. */
export function recoveryOf(
  { compared, findings }: Comparison,
  limit: DecimalText,
): Recovery | null {
  const isMassVanish = vanishedMany(compared.heldContracts, findings);
  const reason = reasonOf(findings, limit, isMassVanish);
  return reason === null ? null : { reason, isMassVanish };
}

function reasonOf(
  findings: readonly Finding[],
  limit: DecimalText,
  isMassVanish: boolean,
): string | null {
  const unknown = findings.filter(({ kind }) => kind === 'unknown_reference').length;
  if (unknown > 0) {
    return `the broker knows ${unknown} orders of this installation that the database lacks: is it a restored backup?`;
  }
  if (isMassVanish) return 'more than half of the positions are gone from the broker';
  const value = unexplainedValue(findings);
  if (value === null) return 'shares of unknown price are unexplained';
  if (decimal(value).lte(decimal(limit))) return null;
  return `${value} of positions are unexplained, more than ${limit}`;
}

function vanishedMany(heldContracts: number, findings: readonly Finding[]): boolean {
  const gone = findings.filter(
    ({ kind, isUnexplained }) => kind === 'position_gone' && isUnexplained,
  );
  return decimal(String(gone.length)).gt(decimal(VANISHED_PART).mul(heldContracts));
}
