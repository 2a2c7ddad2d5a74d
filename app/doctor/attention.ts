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
  return eachCauseOnce(found).map((one) =>
    note(one.until ? PAUSED : NAME, whatOf(one), nextStep(one)),
  );
}

/** What a trade waits for while a split's quarantine holds it back, whatever its numbers: all of it names the split. */
const FOR_SPLIT = /"ballast resolve split|as after a split/;

/** What several trades wait for is one matter, and what their symbol's quarantine says is told there. */
function eachCauseOnce(found: readonly AttentionView[]): AttentionView[] {
  const heldBack = new Set(found.flatMap(({ trade_ids = [] }) => trade_ids));
  const once = new Map<unknown, AttentionView>();
  for (const one of found) {
    const { kind, symbol, trade_id: trade, reason } = one;
    const isOfTrade = kind === 'trade' && trade !== null;
    if (isOfTrade && heldBack.has(trade) && FOR_SPLIT.test(reason)) continue;
    const key = isOfTrade ? `${symbol}: ${reason}` : one;
    const first = once.get(key);
    if (first === undefined) once.set(key, one);
    else
      once.set(key, { ...first, trade_ids: [...(first.trade_ids ?? [first.trade_id!]), trade!] });
  }
  return [...once.values()];
}

/** What it is about, for people. */
export function whatOf({ symbol, side, reason, since, until, ...of }: AttentionView) {
  const { account_id: account, strategy_id: strategy, trade_id: trade, trade_ids: trades } = of;
  const about = [
    trades?.length ? `trade ${trades.join(', ')}` : trade && `trade ${trade}`,
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
    return `"ballast reconcile" says what differs, and what settles it; then "ballast resolve quarantine ${symbol ?? 'SYMBOL'}"`;
  }
  return 'see docs/operations.md';
}
