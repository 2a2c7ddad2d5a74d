/** One failed check: what was measured and what the limit is, as text for people and records. */
import { reasonOrder, type ReasonCode } from '../reasons.js';

export interface Finding {
  readonly code: ReasonCode;
  /** What was found, such as `"0.0312 (181.62 against 176.12)"`. */
  readonly measured: string;
  /** What would have passed, such as `"at most 0.01"`. */
  readonly limit: string;
}

/** Makes a finding; the order of arguments reads as "code: measured, limit". */
export function finding(code: ReasonCode, measured: string, limit: string): Finding {
  return { code, measured, limit };
}

/** A copy in the registry's order; findings of one code keep theirs. */
export function inRegistryOrder(findings: readonly Finding[]): Finding[] {
  return [...findings].sort((a, b) => reasonOrder(a.code) - reasonOrder(b.code));
}

/** The codes of findings, each once, in their order. */
export function findingCodes(findings: readonly Finding[]): ReasonCode[] {
  return [...new Set(findings.map(({ code }) => code))];
}
