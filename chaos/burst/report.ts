/** A burst in numbers, for people. Pure. */
import type { DecisionRow } from '../judge/decisions.js';
import { fullestReadings, type Reading } from '../judge/gauges.js';
import type { AccountSums } from '../judge/reserved.js';
import { secondsOf, share } from '../judge/share.js';

/** How many were approved, and denied for what: a denial names everything that stood against it. */
export function verdictLines(decisions: readonly DecisionRow[]): string[] {
  const denied = decisions.filter(({ verdict }) => verdict === 'denied');
  const codes = new Map<string, number>();
  for (const code of denied.flatMap((row) => row.codes))
    codes.set(code, (codes.get(code) ?? 0) + 1);
  const counted = [...codes]
    .sort(([, a], [, b]) => b - a)
    .map(([code, count]) => `${code} ${count}`);
  return [
    `    ${decisions.length - denied.length} approved, ${denied.length} denied`,
    `    denials name: ${counted.join(', ')}`,
  ];
}

/** The fullest that each limit was. @param source who says so */
export function readingLines(source: string, readings: readonly Reading[]): string[] {
  const lines = fullestReadings(readings).map(
    ({ gauge, measured, limit }) =>
      `      ${gauge.padEnd(16)} ${measured.toFixed(2).padStart(12)} of ${limit.toFixed(2)}`,
  );
  return [`    fullest by the ${source}:`, ...lines];
}

export function timeLine(tookMs: readonly number[]): string {
  const [half, most, longest] = [0.5, 0.99, 1].map((part) => secondsOf(share(tookMs, part)));
  return `    from the start of all to a decision: p50 ${half}, p99 ${most}, longest ${longest}`;
}

/** How old the clock of a decision was at least: one that was committed before it had a later one. */
export function lagLine(decisions: readonly DecisionRow[]): string {
  const newest = new Map<string, number>();
  const behindMs = decisions.map(({ accountId, inputs: { nowMs } }) => {
    const before = newest.get(accountId) ?? nowMs;
    newest.set(accountId, Math.max(before, nowMs));
    return Math.max(0, before - nowMs);
  });
  return `    decided by a clock read up to ${secondsOf(share(behindMs, 1))} before that of an earlier commit`;
}

export function sumLines(when: string, sums: readonly AccountSums[]): string[] {
  return sums.map(
    ({ reserved, open, restingCash, canBeBought }) =>
      `    ${when}: ${reserved} reserved, ${open} open by the ledger; for rests ${restingCash} of ${canBeBought}`,
  );
}
