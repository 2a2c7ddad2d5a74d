/** What the adapter is told, and every limit it keeps, with the reason for each default. */
import { MESSAGES_PER_SECOND } from '../../domain/broker/pace.js';
import type { EpochMs } from '../../domain/vocabulary.js';
import type { Logger } from '../logger.js';

export type { Logger };

export interface IbkrLimits {
  /** IBKR's own limit at the default 100 market data lines; beyond it the session is ended. */
  readonly maxMessagesPerSecond: number;
  /** Units waiting in one priority; a longer queue would only hold stale work. */
  readonly maxQueuedUnits: number;
  /** IBKR's default number of market data lines of an account. */
  readonly marketDataLines: number;
  /** From the connection attempt to next id and accounts; a login dialogue never answers. */
  readonly handshakeTimeoutMs: number;
  /** How often the API itself is asked for a sign of life, and how long it may take to answer. */
  readonly keepAliveMs: number;
  readonly keepAliveAnswerMs: number;
  /** Pause before the first re-connection, doubled up to the longest. */
  readonly backOffFirstMs: number;
  readonly backOffMaxMs: number;
  /**
   * Between two attempts while the client id is taken. It is free as soon as its holder is gone, and
   * until then nobody looks after the account: no doubling.
   */
  readonly clientIdRetryMs: number;
  /** The terminal lost its servers and never said they are back: connect anew. */
  readonly serverLossReconnectMs: number;
  /** A request with an answer of its own, from the call on (waiting in the queue included). */
  readonly requestTimeoutMs: number;
  /** A list up to its end marker; the terminal forwards the request to its servers. */
  readonly listingTimeoutMs: number;
  /** TWS ends a snapshot within 11 s. */
  readonly snapshotTimeoutMs: number;
  /** A refused quote stream is asked for again after this long. */
  readonly streamRetryMs: number;
  /** Trading hours change overnight; everything else about a contract hardly ever. */
  readonly contractCacheMs: number;
}

export interface IbkrOptions {
  readonly host: string;
  readonly port: number;
  /** Fixed: the broker's refusal of a second session with the same id is the last fence (BRK-1). */
  readonly clientId: number;
  /** Live trading needs this word and the account's name in `authorizedAccounts` (RSK-6). */
  readonly allowLive: boolean;
  readonly authorizedAccounts: readonly string[];
  readonly logger: Logger;
  readonly limits?: Partial<IbkrLimits>;
  /** The number of the first generation, above those of earlier processes (default 1). */
  readonly firstGeneration?: number;
  /** Zone of a time text that names none: what the terminal is set to. */
  readonly terminalTimeZone?: string;
  readonly nowMs?: () => EpochMs;
  /** Milliseconds that never jump; for pacing and time-outs. */
  readonly monotonicMs?: () => number;
}

export const DEFAULT_LIMITS: IbkrLimits = {
  maxMessagesPerSecond: MESSAGES_PER_SECOND.max,
  maxQueuedUnits: 500,
  marketDataLines: 100,
  handshakeTimeoutMs: 10_000,
  keepAliveMs: 10_000,
  keepAliveAnswerMs: 10_000,
  backOffFirstMs: 200,
  backOffMaxMs: 5_000,
  clientIdRetryMs: 500,
  serverLossReconnectMs: 300_000,
  requestTimeoutMs: 10_000,
  listingTimeoutMs: 10_000,
  snapshotTimeoutMs: 12_000,
  streamRetryMs: 60_000,
  contractCacheMs: 3_600_000,
};

/** Most contracts kept in memory; an installation trades far fewer symbols. */
export const MAX_CACHED_CONTRACTS = 1_000;

/** Most orders kept in memory (BRK-10): the database is what remembers. */
export const MAX_REMEMBERED_ORDERS = 10_000;

/** Options with every default filled in. */
export interface Settings extends Omit<Required<IbkrOptions>, 'limits'> {
  readonly limits: IbkrLimits;
}

/**
 * Fills in defaults and refuses what could never work.
 * @throws RangeError naming the option.
 */
export function settingsFrom(options: IbkrOptions): Settings {
  const limits = { ...DEFAULT_LIMITS, ...options.limits };
  for (const [name, value] of Object.entries(limits)) {
    if (!Number.isFinite(value) || value <= 0)
      throw new RangeError(`limits.${name} must be above 0`);
  }
  const { min, max } = MESSAGES_PER_SECOND;
  if (limits.maxMessagesPerSecond < min || limits.maxMessagesPerSecond > max) {
    throw new RangeError(`limits.maxMessagesPerSecond must be from ${min} to ${max}`);
  }
  if (!Number.isInteger(options.port) || options.port < 1 || options.port > 65_535) {
    throw new RangeError(`port ${options.port} is not a TCP port`);
  }
  if (!Number.isInteger(options.clientId) || options.clientId < 0) {
    throw new RangeError(`client id ${options.clientId} must be a whole number from 0`);
  }
  return {
    ...options,
    limits,
    firstGeneration: options.firstGeneration ?? 1,
    terminalTimeZone: options.terminalTimeZone ?? 'America/New_York',
    nowMs: options.nowMs ?? Date.now,
    monotonicMs: options.monotonicMs ?? (() => performance.now()),
  };
}
