/** What the adapter is told, and every limit it keeps, with the reason for each default. */
import type { EpochMs } from '../../domain/vocabulary.js';
import type { Logger } from '../logger.js';
import type { AbsenceRule } from '../port.js';

export interface SnapTradeLimits {
  /** SnapTrade's own default of requests of one client id in any 60 seconds. */
  readonly requestsPerMinute: number;
  /** Groups waiting in one priority; a longer queue would only hold stale work. */
  readonly maxQueuedUnits: number;
  /** The largest group: each message is a request of its own, one after the other. */
  readonly maxMessagesPerGroup: number;
  /** A request up to its answer: SnapTrade asks the brokerage meanwhile. */
  readonly requestTimeoutMs: number;
  /** Between two looks at an account that has orders of ours at work. */
  readonly pollMs: number;
  /** Between two looks at one that has none: what SnapTrade recommends. */
  readonly idlePollMs: number;
  /** Between two readings of an account's values. */
  readonly accountMs: number;
  /** Pause before the first re-connection, doubled up to the longest. */
  readonly backOffFirstMs: number;
  readonly backOffMaxMs: number;
  /** What is known of an instrument hardly ever changes. */
  readonly contractCacheMs: number;
}

export interface SnapTradeOptions {
  readonly clientId: string;
  readonly consumerKey: string;
  readonly userId: string;
  readonly userSecret: string;
  /** Another address of the API than SnapTrade's. */
  readonly basePath?: string | undefined;
  /** The only account that is used, by SnapTrade's id; all of the user's when it is left out. */
  readonly account?: string | undefined;
  /** Whether the brokerage's quotes are of now: SnapTrade does not tell (SIZ-7). */
  readonly quotes: 'live' | 'delayed';
  /** A live account needs this word and its id in `authorizedAccounts` (RSK-6). */
  readonly allowLive: boolean;
  readonly authorizedAccounts: readonly string[];
  /** What this system's orders are told as sent by. */
  readonly sessionClientId: number;
  readonly logger: Logger;
  readonly limits?: Partial<SnapTradeLimits>;
  /** Other than SnapTrade needs: for a stub that is known to answer at once. */
  readonly absence?: AbsenceRule;
  /** The number of the first generation, above those of earlier processes (default 1). */
  readonly firstGeneration?: number;
  readonly nowMs?: () => EpochMs;
}

export const DEFAULT_LIMITS: SnapTradeLimits = {
  requestsPerMinute: 250,
  maxQueuedUnits: 500,
  maxMessagesPerGroup: 20,
  requestTimeoutMs: 15_000,
  pollMs: 2_000,
  idlePollMs: 10_000,
  accountMs: 60_000,
  backOffFirstMs: 500,
  backOffMaxMs: 30_000,
  contractCacheMs: 3_600_000,
};

/** Most orders kept in memory (BRK-10): the database is what remembers. */
export const MAX_REMEMBERED_ORDERS = 10_000;
/** Most contracts kept in memory; an installation trades far fewer symbols. */
export const MAX_CACHED_CONTRACTS = 1_000;

/** Options with every default filled in. */
export interface Settings extends Omit<SnapTradeOptions, 'limits' | 'firstGeneration' | 'nowMs'> {
  readonly limits: SnapTradeLimits;
  readonly firstGeneration: number;
  readonly nowMs: () => EpochMs;
}

/**
 * Fills in defaults and refuses what could never work.
 * @throws RangeError naming the option, never its value.
 */
export function settingsFrom(options: SnapTradeOptions): Settings {
  const limits = { ...DEFAULT_LIMITS, ...options.limits };
  for (const [name, value] of Object.entries(limits)) {
    if (!Number.isFinite(value) || value <= 0)
      throw new RangeError(`limits.${name} must be above 0`);
  }
  for (const name of ['clientId', 'consumerKey', 'userId', 'userSecret'] as const) {
    if (options[name] === '') throw new RangeError(`${name} must not be empty`);
  }
  return {
    ...options,
    limits,
    firstGeneration: options.firstGeneration ?? 1,
    nowMs: options.nowMs ?? Date.now,
  };
}
