/** How the trades of a run ended: lost, denied, unfilled, of unknown fate. Pure. */
import type { Allowance } from '../disturb/disturbance.js';
import type { LivedTrade } from '../traffic/live.js';
import type { PlannedTrade } from '../traffic/plan.js';
import { isSettled, type OrderRow, type TradeRow } from './engine-books.js';
import type { Finding } from './finding.js';

export interface OutcomeInput {
  readonly lived: readonly LivedTrade[];
  /** By the trade's name in the run. */
  readonly trades: ReadonlyMap<string, TradeRow>;
  readonly orders: readonly OrderRow[];
  /** Names of trades that aren't over and have no running workflow. */
  readonly unwatched: ReadonlySet<string>;
  readonly allows: Allowance;
}

export interface Outcome {
  readonly findings: readonly Finding[];
  /** Trades that did what their signal asked for. */
  readonly useful: number;
  readonly wanted: number;
}

/** Judges each trade by its row. */
export function outcomeOf(input: OutcomeInput): Outcome {
  const verdicts = input.lived.map((lived) => judge(input, lived));
  return {
    findings: verdicts.flatMap(({ finding }) => (finding ? [finding] : [])),
    useful: verdicts.filter(({ useful }) => useful).length,
    wanted: verdicts.length,
  };
}

interface Judged {
  readonly finding: Finding | null;
  readonly useful: boolean;
}

function judge({ trades, orders, unwatched, allows }: OutcomeInput, lived: LivedTrade): Judged {
  const { name, ending } = lived.plan;
  const guilty = (kind: Finding['kind'], detail: string): Judged => ({
    finding: { kind, subject: name, detail },
    useful: false,
  });
  const trade = trades.get(name);
  if (!trade) return guilty('lost', 'the signal was taken, but has no row');
  const unknown = orders.filter((row) => row.tradeId === trade.id && row.status === 'UNKNOWN');
  if (!isSettled(trade)) {
    const watch = unwatched.has(name) ? ', and no workflow runs for it' : '';
    const fate = unknown.length > 0 ? `, ${unknown.length} orders UNKNOWN` : '';
    return guilty('lost', `${inWords(trade)}${fate}${watch}`);
  }
  if (unknown.length > 0) {
    return guilty('unknown', `${unknown.map(({ role }) => role).join(', ')} left UNKNOWN`);
  }
  const isFilled = Number(trade.filledQuantity) > 0;
  if (ending === 'denied' || ending === 'abandoned') {
    const isAsked = !isFilled && (ending === 'abandoned' || trade.state === 'DENIED');
    return isAsked
      ? { finding: null, useful: true }
      : guilty('unlike', `${inWords(trade)}: it was to be ${ending}`);
  }
  if (trade.state === 'DENIED') {
    const unjust = trade.denialCodes.filter((code) => !allows.denials.includes(code));
    if (unjust.length > 0) return guilty('denied', trade.denialCodes.join(', '));
    return { finding: null, useful: false };
  }
  if (ending !== 'cancel' && !isFilled && !allows.unfilled) {
    return guilty('unfilled', inWords(trade));
  }
  return { finding: null, useful: ending === 'cancel' || didAsAsked(trade, lived.plan) };
}

/** What a trade of each end is recorded as having ended by. */
const EXIT_REASONS: Partial<Record<PlannedTrade['ending'], string>> = {
  stop: 'stop',
  target: 'target',
  holding: 'max_holding',
  close: 'manual',
  'bare close': 'manual',
};

/** Filled whole, and ended as it was driven to. */
function didAsAsked(trade: TradeRow, { ending, quantity }: PlannedTrade): boolean {
  return Number(trade.filledQuantity) === quantity && trade.exitReason === EXIT_REASONS[ending];
}

function inWords({ state, heldQuantity, failure }: TradeRow): string {
  return `${state}, ${heldQuantity} held${failure ? ` (${failure})` : ''}`;
}
