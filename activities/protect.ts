/**
 * Pursuing what a trade wants: one operation that verifies, re-anchors, repairs, cancels and closes.
 *
 * Each round reads the book, asks the one planner what is needed, and does it: a turn to write, the claim
 * under the lock, the write; or a picture of the broker where something is of unknown fate. It ends when
 * nothing can be done now, so it may run any number of times, in any process, from any point.
 */
import type { ProtectActivities, TradeRef } from '../contract/activities.js';
import type { TradeSnapshot } from '../contract/workflows.js';
import { inTurn, type Book } from '../domain/trade/book.js';
import { mayBeSplit, splitReason } from '../domain/trade/corporate-action.js';
import { countedFromNow } from '../domain/trade/unarmed.js';
import { asCarried, asMoved } from '../domain/trade/carry-moves.js';
import { noteAnchored, verify } from '../domain/trade/exits.js';
import { messagesNeeded } from '../domain/trade/claim-actions.js';
import { needsOf, splitHiddenIn, type Needs, type World } from '../domain/trade/needs.js';
import { overdueWrites, unanswered } from '../domain/trade/outcome.js';
import { changeTrade, type Changed } from '../store/book/change.js';
import { loadBook } from '../store/book/load.js';
import { quarantineSymbol } from '../store/quarantine.js';
import { claimNeeds, POSITION_OUTDATED } from '../store/sending.js';
import { abandonTrade } from '../store/settlement.js';
import type { BrokerDeps } from './deps.js';
import { assertMaySend } from './entry-guard.js';
import { lookOnce, lookUp, newsOrUntil } from './look-up.js';
import { reporting } from './reporting.js';
import { send } from './send.js';
import { worldOf } from './world.js';

/** Longer without a link, the attempt fails visibly and Temporal tries again. */
const LINK_WAIT_MS = 15_000;
/** Protection goes before everything: a turn that does not come by then is asked for again. */
const TURN_WAIT_MS = 5_000;
/** A round of waiting for news; what is due sooner is looked at sooner. */
const ROUND_WAIT_MS = 1_000;
/** What is due later than this is the workflow's to wait for. */
const STAY_MS = 5_000;
/** After that the workflow takes a breath (and may be paused, or told to do something else). */
const PURSUE_MAX_MS = 45_000;

/** Makes the activities of `broker-<account>-protect`. */
export function createProtectActivities(deps: BrokerDeps): ProtectActivities {
  return {
    pursue: ({ tradeId }: TradeRef) =>
      reporting(
        deps,
        tradeId,
        () => pursue(deps, tradeId),
        (snapshot) => snapshot,
      ),
  };
}

/** Works until the orders at the broker are as wanted; gives the trade's newest snapshot. */
export async function pursue(deps: BrokerDeps, tradeId: string): Promise<TradeSnapshot> {
  const endsAtMs = deps.nowMs() + PURSUE_MAX_MS;
  await deps.link.ready(LINK_WAIT_MS);
  let [lookAtMs, positionMisses, positionUnknown] = [0, 0, 0];
  for (;;) {
    const prepared = await prepare(deps, tradeId, positionUnknown > 0);
    const { changed } = prepared;
    positionUnknown = prepared.world.positionUnknown ? positionUnknown + 1 : 0;
    const world: World = { ...prepared.world, positionMisses, positionUnknown };
    const { book, view, snapshot } = changed;
    if (prepared.isCurrent) await noteSplit(deps, changed, world);
    if (view.state === 'ENTRY_UNKNOWN') return endUnknown(deps, tradeId);
    const needs = needsOf(book, world, deps.nowMs());
    if (isAtRest(needs, deps.nowMs()) || deps.nowMs() > endsAtMs) return snapshot;
    const news = deps.commits.next(tradeId, () => true, ROUND_WAIT_MS);
    if (needs.actions.length > 0) {
      const isOutdated = await carryOut(deps, book, needs, world);
      positionMisses = isOutdated ? positionMisses + 1 : 0;
    } else if (needs.lookUp && deps.nowMs() >= lookAtMs) {
      const { lookAgainAtMs } = await lookOnce(deps, tradeId);
      lookAtMs = Math.max(lookAgainAtMs ?? 0, deps.nowMs() + ROUND_WAIT_MS);
      continue;
    }
    if (needs.wait && needs.wait.untilMs - deps.nowMs() < ROUND_WAIT_MS) {
      await newsOrUntil(deps, tradeId, needs.wait.untilMs);
    } else {
      await news;
    }
  }
}

