/** How a trade ends: withdrawn before it was sent, abandoned, or settled with its lots and P&L. */
import type { EntryOutcome, SettleOutcome } from '../contract/activities.js';
import type { TradeSnapshot } from '../contract/workflows.js';
import { decimal, moneyText } from '../domain/money.js';
import { isOver } from '../domain/trade/is-over.js';
import { resultNews } from '../domain/trade/news.js';
import { missingCommissions as missingOf, settle, type Settled } from '../domain/trade/settle.js';
import { abandon, wasTaken, withdraw } from '../domain/trade/wishes.js';
import type { PairName } from '../failpoints/table.js';
import { alert } from './alerts.js';
import { alertOf, changeBook, changeTrade } from './book/change.js';
import { loadBook } from './book/load.js';
import type { Database } from './database.js';
import { judgeResult, type Limits } from './protections.js';
import { transact } from './transact.js';

/**
 * Executions that count and whose commission has not come, of a trade that is over. One that isn't (any
 * more) must not be kept waiting for money while its shares want protection.
 */
export async function missingCommissions(db: Database, tradeId: string): Promise<number> {
  const { book } = await loadBook(db, tradeId);
  return isOver(book) ? missingOf(book) : 0;
}

/** What became of an entry that no worker took in time: only its book knows. */
export async function withdrawEntry(
  db: Database,
  tradeId: string,
  nowMs: number,
): Promise<EntryOutcome> {
  const reason = 'no broker worker took it in time';
  const { book, snapshot } = await changeTrade(db, 'untaken.commit', tradeId, nowMs, (now) =>
    withdraw(now, reason),
  );
  return wasTaken(book) ? { kind: 'unknown', snapshot } : { kind: 'not_sent', reason, snapshot };
}

/** Ends a trade of which nothing was ever at the broker; one in flight stays as it is. */
export async function abandonTrade(
  db: Database,
  step: PairName,
  tradeId: string,
  reason: string,
  nowMs: number,
): Promise<TradeSnapshot> {
  const changed = await changeTrade(db, step, tradeId, nowMs, (book) => abandon(book, reason));
  return changed.snapshot;
}

/**
 * Books the result of a trade that is over; again gives the same. One that isn't over is left as it is:
 * its snapshot says so, and the story goes on. What its loss pauses is paused by the same commit (RSK-4).
 */
export async function settleTrade(
  db: Database,
  tradeId: string,
  nowMs: number,
  limits: Limits,
): Promise<SettleOutcome> {
  return transact(db, 'settle.commit', { tradeId }, async (tx) => {
    let settled: Settled | null = null;
    const changed = await changeBook(tx, tradeId, nowMs, (book) => {
      const change = settle(book, nowMs);
      settled = 'lots' in change ? change : null;
      return change;
    });
    const made = settled as Settled | null;
    const { snapshot } = changed;
    if (made === null) return { snapshot, realizedPnl: null, summary: 'not over' };
    const news = resultNews(changed.book, changed.view, made.lots);
    if (made.events.length > 0 && news) await alert(tx, alertOf(changed.keys, changed.book)(news));
    if (made.lots) await judgeResult(tx, tradeId, limits, nowMs);
    const realizedPnl = made.lots && moneyText(decimal(made.lots.realizedPnl));
    return { snapshot, realizedPnl, summary: made.summary };
  });
}
