/**
 * Entering: the one step that can't be taken back. Asked for it, the plan is made first, in the same visit;
 * then the book decides what a call does, not the call:
 *
 *   NEW      → a turn to write, the claim with every switch read, the write, the acknowledgement
 *   SENDING  → somebody wrote, or was about to: look it up, never write again
 *   SENT     → the broker has shown it: answer with what is known
 */
import type {
  EnterInput,
  EnterOutcome,
  EntryActivities,
  EntryOutcome,
} from '../contract/activities.js';
import { resolveLimits } from '../domain/risk/limits.js';
import type { BracketPlan } from '../domain/risk/plan.js';
import { bracketOf, entryOf, type Book } from '../domain/trade/book.js';
import { paysTheQuote } from '../domain/trade/deviation.js';
import { looseEnds } from '../domain/trade/is-over.js';
import { overdueWrites, unanswered } from '../domain/trade/outcome.js';
import { abandon, wasTaken, withdraw } from '../domain/trade/wishes.js';
import { changeTrade } from '../store/book/change.js';
import { loadBook } from '../store/book/load.js';
import type { Committed } from '../store/inbox.js';
import type { FirstBracket } from '../store/planning/plan.js';
import { claimBracket } from '../store/sending.js';
import { readSwitches } from '../store/switches.js';
import type { BrokerDeps } from './deps.js';
import { assertEntryMayGo, entryBlockedBy } from './entry-guard.js';
import { withHeartbeat } from './heartbeat.js';
import { entryOutcome, lookUp } from './look-up.js';
import { freshQuote, warmMarket } from './market.js';
import { reporting } from './reporting.js';
import { send } from './send.js';
import { SwitchWatch } from './switch-watch.js';

/** An entry does not wait longer for its turn to write: it is planned again. */
const TURN_WAIT_MS = 10_000;
/** From the look at the quote to the claim that judges it, on a link with turns to give. */
const UNTIL_CLAIM_MS = 500;

/** Makes the activities of `broker-<account>-work`. */
export function createEntryActivities(deps: BrokerDeps): EntryActivities {
  return {
    warmMarket: (input) => withHeartbeat(() => warmMarket(deps, input)),
    enter: (input) => reporting(deps, input.tradeId, () => planAndEnter(deps, input), snapshotOf),
    lookUpEntry: ({ tradeId }) => reporting(deps, tradeId, () => lookUp(deps, tradeId), snapshotOf),
  };
}

const snapshotOf = <Outcome extends Pick<EntryOutcome, 'snapshot'>>({ snapshot }: Outcome) =>
  snapshot;

/** The plan is idempotent as the entry is: one that is committed is found, with whatever became of it. */
async function planAndEnter(
  deps: BrokerDeps,
  { tradeId, plan }: EnterInput,
): Promise<EnterOutcome> {
  if (plan === undefined) return enter(deps, tradeId);
  // Daily closes take longer than all the rest, and a trade that is alone in its account needs none.
  if (plan === 'cold') await warmMarket(deps, { tradeId }, false);
  let { outcome, first } = await deps.plans.plan(tradeId, false);
  if (outcome.kind === 'needs_market') {
    await warmMarket(deps, { tradeId });
    ({ outcome, first } = await deps.plans.plan(tradeId, true));
  }
  if (outcome.kind === 'needs_market') throw new Error('a final plan asked for the market');
  const codes = outcome.kind === 'denied' ? outcome.codes : [];
  deps.log.info({ tradeId, verdict: outcome.kind, codes }, 'planned');
  if (outcome.kind !== 'approved') return outcome;
  return { ...(await enter(deps, tradeId, first)), planned: outcome };
}

/** What is known of a bracket before its turn to write; the claim reads and checks everything anew. */
type Foreseen = Pick<FirstBracket, 'symbol' | 'instrument' | 'messages'> & {
  readonly plan: BracketPlan | null;
};

