/** What can happen to the stack in a run: done at one moment, undone by its heal, allowed to cost so much. */
import type { Random } from '../../gateway/market/random.js';
import type { Finding } from '../judge/finding.js';
import type { Ledger } from '../stack/gateway-control.js';
import type { ChaosStack } from '../stack/stack.js';
import type { BrokerKind } from '../judge/children.js';
import type { Switches } from '../stack/switches.js';

export type Family =
  'kill' | 'freeze' | 'restart' | 'cut' | 'database' | 'switches' | 'halt' | 'fault' | 'failpoint';

export interface Stage {
  readonly stack: ChaosStack;
  readonly random: Random;
  /** Contracts that the run trades, and one that it doesn't. */
  readonly symbols: readonly string[];
  readonly foreignSymbol: string;
}

export interface Allowance extends BrokerKind {
  /** A breach of protection, or of excess exits, may last so long: the fault broke a stop at the broker. */
  readonly repairWithinMs: number;
  /** Codes with which signals may be denied meanwhile. */
  readonly denials: readonly string[];
  /** Trades may end unfilled: entries were refused or cancelled on purpose. */
  readonly unfilled: boolean;
}

/** The fixed repair window of faults that break a stop at the broker (PRF-2). */
export const REPAIR_WINDOW_MS = 10_000;

/** While the fate of an order is unknown its contract takes no other entry, whatever made it so (BRK-2). */
const OF_ANY_UNKNOWN = ['SYMBOL_QUARANTINED'];

export const NOTHING_ALLOWED: Allowance = {
  repairWithinMs: 0,
  killsChildren: false,
  worksWhole: false,
  denials: OF_ANY_UNKNOWN,
  unfilled: false,
};

/**
 * What no engine can prevent at a broker of that kind, only cut short. Children that wake only when the parent
 * is filled whole leave what fills before without a stop; children that die with the rest of their parent
 * leave what was filled without one until others stand; children that work whole from the first fill on could fill more than that.
 */
export function allowedBy({ children, parentCancel }: Switches): Allowance {
  const sleeps = children === 'on_complete_fill';
  const repairWithinMs = sleeps ? REPAIR_WINDOW_MS : 0;
  const killsChildren = parentCancel === 'kills';
  const worksWhole = children === 'full_size_on_first_fill';
  return { ...NOTHING_ALLOWED, repairWithinMs, killsChildren, worksWhole };
}

export interface Disturbance {
  /** As the command line and the tables call it. */
  readonly name: string;
  readonly family: Family;
  readonly allows: Allowance;
  /** Does it; for what waits for an event, arms it. Gives when it happened, where that was later. */
  strike(stage: Stage): Promise<number | undefined | void>;
  /** Takes back what would outlast the run; parts that are down are started by the stack's own heal. */
  heal?(stage: Stage): Promise<void>;
  /** How often it really happened since the strike; once for what needs no event. */
  hits?(stage: Stage): Promise<number>;
  /** What only this disturbance is asked about; `ledger` is the one at the run's end. */
  judge?(stage: Stage, ledger: Ledger): readonly Finding[];
}
