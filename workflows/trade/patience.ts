/** How long to wait before something is tried again. Pure: no clock of its own. */

/** Soon, for most things that can't be done now can be done in a moment. */
const FIRST_PAUSE_MS = 1_000;
/** Long enough to be cheap over a weekend, short enough for a market that opens. */
const LONGEST_PAUSE_MS = 5 * 60_000;

/** The pause after so many attempts in vain, at least one: it doubles, up to five minutes. */
export function pauseAfterMs(attempts: number): number {
  return Math.min(FIRST_PAUSE_MS * 2 ** (attempts - 1), LONGEST_PAUSE_MS);
}

/** The close that the trade asks for by itself, at its holding time or its session's end (TRD-6). */
export class OwnClose {
  private refusals = 0;
  private notBeforeMs = 0;
  private isAccepted = false;

  /** When to ask, given when it is due; null when it need not be asked for (any more). */
  atMs(dueAtMs: number | null): number | null {
    if (dueAtMs === null || this.isAccepted) return null;
    return Math.max(dueAtMs, this.notBeforeMs);
  }

  /** The command's key: a refusal is kept under its key for good, so each attempt has its own. */
  key(cause: string): string {
    return this.refusals === 0 ? cause : `${cause}-${this.refusals + 1}`;
  }

  /** What was answered at `nowMs`; after a refusal it is asked again, ever more seldom. */
  answered(verdict: 'accepted' | 'refused', nowMs: number): void {
    this.isAccepted = verdict === 'accepted';
    if (this.isAccepted) return;
    this.refusals += 1;
    this.notBeforeMs = nowMs + pauseAfterMs(this.refusals);
  }
}
