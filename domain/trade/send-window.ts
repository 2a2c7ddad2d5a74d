/** How long an approved entry may be sent: what was checked grows old, and a signal ends (BRK-2, SIG-4). */
import type { EpochMs } from '../vocabulary.js';
import type { Book } from './book.js';

/** Why the plan is too old to be sent, for people; null while it isn't. The next plan checks all anew. */
export function tooLateToSend(
  { decided, plan }: Book,
  nowMs: EpochMs,
  windowMs: number,
): string | null {
  if (decided === null || plan === null) return 'there is no plan in force';
  const expiresAtMs = plan.entry.expiresAtMs ?? null;
  if (expiresAtMs !== null && nowMs >= expiresAtMs) {
    return `the signal expired at ${new Date(expiresAtMs).toISOString()}`;
  }
  const ageMs = nowMs - decided.decidedAtMs;
  if (ageMs <= windowMs) return null;
  return `its plan was decided ${ageMs} ms ago, more than the ${windowMs} ms that it may be sent in`;
}
