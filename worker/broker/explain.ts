/**
 * Exits that could fill more than the broker holds, though no book says so: somebody may have closed shares
 * by hand. What executions of others, or a position that is gone for good, prove is booked to the trade,
 * whose exits then go by themselves; the symbol waits for a person either way (TRD-13, REC-2).
 */
import type { Logger } from '../../config/logger.js';
import { isMassVanish } from '../../domain/reconcile/recovery.js';
import { decimal, text } from '../../domain/money.js';
import { isNoneLeft, netOf, rowsOf, symbolRows } from '../../domain/trade/own-share.js';
import { hasLiveExit, type GuardedTrade } from '../../domain/trade/guard.js';
import { bookClosedOutside, type OutsideEvidence } from '../../store/closed-outside.js';
import type { Database } from '../../store/database.js';
import { quarantineSymbol } from '../../store/quarantine.js';
import type { Delivery } from './delivery.js';
import type { Unexplained } from './guard.js';
import type { Inbox } from './inbox.js';

/** Two complete pictures that far apart show a position that is gone for good, or turned round (REC-2). */
const GONE_AFTER_MS = 10_000;

export interface ExplainParts {
  readonly db: Database;
  readonly delivery: Pick<Delivery, 'notify'>;
  readonly inbox: Pick<Inbox, 'hasStuck'>;
  readonly log: Logger;
}

/** Books what is proven, and quarantines the symbol. @throws when the database does not answer */
export async function explain(
  { db, delivery, inbox, log }: ExplainParts,
  unexplained: Unexplained,
): Promise<void> {
  const { tradeId } = unexplained;
  // A fact that can't be booked may be the very fill that is missing.
  const trade = unexplained.trades.find((one) => one.tradeId === tradeId)!;
  const { account, held } = trade;
  const closed = inbox.hasStuck(account)
    ? null
    : await bookClosedOutside(db, tradeId, evidenceOf(trade, unexplained));
  if (closed) {
    const { heldQuantity } = closed.view;
    log.error({ tradeId, heldQuantity }, 'shares of the trade were closed outside');
    delivery.notify(tradeId);
  }
  // Without an exit nothing can be sold twice: what is not proven yet, the next pictures prove, or a comparison tells.
  if (!closed && !hasLiveExit(trade)) return;
  const reason = closed
    ? `${text(decimal(held).sub(closed.view.heldQuantity).abs())} of the ${held} shares of trade ${tradeId} were closed outside of this system`
    : `exits of trade ${tradeId} could fill more than the broker's position`;
  await quarantineSymbol(db, { tradeId, reason });
}

function evidenceOf(
  trade: GuardedTrade,
  { snapshot, trades, sinceMs }: Unexplained,
): OutsideEvidence {
  const { account, brokerContractId, side } = trade;
  const { positions } = snapshot;
  const own = rowsOf(positions, account, brokerContractId);
  const together = trades.filter(
    (other) =>
      other.account === account &&
      other.brokerContractId === brokerContractId &&
      other.side === side,
  );
  return {
    tradeIds: together.map((other) => other.tradeId),
    net: netOf(own),
    // A list that lacks most of what is held is sooner the broker's error than so many closes.
    isGone:
      isNoneLeft(side, own, symbolRows(positions, account, trade)) &&
      snapshot.startedAtMs - sinceMs >= GONE_AFTER_MS &&
      !isMassVanish(trades, snapshot, account),
    nowMs: Date.now(),
  };
}