/** Nothing can be done now, and nothing is due soon. */
function isAtRest({ actions, wait, lookUp: open }: Needs, nowMs: number): boolean {
  if (actions.length > 0 || open) return false;
  return wait === null || wait.then === 'person' || wait.untilMs - nowMs > STAY_MS;
}

interface Prepared {
  readonly changed: Changed;
  readonly world: World;
  /** Nobody has changed the trade since the broker was asked: a person may have settled what it shows. */
  readonly isCurrent: boolean;
}

/** What follows without a write: writes that went unanswered, re-anchored exits, verified ones. */
async function prepare(deps: BrokerDeps, tradeId: string, hasWaited: boolean): Promise<Prepared> {
  const { book, keys } = await loadBook(deps.db, tradeId);
  const world = await worldOf(deps, book, keys);
  const isKnownNow = hasWaited && world.positionUnknown === 0;
  const changed = await changeTrade(deps.db, 'pursue.commit', tradeId, deps.nowMs(), (now) =>
    prepared(deps, isKnownNow ? countedFromNow(now) : now, world),
  );
  // Its stop went meanwhile: what the broker holds is asked for before another is thought of.
  const isNews = mayBeSplit(changed.book) && !mayBeSplit(book);
  if (isNews)
    return { changed, world: await worldOf(deps, changed.book, changed.keys), isCurrent: true };
  const isCurrent = changed.keys.seq === keys.seq + (changed.changed ? 1 : 0);
  return { changed, world, isCurrent };
}

/** No exit is sent across a split by itself: the symbol waits for a person (REC-5). */
async function noteSplit(
  { db, log, nowMs }: BrokerDeps,
  { book, keys: { seq } }: Changed,
  world: World,
): Promise<void> {
  const found = splitIn(book, world, nowMs());
  if (found === null) return;
  const { id: tradeId } = book;
  if (await quarantineSymbol(db, { tradeId, seq, ...found })) log.error({ tradeId }, found.reason);
}

/** What looks like a split, by its ratio, or where a hand's trade hides that by the price; null: nothing does. */
function splitIn(
  book: Book,
  world: World,
  nowMs: number,
): { readonly reason: string; readonly causeKey?: string } | null {
  const { split, splitSeen = null } = world;
  if (split !== null)
    return { reason: splitReason(`the broker holds ${split} times what the books say`) };
  // A quarantine for it says so already; each look has other numbers, and one cause is enough.
  const hidden = splitSeen === null ? splitHiddenIn(book, world, nowMs) : null;
  if (hidden === null) return null;
  return { reason: splitReason(hidden), causeKey: `hidden-split:${book.id}` };
}

function prepared(deps: BrokerDeps, book: Book, { quote, priceIncrement }: World) {
  const overdue = overdueWrites(book, deps.nowMs(), deps.settings.ackTimeoutMs, deps.writing);
  return inTurn(
    book,
    (now) => (overdue.length > 0 ? unanswered(now, overdue) : { book: now, events: [] }),
    (now) =>
      priceIncrement === null
        ? { book: now, events: [] }
        : noteAnchored(now, quote, priceIncrement),
    // What the quote refuses is told now; what is to be written changes with its claim.
    (now) => asCarried(now, asMoved(now, quote, deps.nowMs()), []),
    verify,
  );
}

/**
 * Claims and writes what is needed; a refusal leaves it to the next round, from the book. True: the
 * position was too old by the time of its turn.
 */
async function carryOut(
  deps: BrokerDeps,
  book: Book,
  { actions }: Needs,
  world: World,
): Promise<boolean> {
  const tradeId = book.id;
  const sent = await send(deps, {
    tradeId,
    messages: messagesNeeded(actions),
    priority: 'protect',
    deadlineMs: deps.nowMs() + TURN_WAIT_MS,
    claim: (context) => claimNeeds(deps.db, tradeId, context, actions, world),
    onClaimed: () => undefined,
    guard: () => assertMaySend(deps),
  });
  if (sent.kind === 'written') return false;
  deps.log.info({ tradeId, reason: sent.reason }, 'not written');
  return sent.reason === POSITION_OUTDATED;
}

/** The story is past its entry: one that is proven absent now is not planned again but given up. */
async function endUnknown(deps: BrokerDeps, tradeId: string): Promise<TradeSnapshot> {
  const found = await lookUp(deps, tradeId);
  if (found.kind !== 'not_sent') return found.snapshot;
  return abandonTrade(deps.db, 'pursue.abandon.commit', tradeId, found.reason, deps.nowMs());
}
