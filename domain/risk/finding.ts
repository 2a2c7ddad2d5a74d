/** One failed check: what was measured and what the limit is, as text for people and records. */
import { reasonOrder, type ReasonCode } from '../reasons.js';

export interface Finding {
  readonly code: ReasonCode;
  /** What was found, such as `"0.0312 (181.62 against 176.12)"`. */
  readonly measured: string;
  /** What would have passed, such as `"at most 0.01"`. */
  readonly limit: string;
}

/** Makes a finding; the order of arguments is that of its text. */
export function finding(code: ReasonCode, measured: string, limit: string): Finding {
  return { code, measured, limit };
}

/** What is told of a finding: a view's code is text. */
type Told = Readonly<Record<keyof Finding, string>>;

/** In one sentence, the same wherever it is told: what was found, and what would have passed. */
export function findingText({ code, measured, limit }: Told): string {
  return `${code}: ${measured}; allowed: ${limit}`;
}

/** Several of them in one line. */
export function findingsText(findings: readonly Told[]): string {
  return findings.map(findingText).join(' | ');
}

/** A copy in the registry's order; findings of one code keep theirs. */
export function inRegistryOrder(findings: readonly Finding[]): Finding[] {
  return [...findings].sort((a, b) => reasonOrder(a.code) - reasonOrder(b.code));
}

/** The codes of findings, each once, in their order. */
export function findingCodes(findings: readonly Finding[]): ReasonCode[] {
  return [...new Set(findings.map(({ code }) => code))];
}
