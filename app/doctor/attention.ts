/** What waits for a person, with the command that is the next step (TRD-11). */
import type { AttentionView } from '../../contract/views.js';
import type { App } from '../app.js';
import { listAttention } from '../reads.js';
import { note, ok, type Check } from './check.js';

const NAME = 'waits for you';

/** One line for each; one that says so when there is nothing. */
export async function attentionChecks(app: App): Promise<Check[]> {
  const found = await listAttention(app);
  if (found.length === 0) return [ok(NAME, 'nothing')];
  return found.map((one) => note(NAME, whatOf(one), nextStep(one)));
}

function whatOf({ symbol, account_id: account, trade_id: trade, reason, since }: AttentionView) {
  const about = [trade ? `trade ${trade}` : null, symbol, account].filter((part) => part !== null);
  return `${about.join(' ')}: ${reason}, since ${since}`;
}

function nextStep({ kind, symbol, trade_id: trade, command }: AttentionView): string {
  if (kind === 'executions_missing' && command) {
    return `look at the broker's own statement; then "${command}" with its price and time`;
  }
  if (kind === 'trade') return `look at the broker; "ballast trade ${trade}" shows what is known`;
  if (kind === 'mass_breach') {
    return 'look at "ballast positions" and the broker; "ballast resume" lets entries go again';
  }
  if (kind === 'recovery') {
    return 'look at "ballast reconcile" and the broker; "ballast resume" lets entries go again';
  }
  if (kind === 'quarantine') {
    return `look at the broker; then "ballast resolve quarantine ${symbol ?? 'SYMBOL'}"`;
  }
  return 'see docs/operations.md';
}
