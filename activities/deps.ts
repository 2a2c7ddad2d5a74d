/** What activities are given: ports and stores, never a concrete adapter. */
import type { BrokerPort } from '../broker/port.js';
import type { Instrument, Quote } from '../domain/vocabulary.js';
import type { RiskLimits } from '../domain/risk/limits.js';
import type { InstallationState } from '../domain/risk/context.js';
import type { Lease } from '../store/connections.js';
import type { Database } from '../store/database.js';
import type { Committed } from '../store/inbox.js';
import type { OrderOwner } from '../store/order-owner.js';
import type { Logger } from '../config/logger.js';

/** The link to the broker as its owner offers it. */
export interface BrokerLink {
  readonly port: BrokerPort;
  readonly sessionClientId: number;
  /** Rejects when the link is not READY within the time. */
  ready(timeoutMs: number): Promise<void>;
  /** Reads the broker's lists again, through the inbox; false when one came without its end. */
  reread(): Promise<boolean>;
  /** The connection's lease. @throws when it was never acquired. */
  lease(): Lease;
  /** True while this process may send. */
  maySend(): boolean;
}

/** The market as the broker worker keeps it. */
export interface MarketDesk {
  warm(instrument: Instrument): Promise<void>;
  refreshAccount(account: string): Promise<void>;
  latest(symbol: string): Quote | null;
}

/** Commits of the inbox, as they happen in this process. */
export interface CommitWatch {
  learn(clientOrderId: string, owner: OrderOwner): void;
  /** The first commit of the trade that satisfies `test`, or null after `timeoutMs`. */
  next(
    tradeId: string,
    test: (committed: Committed) => boolean,
    timeoutMs: number,
  ): Promise<Committed | null>;
  /** Everything that the broker sent so far is committed. */
  drained(): Promise<void>;
}

/** Runs work whose result carries the trade's snapshot to the workflow, so nobody else need tell it. */
export interface DeliveryHold {
  whileHeld<T>(tradeId: string, work: () => Promise<T>): Promise<T>;
}

export interface EntrySettings {
  readonly ackTimeoutMs: number;
  readonly entrySendWindowMs: number;
  readonly limits: Partial<RiskLimits>;
  readonly switches: () => Omit<InstallationState, 'mode'>;
}

export interface BrokerDeps {
  readonly db: Database;
  readonly link: BrokerLink;
  readonly market: MarketDesk;
  readonly commits: CommitWatch;
  readonly delivery: DeliveryHold;
  readonly settings: EntrySettings;
  readonly installationId: string;
  readonly log: Logger;
  readonly nowMs: () => number;
}
