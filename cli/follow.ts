/** Following a trade by reading its rows again and again, until what is waited for has come. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { App } from '../app/app.js';
import { loadTrade } from '../app/reads.js';
import { hasEnded, type TradeDetail } from '../contract/views.js';
import { CliError, EXIT, notFound } from './exit.js';
import { isFinished, Life, type LifeLine } from './life.js';

/** Quick enough to read as live, slow enough to cost nothing. */
const POLL_MS = 200;
/** A database that restarts is back within that; longer than it, and a person should look. */
const OUTAGE_MAX_MS = 60_000;

export const WAITS = ['verdict', 'fill', 'end'] as const;
export type Wait = (typeof WAITS)[number];

export interface FollowOptions {
  readonly until: Wait;
  /** Given the lines that are new, and the trade they were read from. */
  readonly onLines: (lines: readonly LifeLine[], trade: TradeDetail) => void;
  /** Told once when the database stops answering. */
  readonly onOutage: (message: string) => void;
  /** Gives up at this time, leaving the trade as it is; null waits as long as it takes. */
  readonly deadlineMs: number | null;
}

export interface Followed {
  readonly trade: TradeDetail;
  /** False when the deadline came first. */
  readonly isDone: boolean;
}

/** Reads a trade until what is waited for has come, or the deadline. @throws CliError without one */
export async function followTrade(
  app: App,
  tradeId: string,
  options: FollowOptions,
): Promise<Followed> {
  const life = new Life();
  const read = patientReader(app, tradeId, options.onOutage);
  for (;;) {
    const trade = await read();
    const lines = life.update(trade, Date.now());
    if (lines.length > 0) options.onLines(lines, trade);
    const isDone = hasCome(options.until, trade);
    if (isDone || (options.deadlineMs !== null && Date.now() >= options.deadlineMs)) {
      return { trade, isDone };
    }
    await sleep(POLL_MS);
  }
}

/** Whether it has come, or can't come any more because the trade is over. */
function hasCome(wait: Wait, trade: TradeDetail): boolean {
  if (isFinished(trade, Date.now())) return true;
  if (wait === 'verdict') return trade.decisions.length > 0 || hasEnded(trade.state);
  if (wait === 'fill') return trade.filled_quantity !== '0';
  return false;
}

function patientReader(
  app: App,
  tradeId: string,
  onOutage: (message: string) => void,
): () => Promise<TradeDetail> {
  let outageSinceMs: number | null = null;
  return async () => {
    for (;;) {
      try {
        const trade = await loadTrade(app, tradeId);
        if (!trade) throw notFound(`there is no trade ${tradeId}`);
        outageSinceMs = null;
        return trade;
      } catch (error) {
        if (error instanceof CliError) throw error;
        if (outageSinceMs === null) onOutage('the database does not answer; waiting for it');
        outageSinceMs ??= Date.now();
        if (Date.now() - outageSinceMs > OUTAGE_MAX_MS) {
          throw new CliError(EXIT.unreachable, 'the database stayed away; the trade goes on', {
            cause: error,
          });
        }
        await sleep(POLL_MS);
      }
    }
  };
}