/** The same from the trade's rows; null when somebody wrote it, or was about to. */
async function foresee(deps: BrokerDeps, tradeId: string): Promise<Foreseen | null> {
  const { book } = await loadBook(deps.db, tradeId);
  if (wasTaken(book)) return null;
  const { symbol, instrument, plan } = book;
  const messages = bracketOf(book).length + looseEnds(book).length;
  return { symbol, instrument, plan, messages };
}

async function enter(
  deps: BrokerDeps,
  tradeId: string,
  first: FirstBracket | null = null,
): Promise<EntryOutcome> {
  const foreseen = first ?? (await foresee(deps, tradeId));
  if (foreseen === null) return lookUp(deps, tradeId);
  const { settings, nowMs, commits } = deps;
  await quoteToPay(deps, foreseen);
  let answered: Promise<Committed | null> = Promise.resolve(null);
  let planned: Book | null = null;
  const switches = new SwitchWatch(() => readSwitches(deps.db, tradeId));
  const sent = await send(deps, {
    tradeId,
    messages: foreseen.messages,
    priority: 'entry',
    deadlineMs: nowMs() + TURN_WAIT_MS,
    claim: (context) => {
      const askedAtMs = switches.start();
      return claimBracket(deps.db, tradeId, context, (now, facts) => {
        planned = now;
        switches.note(facts, askedAtMs);
        return entryBlockedBy(deps, now, facts);
      });
    },
    onClaimed: () => {
      answered = commits.next(tradeId, isAnswered, settings.ackTimeoutMs);
    },
    guard: () => assertEntryMayGo(deps, planned!, switches.current()),
  }).finally(() => switches.stop());
  if (sent.kind === 'written') {
    const committed = await answered;
    if (committed) return entryOutcome(committed.snapshot, committed.view);
    return becomeUnknown(deps, tradeId);
  }
  const now = sent.changed?.book ?? (await loadBook(deps.db, tradeId)).book;
  if (sent.kind === 'refused' && wasTaken(now)) return lookUp(deps, tradeId);
  return notSent(deps, tradeId, sent.reason);
}

/** What pays the market needs to know it: a worker that just started knows no quote yet. */
async function quoteToPay(deps: BrokerDeps, foreseen: Foreseen): Promise<void> {
  if (foreseen.plan === null || !paysTheQuote(foreseen.plan)) return;
  const { quoteMaxAgeMs } = resolveLimits(deps.settings.limits);
  await freshQuote(deps, foreseen, quoteMaxAgeMs - UNTIL_CLAIM_MS);
}

/** Every leg was shown by the broker, or the entry's fate is plain without the rest. */
function isAnswered({ book, view }: Committed): boolean {
  return view.isOver || bracketOf(book).every((leg) => leg.intent === 'SENT');
}

/** Nothing was written: the plan is as old as the attempt. Whoever cancelled wants no second round. */
async function notSent(deps: BrokerDeps, tradeId: string, reason: string): Promise<EntryOutcome> {
  const { db, nowMs } = deps;
  const { snapshot } = await changeTrade(db, 'withdraw.commit', tradeId, nowMs(), (book) => {
    const withdrawn = withdraw(book, reason);
    return book.wishes.cancelEntry ? abandon(withdrawn.book, reason) : withdrawn;
  });
  return { kind: 'not_sent', reason, snapshot };
}

/** Written, unanswered: from here only evidence decides. */
async function becomeUnknown(deps: BrokerDeps, tradeId: string): Promise<EntryOutcome> {
  const { db, nowMs, settings } = deps;
  const { book, snapshot, view } = await changeTrade(
    db,
    'unknown.commit',
    tradeId,
    nowMs(),
    (now) => unanswered(now, overdueWrites(now, nowMs(), settings.ackTimeoutMs, deps.writing)),
  );
  return isShown(book) ? entryOutcome(snapshot, view) : { kind: 'unknown', snapshot };
}

function isShown(book: Book): boolean {
  return entryOf(book)?.intent === 'SENT';
}
