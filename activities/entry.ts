/**
 * Entering: the one step that can't be taken back. The row decides what a call does, not the call:
 *
 *   NEW      → check the switches, commit SENDING with order ids, write, await the acknowledgement
 *   SENDING  → somebody wrote, or was about to: look it up, never write again
 *   SENT     → the broker has shown it: answer with what is known
 */
import type { EntryActivities, EntryOutcome, TradeRef } from '../contract/activities.js';
import { NotSentError, UnknownOutcomeError } from '../broker/port.js';
import type { BracketToSend } from '../contract/sending.js';
import type { Approved } from '../domain/risk/approved.js';
import type { TradeLeg } from '../domain/trade/leg.js';
import type { Committed } from '../store/inbox.js';
import { lockBook, type TradeBook } from '../store/book/load.js';
import { saveBook } from '../store/book/save.js';
import { markDelivered } from '../store/delivery.js';
import { applyToLeg } from '../store/order-facts.js';
import { abandonTrade } from '../store/settling.js';
import { noteWritten, startBracket, withdrawBracket } from '../store/sending.js';
import { transact } from '../store/transact.js';
import type { BrokerDeps } from './deps.js';
import { entryBlockedBy } from './entry-guard.js';
import { withHeartbeat } from './heartbeat.js';
import { entryOutcome, lookUp } from './look-up.js';
import { warmMarket } from './market.js';

/** An entry does not wait longer for a link that is down: it is planned again. */
const LINK_WAIT_MS = 2_000;

/** Makes the activities of `broker-<account>-work`. */
export function createEntryActivities(deps: BrokerDeps): EntryActivities {
  return {
    warmMarket: (ref) => withHeartbeat(() => warmMarket(deps, ref)),
    enter: (ref) => reporting(deps, ref, () => enter(deps, ref)),
    lookUpEntry: (ref) => reporting(deps, ref, () => lookUp(deps, ref.tradeId)),
  };
}

/** The answer carries the newest snapshot: the workflow need not be signalled up to it. */
async function reporting(
  deps: BrokerDeps,
  { tradeId }: TradeRef,
  work: () => Promise<EntryOutcome>,
): Promise<EntryOutcome> {
  return withHeartbeat(() =>
    deps.delivery.whileHeld(tradeId, async () => {
      const outcome = await work();
      await markDelivered(deps.db, tradeId, outcome.snapshot.seq, 'outcome.mark');
      return outcome;
    }),
  );
}

async function enter(deps: BrokerDeps, { tradeId }: TradeRef): Promise<EntryOutcome> {
  const notReady = await deps.link.ready(LINK_WAIT_MS).then(
    () => null,
    (error: Error) => error.message,
  );
  const started = await startSending(deps, tradeId, notReady);
  if (started.kind === 'taken') return lookUp(deps, tradeId);
  if (started.kind === 'blocked') return notSent(deps, tradeId, started.reason);
  return write(deps, tradeId, started.bracket);
}

type Started =
  | { readonly kind: 'started'; readonly bracket: Approved<BracketToSend> }
  | { readonly kind: 'blocked'; readonly reason: string }
  | { readonly kind: 'taken' };

/** NEW → SENDING in one transaction, with every switch read inside it. */
async function startSending(
  deps: BrokerDeps,
  tradeId: string,
  notReady: string | null,
): Promise<Started> {
  const { db, link, nowMs } = deps;
  return transact(db, 'enter.claim.commit', { tradeId }, async (tx) => {
    const book = await lockBook(tx, tradeId);
    if (entryLeg(book).intent !== 'NEW') return { kind: 'taken' };
    const reason = notReady ?? (await entryBlockedBy(tx, deps, book));
    if (reason !== null) return { kind: 'blocked', reason };
    for (const [orderRowId, row] of book.rows) {
      deps.commits.learn(row.clientOrderId, { tradeId, orderRowId });
    }
    const bracket = await startBracket(tx, book, {
      lease: link.lease(),
      sessionClientId: link.sessionClientId,
      nextValidId: link.port.state().nextValidId ?? 1,
      nowMs: nowMs(),
    });
    await saveBook(tx, book, nowMs());
    return { kind: 'started', bracket };
  });
}

async function write(
  deps: BrokerDeps,
  tradeId: string,
  bracket: Approved<BracketToSend>,
): Promise<EntryOutcome> {
  const { db, link, commits, settings, nowMs, log } = deps;
  const answered = commits.next(
    tradeId,
    (committed) => isAnswered(committed),
    settings.ackTimeoutMs,
  );
  try {
    const receipt = await link.port.placeBracket(bracket, {
      sendBeforeMs: nowMs() + settings.entrySendWindowMs,
      guard: () => assertMaySend(deps),
      priority: 'entry',
      tradeId,
    });
    const orders = [bracket.entry, ...bracket.exits];
    noteWritten(db, orders, link.lease().connectionId, receipt.writtenAtMs).catch(
      (error: unknown) =>
        log.warn({ tradeId, error: String(error) }, 'the time of a write was not stored'),
    );
  } catch (error) {
    if (error instanceof NotSentError) return notSent(deps, tradeId, error.message);
    if (!(error instanceof UnknownOutcomeError)) throw error;
    log.warn({ tradeId, error: error.message }, 'the link died around a send');
  }
  const committed = await answered;
  if (committed) return entryOutcome(committed.snapshot, committed.view);
  return becomeUnknown(deps, tradeId);
}

/** Throws right before a write when this process may not send any more. */
export function assertMaySend(deps: BrokerDeps): void {
  if (deps.link.maySend()) return;
  throw new NotSentError('guard', 'the connection lease has run out: another worker may hold it');
}

/** Every leg was shown by the broker, or the entry's fate is plain without the rest. */
function isAnswered({ book, view }: Committed): boolean {
  const legs = [...book.legs.values()].filter((leg) => leg.sequence === 1);
  return view.isOver || legs.every((leg) => leg.intent === 'SENT');
}

async function notSent(deps: BrokerDeps, tradeId: string, reason: string): Promise<EntryOutcome> {
  const snapshot = await transact(deps.db, 'withdraw.commit', { tradeId }, async (tx) => {
    const withdrawn = await withdrawBracket(tx, tradeId, 'not_written', reason, deps.nowMs());
    // Whoever cancelled wants no second round.
    return withdrawn.cancelRequested
      ? abandonTrade(tx, tradeId, reason, deps.nowMs())
      : withdrawn.snapshot;
  });
  return { kind: 'not_sent', reason, snapshot };
}

/** Written, unanswered: from here only evidence decides. */
async function becomeUnknown(deps: BrokerDeps, tradeId: string): Promise<EntryOutcome> {
  const { db, nowMs } = deps;
  return transact(db, 'unknown.commit', { tradeId }, async (tx) => {
    const book = await lockBook(tx, tradeId);
    const entry = entryLeg(book);
    if (entry.intent === 'SENT') {
      const { snapshot, view } = await saveBook(tx, book, nowMs());
      return entryOutcome(snapshot, view);
    }
    for (const leg of book.legs.values()) {
      applyToLeg(book, leg.legId, { kind: 'outcomeUnknown', message: 'no answer in time' });
    }
    const { snapshot } = await saveBook(tx, book, nowMs());
    return { kind: 'unknown', snapshot };
  });
}

/** The entry of a trade that has been planned. */
export function entryLeg(book: TradeBook): TradeLeg {
  const leg = [...book.legs.values()].find((candidate) => candidate.role === 'ENTRY');
  if (!leg) throw new Error(`trade ${book.trade.id} has no entry: it was never planned`);
  return leg;
}
