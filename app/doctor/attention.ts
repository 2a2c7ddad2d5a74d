/** What waits for a person, with the command that is the next step (TRD-11). */
import type { AttentionView } from '../../contract/views.js';
import type { App } from '../app.js';
import { listAttention } from '../reads.js';
import { note, ok, type Check } from './check.js';

const NAME = 'waits for you';
/** It ends by itself. */
const PAUSED = 'paused';

/** One line for each; one that says so when there is nothing. */
export async function attentionChecks(app: App): Promise<Check[]> {
  const found = await listAttention(app);
  if (found.length === 0) return [ok(NAME, 'nothing')];
  return found.map((one) => note(one.until ? PAUSED : NAME, whatOf(one), nextStep(one)));
}

/** What it is about, for people. */
export function whatOf({ symbol, side, reason, since, until, ...of }: AttentionView) {
  const { account_id: account, strategy_id: strategy, trade_id: trade } = of;
  const about = [
    trade && `trade ${trade}`,
    strategy && `strategy ${strategy}`,
    symbol,
    side,
    account,
  ];
  const times = until === undefined ? `since ${since}` : `since ${since}, until ${until}`;
  return `${about.filter(Boolean).join(' ')}: ${reason}, ${times}`;
}

/** What a person does about it. */
export function nextStep(attention: AttentionView): string {
  const { kind, symbol, strategy_id: strategy, until, trade_id: trade, command } = attention;
  if (attention.advice !== undefined) return attention.advice;
  if (strategy !== undefined) {
    const how = `"ballast resume --strategy ${strategy}"`;
    return until === undefined ? `${how} lifts it` : `it ends by itself; ${how} ends it now`;
  }
  if (kind === 'executions_missing' && command) {
    return `look at the broker's own statement; then "${command}" with its price and time`;
  }
  if (kind === 'approval') return `"ballast approve ${trade}", or "ballast reject ${trade}"`;
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
