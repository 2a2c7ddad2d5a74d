/** One round of pursuing: what to do next, decided and committed under the trade's lock. */
import type { TradeSnapshot } from '../../contract/workflows.js';
import { planProtection } from '../../domain/trade/protection.js';
import type { ProtectionInput } from '../../domain/trade/actions.js';
import type { TradeLeg } from '../../domain/trade/leg.js';
import type { Side } from '../../domain/vocabulary.js';
import type { ContractInfo } from '../../contract/market.js';
import { textFromRow, type Transaction } from '../../store/database.js';
import { lockBook, type TradeBook } from '../../store/book/load.js';
import {
  entryMayFill,
  isAnythingInFlight,
  isUnverified,
  unansweredExits,
} from '../../store/book/needs-work.js';
import { saveBook, viewOf, type TradeChanges } from '../../store/book/save.js';
import { resolvedInstrument } from '../../store/sending.js';
import { transact } from '../../store/transact.js';
import type { BrokerDeps } from '../deps.js';
import type { ClosingFacts } from './facts.js';
import { commitAction, type SendStep } from './intents.js';
import { reanchor } from './reanchor.js';
import { markUnanswered, resendUnanswered } from './unanswered.js';
import { verifyExits } from './verify.js';

export interface Round {
  readonly snapshot: TradeSnapshot;
  readonly sends: readonly SendStep[];
  /** Something is unanswered, or must be looked at again soon. */
  readonly waits: boolean;
  readonly entryUnknown: boolean;
  /** Nothing is unprotected, and whether the broker ever got some exits must be looked up. */
  readonly exitsUnknown: boolean;
}

/** Decides and commits; nothing is written to the broker before this transaction is. */
export async function nextRound(
  deps: BrokerDeps,
  tradeId: string,
  facts: ClosingFacts,
): Promise<Round> {
  return transact(deps.db, 'pursue.commit', { tradeId }, async (tx) => {
    const nowMs = deps.nowMs();
    const book = await lockBook(tx, tradeId);
    const view = viewOf(book);
    if (view.isOver || view.state === 'ENTRY_UNKNOWN') {
      const { snapshot } = await saveBook(tx, book, nowMs);
      const entryUnknown = !view.isOver;
      return { snapshot, sends: [], waits: false, entryUnknown, exitsUnknown: false };
    }
    markUnanswered(deps, book, nowMs);
    const increment = await priceIncrement(tx, book);
    const changes: TradeChanges = await reanchor(tx, book, view, facts.quote, increment, deps);
    const input = protectionInput(book, facts, increment, changes, nowMs);
    const plan = planProtection(input);
    const sends: SendStep[] = [];
    const instrument = resolvedInstrument(book);
    sends.push(...(await resendUnanswered(tx, deps, book, view, instrument, nowMs)));
    for (const action of plan.actions) {
      sends.push(...(await commitAction(tx, deps, book, action, instrument, nowMs)));
    }
    const settled = sends.length === 0 && !isAnythingInFlight(legsOf(book));
    if (settled && isUnverified(book.trade, view, legsOf(book))) {
      Object.assign(changes, await verifyExits(tx, book));
    }
    const { snapshot } = await saveBook(tx, book, nowMs, changes);
    const unverified = settled && changes.verified === undefined && snapshot.needsWork;
    const waits = isAnythingInFlight(legsOf(book)) || plan.recheckAtMs !== null || unverified;
    const exitsUnknown = sends.length === 0 && hasUnknownExits(legsOf(book), snapshot);
    return { snapshot, sends, waits, entryUnknown: false, exitsUnknown };
  });
}

/** Only where nothing is in a hurry: looking up takes its time. */
function hasUnknownExits(legs: readonly TradeLeg[], snapshot: TradeSnapshot): boolean {
  const isUnknown = unansweredExits(legs).some((leg) => leg.status === 'UNKNOWN');
  const isSafe = snapshot.heldQuantity === '0' || snapshot.isProtected;
  return isUnknown && isSafe && !entryMayFill(legs);
}

function legsOf(book: TradeBook) {
  return [...book.legs.values()];
}

function protectionInput(
  book: TradeBook,
  facts: ClosingFacts,
  increment: string,
  changes: TradeChanges,
  nowMs: number,
): ProtectionInput {
  const { trade } = book;
  const stopPrice = changes.stopPrice ?? textFromRow(trade.stopPrice);
  if (stopPrice === null)
    throw new Error(`trade ${trade.id} has no stop price: it was never planned`);
  return {
    nowMs,
    side: trade.side as Side,
    legs: legsOf(book),
    stopPrice,
    targetPrice: changes.targetPrice ?? textFromRow(trade.targetPrice),
    closeRequested: trade.closeRequested !== null,
    cancelEntryRequested: trade.cancelRequested,
    brokerNet: facts.brokerNet,
    quote: facts.quote,
    priceIncrement: increment,
    unarmedSinceMs: trade.unarmedSince?.getTime() ?? null,
    lastExitFillMs: lastExitFillMs(book),
  };
}

/** When an exit last filled, by this system's clock; null when none did. */
function lastExitFillMs(book: TradeBook): number | null {
  const times = [...book.rows.values()]
    .filter((row) => row.role !== 'ENTRY')
    .flatMap((row) => row.executions.map((execution) => execution.receivedAt.getTime()));
  return times.length > 0 ? Math.max(...times) : null;
}

/** The contract's price increment, as the broker gave it. */
async function priceIncrement(tx: Transaction, book: TradeBook): Promise<string> {
  const row = await tx.contract.findFirst({
    where: { connectionId: book.account.connectionId, symbol: book.trade.symbol },
    orderBy: { fetchedAt: 'desc' },
    select: { body: true },
  });
  const contract = row?.body as unknown as ContractInfo | undefined;
  if (!contract?.priceIncrement) {
    throw new Error(
      `no price increment is known of ${book.trade.symbol}: the contract was never fetched`,
    );
  }
  return contract.priceIncrement;
}
