/**
 * A signal against a trade of its own strategy (TRD-7): that trade is closed, or closed and followed, or left
 * alone and the signal denied. A close takes risk away, so nothing that only keeps entries back keeps it back.
 */
import type { ReasonCode } from '../reasons.js';
import type { EpochMs } from '../vocabulary.js';
import { asOfOpen, queuedFor, type Queued } from './closed-market.js';
import type { OppositeTrade, PlanContext } from './context.js';
import { decidePlan } from './decide.js';
import { finding, inRegistryOrder, type Finding } from './finding.js';
import { asIfOver, onOpposite, opposing } from './opposing.js';
import { waitsUntil } from './outage.js';

/** The signal itself is wrong, or too late, or nobody knows what is to follow from it: then nothing does. */
const WRONG_SIGNAL: ReadonlySet<ReasonCode> = new Set<ReasonCode>([
  // What could not be read may be what leaves the other trade alone, or has a person asked first.
  'SETTINGS_INVALID',
  'UNKNOWN_SYMBOL',
  'SIGNAL_STALE',
  'SIGNAL_EXPIRED',
  // Exits on the wrong side may be those of the other direction: then it is the side that is wrong.
  'STOP_WRONG_SIDE',
  'TARGET_WRONG_SIDE',
]);

/** However long it waited, it could not be entered. */
const NEVER_ENTERED: ReadonlySet<ReasonCode> = new Set<ReasonCode>([
  'SIGNAL_OVERTAKEN',
  'NO_STOP',
  'NO_POSITION',
  'SHORT_NOT_ALLOWED',
]);

export type OppositeStep =
  /** Those trades end, and the signal is denied with this. */
  | { readonly kind: 'close'; readonly findings: readonly Finding[] }
  /** Those trades end; the signal waits until they are over, and is planned then. */
  | { readonly kind: 'reverse'; readonly cause: string; readonly untilMs: EpochMs }
  /** The same in a closed market, where they can't end before it opens. */
  | ({ readonly kind: 'queue' } & Queued);

/**
 * What follows from a plan against trades of its own strategy; null when nothing does: there is none, or the
 * plan is denied and they stay.
 * @param waitMs how long a trade may wait for what others do (BRK-11)
 */
export function oppositeStep(
  context: PlanContext,
  findings: readonly Finding[],
  waitMs: number,
): OppositeStep | null {
  const others = opposing(context);
  if (others.length === 0 || onOpposite(context) === 'deny') return null;
  if (findings.some(({ code }) => WRONG_SIGNAL.has(code))) return null;
  const live = others.filter(({ isOver }) => !isOver);
  if (onOpposite(context) === 'close')
    return closing(live, 'nothing is opened: on_opposite is close');
  const after = asIfOver(context);
  const never = decidePlan(after).findings.filter(({ code }) => NEVER_ENTERED.has(code));
  if (never.length > 0) return live.length === 0 ? null : reversalDenied(live, never);
  const queued = queuedFor(after);
  if (queued !== null) return { kind: 'queue', ...queued };
  const untilMs = waitEndMs(context, others, waitMs);
  if (context.nowMs < untilMs) return { kind: 'reverse', cause: causeOf(others), untilMs };
  const isWanted = live.every(({ wantedAtMs }) => wantedAtMs !== null);
  return isWanted ? null : closing(live, 'the signal is too old to wait for its end');
}

/** Nothing has to be known of the market: each of them is on its way out for this very signal. */
export function isFollowing(context: PlanContext): boolean {
  const others = opposing(context);
  const isGoing = ({ isOver, wantedAtMs }: OppositeTrade) => isOver || wantedAtMs !== null;
  return others.length > 0 && others.every(isGoing);
}

function closing(others: readonly OppositeTrade[], why: string): OppositeStep {
  return {
    kind: 'close',
    findings: [finding('CLOSED_OPPOSITE', `${namesOf(others)} is to end`, why)],
  };
}

function reversalDenied(others: readonly OppositeTrade[], never: readonly Finding[]): OppositeStep {
  const why = 'nothing is opened: the reversal could not be entered';
  const closed = finding('CLOSED_OPPOSITE', `${namesOf(others)} is to end`, why);
  return { kind: 'close', findings: inRegistryOrder([closed, ...never]) };
}

/** From when their end was first wanted, or from the open that it waited for, as long as for any outage. */
function waitEndMs(
  context: PlanContext,
  others: readonly OppositeTrade[],
  waitMs: number,
): EpochMs {
  const opened = asOfOpen(context);
  const wanted = others.map(({ wantedAtMs }) => wantedAtMs).filter((atMs) => atMs !== null);
  const sinceMs = Math.min(context.nowMs, ...wanted);
  const hasWaited = opened.receivedAtMs > context.receivedAtMs;
  const fromMs = hasWaited ? Math.max(sinceMs, opened.receivedAtMs) : sinceMs;
  return waitsUntil({ ...opened, nowMs: fromMs }, waitMs);
}

/** The same at each look: it is told once. */
function causeOf(others: readonly OppositeTrade[]): string {
  return `reverses ${namesOf(others)}, and is checked anew once that is over`;
}

function namesOf(others: readonly OppositeTrade[]): string {
  return others.map(({ tradeId, side }) => `trade ${tradeId} (${side})`).join(', ');
}
