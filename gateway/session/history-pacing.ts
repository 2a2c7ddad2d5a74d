/**
 * IBKR's limits on historical requests: 60 in ten minutes, no identical one within 15 seconds, 6 for one
 * contract within two seconds.
 */
const PERIOD_MS = 600_000;
const PERIOD_REQUESTS_MAX = 60;
const IDENTICAL_MS = 15_000;
const CONTRACT_MS = 2_000;
const CONTRACT_REQUESTS_MAX = 6;

interface PastRequest {
  atMs: number;
  symbol: string;
  text: string;
}

export class HistoryPacer {
  private past: PastRequest[] = [];

  /** Whether a request may be answered now; only answered ones count against the limits. */
  allows(symbol: string, text: string, nowMs: number): boolean {
    this.past = this.past.filter(({ atMs }) => nowMs - atMs < PERIOD_MS);
    const identical = this.past.some(
      (request) => request.text === text && nowMs - request.atMs < IDENTICAL_MS,
    );
    const ofContract = this.past.filter(
      (request) => request.symbol === symbol && nowMs - request.atMs < CONTRACT_MS,
    );
    const over =
      this.past.length >= PERIOD_REQUESTS_MAX || ofContract.length >= CONTRACT_REQUESTS_MAX;
    if (identical || over) return false;
    this.past.push({ atMs: nowMs, symbol, text });
    return true;
  }
}
