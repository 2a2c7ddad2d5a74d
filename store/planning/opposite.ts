/**
 * Wanting the end of the trades that a plan is opposite to (TRD-7): in the plan's own transaction, so that it is
 * wanted whenever the decision stands. The account is locked before any trade, the planned trade before those
 * it closes; nobody who holds one of these waits for an account or for a trade of which nothing was sent.
 */
import type { OppositeTrade, PlanContext } from '../../domain/risk/context.js';
import { requestEnd } from '../../domain/trade/wishes.js';
import { lockTrade } from '../book/load.js';
import { giveToTrade } from '../commands.js';
import type { Transaction } from '../database.js';
import { oppositeKey, readPlanRows, type PlanRows } from './read.js';

/** The cause of such a close; becomes its trade's exit reason. */
const CAUSE = 'opposite_signal';

/** Reads what a plan needs; trades that it is opposite to stay as they are read until it is committed. */
export async function readWithOpposites(
  tx: Transaction,
  tradeId: string,
  nowMs: number,
): Promise<PlanRows> {
  const rows = await readPlanRows(tx, tradeId, nowMs);
  if (rows.trade.decisionId !== null || rows.opposites.length === 0) return rows;
  for (const other of rows.opposites) await lockTrade(tx, other.tradeId);
  return readPlanRows(tx, tradeId, nowMs);
}

/**
 * Has each trade that the plan is opposite to closed, or its entry cancelled, as by a command of the planned trade's own: repeated,
 * it asks for nothing more. Gives those whose workflows must be told.
 */
export async function wantEnds(
  tx: Transaction,
  { trade }: Pick<PlanRows, 'trade'>,
  { nowMs, book: { opposites = [] } }: PlanContext,
): Promise<string[]> {
  const isLeft = ({ isOver, wantedAtMs }: OppositeTrade) => !isOver && wantedAtMs === null;
  const left = opposites.filter(isLeft).map(({ tradeId }) => tradeId);
  const command = { kind: 'close', key: oppositeKey(trade.id), cause: CAUSE } as const;
  const actor = `the opposite signal of trade ${trade.id}`;
  // An end risks nothing more: there is no limit to hold it against.
  const by = { nowMs, limits: {} };
  for (const tradeId of left) {
    await giveToTrade(tx, { tradeId, ...command, actor }, by, requestEnd);
  }
  return left;
}
