/**
 * Having a signal carried out by its own id (API-1). A signal that was taken in goes on by itself, so this starts nothing
 * that would not go on: it gives a person's word where one is waited for, and else says how far it has come.
 */
import { hasEndedUnopened, type TradeDetail } from '../contract/views.js';
import { isApproved } from '../store/approvals.js';
import type { App } from './app.js';
import { decide } from './approvals.js';
import { loadTrade, tradeOfSignal } from './reads.js';

export interface ExecutionGiven {
  /** The caller's own id of the signal. */
  readonly signalId: string;
  /** The caller's idempotency key: the same key is the same word. */
  readonly key: string;
  /** Why, for the record. */
  readonly reason: string | null;
  /** Whether the caller may give the word that a signal waits for. */
  readonly mayApprove: boolean;
}

export type SignalExecuted =
  /** It goes on; `isNew`: by the word that was just given. */
  | { readonly kind: 'taken'; readonly trade: TradeDetail; readonly isNew: boolean }
  /** It waits for a word that the caller may not give. */
  | { readonly kind: 'not_allowed' }
  /** Nothing of it will be sent. */
  | { readonly kind: 'refused'; readonly reason: string };

/** @returns null when the user has no signal of that id */
export async function executeSignal(
  app: App,
  { signalId, key, reason, mayApprove }: ExecutionGiven,
): Promise<SignalExecuted | null> {
  const tradeId = await tradeOfSignal(app, signalId);
  const trade = tradeId && (await loadTrade(app, tradeId));
  if (!trade) return null;
  if (await isUndecided(app, trade)) {
    if (!mayApprove) return { kind: 'not_allowed' };
    const given = { tradeId: trade.id, verdict: 'approved', key, reason } as const;
    const { verdict, reason: why } = await decide(app, given);
    const now = (await loadTrade(app, trade.id)) ?? trade;
    if (verdict === 'accepted') return { kind: 'taken', trade: now, isNew: true };
    // Its time ran out, or somebody else has decided in between.
    if (await isUndecided(app, now)) return { kind: 'refused', reason: why ?? 'it was not taken' };
    return standing(now);
  }
  return standing(trade);
}

/** It waits for a person, and nobody has approved it yet. */
async function isUndecided({ db }: App, { id, state }: TradeDetail): Promise<boolean> {
  return state === 'AWAITING_APPROVAL' && !(await isApproved(db, id));
}

function standing(trade: TradeDetail): SignalExecuted {
  if (!hasEndedUnopened(trade.state)) return { kind: 'taken', trade, isNew: false };
  const why = [trade.denial_codes.join(', '), trade.failure].filter(Boolean).join('; ');
  const told = why === '' ? trade.state : `${trade.state}: ${why}`;
  return { kind: 'refused', reason: `it came to nothing (${told}): send a new signal` };
}
